"""Headings and words as offices and registries write them, into ours.

Headings are guessed from what people write in Russian and English; in a list the first row in which
enough of them are recognised is the heading, whatever stands above it. A word that is not in the
tables below stays as it came, and the check of the table names its row: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from siting.layers.columns import read_numbers
from siting.layers.piece import WHOLE_TABLE, Piece, Repair
from siting.tables.inputs import CUSTOMS, ENTERPRISES, PLOTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from siting.tables import Table

_PLACE: Final = {
    "lon": r"долгота.*|lon(gitude)?|x",
    "lat": r"широта.*|lat(itude)?|y",
    "wkt": r"wkt|геометрия",
}
HEADINGS: Final[Mapping[str, Mapping[str, str]]] = {
    ENTERPRISES.name: {
        "enterprise_id": r"инн|огрн|tin|id|код предприятия",
        "name": r"наименование.*|название.*|предприятие|организация|company|name|enterprise",
        "okved": r"(код )?оквэд.*|основной вид.*|okved.*|nace.*|activity",
        "revenue_mrub": r"выручка.*млн.*|revenue.*m.*",
        "revenue_trub": r"выручка.*тыс.*|revenue.*(thousand|k).*",
        "revenue_rub": r"выручка.*руб.*|выручка|revenue",
        "employees": r"(среднесписочная )?численность.*|работников|сотрудников|employees|staff",
        "products": r"окпд.*|продукция.*|products?|okpd.*",
        "sanitary_class": r"санитарный класс|класс опасности|sanitary class",
        **_PLACE,
    },
    PLOTS.name: {
        "plot_id": r"кадастровый (номер|№).*|кад\.? ?(номер|№)|cad_?num(ber)?|cadastral_?n.*|cn",
        "category": r"категория.*|(land_?)?categor\w*( ?type)?|cat(eg)?",
        "permitted_use": r"(вид )?разреш.*|ври|permitted.*|util.*|by_doc|вид использования.*",
        "ownership": r"(форма |вид )?(собств|прав).*|owner_?(ship|type).*",
        "building_m2": r"площадь (зданий|строений).*|building.*m2",
        "price_mrub": r"цена.*млн.*|price.*m(ln|rub).*",
        **_PLACE,
    },
    CUSTOMS.name: {
        "direction": r"napr|направление.*|поток|flow|direction",
        "hs": r"tnved|(код )?(товара )?(по )?(тн ?вэд).*|hs.*|commodity code",
        "value_mrub": r"(стоимость|value).*млн.*руб.*|value.*mrub",
        "value_trub": r"(стоимость|value).*тыс.*руб.*",
        "value_musd": r"(стоимость|value).*млн.*(usd|долл).*|value.*musd",
        "value_tusd": r"(стоимость|value).*тыс.*(usd|долл).*",
        "value_rub": r"(стоимость|value).*руб.*",
        "value_usd": r"(стоимость|value).*(usd|долл).*|stoim|cif_?value.*",
    },
}
"""Table -> our column -> headings under which it comes, whole and in lower case."""

_TELLING: Final = {ENTERPRISES.name: {"name", "okved"}, CUSTOMS.name: {"hs"}, PLOTS.name: set()}
"""Columns by which the row of headings of a list is known."""

_HEADING_ROWS: Final = 20
"""Rows from the top in which the heading is looked for."""

_LAND: Final = {
    "agricultural": r".*сельскохоз.*|003001\d+",
    "settlements": r".*нас[её]л[её]нных пунктов.*|003002\d+",
    "industry": r".*промышленност.*|003003\d+",
    "protected": r".*особо охраняем.*|003004\d+",
    "forest": r".*лесного фонда.*|003005\d+",
    "water": r".*водного фонда.*|003006\d+",
    "reserve": r".*запаса.*|003007\d+",
}
"""Category of the Land Code, article 7 -> its words and its code in the classifier dCategories of
Rosreestr (ASSUMED H)."""

WORDS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    PLOTS.name: {
        "category": _LAND,
        "ownership": {
            "undivided": r".*не ?разгранич.*",
            "municipal": r"муниципальн.*",
            "private": r"частн.*",
            "state": r"(государственн|федеральн).*|.*субъект\w* (рф|российской федерации).*",
        },
        "status": {"greenfield": r"гринфилд|свободн.*", "brownfield": r"браунфилд|застроен.*"},
    },
    ENTERPRISES.name: {
        "sanitary_class": {
            roman: rf"{digit}( класс.*)?|{roman.lower()} класс.*"
            for digit, roman in enumerate(("I", "II", "III", "IV", "V"), start=1)
        }
    },
}
"""Table -> column -> our code -> words for it, whole and in lower case; the first that fits."""

MILLION: Final = 1e-6
_UNITS: Final = {"rub": MILLION, "trub": 1e-3, "usd": MILLION, "tusd": 1e-3}
"""Unit at the end of a heading -> millions in one of it."""


def head(piece: Piece, stated: Mapping[str, str]) -> Piece:
    """Return the piece with our columns where its headings are known; `stated` says theirs -> ours.

    The rows above the heading of a list are left out. A problem where a list has no heading.
    """
    rows = [[str(cell) for cell in piece.frame.columns]]
    is_drawn = "geometry" in piece.frame.columns
    if not is_drawn:
        rows += piece.frame.head(_HEADING_ROWS).astype(object).to_numpy().tolist()
    telling = _TELLING.get(piece.table.name, set())
    for position, row in enumerate(rows):
        names = _names(row, piece.table, stated)
        if telling <= set(names.values()) and (telling or position == 0):
            body = piece.frame.iloc[position:]
            if position:
                body = body.set_axis([_plain(cell) for cell in row], axis=1)
            return piece.having(
                body.set_axis([names.get(n, c) for n, c in enumerate(body)], axis=1)
            )
    return piece.failing("heading_unknown", found=", ".join(rows[0]))


def _names(row: Sequence[object], table: Table, stated: Mapping[str, str]) -> dict[int, str]:
    """Return our name by position; a stated one first, then our own, then the first that fits."""
    cells = [_plain(cell) for cell in row]
    ours = {column.name for column in table.columns} | {table.index, "lon", "lat", "wkt"}
    found = {n: stated[cell] for n, cell in enumerate(cells) if cell in stated}
    found |= {n: c for n, c in enumerate(cells) if c in ours and c not in found.values()}
    taken = {name.rpartition("_")[0] for name in found.values()} | set(found.values())
    for name, pattern in HEADINGS.get(table.name, {}).items():
        stem = name.rpartition("_")[0] if name.startswith(("revenue", "value")) else name
        if name in taken or stem in taken:
            continue
        fitting = [n for n, cell in enumerate(cells) if re.fullmatch(pattern, cell.lower())]
        free = [n for n in fitting if n not in found]
        if free:
            found[free[0]] = name
            taken |= {name, stem}
    return found


def _plain(cell: object) -> str:
    return " ".join(str(cell).split())


def in_millions(piece: Piece, rub_per_usd: float | None) -> Piece:
    """Return the piece with its money in millions of roubles; dollars need a rate."""
    for name in [str(name) for name in piece.frame.columns]:
        stem, _, unit = name.rpartition("_")
        if stem not in {"revenue", "value"} or unit == "mrub":
            continue
        factor = _UNITS.get(unit, 1.0)
        if unit.endswith("usd"):
            if rub_per_usd is None:
                return piece.failing("rate_missing", column=name)
            factor *= rub_per_usd
        piece, numbers = read_numbers(piece, piece.frame[name], name)
        frame = piece.frame.drop(columns=name).assign(**{f"{stem}_mrub": numbers * factor})
        piece = piece.having(frame, [_whole("unit_changed", "unit_of_source", name, factor)])
    return piece


def in_words_of_ours(piece: Piece) -> Piece:
    """Return the piece with the words of its source put as the codes of the table."""
    for name, codes in WORDS.get(piece.table.name, {}).items():
        if name not in piece.frame.columns:
            continue
        before = piece.frame[name].astype("str")
        after = before.map(lambda word, codes=codes: _code(word, codes), na_action="ignore")
        changed = int((before.notna() & (before != after)).sum())
        if changed:
            repairs = [_whole("value_read", "words_of_source", name, changed)]
            piece = piece.having(piece.frame.assign(**{name: after}), repairs)
    return piece


def _code(word: str, codes: Mapping[str, str]) -> str:
    told = _plain(word).lower()
    fitting = [code for code, pattern in codes.items() if re.fullmatch(pattern, told)]
    return fitting[0] if fitting else word


def filled(piece: Piece, constants: Mapping[str, str]) -> Piece:
    """Return the piece with empty cells of the columns of `constants` filled with their value."""
    for name, value in constants.items():
        there = piece.frame[name] if name in piece.frame.columns else None
        if there is None:
            told = pd.Series(value, index=piece.frame.index, dtype=object)
            count = len(told)
        else:
            gaps = there.isna() | (there.astype("str").str.strip() == "")
            told, count = there.astype(object).mask(gaps, value), int(gaps.sum())
        if count:
            repairs = [_whole("value_set", "stated_by_user", f"{name} = {value}", count)]
            piece = piece.having(piece.frame.assign(**{name: told}), repairs)
    return piece


def _whole(action: str, reason: str, name: str, count: float) -> Repair:
    return Repair(row_id=WHOLE_TABLE, action=action, reason=reason, effect=f"{name}: {count:g}")


def without(piece: Piece, column: str) -> Piece:
    """Return the piece without a column that has served."""
    return replace(piece, frame=piece.frame.drop(columns=column, errors="ignore"))
