"""The ground the answer stands on, from the region's own layers: no tile server is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from siting.maps.packing import PackedTable, inner_points

if TYPE_CHECKING:
    from siting.tables import Layers

Tables = dict[str, dict[str, object]]

THIN_M: Final = 25.0
"""Base lines are thinned by at most this, m: a third of a pixel at the closest useful zoom."""

SPECS: Final = ("voltage_kv", "pressure_mpa", "diameter_mm", "capacity", "spare_capacity")
"""What a network object may say about itself, in the units of its columns."""


def basemap(layers: Layers) -> Tables:
    """Return the tables of the base map: ground, places and networks."""
    return {**_ground(layers), **_places(layers), "infrastructure": _networks(layers)}


def _ground(layers: Layers) -> Tables:
    districts, terrain, constraints = layers.districts, layers.terrain, layers.constraints
    return {
        "districts": PackedTable(districts)
        .ids()
        .names()
        .shapes(districts.geometry, simplify_m=THIN_M)
        .done(),
        "terrain": PackedTable(terrain)
        .names()
        .texts("cover")
        .shapes(terrain.geometry, simplify_m=THIN_M)
        .done(),
        "constraints": PackedTable(constraints)
        .names()
        .texts("kind")
        .shapes(constraints.geometry, simplify_m=THIN_M)
        .done(),
    }


def _places(layers: Layers) -> Tables:
    settlements, parks, makers = layers.settlements, layers.parks, layers.enterprises
    where = settlements.set_geometry(inner_points(settlements))
    edges = settlements.geometry.where(settlements.geom_type != "Point")
    return {
        "settlements": PackedTable(where)
        .names()
        .texts("rank")
        .numbers("population")
        .shapes(where.geometry)
        .done(),
        "edges": PackedTable(settlements).shapes(edges, simplify_m=THIN_M).done(),
        "parks": PackedTable(parks)
        .ids()
        .names()
        .texts("kind")
        .numbers("area_ha", "free_ha", "occupancy_share")
        .shapes(inner_points(parks))
        .done(),
        "enterprises": PackedTable(makers)
        .names()
        .texts("okved", "size_status")
        .numbers("employees")
        .shapes(makers.geometry)
        .done(),
    }


def _networks(layers: Layers) -> dict[str, object]:
    nets = layers.infrastructure
    return (
        PackedTable(nets)
        .ids()
        .names()
        .texts("utility", "kind", "road_category", "capacity_unit", "status", "confidence")
        .numbers(*SPECS)
        .flags("is_synthetic", "spare_is_synthetic")
        .shapes(nets.geometry, simplify_m=THIN_M)
        .done()
    )
