"""Where a region should put its industrial parks, what to make there and who will buy it.

`read_region(path)` reads a region, `plan(region)` studies it, and the `Plan` it returns draws
itself and writes its tables. `price(region, points, demand)` tells what connecting costs at any
point. What is named here loads when it is first used.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from siting.quote import price
    from siting.region import Region, read_region
    from siting.study import Plan, plan

__all__ = ["Plan", "Region", "__version__", "plan", "price", "read_region"]

__version__ = version("siting")

_HOMES: Final = {
    "Plan": "siting.study",
    "Region": "siting.region",
    "plan": "siting.study",
    "price": "siting.quote",
    "read_region": "siting.region",
}


def __getattr__(name: str) -> Any:
    """Return a public name, loading its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'siting' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
