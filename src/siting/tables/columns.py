"""Short ways to declare a column: the kinds that tables are made of."""

from __future__ import annotations

from siting.tables.schema import Column


def text(name: str, en: str, ru: str, **rule: object) -> Column:
    """Return a column of text."""
    return Column(name=name, en=en, ru=ru, kind="text", **rule)  # type: ignore[arg-type]


def flag(name: str, en: str, ru: str) -> Column:
    """Return a column of yes and no."""
    return Column(name=name, en=en, ru=ru, kind="flag")


def number(name: str, en: str, ru: str, **rule: object) -> Column:
    """Return a column of numbers that are not negative unless `low` says otherwise."""
    return Column(name=name, en=en, ru=ru, **{"low": 0.0, **rule})  # type: ignore[arg-type]


def mrub(name: str, en: str, ru: str, **rule: object) -> Column:
    """Return a column of money, million roubles."""
    return number(name, f"{en}, mln roubles", f"{ru}, млн руб.", **rule)


def optional(name: str, en: str, ru: str, **rule: object) -> Column:
    """Return a column that may be absent or empty."""
    return number(name, en, ru, nullable=True, required=False, **rule)


def crossed(*, nullable: bool) -> tuple[Column, ...]:
    """Return the columns that itemise the crossings of a route."""
    kinds = (
        ("rivers", "crossings of water", "переходы через воду"),
        ("railways", "crossings of railways", "переходы через железные дороги"),
        ("roads", "crossings of trunk roads", "переходы через магистральные дороги"),
    )
    return (
        text(
            "crossings",
            "what is crossed and how often, as stream=1;railway=2; empty where nothing is",
            "что пересекает трасса и сколько раз: stream=1;railway=2; пусто, если ничего",
            nullable=True,
        ),
        *(mrub(f"{stem}_mrub", en, ru, nullable=nullable) for stem, en, ru in kinds),
    )


def money(stem: str, en: str, ru: str) -> tuple[Column, ...]:
    """Return three columns of a price: low, central and high."""
    levels = (
        ("_low", "low", "наименьшая"),
        ("", "central", "средняя"),
        ("_high", "high", "наибольшая"),
    )
    return tuple(
        number(f"{stem}{suffix}", f"{en}, {level_en}", f"{ru}, {level_ru}", high=1e5)
        for suffix, level_en, level_ru in levels
    )
