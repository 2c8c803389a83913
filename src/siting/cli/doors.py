"""What each command does, once its arguments are understood."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from siting.cli import say
from siting.cli.folder import check_new, check_replaceable, replacing
from siting.layers import osm as osm_layers
from siting.layers import read
from siting.layers.starter import starter
from siting.region import read_region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from siting.errors import Lang
    from siting.study import Plan

OUT: Path = Path("maps")
"""Folder under which results stand by the code of their region."""


def make_plan(
    path: Path, *, out: Path | None, lang: Lang, changed: Mapping[str, object], quiet: bool
) -> None:
    """Study the region at `path` and replace `out` with the result."""
    region = read_region(path)
    given = {name: value for name, value in changed.items() if value is not None}
    region = region.model_copy(update=given)
    target = out or OUT / region.code
    check_replaceable(target)
    from siting import study  # noqa: PLC0415  # compiled kernels load slowly; other doors need none

    with say.bars(lang, quiet=quiet) as progress:
        plan = study.plan(region, progress=progress)
        with replacing(target) as fresh:
            progress("draw", 0.0)
            plan.draw(fresh, lang=lang)
            progress("draw", 1.0)
            progress("write", 0.0)
            plan.write(fresh, lang=lang)
            progress("write", 1.0)
    tell_answer(plan, target, lang, quiet=quiet)


def tell_answer(plan: Plan, target: Path, lang: Lang, *, quiet: bool) -> None:
    """Write the answer in one line and where the map is; nothing if `quiet`."""
    if quiet:
        return
    answer = {
        "parks": int(plan.sites["is_chosen"].sum()),
        "residents": int(plan.sites["residents_count"].sum()),
        "saving": float(plan.sites["plan_saving_mrub"].sum()),
        "gap": plan.portfolio.gap_share,
    }
    say.tell(say.word("door_answer", lang, **answer))
    say.tell(say.word("door_done", lang, path=target / "index.html"))


def check_region(path: Path, *, lang: Lang) -> None:
    """Read the layers of the region at `path` and say what they hold and what was repaired."""
    say.tell_layers(read(read_region(path)), lang)


def init_region(directory: Path, *, osm: Path | None, lang: Lang) -> None:
    """Make the folder of a new region: region.toml, tables and rules; filled from OSM if given."""
    check_new(directory)
    name = directory.resolve().name
    texts = starter(name)
    if osm is not None:
        found = osm_layers.read(osm)
        texts = starter(name, crs=found.crs, tables=found.tables)
    with replacing(directory) as fresh:
        for file, text in texts.items():
            (fresh / file).write_text(text, encoding="utf-8")
    say.tell(say.word("door_made", lang, path=directory))
