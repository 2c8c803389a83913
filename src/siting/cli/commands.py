"""Each door: its arguments, its help, and what it calls. Heavy libraries load when it runs."""

from collections.abc import Callable
from enum import StrEnum
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand

from siting.cli import say
from siting.errors import Lang

DEFAULT_REGION: Final = Path("layers/omsk/region.toml")
DEFAULT_TOP: Final = 20
"""Rows told by `siting make`."""

MIN_CELL_M: Final = 10
MAX_CELL_M: Final = 5000
"""Range of `Region.cell_m`, m; a test compares them."""

_HELP_WORDS: Final = {
    "Usage:": "help_usage",
    "Options:": "help_options",
    "Arguments:": "help_arguments",
    "Commands:": "help_commands",
    "COMMAND [ARGS]...": "help_command",
    "[OPTIONS]": "help_option",
    "Show this message and exit.": "help_help",
    "; required]": "help_required",
}
"""Words of the library -> code of ours."""


_DEGREES: Final = {"lon": 180.0, "lat": 90.0}
"""Greatest longitude and latitude."""

_DEMANDS: Final = {
    "electricity": ("--mw", "MW"),
    "gas": ("--gas-m3h", "M3H"),
    "water": ("--water-m3d", "M3D"),
    "sewage": ("--sewage-m3d", "M3D"),
    "heat": ("--heat-mw", "MW"),
    "road": ("--road", "N"),
    "rail": ("--rail", "N"),
    "telecom": ("--telecom", "N"),
    "ha": ("--ha", "HA"),
}
"""Utility, or hectares of a park -> option of `siting price` and the sign of its value."""

ALLOWED: Final = {
    "lang": "ru, en",
    "kind": "osm, postgis, enterprises, customs, plots",
    "rub_per_usd": "80.5",
    "seed": "0, 1, 2, …",
    "top": "1, 2, 3, …",
    "cell_m": f"{MIN_CELL_M} … {MAX_CELL_M}",
    **{name: f"-{most:g} … {most:g}" for name, most in _DEGREES.items()},
    **dict.fromkeys(_DEMANDS, "≥ 0"),
}
"""Parameter -> its values, in signs that need no language."""


class _Lang(StrEnum):
    ru = "ru"
    en = "en"


class Spoken:
    """Help whose own words are in the language of the application, kept as the context's object."""

    def get_help(self, ctx: Any) -> str:
        """Return the help text; the library's few English words are told by ours."""
        text: str = super().get_help(ctx)  # type: ignore[misc]
        for theirs, code in _HELP_WORDS.items():
            text = text.replace(theirs, say.word(code, ctx.obj))
        return text


class _Command(Spoken, TyperCommand):
    """One door."""


def _region_argument(lang: Lang) -> Any:
    return typer.Argument(metavar="REGION", show_default=False, help=say.word("help_region", lang))


def _lang_option(lang: Lang) -> Any:
    return typer.Option("--lang", show_default=False, help=say.word("help_lang", lang))


def _add_plan(app: typer.Typer, told: Lang) -> None:
    default = _Lang(told)
    out_help, seed_help = say.word("help_out", told), say.word("help_seed", told)
    cell_help, quiet_help = say.word("help_cell_m", told), say.word("help_quiet", told)

    @app.command(cls=_Command, help=say.word("help_plan", told))
    def plan(
        region: Annotated[Path, _region_argument(told)] = DEFAULT_REGION,
        *,
        out: Annotated[Path | None, typer.Option(metavar="DIR", help=out_help)] = None,
        lang: Annotated[_Lang, _lang_option(told)] = default,
        seed: Annotated[int | None, typer.Option(min=0, metavar="N", help=seed_help)] = None,
        cell_m: Annotated[
            float | None, typer.Option(min=MIN_CELL_M, max=MAX_CELL_M, metavar="M", help=cell_help)
        ] = None,
        quiet: Annotated[bool, typer.Option("--quiet", help=quiet_help)] = False,
    ) -> None:
        from siting.cli.doors import make_plan  # noqa: PLC0415  # heavy libraries only when needed

        changed = {"seed": seed, "cell_m": cell_m}
        make_plan(region, out=out, lang=lang.value, changed=changed, quiet=quiet)


