"""Tables of what else could be done: near-best portfolios, sites that matter, regrets, the front."""

from __future__ import annotations

from typing import Final

from siting.tables.columns import flag, mrub, number, text
from siting.tables.schema import Table

ANY_SIGN: Final = float("-inf")

ALTERNATIVES: Final = Table(
    name="alternatives",
    en="portfolios of other sites that save nearly as much as the plan; 0 is the plan itself",
    ru="портфели с другими площадками, экономящие почти столько же; 0: сам план",
    columns=(
        number("alternative", "0 is the plan, 1 saves most of the others", "0: план, 1: лучший из остальных"),
        text("site_ids", "its sites, joined by ;", "её площадки, через ;", nullable=True),
        text("sites_in", "sites the plan does not open", "площадки, которых нет в плане", nullable=True),
        text("sites_out", "sites of the plan it does not open", "площадки плана, которых в ней нет", nullable=True),
        mrub("saving_mrub", "what it saves, linked firms included", "экономия, со связанными фирмами", low=ANY_SIGN),
        number("below_share", "how much less than the plan", "насколько меньше, чем у плана", high=1),
        number("residents_count", "residents", "резидентов"),
        number("jobs_count", "jobs", "рабочих мест"),
        mrub("public_mrub", "what the budget pays", "платит бюджет"),
    ),
)  # fmt: skip

IRREPLACEABILITY: Final = Table(
    name="irreplaceability",
    en="what the best portfolio loses without a site, and how often near-best ones open it",
    ru="сколько теряет лучший портфель без площадки и как часто её открывают близкие к лучшему",
    columns=(
        text("site_id", "site", "площадка"),
        flag("is_chosen", "the plan opens it", "есть в плане"),
        mrub("without_mrub", "best saving found without it; empty: no portfolio without it was found", "лучшая найденная экономия без неё; пусто: такого портфеля не найдено", low=ANY_SIGN, nullable=True),
        mrub("loss_mrub", "how much less that is than the plan saves: at most this is lost, as far as searched", "насколько это меньше экономии плана: больше не теряется, насколько искали", nullable=True),
        number("loss_share", "the same as a share of what the plan saves", "то же в долях экономии плана", nullable=True),
        number("near_best_share", "share of all near-best portfolios found that open it", "доля всех найденных портфелей, близких к лучшему, где она открыта", high=1),
        flag("is_proven", "every set of sites was solved to the end", "каждый набор площадок решён до конца"),
    ),
)  # fmt: skip

REGRETS: Final = Table(
    name="regrets",
    en="what it costs to insist on a site: the best portfolio that opens it against the best of all",
    ru="во что обходится настаивать на площадке: лучший портфель с ней против лучшего вообще",
    columns=(
        text("site_id", "favourite: one named in region.toml, or one that saves much alone", "фаворит: назван в region.toml или много экономит один"),
        flag("is_chosen", "the plan opens it", "есть в плане"),
        mrub("with_mrub", "best saving found with it; empty: no portfolio with it was found", "лучшая найденная экономия с ней; пусто: портфеля с ней не найдено", low=ANY_SIGN, nullable=True),
        mrub("regret_mrub", "how much less that is than the plan saves, as far as searched", "насколько это меньше экономии плана, насколько искали", nullable=True),
        number("regret_share", "the same as a share of what the plan saves", "то же в долях экономии плана", nullable=True),
        text("sites_in", "sites that portfolio opens besides the plan's", "что этот портфель открывает сверх плана", nullable=True),
        text("sites_out", "sites of the plan it gives up", "от каких площадок плана он отказывается", nullable=True),
        flag("is_proven", "every set of sites was solved to the end", "каждый набор площадок решён до конца"),
    ),
)  # fmt: skip

PARETO: Final = Table(
    name="pareto",
    en="portfolios none of those met beats in saving, jobs and public money at once",
    ru="портфели, которых ни один из найденных не превосходит сразу по экономии, рабочим местам и деньгам бюджета",
    columns=(
        mrub("saving_mrub", "what it saves, linked firms included", "экономия, со связанными фирмами", low=ANY_SIGN),
        number("jobs_count", "jobs", "рабочих мест"),
        mrub("public_mrub", "what the budget pays", "платит бюджет"),
        number("parks_count", "parks", "парков"),
        number("residents_count", "residents", "резидентов"),
        text("site_ids", "its sites, joined by ;", "её площадки, через ;", nullable=True),
        flag("is_plan", "the plan itself", "это сам план"),
    ),
)  # fmt: skip

RESULTS: Final = (ALTERNATIVES, IRREPLACEABILITY, REGRETS, PARETO)
