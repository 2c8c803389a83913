"""Routes on drawn slopes: planes of so many per cent under the little country."""

import dataclasses

import numpy as np
import pytest
from shapely import box
from shapely.geometry import Point

from network.little import CELL_M, layers, option, params, site_at, sites, source
from siting.network import connect
from siting.network.friction import cover_masks, friction_of
from siting.network.grid import make_grid
from siting.network.moves import RING
from siting.network.steep import slope_percent
from siting.tables import Elevation

DEM_M = 25.0


def plane(east, north=0.0, *, rows=120, columns=120):
    """Ground of one slope, its south-west corner at (-500, -500) m."""
    x = np.arange(columns) * DEM_M
    y = np.arange(rows)[::-1] * DEM_M
    return Elevation(
        height_m=(y[:, None] * north + x * east).astype(np.float32),
        west_m=-500.0,
        north_m=rows * DEM_M - 500.0,
        cell_m=DEM_M,
    )


GRID = make_grid((0.0, 0.0, 2000.0, 2000.0), cell_m=100.0, margin_m=0.0)


@pytest.mark.parametrize(("share", "percent"), [(0.0, 0), (0.1, 10), (0.103, 11), (4.0, 255)])
def test_a_cell_has_the_slope_of_its_plane_in_whole_per_cent(share, percent):
    assert set(slope_percent(GRID, plane(share)).ravel().tolist()) == {percent}


def friction_on(elevation, family="road", cover=(), **told):
    tables = layers(sources=[], options=[], terrain=cover)
    priced = params(friction={"road": {"forest": 1.5}}, **told)
    tables = dataclasses.replace(tables, elevation=elevation)
    return friction_of(family, cover_masks(GRID, tables, priced), priced)


STEPS = {"road": ((5, 1.3), (10, 2.0))}


@pytest.mark.parametrize(
    ("share", "times"), [(0.05, 1.0), (0.051, 1.3), (0.1, 1.3), (0.11, 2.0), (-3.0, 2.0)]
)
def test_the_steepest_step_that_holds_multiplies_the_cover(share, times):
    """Forest at 1.5 west of 1 km, open ground east of it."""
    forest = ("F", box(-1, -1, 1, 3), {"cover": "forest", "name": "wood"})
    found = friction_on(plane(0.0, share), cover=[forest], slope_friction=STEPS)
    inside = found[RING:-RING, RING:-RING]
    assert inside[0, 0] == pytest.approx(1.5 * times)
    assert inside[0, -1] == pytest.approx(times)
    other = friction_on(plane(0.0, share), "overhead", slope_friction=STEPS)
    assert set(other[np.isfinite(other)].tolist()) == {1.0}


def test_ground_of_unknown_height_costs_what_level_ground_does():
    assert np.array_equal(friction_on(None), friction_on(plane(0.0)))
    nowhere = plane(0.5)
    nowhere.height_m[:] = np.nan
    assert np.array_equal(friction_on(nowhere), friction_on(plane(0.0)))
    assert not np.array_equal(friction_on(plane(0.5)), friction_on(plane(0.0)))


def test_a_route_goes_round_a_hill_and_never_grows_cheaper_by_it():
    """``A..^..S``: a bank across the straight way, open ground north of it."""
    flat = layers(sources=[source("S", Point(5.05, 0.05))], options=[option("line")])
    rows, columns = 300, 320
    x = np.arange(columns) * DEM_M - 500
    y = (rows - np.arange(rows)) * DEM_M - 2000
    bank = np.clip(x - 2000, 0, 500) * 0.3
    hill = Elevation(
        height_m=(bank[None, :] * (y < 1500)[:, None]).astype(np.float32),
        west_m=-500.0, north_m=rows * DEM_M - 2000.0, cell_m=DEM_M,
    )  # fmt: skip
    told = params(slope_friction={"overhead": ((10, 8.0),)})
    place = sites(site_at(0.05, 0.05))
    cost, km = [], []
    for tables in (flat, dataclasses.replace(flat, elevation=hill)):
        row = connect(
            place, plots=place.iloc[:0], layers=tables, params=told, cell_m=CELL_M
        ).connections.iloc[0]
        cost.append(row["cost_mrub"])
        km.append(row["length_km"])
    assert km[0] == pytest.approx(5)
    # straight over: 4.5 km level and 0.5 km at 8; round by the north end it is 6 km or so
    assert 5.5 < km[1] < 7
    assert cost[0] < cost[1] < 1 + 4.5 + 8 * 0.5
