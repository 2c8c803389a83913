"""The synthetic layers of Omsk oblast: made by their script, marked as such, and fit for use."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from siting.tables import check
from siting.tables.inputs import PLOTS, PROSPECTS, TERRAIN

FOLDER = Path(__file__).parents[2] / "layers" / "omsk"
NETWORKS = ("power.csv", "gas.csv", "water_sewage_heat.csv")
MADE = ("plots.csv", "prospects.csv", "terrain_synthetic.csv", *NETWORKS)
CRS = "EPSG:32643"
M2_PER_HA = 10_000


def layer(name, contract):
    """The file as the contract wants it, in metres; rows without a place have no geometry."""
    kinds = {column.name: "str" for column in contract.columns if column.kind == "text"}
    frame = pd.read_csv(FOLDER / name, dtype=kinds).set_index(contract.index)
    if "wkt" in frame:
        geometry = gpd.GeoSeries.from_wkt(frame.pop("wkt"), crs=4326)
    else:
        points = shapely.points(frame.pop("lon"), frame.pop("lat"))
        geometry = gpd.GeoSeries(points, index=frame.index, crs=4326)
    return gpd.GeoDataFrame(frame, geometry=geometry).to_crs(CRS)


@pytest.fixture(scope="module")
def plots():
    return layer("plots.csv", PLOTS)


@pytest.fixture(scope="module")
def prospects():
    return layer("prospects.csv", PROSPECTS)


@pytest.fixture(scope="module")
def terrain():
    return layer("terrain_synthetic.csv", TERRAIN)


def known(name):
    """A file of the geography, in metres."""
    frame = pd.read_csv(FOLDER / name)
    geometry = gpd.GeoSeries.from_wkt(frame["wkt"], crs=4326)
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=4326).to_crs(CRS)


def run(folder):
    subprocess.run([sys.executable, folder / "synthetic.py", folder], check=True)


def contents(folder):
    return {name: (folder / name).read_bytes() for name in MADE}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A copy of the region without anything synthetic, then made by the script."""
    folder = tmp_path_factory.mktemp("omsk") / "omsk"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in MADE[:3]:
        (folder / name).unlink()
    for name in NETWORKS:
        frame = pd.read_csv(folder / name, dtype="str")
        made = frame["spare_is_synthetic"] == "true"
        rows = (folder / name).read_text("utf-8")
        # blanking through pandas would requote other cells; the script must not care
        frame.loc[made, "spare_capacity"] = None
        frame["spare_is_synthetic"] = None
        frame.to_csv(folder / name, index=False)
        assert rows.count("\n") == len(frame) + 1
    run(folder)
    return folder


def test_the_script_makes_the_committed_bytes(bare):
    committed = contents(FOLDER)
    made = contents(bare)
    for name in MADE[:3]:
        assert made[name] == committed[name], f"{name}: run layers/omsk/synthetic.py and commit"
    for name in NETWORKS:
        spare = ["source_id", "spare_capacity", "spare_is_synthetic"]
        ours, theirs = (pd.read_csv(path / name, dtype="str")[spare] for path in (bare, FOLDER))
        pd.testing.assert_frame_equal(ours, theirs)


def test_running_on_what_is_committed_changes_no_byte(tmp_path):
    folder = tmp_path / "omsk"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    run(folder)
    assert contents(folder) == contents(FOLDER)


def test_only_the_columns_of_spare_capacity_are_rewritten(tmp_path):
    """Odd quotes, an observed spare and the other columns come through as they were."""
    folder = tmp_path / "omsk"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = "source_id,kind,capacity,spare_capacity,spare_is_synthetic,name"
    lines = [
        head,
        'A,substation,100,,,"two ""quotes"", comma"',
        'B,substation,80,7.5,false,"plain"',
        "C,line,,,,x",
    ]
    lines += [f"S{number},substation,100,,,s" for number in range(300)]
    (folder / "power.csv").write_text("\n".join(lines) + "\n", "utf-8")
    run(folder)
    after = (folder / "power.csv").read_text("utf-8").split("\n")
    assert after[1].startswith("A,substation,100,")
    assert after[1].endswith(',"two ""quotes"", comma"')
    assert after[2] == 'B,substation,80,7.5,false,"plain"'
    assert after[3] == "C,line,,,false,x"
    assert len(after) == len(lines) + 1


def test_observed_spare_capacities_would_be_kept_and_about_two_thirds_are_made(bare):
    rows = pd.concat([pd.read_csv(FOLDER / name) for name in NETWORKS])
    bearing = rows["capacity"].notna() & ~rows["kind"].isin(["line", "trunk_main"])
    made = rows["spare_is_synthetic"]
    assert made.dtype == bool
    assert 0.5 < made.sum() / bearing.sum() < 0.8
    assert not (made & ~bearing).any()
    assert (rows.loc[made, "spare_capacity"] <= 0.5 * rows.loc[made, "capacity"]).all()
    assert (rows.loc[made, "spare_capacity"] > 0).all()


