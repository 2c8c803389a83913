# ruff: noqa: E501  # a row of cases reads best as one line
"""The doors as a user meets them: exit codes, languages, and folders replaced whole or not at all."""

import os
import signal
import subprocess
import sys
import time

import pytest

import siting.study
import village
from maps.fake import fake_plan
from siting.cli import app, commands
from siting.cli.folder import FolderError, FolderUsageError, check_replaceable, replacing
from siting.errors import InfeasibleError, Problem
from siting.export import write
from siting.region import Region, read_region

SITING = [sys.executable, "-c", "from siting.cli import main; main()"]


def door(*arguments, **environment):
    """Run the real command and return it with what it printed."""
    told = {k: v for k, v in os.environ.items() if k != "SITING_LANG"} | environment
    return subprocess.run(
        [*SITING, *map(str, arguments)], capture_output=True, text=True, env=told, check=False
    )


def cyrillic(text):
    return any("а" <= letter.lower() <= "я" for letter in text)


@pytest.fixture
def region(tmp_path):
    folder = tmp_path / "village"
    folder.mkdir()
    return village.build(folder)


def test_check_of_good_layers_leaves_with_0_and_counts_rows(region):
    done = door("check", region, "--lang", "en")
    assert done.returncode == 0
    assert not cyrillic(done.stdout + done.stderr)
    rows = {
        line.rsplit(maxsplit=2)[0].strip(): line.split()[-2:] for line in done.stdout.splitlines()
    }
    assert rows["land plots"] == ["2", "0"]


def test_check_of_bad_layers_leaves_with_1_and_lists_them_all(region):
    village.build(region, plots=village.spoilt("plots", "P2", "P1"), parks="")
    for lang in ("ru", "en"):
        done = door("check", region, "--lang", lang)
        assert done.returncode == 1
        assert done.stdout == ""
        assert len([line for line in done.stderr.splitlines() if line.startswith("- ")]) == 2
        assert "plots.csv" in done.stderr
        assert "P1" in done.stderr
        assert cyrillic(done.stderr) == (lang == "ru")


def test_a_missing_region_leaves_with_1(tmp_path):
    done = door("plan", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "siting init" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["plan", "--nonsense"], ["plan", "--seed", "x"], ["plan", "--cell-m", "1"], ["plan", "--lang", "de"], ["init"], ["check", "a", "b"]],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_wrong_usage_leaves_with_2_and_speaks_the_language(capsys, monkeypatch, arguments, lang):
    monkeypatch.setenv("SITING_LANG", lang)
    assert app.run(arguments) == 2
    said = capsys.readouterr().err
    assert said.strip()
    assert cyrillic(said) == (lang == "ru")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["plan", "--help"], ["check", "--help"], ["init", "--help"], ["make", "--help"]],
)
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_help_speaks_one_language(capsys, monkeypatch, arguments, lang):
    monkeypatch.setenv("SITING_LANG", lang)
    assert app.run(arguments) == 0
    said = capsys.readouterr().out
    if lang == "ru":
        assert not {"Usage", "Options", "Commands", "Arguments", "Show", "default"} & set(
            said.replace(":", "").split()
        )
    else:
        assert not cyrillic(said)


def test_help_loads_no_heavy_library():
    code = "import sys; from siting.cli import run; run(['--help']); print([m for m in ('pandas', 'numba', 'geopandas', 'shapely') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version_is_that_of_the_package():
    assert door("--version").stdout.strip() == "siting 0.1.0"


def test_the_limits_of_cell_m_are_those_of_the_region():
    limits = {type(m).__name__: m for m in Region.model_fields["cell_m"].metadata}
    assert (limits["Ge"].ge, limits["Le"].le) == (commands.MIN_CELL_M, commands.MAX_CELL_M)


def test_a_new_region_is_commented_and_check_names_its_empty_tables(tmp_path):
    target = tmp_path / "Новый край"
    assert door("init", target).returncode == 0
    told = (target / "region.toml").read_text("utf-8")
    bare = [
        line for line in told.splitlines() if "=" in line and "#" not in line and "{ " not in line
    ]
    assert bare == []
    assert read_region(target).code == "region"
    done = door("check", target, "--lang", "en")
    assert done.returncode == 1
    empty = {line.split(".csv")[0][2:] for line in done.stderr.splitlines() if ".csv" in line}
    assert empty == {
        "infrastructure",
        "plots",
        "enterprises",
        "constraints",
        "terrain",
        "settlements",
        "districts",
        "parks",
        "prospects",
        "products",
        "recipes",
    }


