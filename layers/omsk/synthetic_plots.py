"""Make land plots around settlements and along roads; see synthetic.py.

Plots come in rows aligned with the nearest road. Rows never overlap, some meet water, lines and
villages, neighbours in a row share their boundary or leave a farm track between them.

Permitted use is a code of the classifier of order П/0412 (facts.md 2.1; 1.0, 1.15, 4.9, 10.0 and
12.3, agriculture, its stores, service garages, forest and reserve, from general knowledge,
ASSUMED H). All shares, prices and sizes are ASSUMED L: plausible, not measured.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely import Point, Polygon
from synthetic_ground import M2_PER_HA, ORIGIN, Ground, Row, stream, wkt_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, kw_only=True)
class Belt:
    """How many plots lie around a place, how far out, how large, and whether with old works."""

    plots_count: int
    inner_m: float = 0.0
    outer_m: float = 0.0
    median_ha: float = 6.0
    is_brownfield: bool = False


BELTS: Final[Mapping[str, tuple[Belt, ...]]] = {
    "city": (
        Belt(plots_count=190, inner_m=1500, outer_m=13_000, median_ha=4, is_brownfield=True),
        Belt(plots_count=800, inner_m=6000, outer_m=27_000, median_ha=7),
    ),
    "town": (
        Belt(plots_count=18, inner_m=200, outer_m=2500, median_ha=3, is_brownfield=True),
        Belt(plots_count=75, inner_m=800, outer_m=6500),
    ),
    "rayon_centre": (
        Belt(plots_count=5, inner_m=150, outer_m=2000, median_ha=2.5, is_brownfield=True),
        Belt(plots_count=36, inner_m=500, outer_m=5500),
    ),
    "village": (
        Belt(plots_count=1, inner_m=100, outer_m=1200, median_ha=2, is_brownfield=True),
        Belt(plots_count=18, inner_m=300, outer_m=4500, median_ha=7),
    ),
}
ROADSIDE: Final = Belt(plots_count=620, median_ha=11)
"""Plots along roads outside all those places; distance plays no part."""


@dataclass(frozen=True, kw_only=True)
class PlotRules:
    """Shape, status and price of a plot."""

    least_ha: float = 1.0
    most_ha: float = 150.0
    brownfield_most_ha: float = 30.0
    spread: float = 0.85
    """Standard deviation of the logarithm of the area."""
    row_counts: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 8)
    """Neighbours in a row along the road."""
    least_depth_m: float = 90.0
    most_depth_m: float = 1100.0
    least_setback_m: float = 8.0
    most_setback_m: float = 320.0
    """From the axis of the road to the front of the row; small ones meet the roadside zone."""
    track_m: float = 12.0
    """A farm track between neighbours, where there is one."""
    track_share: float = 0.25
    skew_share: float = 0.12
    """How far a boundary leans, in widths of the narrowest neighbour."""
    rear_setbacks_m: tuple[float, ...] = (0, 0, 0, 450, 1100, 2000)
    """Added to the setback of rows that stand behind others."""
    apart_m: float = 30.0
    """Between rows; further than a farm track, so rows join only on purpose."""
    water_share: float = 0.3
    """A row with more of its area in water is not made."""
    road_inside_share: float = 0.05
    """Rows that lie across a road are mostly not made."""
    alike_share: float = 0.8
    """Plots of the category of their row; the rest are drawn on their own."""
    private_works_share: float = 0.6
    """Brownfield plots that are private whatever their category."""
    built_share: tuple[float, float] = (0.05, 0.35)
    """Usable floor area per area of a brownfield plot, least and most."""
    land_near_mrub_ha: float = 4.0
    land_far_mrub_ha: float = 0.25
    price_scale_m: float = 22_000.0
    """Distance from Omsk in which the price of land falls e times."""
    price_spread: float = 0.35
    building_mrub_m2: float = 0.004


RULES: Final = PlotRules()
_CATEGORIES: Final = ("industry", "settlements", "agricultural", "reserve", "forest")
CATEGORY_SHARES: Final[Mapping[str, tuple[float, ...]]] = {
    "city": (0.36, 0.22, 0.37, 0.03, 0.02),
    "town": (0.28, 0.34, 0.32, 0.04, 0.02),
    "rayon_centre": (0.22, 0.34, 0.36, 0.05, 0.03),
    "village": (0.14, 0.20, 0.56, 0.06, 0.04),
    "road": (0.16, 0.02, 0.70, 0.06, 0.06),
}
PERMITTED_USES: Final[Mapping[str, tuple[str, ...]]] = {
    "industry": ("6.0", "6.0", "6.2", "6.3", "6.4", "6.5", "6.6", "6.9", "6.9.1", "7.1"),
    "settlements": ("6.0", "6.3", "6.4", "6.9", "6.12", "3.1", "4.9"),
    "agricultural": ("1.0", "1.0", "1.0", "1.15"),
    "reserve": ("12.3",),
    "forest": ("10.0",),
}
_OWNERS: Final = ("state", "municipal", "private", "undivided")
OWNER_SHARES: Final[Mapping[str, tuple[float, ...]]] = {
    "industry": (0.15, 0.20, 0.50, 0.15),
    "settlements": (0.08, 0.35, 0.35, 0.22),
    "agricultural": (0.12, 0.10, 0.58, 0.20),
    "reserve": (0.60, 0.10, 0.00, 0.30),
    "forest": (1.00, 0.00, 0.00, 0.00),
}


@dataclass
class Taken:
    """Land already given to a row of plots; answers whether a new row is far enough from it."""

    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    shapes: list[Polygon] = field(default_factory=list)

    def is_free(self, shape: Polygon) -> bool:
        """Return whether nothing taken is nearer to `shape` than rows must stand apart."""
        if not self.boxes:
            return True
        west, south, east, north = shape.buffer(RULES.apart_m).bounds
        boxes = np.array(self.boxes)
        near = np.flatnonzero(
            (boxes[:, 0] < east)
            & (boxes[:, 2] > west)
            & (boxes[:, 1] < north)
            & (boxes[:, 3] > south)
        )
        return all(shape.distance(self.shapes[index]) > RULES.apart_m for index in near)

    def take(self, shape: Polygon) -> None:
        """Give `shape` away."""
        self.boxes.append(shape.bounds)
        self.shapes.append(shape)


TANGENT_M: Final = 50.0
"""The direction of a road is taken between points this far before and after."""


def nearest_axis(ground: Ground, place: Point) -> tuple[Point, np.ndarray]:
    """Return the nearest point of a road and the unit vector of the road there."""
    road = ground.roads[int(ground.road_tree.nearest(place))]
    along = road.project(place)
    before = road.interpolate(max(along - TANGENT_M, 0))
    after = road.interpolate(min(along + TANGENT_M, road.length))
    direction = np.array([after.x - before.x, after.y - before.y])
    return road.interpolate(along), direction / np.hypot(*direction)


def lay_row(
    rng: np.random.Generator, corner: np.ndarray, axes: np.ndarray, areas_m2: np.ndarray
) -> list[Polygon]:
    """Return quadrilaterals side by side along axis 0, back from `corner` along axis 1.

    Neighbours share their boundary to the last digit, or leave a farm track between.
    """
    typical_m = np.sqrt(np.median(areas_m2) * rng.uniform(0.6, 2.2))
    depth_m = float(np.clip(typical_m, RULES.least_depth_m, RULES.most_depth_m))
    widths_m = areas_m2 / depth_m
    lean_m = RULES.skew_share * float(widths_m.min())
    back, front, plots = [], [], []
    at_m = 0.0
    for width_m in (0.0, *widths_m):
        at_m += width_m
        front.append(np.array([at_m, rng.uniform(0, 0.06) * depth_m]))
        leant_m = at_m + rng.uniform(-lean_m, lean_m)
        back.append(np.array([leant_m, depth_m * rng.uniform(0.92, 1.08)]))
    shift_m = 0.0
    for left in range(len(widths_m)):
        ring = np.array([front[left], front[left + 1], back[left + 1], back[left]])
        plots.append(Polygon((ring + np.array([shift_m, 0])) @ axes + corner))
        shift_m += RULES.track_m * (rng.random() < RULES.track_share)
    return plots


def draw_areas(rng: np.random.Generator, belt: Belt) -> np.ndarray:
    """Return the areas of one row of plots, m2: log-normal, alike within the row."""
    count = 1 if belt.is_brownfield else int(rng.choice(RULES.row_counts))
    median_ha = belt.median_ha * np.exp(rng.normal(0, 0.75 * RULES.spread))
    areas_ha = median_ha * np.exp(rng.normal(0, 0.5 * RULES.spread, count))
    most_ha = RULES.brownfield_most_ha if belt.is_brownfield else RULES.most_ha
    return np.clip(areas_ha, 1.25 * RULES.least_ha, 0.9 * most_ha) * M2_PER_HA


def try_row(rng: np.random.Generator, ground: Ground, place: Point, belt: Belt) -> list[Polygon]:
    """Return a row of plots by the road nearest to `place`.

    Empty where the row would stand in water, across a road or outside the region.
    """
    point, along = nearest_axis(ground, place)
    across = np.array([-along[1], along[0]]) * rng.choice([-1, 1])
    setback_m = rng.uniform(RULES.least_setback_m, RULES.most_setback_m)
    # rows behind the first are reached by a street
    setback_m += float(rng.choice(RULES.rear_setbacks_m))
    corner = np.array([point.x, point.y]) + across * setback_m
    row = lay_row(rng, corner, np.array([along, across]), draw_areas(rng, belt))
    hull = shapely.union_all(row)
    may_cross = rng.random() < RULES.road_inside_share
    crosses = len(ground.road_tree.query(hull, predicate="intersects")) > 0
    wet = hull.intersection(ground.water).area / hull.area
    if (crosses and not may_cross) or wet > RULES.water_share or not ground.region.contains(hull):
        return []
    return row


@dataclass
class Settler:
    """Lays rows of plots one after another, keeping them apart."""

    ground: Ground
    taken: Taken = field(default_factory=Taken)

    def settle(self) -> Iterator[tuple[str, str, list[Polygon], bool]]:
        """Yield (place, kind of place, row, is brownfield): settlements first, then roads."""
        for name, (rank, shape) in self.ground.settlements.items():
            for belt in BELTS[rank]:
                places = _around(shape.centroid, belt, stream("places", name, belt.is_brownfield))
                for row in self._fill(places, belt, stream("rows", name, belt.is_brownfield)):
                    yield name, rank, row, belt.is_brownfield
        for row in self._fill(_along_roads(self.ground), ROADSIDE, stream("rows", "roads")):
            yield "road", "road", row, False

    def _fill(
        self, places: Iterator[Point], belt: Belt, rng: np.random.Generator
    ) -> Iterator[list[Polygon]]:
        made = 0
        # a place hemmed in by water and other rows gets fewer plots, not an endless search
        for place in itertools.islice(places, 12 * belt.plots_count):
            row = try_row(rng, self.ground, place, belt)[: belt.plots_count - made]
            hull = shapely.union_all(row).convex_hull
            if not row or not self.taken.is_free(hull):
                continue
            self.taken.take(hull)
            yield row
            made += len(row)
            if made >= belt.plots_count:
                return


def _around(centre: Point, belt: Belt, rng: np.random.Generator) -> Iterator[Point]:
    while True:
        angle, share = rng.uniform(0, 2 * np.pi), rng.random()
        # denser near the edge of the place than far out
        radius = belt.inner_m + (belt.outer_m - belt.inner_m) * share**1.3
        yield Point(centre.x + radius * np.cos(angle), centre.y + radius * np.sin(angle))


def _along_roads(ground: Ground) -> Iterator[Point]:
    rng = stream("places", "roads")
    lengths = np.array([road.length for road in ground.roads])
    while True:
        road = ground.roads[int(rng.choice(len(lengths), p=lengths / lengths.sum()))]
        yield road.interpolate(rng.random(), normalized=True)


def make_plots(ground: Ground) -> list[Row]:
    """Return the rows of plots.csv."""
    rows: list[Row] = []
    counts: dict[str, int] = {}
    for name, kind, row, is_brownfield in Settler(ground).settle():
        start = counts.get(name, 0)
        counts[name] = start + len(row)
        usual = _category(stream("row", name, start), kind, is_brownfield=is_brownfield)
        for number, plot in enumerate(row, start=start + 1):
            plot_id = f"P-{name}-{number:04d}"
            rng = stream("plot", plot_id)
            # neighbours are mostly of one category, cut from one field
            own = _category(rng, kind, is_brownfield=is_brownfield)
            category = usual if rng.random() < RULES.alike_share else own
            shape = _describe(rng, plot, category, ground, is_brownfield=is_brownfield)
            rows.append({"plot_id": plot_id, "category": category} | shape)
    return rows


def _describe(
    rng: np.random.Generator,
    plot: Polygon,
    category: str,
    ground: Ground,
    *,
    is_brownfield: bool,
) -> Row:
    building_m2 = plot.area * rng.uniform(*RULES.built_share) if is_brownfield else 0.0
    return {
        "permitted_use": str(rng.choice(PERMITTED_USES[category])),
        "ownership": _owner(rng, category, is_brownfield=is_brownfield),
        "status": "brownfield" if is_brownfield else "greenfield",
        "building_m2": f"{building_m2:.0f}" if is_brownfield else "",
        "price_mrub": f"{_price_mrub(rng, plot, building_m2, ground):.2f}",
        "is_synthetic": "true",
        **ORIGIN,
        "wkt": wkt_of(plot, 6),
    }


def _category(rng: np.random.Generator, kind: str, *, is_brownfield: bool) -> str:
    shares = np.array(CATEGORY_SHARES[kind])
    if is_brownfield:
        # old works stand on land of industry or of a settlement
        shares = shares * np.isin(_CATEGORIES, ["industry", "settlements"])
    return str(rng.choice(_CATEGORIES, p=shares / shares.sum()))


def _owner(rng: np.random.Generator, category: str, *, is_brownfield: bool) -> str:
    if is_brownfield and rng.random() < RULES.private_works_share:
        return "private"
    return str(rng.choice(_OWNERS, p=OWNER_SHARES[category]))


def _price_mrub(
    rng: np.random.Generator, plot: Polygon, building_m2: float, ground: Ground
) -> float:
    near = np.exp(-plot.centroid.distance(ground.heart) / RULES.price_scale_m)
    far_mrub_ha, near_mrub_ha = RULES.land_far_mrub_ha, RULES.land_near_mrub_ha
    land_mrub_ha = far_mrub_ha + (near_mrub_ha - far_mrub_ha) * near
    land_mrub = land_mrub_ha * plot.area / M2_PER_HA * np.exp(rng.normal(0, RULES.price_spread))
    return float(land_mrub + building_m2 * RULES.building_mrub_m2)