def _add_check(app: typer.Typer, told: Lang) -> None:
    default = _Lang(told)

    @app.command(cls=_Command, help=say.word("help_check", told))
    def check(
        region: Annotated[Path, _region_argument(told)] = DEFAULT_REGION,
        *,
        lang: Annotated[_Lang, _lang_option(told)] = default,
    ) -> None:
        from siting.cli.doors import check_region  # noqa: PLC0415  # heavy libraries

        check_region(region, lang=lang.value)


def _add_init(app: typer.Typer, told: Lang) -> None:
    default = _Lang(told)
    osm_help = say.word("help_osm", told)

    @app.command(cls=_Command, help=say.word("help_init", told))
    def init(
        directory: Annotated[Path, typer.Argument(metavar="DIR", help=say.word("help_dir", told))],
        *,
        osm: Annotated[Path | None, typer.Option(metavar="FILE.pbf", help=osm_help)] = None,
        lang: Annotated[_Lang, _lang_option(told)] = default,
    ) -> None:
        from siting.cli.doors import init_region  # noqa: PLC0415  # heavy libraries

        init_region(directory, osm=osm, lang=lang.value)


def _add_make(app: typer.Typer, told: Lang) -> None:
    default = _Lang(told)
    plot_help, product_help = say.word("help_make_plot", told), say.word("help_make_product", told)
    firm_help, top_help = say.word("help_make_enterprise", told), say.word("help_make_top", told)

    @app.command(cls=_Command, help=say.word("help_make", told))
    def make(
        region: Annotated[Path, _region_argument(told)] = DEFAULT_REGION,
        *,
        plot: Annotated[str | None, typer.Option(metavar="ID", help=plot_help)] = None,
        product: Annotated[str | None, typer.Option(metavar="CODE", help=product_help)] = None,
        enterprise: Annotated[str | None, typer.Option(metavar="ID", help=firm_help)] = None,
        top: Annotated[
            int, typer.Option(min=1, metavar="N", help=top_help, show_default=False)
        ] = DEFAULT_TOP,
        lang: Annotated[_Lang, _lang_option(told)] = default,
    ) -> None:
        from siting.cli.make import tell_making  # noqa: PLC0415  # heavy libraries

        asked = {"plot_id": plot, "product": product, "enterprise_id": enterprise}
        tell_making(region, asked, top=top, lang=lang.value)


def _add_why(app: typer.Typer, told: Lang) -> None:
    default = _Lang(told)
    id_help, region_help = say.word("help_why_id", told), say.word("help_region", told)

    @app.command(cls=_Command, help=say.word("help_why", told))
    def why(
        plot_id: Annotated[str, typer.Argument(metavar="PLOT_ID", help=id_help)],
        *,
        region: Annotated[
            Path, typer.Option(metavar="REGION.toml", show_default=False, help=region_help)
        ] = DEFAULT_REGION,
        lang: Annotated[_Lang, _lang_option(told)] = default,
    ) -> None:
        from siting.cli.why import tell_why  # noqa: PLC0415  # heavy libraries only when needed

        tell_why(region, plot_id, lang=lang.value)


def _add_price(app: typer.Typer, told: Lang) -> None:
    def price(**asked: Any) -> None:
        from siting.cli.price import tell_price  # noqa: PLC0415  # heavy libraries

        place, lang, ha = (asked.pop("lon"), asked.pop("lat")), asked.pop("lang"), asked.pop("ha")
        tell_price(asked.pop("region"), place, asked, ha=ha, lang=lang.value)

    # an option for each utility: they are read from their table, not written out
    _taking(price, _price_parameters(told))
    app.command("price", cls=_Command, help=say.word("help_price", told))(price)


def _taking(call: Callable[..., None], given: list[Parameter]) -> None:
    """Let typer read `given` as the parameters of a call that takes them by name."""
    call.__signature__ = Signature(given)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in given}


def _parameter(name: str, kind: Any, default: Any = Parameter.empty) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _price_parameters(told: Lang) -> list[Parameter]:
    """Return the parameters of `siting price` as typer reads them from a signature."""

    def option(flag: str, sign: str, word: str, low: float, high: float | None) -> Any:
        shown = say.word(f"help_price_{word}", told)
        return typer.Option(flag, metavar=sign, min=low, max=high, help=shown, show_default=False)

    degrees = [
        _parameter(name, Annotated[float, option(f"--{name}", "DEG", name, -most, most)])
        for name, most in _DEGREES.items()
    ]
    demands = [
        _parameter(name, Annotated[float | None, option(flag, sign, name, 0, None)], None)
        for name, (flag, sign) in _DEMANDS.items()
    ]
    region = _parameter("region", Annotated[Path, _region_argument(told)], DEFAULT_REGION)
    lang = _parameter("lang", Annotated[_Lang, _lang_option(told)], _Lang(told))
    return [region, *degrees, *demands, lang]


