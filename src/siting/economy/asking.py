"""What is asked of the economy: about the region, a plot, a product or an enterprise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from siting.errors import Problem, TableError, messages
from siting.tables.codes import some

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from siting.tables import Layers


@dataclass(frozen=True, kw_only=True)
class Question:
    """What to make: in the whole region unless narrowed."""

    plot_id: str | None = None
    product: str | None = None
    enterprise_id: str | None = None


def check_question(question: Question, layers: Layers) -> None:
    """Raise TableError listing everything asked about that the region does not know."""
    found = []
    if question.plot_id is not None and question.plot_id not in layers.plots.index:
        found.append(Problem(code="make_plot_unknown", values={"plot": question.plot_id}))
    if question.product is not None and question.product not in layers.products.index:
        found.append(Problem(code="make_product_unknown", values={"product": question.product}))
    firms = layers.enterprises.index
    if question.enterprise_id is not None and question.enterprise_id not in firms:
        values = {"enterprise": question.enterprise_id, "some": some(firms)}
        found.append(Problem(code="make_enterprise_unknown", values=values))
    if found:
        raise TableError(found)


def as_site(plots: GeoDataFrame, plot_id: str, *, onsite_mrub_ha: float) -> GeoDataFrame:
    """Return a site table of one row: the plot, as the stage `trade` needs a site.

    Its connection is not priced here: `trade` prices it from the offers at the plots.

    Raises
    ------
    TableError
        If it may not be built on.
    """
    plot = plots.loc[[plot_id]]
    if not plot["is_eligible"].iloc[0]:
        values = {"plot": plot_id, "why": _why(str(plot["why_not"].iloc[0]))}
        raise TableError(Problem(code="make_plot_refused", values=values))
    return plot.assign(
        connection_cost_mrub=0.0, onsite_cost_mrub=onsite_mrub_ha * plot["buildable_ha"]
    ).rename_axis("site_id")


def _why(codes: str) -> dict[str, str]:
    known = messages()
    return {
        lang: ", ".join(
            known[f"word_{code}"][lang] if f"word_{code}" in known else code
            for code in codes.split(";")
        )
        for lang in ("ru", "en")
    }
