"""Packs of requirements: a TOML file an act, with its editions, their dates, limits and documents.

    act = "Decree 794"
    [[edition]]
    name = "Decree 794 of 04.08.2015, edition of 01.04.2024"
    valid_from = 2024-04-01          # absent: a draft; valid_to: its last day, absent: still valid
    [[edition.requirement]]          # the columns of the table requirements
    [[edition.document]]             # subject, requirement, title, title_ru, status, source

A document is a requirement to have one: nobody but the applicant knows, so it is never met here.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOCUMENT: Final = {"operator": "=", "limit": 1, "unit": "document", "on_failure": "warn"}


class PackError(ValueError):
    """The text is no pack."""


def read_pack(text: str) -> pd.DataFrame:
    """Return the rows of a pack as texts, columns of REQUIREMENTS, in the order of the file.

    Raises
    ------
    PackError
        Saying what is wrong.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError(str(error)) from error
    unknown = sorted(set(told) - {"act", "edition"})
    if unknown or "act" not in told or not isinstance(told.get("edition"), list):
        raise PackError(f"act, edition / {', '.join(unknown)}")
    rows = list(_rows(told))
    frame = pd.DataFrame([{key: str(value) for key, value in row.items()} for row in rows])
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame.astype("str")


def _rows(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    known = {"name", "valid_from", "valid_to", "requirement", "document"}
    for edition in told["edition"]:
        if "name" not in edition or set(edition) - known:
            raise PackError(f"edition: {', '.join(sorted(set(edition) - known)) or 'name'}")
        dates = {key: edition[key] for key in ("valid_from", "valid_to") if key in edition}
        head = {"act": told["act"], "edition": edition["name"], **dates}
        for row in edition.get("requirement", []):
            yield head | row
        for row in edition.get("document", []):
            yield head | _DOCUMENT | row