def _add_diff(app: typer.Typer, told: Lang) -> None:
    default = _Lang(told)
    before_help, after_help = say.word("help_diff_before", told), say.word("help_diff_after", told)
    quiet_help = say.word("help_quiet", told)

    @app.command(cls=_Command, help=say.word("help_diff", told))
    def diff(
        before: Annotated[Path, typer.Argument(metavar="PLAN_A", help=before_help)],
        after: Annotated[Path, typer.Argument(metavar="PLAN_B", help=after_help)],
        *,
        lang: Annotated[_Lang, _lang_option(told)] = default,
        quiet: Annotated[bool, typer.Option("--quiet", help=quiet_help)] = False,
    ) -> None:
        from siting.cli.diff import tell_difference  # noqa: PLC0415  # heavy libraries

        tell_difference(before, after, lang=lang.value, quiet=quiet)


def _add_backtest(app: typer.Typer, told: Lang) -> None:
    default = _Lang(told)
    quiet_help = say.word("help_quiet", told)

    @app.command(cls=_Command, help=say.word("help_backtest", told))
    def backtest(
        region: Annotated[Path, _region_argument(told)] = DEFAULT_REGION,
        *,
        lang: Annotated[_Lang, _lang_option(told)] = default,
        quiet: Annotated[bool, typer.Option("--quiet", help=quiet_help)] = False,
    ) -> None:
        from siting.cli.backtest import tell_backtest  # noqa: PLC0415  # heavy libraries

        tell_backtest(region, lang=lang.value, quiet=quiet)


class _Kind(StrEnum):
    osm = "osm"
    postgis = "postgis"
    enterprises = "enterprises"
    customs = "customs"
    plots = "plots"


_IMPORT_OPTIONS: Final = {
    "tables": ("--as", "TABLE", list[str]),
    "layer": ("--layer", "NAME", str),
    "crs": ("--crs", "EPSG", str),
    "encoding": ("--encoding", "NAME", str),
    "as_of": ("--as-of", "DATE", str),
    "rename": ("--rename", "A=B", list[str]),
    "constants": ("--set", "A=B", list[str]),
    "rub_per_usd": ("--rub-per-usd", "R", float),
}
"""Option of `siting import` -> how it is written, the sign of its value and its type."""


def _add_import(app: typer.Typer, told: Lang) -> None:
    def bring(**asked: Any) -> None:
        from siting.cli.bring import import_layers, ordered  # noqa: PLC0415  # heavy libraries

        region, lang = asked.pop("region"), asked.pop("lang")
        import_layers(region, ordered(asked), lang=lang.value)

    _taking(bring, _import_parameters(told))
    app.command("import", cls=_Command, help=say.word("help_import", told))(bring)


def _import_parameters(told: Lang) -> list[Parameter]:
    """Return the parameters of `siting import` as typer reads them from a signature."""

    def shown(word: str) -> str:
        return say.word(f"help_import_{word}", told)

    places = [
        _parameter(name, Annotated[kind, typer.Argument(metavar=name.upper(), help=shown(name))])
        for name, kind in (("kind", _Kind), ("source", str), ("region", Path))
    ]
    options = [
        _parameter(
            name,
            Annotated[
                kind | None,
                typer.Option(flag, metavar=sign, help=shown(name), show_default=False),
            ],
            None,
        )
        for name, (flag, sign, kind) in _IMPORT_OPTIONS.items()
    ]
    flags = [
        _parameter(
            name, Annotated[bool, typer.Option(f"--{name}", help=shown(name))], default=False
        )
        for name in ("add", "replace")
    ]
    lang = _parameter("lang", Annotated[_Lang, _lang_option(told)], _Lang(told))
    return [*places, *options, *flags, lang]


DOORS: Final = (
    _add_plan,
    _add_check,
    _add_init,
    _add_import,
    _add_make,
    _add_why,
    _add_price,
    _add_diff,
    _add_backtest,
)
"""What adds each door to the application, in the order of the help."""
