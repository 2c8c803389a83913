"""The doors: one command each, in the language asked for.

Exit codes: 0 done, 1 bad input (all problems listed, nothing written), 2 wrong usage,
3 infeasible, 130 interrupted. Heavy libraries load only when a command runs.
"""

import os
import sys
from importlib.metadata import version
from itertools import pairwise
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from siting.cli import say
from siting.cli.commands import ALLOWED, DOORS, Spoken
from siting.errors import Lang, SitingError

LANGS: Final[tuple[Lang, ...]] = ("ru", "en")
INTERRUPTED: Final = 130
"""What a shell expects of a program that Ctrl-C ended: 128 and the number of the signal."""

_UsageError: Final[Any] = typer.BadParameter.__mro__[1]
"""The common error of a wrong command line; typer does not name it."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Return the exit code of the command in `arguments`, having told everything it has to say."""
    lang = language(arguments)
    command = typer.main.get_command(build(lang))
    try:
        code = command.main(args=arguments, prog_name="siting", standalone_mode=False)
    except SitingError as error:
        say.tell_error(error, lang)
        return error.exit_code
    except _UsageError as error:
        say.tell(usage(error, lang, arguments), is_error=True)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        say.tell(say.word("door_interrupted", lang), is_error=True)
        return INTERRUPTED
    # some versions of typer tell an interruption by its exit code
    if code == INTERRUPTED:
        say.tell(say.word("door_interrupted", lang), is_error=True)
    return int(code or 0)


def language(arguments: list[str]) -> Lang:
    """Return the language of `--lang`, else of the variable SITING_LANG, else Russian."""
    told = [os.environ.get("SITING_LANG", "")]
    told += [after for word, after in pairwise(arguments) if word == "--lang"]
    told += [word.removeprefix("--lang=") for word in arguments if word.startswith("--lang=")]
    known: list[Lang] = [lang for word in told for lang in LANGS if word == lang]
    return known[-1] if known else "ru"


def usage(error: Any, lang: Lang, arguments: list[str]) -> str:
    """Return what is wrong with the command line; the library could say it in English only."""
    parameter = getattr(error, "param", None)
    name = getattr(parameter, "name", None) or ""
    shown = parameter.opts[0] if parameter is not None and parameter.opts else name
    if getattr(error, "option_name", None):
        return say.word("usage_option", lang, name=error.option_name)
    if isinstance(error, typer.BadParameter):
        # a missing one is told by a subclass
        if type(error) is not typer.BadParameter:
            return say.word("usage_missing", lang, name=shown)
        return say.word("usage_value", lang, name=shown, expected=ALLOWED.get(name, "…"))
    if (unknown := _unknown_command(error, arguments)) is not None:
        return say.word("usage_command", lang, name=unknown)
    return say.word("usage_other", lang)


def _unknown_command(error: Any, arguments: list[str]) -> str | None:
    """Return the command that does not exist, or None where that is not the error."""
    known = getattr(getattr(error.ctx, "command", None), "commands", None)
    words = [word for word in arguments if not word.startswith("-")]
    return words[0] if known is not None and words and words[0] not in known else None


class _Group(Spoken, TyperGroup):
    """All doors."""


def build(lang: Lang) -> typer.Typer:
    """Return the application with its help in `lang`."""
    app = typer.Typer(
        name="siting",
        cls=_Group,
        help=say.word("help_siting", lang),
        context_settings={"obj": lang},
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
    )

    @app.callback()
    def siting(
        *,
        version: Annotated[
            bool,
            typer.Option(
                "--version", help=say.word("help_version", lang), callback=_version, is_eager=True
            ),
        ] = False,
    ) -> None:
        del version

    for add in DOORS:
        add(app, lang)
    return app


def _version(asked: bool) -> None:  # noqa: FBT001  # typer calls it so
    if asked:
        say.tell(f"siting {version('siting')}")
        raise typer.Exit
