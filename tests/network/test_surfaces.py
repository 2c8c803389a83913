"""Surfaces of cost: the price of a park at the middle of every coarse cell."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from shapely import box

import siting
import tiny
from network.little import CELL_M, CRS, layers, option, params, site_at, sites, source, spot
from siting.network import connect
from siting.units import UTILITIES


def run(told, *, districts=None, **more):
    land = gpd.GeoDataFrame(geometry=districts or [], crs=CRS)
    places = sites(site_at(0.05, 0.05), site_at(5.05, 3.05, key="B"))
    return connect(
        places, plots=places.iloc[:0], layers=replace(told, districts=land),
        params=params(**more), cell_m=CELL_M,
    ).surfaces  # fmt: skip


def told():
    return layers(sources=[source("S", spot(1.05, 1.05))], options=[option("line")])


def test_a_cell_costs_what_a_site_in_it_costs():
    """One source, 1 mln and 1 mln per km: three cells east of it cost 1 + 0.3."""
    found = run(told(), surface_ha=(10.0,), surface_cell_m=CELL_M)
    col, row = (1350.0 - found.transform.c) // CELL_M, (found.transform.f - 1050.0) // CELL_M
    assert found.by_utility["electricity"][0, int(row), int(col)] == pytest.approx(1.3)
    assert found.total[0, int(row), int(col)] == pytest.approx(1.3)


def test_a_larger_park_has_a_band_of_its_own_and_never_costs_less():
    """10 MW a circuit: 100 ha need 10 MW, 300 ha 30 MW and three circuits."""
    found = run(told(), surface_ha=(100.0, 300.0), surface_cell_m=300.0)
    small, large = found.by_utility["electricity"]
    assert found.demands["electricity"] == pytest.approx((10.0, 30.0))
    free = np.isfinite(small)
    assert free.any()
    np.testing.assert_allclose(large[free], 3 * small[free], rtol=1e-6)


def test_outside_the_districts_and_without_a_needed_utility_there_is_no_data():
    half = [box(-3000, -3000, 1000, 6000)]
    found = run(told(), districts=half, surface_ha=(10.0,), surface_cell_m=500.0)
    known = np.isfinite(found.by_utility["electricity"][0])
    assert 0 < known.mean() < 0.7
    assert not known[:, -5:].any()
    bare = run(
        told(), surface_ha=(10.0,), surface_cell_m=500.0, park_utilities=("electricity",),
    )  # fmt: skip
    assert set(bare.by_utility) == {"electricity"}


def test_a_region_that_wants_no_surface_gets_none():
    assert run(told(), surface_ha=()) is None


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return siting.plan(siting.read_region(tiny.write(tmp_path_factory.mktemp("surface"))))


def test_a_run_writes_them_as_cloud_optimised_geotiff(plan, tmp_path):
    plan.write(tmp_path / "one")
    plan.write(tmp_path / "two")
    names = sorted(file.name for file in (tmp_path / "one/surfaces").iterdir())
    fitting = set(plan.layers.connection_options["utility"]) & set(UTILITIES)
    assert names == sorted([*(f"{utility}.tif" for utility in fitting), "total.tif"])
    for name in names:
        first, second = (tmp_path / n / "surfaces" / name for n in ("one", "two"))
        assert first.read_bytes() == second.read_bytes()
    with rasterio.open(tmp_path / "one/surfaces/total.tif") as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.crs.to_string() == tiny.CRS
        assert file.descriptions == ("total, mln roubles, 40 ha",)
        cost = file.read(1, masked=True)
    np.testing.assert_array_equal(cost.filled(np.nan), plan.surfaces.total[0])
    assert cost.min() > 0


def test_the_surface_tells_what_the_door_tells(plan):
    surfaces = plan.surfaces
    row, col = 14, 16
    to = surfaces.transform
    x, y = to.c + (col + 0.5) * to.a, to.f + (row + 0.5) * to.e
    at = gpd.GeoSeries.from_xy([x], [y], crs=tiny.CRS)
    demand = {utility: told[0] for utility, told in surfaces.demands.items()}
    asked = siting.price(plan.region, at, demand).set_index("utility")["cost_mrub"]
    for utility, cost in surfaces.by_utility.items():
        np.testing.assert_allclose(cost[0, row, col], asked[utility], rtol=1e-5)
