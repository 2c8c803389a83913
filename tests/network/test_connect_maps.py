"""Maps small enough to price by hand. Cells are 100 m; a unit of the drawings is a kilometre."""

import numpy as np
import pytest
from shapely import LineString, box

from network.little import CELL_M, layers, option, params, site_at, sites, source, spot
from siting.errors import RegionError, TableError
from siting.network import connect


def run(places, told, **more):
    empty = sites(*places).iloc[:0]
    return connect(sites(*places), plots=empty, layers=told, params=params(**more), cell_m=CELL_M)


def test_the_price_is_fixed_part_and_length():
    """``A....S``: 5 km straight, 1 MW, one circuit: 1 + 5 mln."""
    told = layers(sources=[source("S", spot(5.05, 0.05))], options=[option("line")])
    found = run([site_at(0.05, 0.05)], told)
    row = found.connections.iloc[0]
    assert row["cost_mrub"] == pytest.approx(1 + 5)
    assert row["length_km"] == pytest.approx(5)
    assert found.sites.loc["A", "electricity_source"] == "S"
    assert found.sites.loc["A", "connection_cost_mrub"] == pytest.approx(6)
    assert row.geometry.coords[0] == (50, 50)
    assert row.geometry.coords[-1] == (5050, 50)
