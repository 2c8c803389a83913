"""A region: `region.toml` as a frozen model. Every assumption that is not a row is a field here.

Unknown keys are refused, every problem is listed, and nothing here reads a layer.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError, field_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from siting.economy_params import EconomyParams
from siting.errors import Problem, RegionError
from siting.fields import Frozen as _Frozen
from siting.land_params import LandParams
from siting.location_params import LocationParams
from siting.money_params import MoneyParams
from siting.network_params import NetworkParams
from siting.portfolio_params import ChooseParams, DoubtParams, ServeParams

__all__ = [
    "ChooseParams",
    "DoubtParams",
    "EconomyParams",
    "LandParams",
    "LayerFile",
    "LayerFiles",
    "LocationParams",
    "MoneyParams",
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
    elevation: tuple[LayerFile, ...] = ()
    """One raster of heights, metres (GeoTIFF or another that GDAL reads)."""
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
    by_products: tuple[LayerFile, ...] = ()
    """Where none is named, the yields that come with the program."""
    yearly_costs: tuple[LayerFile, ...] = ()
    """Where none is named, or an item has no row, the shares that come with the program."""
    price_book: tuple[LayerFile, ...] = ()
    price_indices: tuple[LayerFile, ...] = ()
    support_measures: tuple[LayerFile, ...] = ()
    published_costs: tuple[LayerFile, ...] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        # "plots.csv" and ["a.csv", "b.csv"] are short for the whole form
        values = value if isinstance(value, list | tuple) else [value]
        return tuple({"path": v} if isinstance(v, str) else v for v in values)


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
    money: MoneyParams = MoneyParams()
    location: LocationParams = LocationParams()
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
