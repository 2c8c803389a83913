"""`siting make`: what to make and who will buy it, as tables in one language."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, cast

import pandas as pd
from rich.table import Table as Grid
from rich.text import Text

from siting import study
from siting.cli import say
from siting.economy import Question
from siting.region import read_region
from siting.translit import transliterate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pandas import DataFrame, Series
    from rich.console import Console

    from siting.errors import Lang
    from siting.study import Making

_WIDE: Final = 170
"""Columns of text where the output is a file and not a screen."""

_RANKED: Final = {
    "code": "product",
    "name": "name",
    "gap": "gap_mrub",
    "output": "plant_output_mrub",
    "investment": "plant_investment_mrub",
    "jobs": "plant_jobs_count",
    "area": "plant_area_ha",
    "power": "plant_electricity_mw",
    "connection": "plant_connection_mrub",
    "site": "site",
    "inputs": "local_inputs_share",
    "score": "score",
    "confidence": "confidence",
}
"""Heading -> column of the ranked list."""

_SHORT: Final = frozenset(
    {"code", "name", "gap", "output", "investment", "site", "connection", "score"}
)
"""What of it fits a narrow screen."""

_CARD: Final = {
    "demand": "demand_mrub",
    "supply": "supply_mrub",
    "import": "import_mrub",
    "gap": "gap_mrub",
    "minimum": "minimum_scale_mrub",
    "output": "plant_output_mrub",
    "investment": "plant_investment_mrub",
    "jobs": "plant_jobs_count",
    "area": "plant_area_ha",
    "power": "plant_electricity_mw",
    "gas": "plant_gas_m3_h",
    "water": "plant_water_m3_day",
    "heat": "plant_heat_mw",
    "connection": "plant_connection_mrub",
    "inputs": "local_inputs_share",
    "feasibility": "feasibility",
    "score": "score",
    "confidence": "confidence",
}
"""Heading -> column of PRODUCTS told on the card of one product."""

_FINE: Final = frozenset(
    {
        "area",
        "power",
        "heat",
        "inputs",
        "feasibility",
        "confidence",
        "delivered",
        "imported",
        "likeness",
    }
)
"""Headings whose numbers need two digits after the point; others are whole."""


def tell_making(path: Path, asked: Mapping[str, str | None], *, top: int, lang: Lang) -> None:
    """Study the economy of the region at `path` and answer what is asked."""
    question = Question(**asked)
    with say.bars(lang, quiet=False) as progress:
        making = study.make(read_region(path), question, progress=progress)
    teller = _Teller(making, lang, top)
    if question.plot_id is not None:
        teller.plot(question.plot_id)
    if question.product is not None:
        teller.product(question.product)
    if question.enterprise_id is not None:
        teller.enterprise(question.enterprise_id)
    if question == Question():
        teller.region()
    say.tell(say.word("make_notice", lang))


def _width(console: Console) -> int:
    return console.width if sys.stdout.isatty() else _WIDE


class _Teller:
    """Writes answers in one language."""

    def __init__(self, making: Making, lang: Lang, top: int) -> None:
        self._making, self._lang, self._top = making, lang, top
        self._market, layers = making.market, making.layers
        self._firms = self._named(layers.enterprises)
        self._goods = self._named(layers.products)
        places = making.places
        # a plot has a number and no name
        self._sites = self._named(places) if "name" in places else places.index.to_series()

    def region(self) -> None:
        region = self._making.region
        name = region.name if self._lang == "ru" else region.name_en
        self._title("region", name=name)
        self._ranked(self._market.products)

    def plot(self, plot_id: str) -> None:
        area = float(self._making.places["buildable_ha"].iloc[0])
        self._title("plot", name=plot_id, ha=area)
        products = self._market.products
        self._ranked(products[products["best_site_id"].notna()])

    def product(self, code: str) -> None:
        self._title("product", name=self._goods[code], okpd2=code)
        row = self._market.products.loc[code]
        values = [
            self._number(heading, cast("float", row[column])) for heading, column in _CARD.items()
        ]
        words = [say.word(f"make_col_{heading}", self._lang) for heading in _CARD]
        self._grid(pd.DataFrame({"measure": words, "value": values}), limit=len(words))
        self._title("consumers")
        self._grid(self._consumers(code))
        self._title("suppliers", km=self._making.region.economy.near_km)
        self._grid(self._suppliers(code))
        self._title("sites")
        self._grid(self._best_sites(code))

    def enterprise(self, key: str) -> None:
        links, made = self._market.links, self._market
        sold, bought = links[links["supplier_id"] == key], links[links["buyer_id"] == key]
        self._title("sells", name=self._firms[key])
        self._grid(self._links(sold, "buyer_id"))
        self._title("could_sell")
        self._grid(self._could_sell(key, sold))
        self._title("buys")
        self._grid(self._links(bought, "supplier_id"))
        self._title("lacks")
        self._grid(self._lacks(key, bought))
        self._title("adds")
        adds = made.additions[made.additions["enterprise_id"] == key]
        self._grid(
            self._goods_first(adds["product"]).assign(
                likeness=adds["likeness"].to_numpy(), gap=adds["gap_mrub"].to_numpy()
            )
        )

    def _ranked(self, products: DataFrame) -> None:
        told = products[products["score"] > 0].reset_index()
        told = told.assign(
            name=told["product"].map(self._goods), site=told["best_site_id"].map(self._sites)
        )
        is_narrow = _width(say.console()) < _WIDE
        self._grid(
            pd.DataFrame(
                {
                    head: told[column]
                    for head, column in _RANKED.items()
                    if not is_narrow or head in _SHORT
                }
            )
        )

    def _consumers(self, code: str) -> DataFrame:
        told = self._market.consumers
        told = told[told["product"] == code]
        people = say.word("make_people", self._lang)
        return pd.DataFrame(
            {
                "who": told["enterprise_id"].map(self._firms).fillna(people),
                "volume": told["volume_mrub"],
                "km": told["distance_km"],
                "delivered": told["delivered_price_index"],
                "imported": told["import_price_index"],
                "confidence": told["confidence"],
            }
        )

    def _suppliers(self, code: str) -> DataFrame:
        told = self._market.suppliers
        told = told[told["product"] == code]
        nobody = say.word("make_abroad", self._lang)
        return pd.DataFrame(
            {
                "code": told["input"],
                "input": told["input"].map(self._goods),
                "needed": told["needed_mrub"],
                "who": told["enterprise_id"].map(self._firms).fillna(nobody),
                "makes": told["output_mrub"],
                "km": told["distance_km"],
            }
        )

    def _best_sites(self, code: str) -> DataFrame:
        told = self._market.product_sites
        told = told[told["product"] == code]
        return pd.DataFrame(
            {
                "code": told["site_id"],
                "site": told["site_id"].map(self._sites),
                "connection": told["connection_cost_mrub"],
                "onsite": told["onsite_cost_mrub"],
                "freight": told["freight_mrub_year"],
            }
        ).rename(columns={"code": "site_id"})

    def _links(self, links: DataFrame, other: str) -> DataFrame:
        told = links.sort_values("volume_mrub", ascending=False, kind="stable")
        words = {
            flag: say.word(f"word_{'yes' if flag else 'no'}", self._lang) for flag in (True, False)
        }
        return self._goods_first(told["product"]).assign(
            who=told[other].map(self._firms).to_numpy(),
            volume=told["volume_mrub"].to_numpy(),
            km=told["distance_km"].to_numpy(),
            confidence=told["confidence"].to_numpy(),
            known=told["is_known"].map(words).to_numpy(),
        )

    def _could_sell(self, key: str, sold: DataFrame) -> DataFrame:
        listed = str(self._making.layers.enterprises["products"].get(key) or "").split(";")
        made = {*sold["product"], *(code.strip() for code in listed)}
        told = self._market.consumers
        told = told[told["product"].isin(made) & told["enterprise_id"].notna()]
        told = told[told["enterprise_id"] != key]
        served = set(zip(sold["product"], sold["buyer_id"], strict=True))
        is_new = [
            pair not in served for pair in zip(told["product"], told["enterprise_id"], strict=True)
        ]
        told = told[is_new].sort_values("volume_mrub", ascending=False, kind="stable")
        return self._goods_first(told["product"]).assign(
            who=told["enterprise_id"].map(self._firms).to_numpy(),
            needed=told["volume_mrub"].to_numpy(),
            confidence=told["confidence"].to_numpy(),
        )

    def _lacks(self, key: str, bought: DataFrame) -> DataFrame:
        told = self._market.consumers
        need = told[told["enterprise_id"] == key].set_index("product")["volume_mrub"]
        got = bought.groupby("product")["volume_mrub"].sum().reindex(need.index, fill_value=0.0)
        # less than a rouble is rounding, not a lack
        left = (need - got).round(6)
        left = left[left > 0].sort_values(ascending=False, kind="stable")
        return self._goods_first(left.index.to_series()).assign(needed=left.to_numpy())

    def _goods_first(self, codes: Series) -> DataFrame:
        codes = codes.reset_index(drop=True)
        return pd.DataFrame({"code": codes, "name": codes.map(self._goods)})

    def _named(self, frame: DataFrame) -> Series:
        if self._lang == "ru":
            return frame["name"]
        # a row without an English name is transliterated, as on the map
        return frame["name_en"].where(frame["name_en"].notna(), frame["name"].map(transliterate))

    def _title(self, title: str, **values: object) -> None:
        say.tell("\n" + say.word(f"make_title_{title}", self._lang, **values))

    def _grid(self, frame: DataFrame, *, limit: int | None = None) -> None:
        if frame.empty:
            say.tell(say.word("make_nothing", self._lang))
            return
        shown = frame.head(limit or self._top)
        grid = Grid(box=None, pad_edge=False)
        for heading in shown:
            number = pd.api.types.is_numeric_dtype(shown[heading])
            code = "code" if heading == "site_id" else heading
            title = "" if heading == "site_id" else say.word(f"make_col_{code}", self._lang)
            grid.add_column(
                title,
                justify="right" if number else "left",
                overflow="fold",
                min_width=min(4, len(title)),
            )
        for row in shown.itertuples(index=False):
            cells = (self._cell(str(h), v) for h, v in zip(shown, row, strict=True))
            grid.add_row(*(Text(say.harmless(cell)) for cell in cells))
        console = say.console()
        console.width = _width(console)
        console.print(grid)
        if len(frame) > len(shown):
            say.tell(say.word("make_more", self._lang, count=len(frame) - len(shown)))

    def _cell(self, heading: str, value: object) -> str:
        return self._number(heading, value) if isinstance(value, int | float) else str(value)

    def _number(self, heading: str, value: float) -> str:
        if pd.isna(value):
            return "—"
        return f"{value:,.2f}" if heading in _FINE else f"{value:,.0f}"
