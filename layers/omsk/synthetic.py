"""Make what no open source gives of Omsk oblast: plots, prospects, forests and spare capacities.

Nothing written here was observed. Every row says `is_synthetic`, and the same seed and the same
geography give the same bytes. Each place and each source draws from its own stream, named after
it, so that a new village or substation hardly moves the others.

    python layers/omsk/synthetic.py [FOLDER]

reads settlements, districts, roads, known terrain, the networks and prospect_kinds.csv of FOLDER
(default: its own) and writes there plots.csv, prospects.csv, terrain_synthetic.csv and, in the
files of networks, the two columns of spare capacity, leaving every other byte as it is.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from shapely import Point, Polygon
from synthetic_ground import (
    ORIGIN,
    Ground,
    Row,
    in_degrees,
    read_ground,
    read_rows,
    stream,
    wkt_of,
    write_rows,
)
from synthetic_plots import make_plots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NETWORK_FILES: Final = ("power.csv", "gas.csv", "water_sewage_heat.csv")
CAPACITY_KINDS: Final = frozenset(
    {
        "substation",
        "power_plant",
        "gas_station",
        "waterworks",
        "intake",
        "sewage_works",
        "chp",
        "boiler_house",
    }
)
KNOWN_SPARE_SHARE: Final = 2 / 3
"""Share of sources that get a spare capacity; that of the rest stays unknown (ASSUMED)."""
SPARE_LOW: Final = 0.03
SPARE_HIGH: Final = 0.45
"""Free share of a source's capacity (ASSUMED L)."""

PROSPECTS_WITH_PLACE: Final = 20
PLACE_SPREAD_M: Final = 4000.0
"""How far from a settlement's centre a prospect's own place lies (ASSUMED)."""


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Patches of one cover in one belt of the region; degrees bound where centres may lie."""

    cover: str
    name: str
    name_en: str
    count: int
    west: float
    east: float
    south: float
    north: float
    least_m: float
    most_m: float
    """Mean radius of a patch."""


GROWTHS: Final = (
    Growth(cover="forest", name="Тайга", name_en="Taiga", count=95,
           west=70.4, east=76.2, south=56.75, north=58.5, least_m=4000, most_m=11_000),
    Growth(cover="forest", name="Подтаёжный лес", name_en="Subtaiga forest", count=60,
           west=70.6, east=76.2, south=56.0, north=56.8, least_m=2000, most_m=6000),
    Growth(cover="forest", name="Берёзовый колок", name_en="Birch grove", count=75,
           west=70.6, east=76.0, south=54.7, north=56.0, least_m=700, most_m=2600),
    Growth(cover="wetland", name="Болото", name_en="Bog", count=45,
           west=74.6, east=76.3, south=56.4, north=58.3, least_m=2000, most_m=8000),
    Growth(cover="wetland", name="Займище", name_en="Reed marsh", count=20,
           west=70.8, east=72.6, south=55.6, north=56.6, least_m=1000, most_m=3500),
)  # fmt: skip
CORNERS: Final = 18
WAVES: Final = 3
WAVE_SHARE: Final = 0.16
"""Height of the waves on a patch's edge, in its radius: enough to look grown, never crossing."""


def make_terrain(ground: Ground) -> list[Row]:
    """Return the rows of terrain_synthetic.csv: smooth patches wholly inside the region."""
    return [
        {
            "terrain_id": f"T-{growth.cover}-{growth.name_en.split()[0].lower()}-{number:03d}",
            "cover": growth.cover,
            "name": f"{growth.name} (условно)",
            "name_en": f"{growth.name_en} (illustrative)",
            "is_synthetic": "true",
            **ORIGIN,
            "wkt": wkt_of(patch, 3),
        }
        for growth in GROWTHS
        for number, patch in enumerate(_patches(growth, ground), start=1)
    ]  # fmt: skip


def _patches(growth: Growth, ground: Ground) -> Iterator[Polygon]:
    rng = stream("terrain", growth.name_en)
    made = 0
    while made < growth.count:
        west_east = rng.uniform(growth.west, growth.east), rng.uniform(growth.south, growth.north)
        radius_m = growth.least_m * (growth.most_m / growth.least_m) ** rng.random()
        patch = _patch(rng, ground.at(*west_east), radius_m)
        if ground.region.contains(patch):
            made += 1
            yield patch


