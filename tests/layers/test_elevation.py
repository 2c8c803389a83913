"""A GeoTIFF of heights becomes cells in metres of the region's CRS, or a named problem."""

from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
from pyproj import CRS, Transformer
from rasterio import Affine

from siting.layers.elevation import read_elevation
from siting.region import LayerFile

METRES = CRS.from_epsg(32643)
WEST, SOUTH, EAST, NORTH = 400_000.0, 6_100_000.0, 404_000.0, 6_103_000.0


def raster(path, *, crs="EPSG:4326", shift=0.0, nodata=-9999.0, unit=None):
    """A plane that rises to the east, 1 m in 50, from the west edge; a cell is an arc second."""
    step = 1 / 3600
    away = Transformer.from_crs(METRES, 4326, always_xy=True)
    west, south = away.transform(WEST - 500, SOUTH - 500)
    lon = west + (np.arange(320) + 0.5) * step
    lat = south + (np.arange(160) + 0.5)[::-1] * step
    east, _ = Transformer.from_crs(4326, METRES, always_xy=True).transform(*np.meshgrid(lon, lat))
    height = ((east - WEST) / 50).astype(np.float32)
    height[:, :40] = nodata
    grid = Affine(step, 0, west + shift, 0, -step, lat[0] + step / 2)
    with rasterio.open(
        path, "w", driver="GTiff", width=320, height=160, count=1, dtype="float32",
        crs=crs, transform=grid, nodata=nodata,
    ) as file:  # fmt: skip
        file.write(height, 1)
        if unit:
            file.set_band_unit(1, unit)


def read(folder, *names, crs=""):
    files = tuple(LayerFile(path=name, crs=crs) for name in names)
    region = SimpleNamespace(root=folder, layers=SimpleNamespace(elevation=files))
    return read_elevation(region, METRES, (WEST, SOUTH, EAST, NORTH))


def test_heights_stand_where_they_were_and_what_has_none_stays_unknown(tmp_path):
    raster(tmp_path / "dem.tif")
    found, piece = read(tmp_path, "dem.tif")
    rows, columns = found.height_m.shape
    east = found.west_m + (np.arange(columns) + 0.5) * found.cell_m
    expected = (east - WEST) / 50
    known = ~np.isnan(found.height_m)
    assert 15 < found.cell_m < 35
    assert np.abs((found.height_m - expected)[known]).max() < 0.2
    assert known[rows // 2, -4]
    # 40 cells of an arc second without heights are some 700 m, 500 of them outside the region
    assert not known[:, east < WEST + 100].any()
    assert list(piece.sha256) == ["dem.tif"]


def test_a_raster_without_crs_takes_that_of_the_region_file(tmp_path):
    raster(tmp_path / "dem.tif", crs=None)
    assert read(tmp_path, "dem.tif")[1].problems[0].code == "crs_missing"
    assert read(tmp_path, "dem.tif", crs="EPSG:4326")[0] is not None


@pytest.mark.parametrize(
    ("given", "code"),
    [({"shift": 5.0}, "elevation_elsewhere"), ({"unit": "ft"}, "elevation_unit")],
)
def test_what_does_not_fit_is_told(tmp_path, given, code):
    raster(tmp_path / "dem.tif", **given)
    found, piece = read(tmp_path, "dem.tif")
    assert found is None
    assert [problem.code for problem in piece.problems] == [code]


def test_no_raster_two_rasters_and_a_broken_one_are_told(tmp_path):
    (tmp_path / "no.tif").write_text("no raster")
    assert read(tmp_path) == (None, None)
    assert read(tmp_path, "a.tif", "b.tif")[1].problems[0].code == "elevation_several"
    assert read(tmp_path, "gone.tif")[1].problems[0].code == "file_missing"
    assert read(tmp_path, "no.tif")[1].problems[0].code == "elevation_unreadable"
