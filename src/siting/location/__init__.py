"""Where sites lie: workers within reach, competitors, and the way to buyers, by road."""

from siting.location.kinship import counted_links, inherit_links
from siting.location.locate import locate

__all__ = ["counted_links", "inherit_links", "locate"]
