"""Every table and column of the program, declared once: unit, meaning, range; and `check`."""

from siting.tables.bundle import Layers
from siting.tables.elevation import Elevation
from siting.tables.schema import Column, Table, check, find_problems, same_crs

__all__ = ["Column", "Elevation", "Layers", "Table", "check", "find_problems", "same_crs"]
