"""The map: a Plan as one offline HTML file in two languages."""

from siting.maps.page import draw

__all__ = ["draw"]
