"""Every error the program raises on purpose, and the sentences it says, in Russian and English.

A problem is data (a code and its values), so one check serves both languages. An error holds
*all* problems found and is raised once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Lang = Literal["ru", "en"]

MOST_ROWS: Final = 5
"""Row ids named in one message; the rest are counted."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong: what (code and values), where (file, layer, rows)."""

    code: str
    file: str = ""
    layer: str = ""
    rows: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: Lang) -> str:
        """Return the sentence in `lang`: where, what is wrong, what to do."""
        where = " · ".join(part for part in (self.file, self.layer) if part)
        # a value that is itself words is told in both languages
        words = {k: v[lang] if isinstance(v, Mapping) else v for k, v in self.values.items()}
        said = messages()[self.code][lang].format(**words)
        rows = _rows_text(self.rows, lang)
        return f"{where + ': ' if where else ''}{said}{rows}"


class SitingError(Exception):
    """The base of every error raised on purpose."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.text("en"))

    def text(self, lang: Lang) -> str:
        """Return every problem, a line each, in `lang`."""
        return "\n".join(f"- {problem.text(lang)}" for problem in self.problems)


class RegionError(SitingError, ValueError):
    """region.toml cannot be used as it is."""


class TableError(SitingError, ValueError):
    """A table breaks its contract."""


class LayerError(SitingError, ValueError):
    """An input file or layer cannot be read as what it should be."""


class InfeasibleError(SitingError):
    """There is no answer; the problem names the limit that binds."""

    exit_code = 3


def _rows_text(rows: tuple[str, ...], lang: Lang) -> str:
    if not rows:
        return ""
    shown = ", ".join(rows[:MOST_ROWS])
    more = len(rows) - MOST_ROWS
    label = {"ru": "строки", "en": "rows"}[lang]
    rest = {"ru": f" и ещё {more}", "en": f" and {more} more"}[lang] if more > 0 else ""
    return f" ({label}: {shown}{rest})"


def placeholders(sentence: str) -> set[str]:
    """Return the names a sentence wants filled; the tests compare both languages with it."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@cache
def messages() -> dict[str, dict[Lang, str]]:
    """Return every sentence by code and language, from the files in `siting/messages`."""
    found: dict[str, dict[Lang, str]] = {}
    for file in sorted(files("siting").joinpath("messages").iterdir(), key=lambda f: f.name):
        found |= tomllib.loads(file.read_text("utf-8"))
    return found
