"""Files, databases and registers into checked tables, with a report of every repair and refusal."""

from siting.layers.reading import read

__all__ = ["read"]