def test_a_new_region_is_not_put_over_files_of_yours(region):
    before = sorted(region.iterdir())
    done = door("init", region)
    assert done.returncode == 2
    assert sorted(region.iterdir()) == before


def test_a_new_region_can_be_filled_from_an_extract(shared, tmp_path):
    extract = shared / "osm" / "krems_at_2013.osm.pbf"
    assert door("init", tmp_path / "krems", "--osm", extract).returncode == 0
    assert read_region(tmp_path / "krems").crs == "EPSG:32633"
    assert (tmp_path / "krems" / "infrastructure.csv").read_text("utf-8").count("\n") == 394
    assert door("init", tmp_path / "none", "--osm", tmp_path / "no.pbf").returncode == 1
    assert not (tmp_path / "none").exists()


class Drawn:
    """A plan that writes its tables and a page; the study and the map have tests of their own."""

    def __init__(self, plan, *, fails=None):
        self.plan, self.fails = plan, fails
        self.sites, self.portfolio = plan.sites, plan.portfolio

    def draw(self, folder, *, lang):
        (folder / "index.html").write_text(lang, encoding="utf-8")

    def write(self, folder, *, lang):
        if self.fails:
            raise self.fails
        write(self.plan, folder, lang=lang)


@pytest.fixture(scope="module")
def small_plan():
    return fake_plan(sites_count=6, plots_count=20)


@pytest.fixture
def studied(monkeypatch, small_plan):
    """Replace the study; return the regions it was asked for and what it shall give."""
    asked, answer = [], {"plan": Drawn(small_plan)}

    def plan(region, *, progress):
        asked.append(region)
        progress("read", 0.0)
        progress("read", 1.0)
        if isinstance(answer["plan"], BaseException):
            raise answer["plan"]
        return answer["plan"]

    monkeypatch.setattr(siting.study, "plan", plan)
    return asked, answer


def content(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir()} if folder.exists() else None


def test_plan_replaces_the_folder_and_tells_the_answer(studied, region, tmp_path, capsys):
    out = tmp_path / "out"
    assert (
        app.run(
            [
                "plan",
                str(region),
                "--out",
                str(out),
                "--seed",
                "7",
                "--cell-m",
                "50",
                "--lang",
                "en",
            ]
        )
        == 0
    )
    asked, _ = studied
    assert (asked[0].seed, asked[0].cell_m) == (7, 50)
    assert (out / "index.html").read_text() == "en"
    assert (out / "summary.json").is_file()
    assert "Parks:" in capsys.readouterr().out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "village"]


def test_a_second_run_leaves_nothing_of_the_first(studied, region, tmp_path):
    out = tmp_path / "out"
    app.run(["plan", str(region), "--out", str(out), "--quiet"])
    (out / "leftover.txt").write_text("old")
    assert app.run(["plan", str(region), "--out", str(out), "--quiet"]) == 0
    assert not (out / "leftover.txt").exists()


def test_quiet_says_nothing(studied, region, tmp_path, capsys):
    app.run(["plan", str(region), "--out", str(tmp_path / "out"), "--quiet"])
    told = capsys.readouterr()
    assert told.out + told.err == ""


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (InfeasibleError(Problem(code="infeasible", values={"limit": "budget_mrub", "detail": "0 < 1"})), 3),
        (KeyboardInterrupt(), 130),
    ],
    ids=["infeasible", "interrupted"],
)  # fmt: skip
def test_a_failed_run_leaves_the_previous_result_untouched(
    studied, region, tmp_path, capsys, failure, code
):
    out = tmp_path / "out"
    arguments = ["plan", str(region), "--out", str(out), "--quiet"]
    app.run(arguments)
    before = content(out)
    studied[1]["plan"] = failure
    assert app.run(arguments) == code
    assert content(out) == before
    assert cyrillic(capsys.readouterr().err)


