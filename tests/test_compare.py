"""Why the ranking changed: one cause at a time, on the region drawn in tiny.py."""

import json
import shutil
import zipfile

import pandas as pd
import pytest

import siting
import tiny
from siting.cli.app import run
from siting.compare import compare
from siting.errors import LayerError
from siting.layers.kept import KEPT, pack, read_kept, region_of, unpack


def result(folder, *, layers=None, change=()):
    """Study the tiny region with some words of region.toml exchanged, into a folder."""
    file = tiny.write(folder / "region", layers)
    text = file.read_text("utf-8")
    for old, new in change:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    siting.plan(siting.read_region(file)).write(folder / "out")
    return folder / "out"


def without_two_plots():
    layers = tiny.tables()
    layers["plots"] = layers["plots"][~layers["plots"]["plot_id"].isin(["A", "C"])]
    return layers


def pretend(folder, base, **how):
    """Return the result `base` as if it had been made of other inputs: for what needs no study."""
    shutil.copytree(base, folder / "out")
    region = siting.read_region(tiny.write(folder / "region", how.get("layers")))
    changed = region.model_copy(update=how.get("update", {}))
    (folder / "out" / KEPT).write_bytes(pack(changed))
    return folder / "out"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    at = tmp_path_factory.mktemp
    dear = [("[choose]", "[choose]\nopening_mrub = 90.0")]
    return {
        "base": result(at("base")),
        "opening": result(at("opening"), change=dear),
        "both": result(at("both"), layers=without_two_plots(), change=dear),
    }


@pytest.fixture(scope="module")
def told_apart(results):
    return compare(results["base"], results["both"])


def test_equal_results_differ_in_nothing(results):
    found = compare(results["base"], results["base"])
    assert found.causes == ()
    assert found.differences == ()
    assert found.changes.empty


def test_a_dearer_opening_is_a_price_and_needs_no_study(results):
    found = compare(results["base"], results["opening"])
    assert found.causes == ("prices",)
    assert found.studies == 0
    assert [(d.name, d.before, d.after) for d in found.differences] == [
        ("choose.opening_mrub", "50.0", "90.0")
    ]
    assert set(found.changes["cause"]) == {"prices"}


def test_fewer_parks_is_a_rule(tmp_path, results):
    choose = siting.read_region(tiny.write(tmp_path / "region")).choose
    update = {"choose": choose.model_copy(update={"max_parks": 1})}
    one = pretend(tmp_path / "one", results["base"], update=update)
    assert compare(results["base"], one).causes == ("rules",)


def test_changed_rows_are_counted_and_named(tmp_path, results):
    layers = without_two_plots()
    layers["recipes"].loc[0, "share"] = 0.5
    layers["prospects"] = layers["prospects"].iloc[1:]
    found = compare(results["base"], pretend(tmp_path, results["base"], layers=layers))
    assert found.causes == ("data",)
    assert {d.name: d.after for d in found.differences} == {
        "plots": "-2 (A, C)",
        "prospects": "-1 (I0)",
        "recipes": "~1 (10.61.21)",
    }


def test_two_causes_are_told_apart_by_one_study_between(results, told_apart):
    assert told_apart.causes == ("prices", "data")
    assert told_apart.studies == 1
    alone = compare(results["base"], results["opening"]).changes
    first = told_apart.changes[told_apart.changes["cause"] == "prices"].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, alone)


def test_the_steps_add_up_to_the_whole_change_of_each_park(results, told_apart):
    tables = [
        pd.read_csv(results[name] / "sites.csv", index_col="site_id") for name in ("base", "both")
    ]
    saved = [t.loc[t["is_chosen"], "plan_saving_mrub"] for t in tables]
    whole = saved[1].sub(saved[0], fill_value=0.0)
    told = told_apart.changes.groupby("site_id")["saving_change_mrub"].sum()
    assert told.reindex(whole.index, fill_value=0.0).tolist() == pytest.approx(
        whole.tolist(), abs=1e-5
    )


def with_code(folder, target, code):
    """Copy a result as if another program had made it."""
    shutil.copytree(folder, target)
    file = target / "summary.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"code_sha256": code}))
    return target


def test_another_program_is_a_cause_of_its_own(tmp_path, results):
    found = compare(with_code(results["base"], tmp_path / "old", "a"), results["opening"])
    assert found.causes == ("code", "prices")
    assert found.studies == 1
    # here the program is in truth the same, so its step moves nothing
    assert set(found.changes["cause"]) == {"prices"}


def test_two_foreign_programs_and_new_prices_cannot_be_told_apart(tmp_path, results):
    one = with_code(results["base"], tmp_path / "one", "a")
    two = with_code(results["opening"], tmp_path / "two", "b")
    found = compare(one, two)
    assert (found.causes, found.studies) == (("together",), 0)


def test_every_problem_of_both_folders_is_listed(tmp_path):
    with pytest.raises(LayerError) as error:
        compare(tmp_path / "no", tmp_path / "neither")
    assert len(error.value.problems) == 6


def test_what_was_kept_makes_the_same_region_again(tmp_path):
    file = tiny.write(tmp_path / "region")
    region = siting.read_region(file)
    (tmp_path / KEPT).write_bytes(pack(region))
    assert pack(region) == (tmp_path / KEPT).read_bytes()
    kept = read_kept(tmp_path)
    unpack(tmp_path, tmp_path / "again")
    again = region_of(kept.told, tmp_path / "again")
    assert kept.lost == ()
    assert again.model_dump(exclude={"root", "layers"}) == region.model_dump(
        exclude={"root", "layers"}
    )
    assert (again.root / again.layers.prospects[0].path).read_bytes() == (
        region.root / "prospects.csv"
    ).read_bytes()


def test_the_address_of_a_database_is_never_kept(tmp_path):
    region = siting.read_region(tiny.write(tmp_path / "region"))
    secret = {"postgis": "postgresql://user:secret@host/db", "table": "plots"}
    spec = type(region.layers.plots[0])(**secret)
    layers = region.layers.model_copy(update={"plots": (spec,)})
    (tmp_path / KEPT).write_bytes(pack(region.model_copy(update={"layers": layers})))
    with zipfile.ZipFile(tmp_path / KEPT) as archive:
        assert not [name for name in archive.namelist() if b"secret" in archive.read(name)]
    assert read_kept(tmp_path).lost == ("plots",)


def test_an_archive_cannot_write_outside_its_folder(tmp_path):
    with zipfile.ZipFile(tmp_path / KEPT, "w") as archive:
        archive.writestr("region.json", "{}")
        archive.writestr("../evil.csv", "x")
    unpack(tmp_path, tmp_path / "inside")
    assert not (tmp_path / "evil.csv").exists()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("ru", ("цены", "choose.opening_mrub: 50.0 → 90.0")), ("en", ("prices", "rank before"))],
)
def test_the_door_tells_it_in_one_language(results, capfd, lang, words):
    code = run(["diff", str(results["base"]), str(results["opening"]), "--lang", lang, "--quiet"])
    told = capfd.readouterr().out
    assert code == 0
    assert all(word in told for word in words)
    # names of sites are data: in English they are transliterated
    assert lang == "ru" or not any("а" <= letter.lower() <= "я" for letter in told)


def test_the_door_leaves_with_1_where_a_folder_is_no_result(tmp_path, capfd):
    assert run(["diff", str(tmp_path), str(tmp_path), "--lang", "en"]) == 1
    assert "siting plan has written" in capfd.readouterr().err
