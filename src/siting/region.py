"""A region: `region.toml` as a frozen model. Every assumption that is not a row is a field here.

Unknown keys are refused, every problem is listed, and nothing here reads a layer.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from siting.cure_params import CureParams
from siting.economy_params import EconomyParams
from siting.errors import Problem, RegionError
from siting.fields import Frozen as _Frozen
from siting.fields import NotNegative, Positive, Share

__all__ = [
    "ChooseParams",
    "DoubtParams",
    "EconomyParams",
    "LandParams",
    "LayerFile",
    "LayerFiles",
    "NetworkParams",
    "Region",
    "ServeParams",
    "read_region",
]


class LayerFile(_Frozen):
    """Where one table comes from: a file (with layer or sheet) or a PostGIS table."""

    path: str = ""
    """File relative to the region's folder."""
    layer: str = ""
    """Layer of a multi-layer file, or sheet of a workbook."""
    postgis: str = ""
    """SQLAlchemy address of a database; `table` names the table."""
    table: str = ""
    crs: str = ""
    """CRS where the file does not say; it never overrides the file's own."""
    encoding: str = ""
    """Text encoding where the file does not say and detection fails."""
    rename: dict[str, str] = Field(default_factory=dict)
    """Their column -> our column."""


class LayerFiles(_Frozen):
    """The files of every table of the region; several files of one table are stacked."""

    infrastructure: tuple[LayerFile, ...]
    plots: tuple[LayerFile, ...]
    enterprises: tuple[LayerFile, ...]
    constraints: tuple[LayerFile, ...] = ()
    terrain: tuple[LayerFile, ...] = ()
    settlements: tuple[LayerFile, ...]
    districts: tuple[LayerFile, ...]
    parks: tuple[LayerFile, ...] = ()
    prospects: tuple[LayerFile, ...] = ()
    products: tuple[LayerFile, ...] = ()
    recipes: tuple[LayerFile, ...] = ()
    contracts: tuple[LayerFile, ...] = ()
    exports: tuple[LayerFile, ...] = ()
    customs: tuple[LayerFile, ...] = ()
    connection_options: tuple[LayerFile, ...]
    demand_profiles: tuple[LayerFile, ...]
    protection_zones: tuple[LayerFile, ...]
    requirements: tuple[LayerFile, ...]
    industry_inputs: tuple[LayerFile, ...] = ()
    """Where none is named, the coefficients that come with the program."""

    @field_validator("*", mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        # "plots.csv" and ["a.csv", "b.csv"] are short for the whole form
        values = value if isinstance(value, list | tuple) else [value]
        return tuple({"path": v} if isinstance(v, str) else v for v in values)


class LandParams(_Frozen):
    """Which land may become a site."""

    min_park_ha: Positive = 8.0
    """Least area of an industrial park, ha. GOST R 56301-2014 (VERIFIED, secondary)."""
    target_park_ha: Positive = 40.0
    """Area to which adjacent plots are joined, ha (ASSUMED: typical of the parks of 2024)."""
    max_park_ha: Positive = 300.0
    """Greatest area of an assembled site, ha (ASSUMED)."""
    max_gap_m: NotNegative = 20.0
    """Plots closer than this are adjacent, m (ASSUMED: a farm track)."""
    min_technopark_building_m2: Positive = 5000.0
    """Least building area of a technopark site, m2. Decree 1863 (ASSUMED L)."""
    forbidden_categories: tuple[str, ...] = ("protected", "forest", "water")
    """Land categories that are never built on. Land Code article 7 (ASSUMED H)."""
    sliver_m2: NotNegative = 100.0
    """Pieces of buildable land smaller than this are dropped, m2 (ASSUMED)."""
    forbidden_covers: tuple[str, ...] = ("water",)
    """Covers of terrain on which nothing is built. Water Code article 5 (ASSUMED H)."""
    buffer_quad_segs: Annotated[int, Field(ge=4, le=256)] = 16
    """Segments of a quarter circle of a zone; 16 keep the radius within 0.12 %, never wider."""
    river_slimness_share: Share = 0.1
    """Water whose mean width per length is less is a river, else a lake (ASSUMED)."""
    housing_people_km2: Positive = 1500.0
    """People per km2 of a settlement given as a point; sizes its disc (ASSUMED M)."""
    production_zone_housing_m: NotNegative = 100.0
    """Distance to housing of a production plot inside a settlement's outline, m: zoning keeps at
    least the sanitary zone of class IV around production land. SanPiN 2.2.1 (ASSUMED L)."""
    production_categories: tuple[str, ...] = ("industry",)
    """Land categories on which production is allowed anyway. Land Code article 7 (ASSUMED H)."""
    production_uses: tuple[str, ...] = (
        "6.",
        "произв",
        "промыш",
        "склад",
        "production",
        "industr",
        "storage",
        "warehouse",
    )
    """Permitted use that allows production: beginning of the code or part of the words.
    Order P/0412 of 10.11.2020, section 6 (ASSUMED H)."""
    min_member_ha: NotNegative = 1.0
    """Plots with less buildable land are not joined to others, ha (ASSUMED)."""
    min_assembly_ha: NotNegative = 20.0
    """Plots that cannot be joined to this buildable area are left single, ha (ASSUMED: half the
    target; below it one more owner is not worth it)."""
    alternative_ha: NotNegative = 30.0
    """A member of an assembly with this much buildable land is offered alone too, ha (ASSUMED)."""
    min_compactness_share: Share = 0.3
    """Least compactness of an assembly; 1 a disc, 0.79 a square, 0.29 a strip of 1:9 (ASSUMED)."""
    owner_penalty_share: Share = 0.15
    """Compactness given up to avoid one more owner (ASSUMED)."""
    category_penalty_share: Share = 0.15
    """Compactness given up to avoid one more change of category (ASSUMED)."""
    technopark_near_km: NotNegative = 10.0
    """A technopark is at most this far from a city, town or rayon centre, km (ASSUMED)."""
    frontage_reach_m: NotNegative = 50.0
    """An edge of a site this near a public road fronts it, m (ASSUMED: the roadside strip)."""
    acts_on: date = date(2026, 1, 1)
    """Day whose editions of acts are judged; other editions stand in passports."""
    assumed_may_fail: bool = False
    """An ASSUMED limit of an act may fail a site and not only warn."""
    cures: CureParams = CureParams()


class NetworkParams(_Frozen):
    """How a route runs over the ground and what a park must be connected to."""

    neighbours: Literal[8, 16, 32] = 16
    """Moves of the sweep; the length error is at most 8.24, 2.75 or 1.31 per cent."""
    labels: Annotated[int, Field(ge=1, le=16)] = 6
    """Best sources kept per cell and class."""
    park_utilities: tuple[str, ...] = (
        "electricity",
        "gas",
        "water",
        "sewage",
        "heat",
        "road",
        "telecom",
    )
    """Utilities every park is connected to; rail only where residents need it."""
    unknown_spare_share: Share = 0.3
    """Share of an unknown spare capacity's stated capacity that is taken as free (ASSUMED L)."""
    year: int = 2026
    """Planned sources count from their year on."""
    friction: dict[str, dict[str, float]] = Field(default_factory=dict)
    """friction[family][cover] multiplies the price of a km; `inf` is written as -1: a barrier."""
    max_route_km: Positive = 150.0
    """Friction-weighted length beyond which no connection is looked for (ASSUMED M)."""
    snap_m: NotNegative = 1000.0
    """A site or source on a barrier is connected from the nearest free cell within this, m."""
    margin_km: NotNegative = 10.0
    """Room around sites and sources in which routes may go round things (ASSUMED)."""
    crossing_water_min_ha: NotNegative = 25.0
    """Water without a name that is smaller is no crossing; friction prices it (ASSUMED M)."""
    crossing_mrub: dict[str, float] = Field(default_factory=dict)
    """Money added per crossing of river, railway or trunk road (ASSUMED L)."""
    crossing_share: dict[str, float] = Field(default_factory=dict)
    """Share of `crossing_mrub` that a utility pays, 1 where absent: a fibre is not a main."""
    reinforcement_mrub: dict[str, float] = Field(default_factory=dict)
    """Price of a unit of capacity beyond the spare one, by utility (ASSUMED L)."""
    park_demand_ha: dict[str, float] = Field(default_factory=dict)
    """Demand per buildable ha of a park before its residents are known, by utility."""
    onsite_mrub_ha: dict[str, float] = Field(default_factory=dict)
    """Networks inside the site per buildable ha, by utility."""


class ServeParams(_Frozen):
    """What a prospect pays alone and in a park."""

    rail_min_area_ha: NotNegative = 10.0
    """A smaller plant sends its goods by lorry and builds no siding of its own, ha (ASSUMED M)."""
    standalone_quantile: Share = 0.1
    """A firm with no place goes where connecting costs this quantile of eligible plots."""
    coincidence: dict[str, float] = Field(default_factory=dict)
    """Simultaneity of loads in a park by utility; 1 where absent. facts.md 4.3 (ASSUMED M).

    A park is never built for less than its largest resident. Road, rail and telecom are 0 where
    absent: one access, that of the most demanding resident, serves all (ASSUMED M).
    """
    sanitary_zone_m: dict[str, float] = Field(
        default_factory=lambda: {"I": 1000.0, "II": 500.0, "III": 300.0, "IV": 100.0, "V": 50.0}
    )
    """Sanitary zone by class, m. SanPiN 2.2.1/2.1.1.1200-03, section 7.1 (VERIFIED)."""
    payer_alone: dict[str, dict[str, float]] = Field(default_factory=dict)
    """payer_alone[utility][payer]: share of a connection made alone; the resident pays the rest."""
    payer_park: dict[str, dict[str, float]] = Field(default_factory=dict)
    """The same for the shared connections of a park."""
    onsite_alone_share: Share = 0.6
    """On-site networks of a lone plant per those of a park, by hectare (ASSUMED L)."""
    plausible_occupancy_share: Share = 0.7
    """A park that breaks even only above this occupancy should not be built (ASSUMED M)."""


class ChooseParams(_Frozen):
    """The limits of the portfolio and the patience of the solver."""

    budget_mrub: NotNegative = 20_000.0
    """Public money for connections and on-site networks of all parks."""
    max_parks: Annotated[int, Field(ge=1)] = 10
    min_parks: Annotated[int, Field(ge=0)] = 0
    min_residents: Annotated[int, Field(ge=2)] = 2
    """Fewest residents of a park; with one it is a lone plant and saves nothing (ASSUMED H)."""
    max_parks_per_district: Annotated[int, Field(ge=1)] = 3
    opening_mrub: NotNegative = 50.0
    """Cost of opening a park: management company, design, registration (ASSUMED L)."""
    freight_mrub_per_mrub_km: NotNegative = 0.0002
    """Freight per rouble of goods and km; values co-location of linked firms (ASSUMED L)."""
    colocation_years: NotNegative = 5.0
    """Years of freight counted as the value of co-location (ASSUMED)."""
    locked_in: tuple[str, ...] = ()
    """Sites that must open."""
    locked_out: tuple[str, ...] = ()
    """Sites that must not open."""
    min_spacing_km: NotNegative = 0.0
    gap_share: Share = 0.005
    """The solver stops at this proven gap."""
    time_limit_s: Positive = 20.0
    """The solver stops after this; the gap reached is reported."""
    max_nodes: Annotated[int, Field(ge=1)] = 2000
    """The solver stops after this many branches: unlike time, the same on every machine."""


class DoubtParams(_Frozen):
    """How much is drawn, and how widely."""

    draws: Annotated[int, Field(ge=1)] = 1000
    demand_spread_share: Share = 0.3
    """Demand of each prospect, plus or minus (ASSUMED L)."""
    spare_spread_share: Share = 0.5
    """Spare capacity of each source, plus or minus (ASSUMED L)."""
    occupancy_low_share: Share = 0.5
    occupancy_high_share: Share = 1.0
    """Share of the residents that come (ASSUMED M)."""


class Region(_Frozen):
    """Everything a study of one region needs to know, frozen."""

    root: Path
    """Folder of region.toml; layer paths are relative to it."""
    code: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    """Short name; the default output is maps/<code>."""
    name: str
    name_en: str
    crs: str
    """One metric CRS for the whole study."""
    cell_m: Annotated[float, Field(ge=10, le=5000)] = 200.0
    price_year: int = 2024
    seed: int = 20261
    notice: str = ""
    notice_en: str = ""
    """What the map must say about its data, in plain sight."""
    licence: str = ""
    licence_en: str = ""
    """Licence and attribution of the data."""
    layers: LayerFiles
    land: LandParams = LandParams()
    network: NetworkParams = NetworkParams()
    serve: ServeParams = ServeParams()
    choose: ChooseParams = ChooseParams()
    doubt: DoubtParams = DoubtParams()
    economy: EconomyParams = EconomyParams()

    @field_validator("crs")
    @classmethod
    def _metric(cls, value: str) -> str:
        try:
            crs = CRS.from_user_input(value)
        except CRSError as error:
            raise ValueError(f"{value!r} is not a CRS / не система координат") from error
        if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
            raise ValueError(f"{value} is not in metres / не в метрах")
        return value


def read_region(path: str | Path) -> Region:
    """Return the region described by `path` (region.toml or its folder).

    Raises
    ------
    RegionError
        Listing every unknown key, missing key and wrong value.
    """
    file = Path(path)
    if file.is_dir():
        file /= "region.toml"
    if not file.is_file():
        raise RegionError(Problem(code="region_missing", file=str(file)))
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = Problem(code="region_syntax", file=str(file), values={"detail": error})
        raise RegionError(problem) from error
    try:
        return Region.model_validate({**told, "root": file.parent.resolve()})
    except ValidationError as error:
        raise RegionError(_problems(error, str(file))) from error


def _problems(error: ValidationError, file: str) -> list[Problem]:
    return [_problem(told["type"], told["loc"], str(told["msg"]), file) for told in error.errors()]


def _problem(kind: str, loc: tuple[int | str, ...], message: str, file: str) -> Problem:
    key = ".".join(map(str, loc))
    if kind == "missing":
        return Problem(code="region_key_missing", file=file, values={"key": key})
    if kind == "extra_forbidden":
        values = {"key": key, "known": ", ".join(_known(loc[:-1]))}
        return Problem(code="region_key_unknown", file=file, values=values)
    return Problem(code="region_value", file=file, values={"key": key, "detail": message})


def _known(loc: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = Region
    for part in loc:
        kind = model.model_fields[str(part)].annotation if not isinstance(part, int) else LayerFile
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            model = kind
    return sorted(set(model.model_fields) - {"root"})