def test_a_disk_that_refuses_leaves_the_previous_result_untouched(
    studied, region, tmp_path, small_plan
):
    out = tmp_path / "out"
    arguments = ["plan", str(region), "--out", str(out), "--quiet"]
    app.run(arguments)
    before = content(out)
    studied[1]["plan"] = Drawn(small_plan, fails=OSError(28, "No space left on device"))
    assert app.run(arguments) == 1
    assert content(out) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "village"]


def test_files_of_yours_are_never_replaced(studied, region, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("years of work")
    assert app.run(["plan", str(region), "--out", str(tmp_path / "home")]) == 2
    assert studied[0] == []
    assert content(tmp_path / "home") == {"thesis.txt": b"years of work"}


def test_hostile_text_neither_colours_the_screen_nor_moves_the_cursor(region):
    village.build(
        region,
        plots=village.spoilt("plots", "P1", "[red]\x1b[31mP1").replace("P2", "[red]\x1b[31mP1"),
    )
    done = door("check", region)
    assert done.returncode == 1
    assert "\x1b" not in done.stderr
    assert "[red]" in done.stderr


WRITER = """
import signal, sys, time
from pathlib import Path
from siting.cli.folder import replacing
# a job in the background inherits a deaf ear for Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)
with replacing(Path(sys.argv[1])) as fresh:
    for n in range(200):
        (fresh / f"{n}.txt").write_text("new" * 1000)
    (fresh / "summary.json").write_text("{}")
    print("ready", flush=True)
    if sys.argv[2] == "wait":
        time.sleep(60)
"""


def start_writer(target, how):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target), how],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    process.stdout.readline()
    return process


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_leaves_the_previous_result_and_the_next_clears_up(tmp_path, blow):
    target = tmp_path / "omsk"
    target.mkdir()
    (target / "summary.json").write_text("old")
    process = start_writer(target, "wait")
    process.send_signal(blow)
    process.wait()
    process.stdout.close()
    assert content(target) == {"summary.json": b"old"}
    with replacing(target) as fresh:
        (fresh / "summary.json").write_text("new")
    assert [p.name for p in tmp_path.iterdir()] == ["omsk"]
    assert content(target) == {"summary.json": b"new"}


def test_whenever_a_run_is_killed_the_result_is_whole(tmp_path):
    """Kill at twelve moments around the exchange: the folder is the old one or the new one."""
    target = tmp_path / "omsk"
    seen = set()
    for step in range(12):
        if not target.exists() or len(content(target)) != 1:
            with replacing(target) as fresh:
                (fresh / "summary.json").write_text("old")
        process = start_writer(target, "go")
        time.sleep(step * 0.002)
        process.kill()
        process.wait()
        process.stdout.close()
        found = content(target)
        assert found is not None
        assert len(found) in {1, 201}
        seen.add(len(found))
    assert seen


def test_a_result_set_aside_by_a_killed_run_is_put_back(tmp_path):
    """Where the kernel cannot exchange two folders, a kill may fall between two renames."""
    aside = tmp_path / ".omsk.old-999999999"
    aside.mkdir()
    (aside / "summary.json").write_text("old")
    with pytest.raises(RuntimeError), replacing(tmp_path / "omsk"):
        raise RuntimeError
    assert content(tmp_path / "omsk") == {"summary.json": b"old"}


def test_without_an_exchange_the_folder_is_replaced_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("siting.cli.folder._exchange", lambda one, other: False)
    for word in ("old", "new"):
        with replacing(tmp_path / "omsk") as fresh:
            (fresh / "summary.json").write_text(word)
    assert content(tmp_path / "omsk") == {"summary.json": b"new"}
    assert [p.name for p in tmp_path.iterdir()] == ["omsk"]


def test_a_folder_of_a_run_that_still_runs_is_left_alone(tmp_path):
    target = tmp_path / "omsk"
    process = start_writer(target, "wait")
    with replacing(target) as fresh:
        (fresh / "summary.json").write_text("mine")
    assert len(list(tmp_path.glob(".omsk.new-*"))) == 1
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderUsageError):
        check_replaceable(tmp_path / "file")
    with pytest.raises(FolderError), replacing(tmp_path / "file" / "omsk"):
        pass