def _patch(rng: np.random.Generator, centre: Point, radius_m: float) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    edge = np.ones(CORNERS)
    for wave in range(2, 2 + WAVES):
        height = WAVE_SHARE * rng.normal() / np.sqrt(wave)
        edge += height * np.cos(wave * angles + rng.uniform(0, 2 * np.pi))
    # patches stretch with the wind and the old river terraces, south-west to north-east
    stretch = rng.uniform(1.0, 1.8)
    reach = radius_m * np.clip(edge, 0.4, None)
    along, across = reach * np.cos(angles) * stretch, reach * np.sin(angles) / stretch
    turn = np.pi / 4 + rng.normal(0, 0.3)
    x = centre.x + along * np.cos(turn) - across * np.sin(turn)
    y = centre.y + along * np.sin(turn) + across * np.cos(turn)
    return Polygon(np.column_stack([x, y]))


def make_prospects(kinds: list[dict[str, str]], ground: Ground) -> list[Row]:
    """Return the rows of prospects.csv, one for each kind, some with a place of their own."""
    order = stream("prospects").permutation(len(kinds))
    placed = set(order[:PROSPECTS_WITH_PLACE].tolist())
    return [
        _prospect(number, kind, ground, has_place=number in placed)
        for number, kind in enumerate(kinds)
    ]


def _prospect(number: int, kind: Mapping[str, str], ground: Ground, *, has_place: bool) -> Row:
    rng = stream("prospect", kind["name"])
    low_ha, high_ha = float(kind["area_low_ha"]), float(kind["area_high_ha"])
    area_ha = round(float(low_ha * (high_ha / low_ha) ** rng.random()), 1)
    jobs = area_ha * float(kind["jobs_ha"]) * rng.uniform(0.8, 1.2)
    lon, lat = _own_place(rng, ground) if has_place else ("", "")
    return {
        "prospect_id": f"PR-{number + 1:03d}",
        "name": f"{kind['name']} (условный проект)",
        "name_en": f"{kind['name_en']} (illustrative)",
        "okved": kind["okved"],
        "area_ha": area_ha,
        "jobs_count": max(5, round(jobs)),
        "lon": lon,
        "lat": lat,
        "is_synthetic": "true",
        **ORIGIN,
    }


def _own_place(rng: np.random.Generator, ground: Ground) -> tuple[str, str]:
    ids = list(ground.settlements)
    # firms that have a place mostly have it in the city
    chosen = "omsk" if rng.random() < 0.5 else ids[int(rng.integers(len(ids)))]
    centre = ground.settlements[chosen][1].centroid
    shift = rng.normal(0, PLACE_SPREAD_M, 2)
    point = in_degrees(Point(centre.x + shift[0], centre.y + shift[1]))
    return f"{point.x:.2f}", f"{point.y:.2f}"


def spare_of(row: Mapping[str, str]) -> str:
    """Return the spare capacity of a source as text; empty where it stays unknown."""
    rng = stream("spare", row["source_id"])
    if row["kind"] not in CAPACITY_KINDS or not row["capacity"]:
        return ""
    if rng.random() > KNOWN_SPARE_SHARE:
        return ""
    spare = float(row["capacity"]) * rng.uniform(SPARE_LOW, SPARE_HIGH)
    # three significant figures: the fourth would pretend to be known
    return np.format_float_positional(float(f"{spare:.3g}"), trim="-")


def fill_spares(path: Path) -> None:
    """Write spare capacities into a file of networks; an observed one is never replaced.

    Only the two columns change; every other byte stays, and a second run changes nothing.
    """
    text = path.read_bytes().decode("utf-8")
    lines = text.split("\n")
    header = lines[0].rstrip("\r").split(",")
    spare, flag = header.index("spare_capacity"), header.index("spare_is_synthetic")
    for number, row in enumerate(read_rows(path), start=1):
        is_observed = row["spare_capacity"] and row["spare_is_synthetic"] != "true"
        cells = cells_of(lines[number])
        if len(cells) != len(header):
            raise ValueError(f"{path.name}, row {number + 1}: a cell spans lines; write it on one")
        made = "" if is_observed else spare_of(row)
        cells[spare] = row["spare_capacity"] if is_observed else made
        cells[flag] = "true" if made else "false"
        lines[number] = ",".join(cells)
    path.write_bytes("\n".join(lines).encode("utf-8"))


def cells_of(line: str) -> list[str]:
    """Return the raw cells of a CSV line, quotes and all."""
    return re.findall(r'(?:^|,)((?:"(?:[^"]|"")*"|[^,]*))', line)


def main(folder: Path) -> None:
    """Write every synthetic layer of the region in `folder`."""
    ground = read_ground(folder)
    write_rows(folder / "plots.csv", make_plots(ground))
    write_rows(folder / "terrain_synthetic.csv", make_terrain(ground))
    kinds = read_rows(folder / "prospect_kinds.csv")
    write_rows(folder / "prospects.csv", make_prospects(kinds, ground))
    for name in NETWORK_FILES:
        fill_spares(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