def test_every_table_keeps_its_contract(plots, prospects, terrain):
    check(plots, PLOTS)
    check(prospects, PROSPECTS)
    check(terrain, TERRAIN)


def test_everything_is_marked_synthetic(plots, prospects, terrain):
    for frame in (plots, prospects, terrain):
        assert frame["is_synthetic"].all()
        assert frame["source"].eq("synthetic.py, seed 20261").all()
        assert frame["confidence"].eq("low").all()


def test_there_are_three_thousand_plots_and_eighty_prospects(plots, prospects, terrain):
    assert len(plots) >= 3000
    assert len(prospects) >= 80
    assert 150 <= len(terrain) <= 300


def test_the_files_stay_small():
    assert (FOLDER / "plots.csv").stat().st_size <= 900_000


def test_plots_do_not_overlap(plots):
    left, right = plots.sindex.query(plots.geometry, predicate="intersects")
    pairs = left < right
    shapes = plots.geometry.array
    shared = shapely.area(shapely.intersection(shapes[left[pairs]], shapes[right[pairs]]))
    # six digits of a degree are a tenth of a metre
    assert shared.max() < 1.0
    assert pairs.sum() > 1000, "neighbours must touch, or nothing can be assembled"


def test_plots_are_one_to_a_hundred_and_fifty_hectares(plots):
    area_ha = plots.area / M2_PER_HA
    assert area_ha.min() >= 1
    assert area_ha.max() <= 150
    # log-normal: the mean exceeds the median, the logarithm is not skewed
    assert area_ha.mean() > 1.2 * area_ha.median()
    assert abs(np.log(area_ha).skew()) < 0.5


def test_plots_lie_in_the_region_around_omsk_and_in_every_district(plots):
    districts = known("districts.csv")
    inside = gpd.sjoin(
        plots.set_geometry(plots.representative_point()), districts[["name", "geometry"]]
    )
    assert set(inside.index) == set(plots.index)
    counts = inside["name"].value_counts()
    assert len(counts) == len(districts), (
        f"no plots in {set(districts['name']) - set(counts.index)}"
    )
    assert plots.index.str.startswith("P-omsk-").sum() >= 700


def test_some_plots_meet_what_excludes_land(plots):
    water = known("terrain_known.csv").query("cover == 'water'").union_all()
    # the strip along a road of category II or III is 50 to 75 m wide
    roadside = known("roads.csv").buffer(60).union_all()
    assert 10 <= plots.intersects(water).sum() <= 0.1 * len(plots)
    assert 100 <= plots.intersects(roadside).sum() <= 0.8 * len(plots)


def test_old_works_have_buildings_and_stand_on_land_for_them(plots):
    works = plots["status"] == "brownfield"
    assert 200 <= works.sum() <= 0.25 * len(plots)
    assert (plots.loc[works, "building_m2"] > 0).all()
    assert plots.loc[~works, "building_m2"].isna().all()
    assert plots.loc[works, "category"].isin(["industry", "settlements"]).all()
    # enough of them could be a technopark
    assert (plots["building_m2"] >= 5000).sum() >= 50


def test_land_near_omsk_costs_more(plots):
    price = plots["price_mrub"] / (plots.area / M2_PER_HA)
    city = plots.index.str.startswith("P-omsk-")
    assert price[city].median() > 2 * price[~city].median()


def test_prospects_ask_for_what_a_profile_can_answer(prospects):
    profiles = set(pd.read_csv(FOLDER / "demand_profiles.csv", dtype="str")["okved"])
    known_industry = prospects["okved"].str[:2].isin(profiles) | prospects["okved"].isin(profiles)
    assert known_industry.all()
    assert prospects["area_ha"].between(1, 40).all()
    assert (prospects["jobs_count"] > 0).all()


def test_prospects_are_called_illustrative_in_both_languages(prospects):
    assert prospects["name"].is_unique
    assert prospects["name"].str.endswith("(условный проект)").all()
    assert prospects["name_en"].str.endswith("(illustrative)").all()


def test_about_twenty_prospects_have_a_place_of_their_own(prospects):
    assert 15 <= prospects.geometry.x.notna().sum() <= 25


def test_the_north_is_forest_and_the_north_east_bog(terrain):
    """Tara stands at 56.9 N; the taiga begins there, the bogs lie east of 74.6 E."""
    places = terrain.to_crs(4326).representative_point()
    area = terrain.area
    forest, bog = terrain["cover"] == "forest", terrain.index.str.startswith("T-wetland-bog")
    assert area[forest & (places.y > 56.5)].sum() > 5 * area[forest & (places.y < 56)].sum()
    assert (places[bog].x > 74.5).all()
    assert (places[bog].y > 56.3).all()


def test_rows_have_no_stray_cells():
    for name in MADE:
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            assert len({len(row) for row in csv.reader(file)}) == 1
