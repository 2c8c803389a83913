"""Money over time, by hand; verdicts with their reasons; what stands beside the saving."""

from itertools import permutations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from portfolio.test_choose import kopecks, run, tight, twins
from portfolio.town import SERVE, everywhere, firms, plots_at, profiles, served_town, sites_at
from siting.layers.starter import built_in
from siting.portfolio import account, serve
from siting.portfolio.ledger import shapley_exact
from siting.portfolio.timing import find_timing
from siting.price_level import level_factors
from siting.region import MoneyParams
from siting.tables import check
from siting.tables.money import ACCOUNTED, LEDGER_OVER_TIME
from siting.tables.money import RESULTS as MONEY_TABLES
from siting.tables.price_books import PRICE_BOOK, PRICE_INDICES, SUPPORT_MEASURES, YEARLY_COSTS

seeds = st.integers(0, 10_000)
few = settings(max_examples=5, deadline=None)
TWO_YEARS = MoneyParams(
    horizon_years=2, discount_share=0.25, come_shares=(0.5, 1.0), built_shares=(1.0,)
)
AT_ONCE = MoneyParams(
    horizon_years=10, discount_share=0.1, come_shares=(1.0,), built_shares=(1.0,),
    payer_yearly={"electricity": {"network_company": 0.8}, "water": {"network_company": 0.8}},
)  # fmt: skip


def layers(plots=None, **books):
    known = plots_at([(9, 9)]).assign(price_mrub=np.nan) if plots is None else plots
    tables = (YEARLY_COSTS, PRICE_BOOK, PRICE_INDICES, SUPPORT_MEASURES)
    return SimpleNamespace(plots=known, **{t.name: built_in(t) for t in tables} | books)


def accounted(chosen, params=TWO_YEARS, **books):
    return account(
        undoubted(chosen.sites), chosen=chosen, layers=layers(**books), price_year=2024,
        params=params,
    )  # fmt: skip


def undoubted(sites):
    """The columns `doubt` adds, of which no account is made."""
    ranges = {f"saving_p{p}_mrub": np.nan for p in (10, 50, 90)}
    return sites.assign(**ranges, chosen_share=0.0)


def pv(table, **group):
    mine = table
    for column, value in group.items():
        mine = mine[mine[column] == value]
    return mine["saving_pv_mrub"].sum()


def test_two_years_are_discounted_as_by_hand():
    """d = 0.8: half comes now, half in a year; upkeep is paid at the ends, 0.8 and 0.64."""
    timing = find_timing(TWO_YEARS)
    assert timing.capital_alone == pytest.approx(0.5 + 0.5 * 0.8)
    assert timing.capital_park == pytest.approx(1.0)
    assert timing.upkeep_come == pytest.approx(0.5 * 0.8 + 1.0 * 0.64)
    assert timing.upkeep_built == pytest.approx(0.8 + 0.64)


def test_an_annuity_of_ten_years_is_the_textbook_one():
    assert find_timing(AT_ONCE).upkeep_come == pytest.approx((1 - 1.1**-10) / 0.1)


def test_the_present_value_of_twins_is_that_of_their_costs_by_hand():
    """Each alone: cable 8.5, street 205.5, on-site 12. Together: cable 10.3 and 0.8 MW at 12."""
    chosen = run(twins(spare_mw=4.0))
    ledger = accounted(chosen).ledger
    alone, park = 2 * (8.5 + 205.5 + 12), 19.9 + 205.5 + 40 + 5
    yearly_alone = 2 * (0.03 * 8.5 + 0.03 * 205.5 + 0.025 * 12)
    yearly_park = 0.03 * 19.9 + 0.03 * 205.5 + 0.025 * 40 + 0.2 * 5
    assert ledger["standalone_yearly_mrub"].sum() == pytest.approx(yearly_alone)
    assert ledger["park_yearly_mrub"].sum() == pytest.approx(yearly_park)
    expected = alone * 0.9 + yearly_alone * 1.04 - park - yearly_park * 1.44
    assert ledger["saving_pv_mrub"].sum() == pytest.approx(expected, abs=1e-6)
    # the one site has these residents when it alone is opened, too
    found = accounted(chosen).sites.iloc[0]
    assert found["saving_pv_mrub"] == pytest.approx(expected)
    assert found["saving_yearly_mrub"] == pytest.approx(yearly_alone - yearly_park)


@few
@given(seeds)
def test_the_ledger_over_time_adds_up_in_every_grouping_to_the_kopeck(seed):
    chosen = run(served_town(seed, n_sites=4, n_firms=8))
    made = accounted(chosen, AT_ONCE)
    check(made.sites, ACCOUNTED)
    check(made.ledger, LEDGER_OVER_TIME)
    for kind in ("", "_yearly", "_pv"):
        names = [f"{part}{kind}_mrub" for part in ("standalone", "park", "saving")]
        alone, park, saving = (kopecks(made.ledger[name]) for name in names)
        assert (alone - park == saving).all()
        whole = kopecks(made.sites[f"plan_saving{kind}_mrub"]).sum()
        for keys in (["prospect_id"], ["site_id"], ["utility"], ["payer"], ["site_id", "payer"]):
            groups = pd.Series(saving).groupby([made.ledger[key] for key in keys]).sum()
            assert groups.sum() == whole
    years = made.books["years"]
    by_site = pd.Series(kopecks(years["saving_pv_mrub"])).groupby(years["site_id"]).sum()
    parks = made.sites.loc[by_site.index]
    assert (by_site.to_numpy() == kopecks(parks["plan_saving_pv_mrub"])).all()


@few
@given(seeds)
def test_the_capital_of_the_ledger_is_not_touched(seed):
    chosen = run(served_town(seed, n_sites=4, n_firms=8))
    key = ["site_id", "prospect_id", "utility", "payer"]
    money = ["standalone_mrub", "park_mrub", "saving_mrub"]
    made = accounted(chosen).ledger
    paid = made[(made["standalone_mrub"] > 0) | (made["park_mrub"] > 0)]
    both = (
        table.sort_values(key)[key + money].reset_index(drop=True)
        for table in (paid, chosen.ledger)
    )
    assert_frame_equal(*both)


@few
@given(seeds)
def test_without_upkeep_discount_and_stages_the_present_value_is_the_capital(seed):
    chosen = run(served_town(seed, n_sites=3, n_firms=6))
    free = built_in(YEARLY_COSTS).assign(operation_share=0.0, per_unit_mrub=0.0)
    params = MoneyParams(discount_share=0.0, come_shares=(1.0,), built_shares=(1.0,))
    ledger = accounted(chosen, params, yearly_costs=free).ledger
    assert (ledger["saving_pv_mrub"] == ledger["saving_mrub"]).all()
    assert (ledger["saving_yearly_mrub"] == 0).all()


def test_a_park_of_one_at_its_own_place_saves_nothing_over_time_either():
    sites, plots = sites_at([(4.75, 4.75)]), plots_at([(9, 9)])
    prospects = firms([("F", 10, 3, 200, 100, False, (5.0, 5.0))])
    served = serve(
        sites, prospects=prospects, plots=plots, offers=everywhere(sites, plots, prospects),
        profiles=profiles(), params=SERVE,
    )  # fmt: skip
    found = accounted(run(served, tight(opening_mrub=0.0)), AT_ONCE).sites.iloc[0]
    assert found["saving_pv_mrub"] == pytest.approx(0, abs=1e-9)
    assert found["saving_yearly_mrub"] == pytest.approx(0, abs=1e-9)
    assert (found["verdict"], found["verdict_reason"]) == ("do_not_build", "too_few_residents")


def test_residents_who_come_late_make_a_park_built_at_once_worse():
    chosen = run(twins(spare_mw=4.0))
    slow = TWO_YEARS.model_copy(update={"come_shares": (0.0, 1.0)})
    never = TWO_YEARS.model_copy(update={"come_shares": (0.0,)})
    values = [accounted(chosen, p).ledger["saving_pv_mrub"].sum() for p in (TWO_YEARS, slow, never)]
    assert values == sorted(values, reverse=True)
    # nobody ever comes: the whole park is paid for nothing
    assert values[-1] < -270


def test_a_connection_of_ones_own_is_kept_up_by_its_owner_alone():
    """Water 500 from wells at the far site, where the main does not reach."""
    sources = {"electricity": {"PS": (5.0, 5.0, 40.0)}, "road": {"R": (5.0, 0.0, 1e9)}}
    sources["water"] = {"W-1": (90.0, 90.0, 1000.0)}
    sites, plots = sites_at([(4.75, 4.75)]), plots_at([(9, 9)])
    prospects = firms([(n, 10, 3, 0, 150, False, (5.0, 5.0)) for n in "AB"])
    served = serve(
        sites, prospects=prospects, plots=plots,
        offers=everywhere(sites, plots, prospects, sources=sources),
        profiles=profiles(), params=SERVE,
    )  # fmt: skip
    ledger = accounted(run(served), AT_ONCE).ledger
    upkeep = ledger.groupby(["utility", "payer"])["standalone_yearly_mrub"].sum()
    assert upkeep["water", "resident"] > 0
    assert upkeep.get(("water", "network_company"), 0.0) == 0
    assert upkeep["electricity", "network_company"] > upkeep["electricity", "resident"]


def test_every_reason_not_to_build_is_told():
    pays = run(twins(spare_mw=4.0))
    assert accounted(pays).sites["verdict_reason"].tolist() == ["pays"]
    dear = run(twins(spare_mw=4.0), tight(opening_mrub=1000.0))
    assert accounted(dear).sites["verdict_reason"].tolist() == ["saves_nothing"]
    # (265.4 - 40 + opening 100) / (452 - 40) = 0.79 of the house is more than 0.7
    full = run(twins(spare_mw=4.0), tight(opening_mrub=100.0))
    row = accounted(full).sites.iloc[0]
    assert row["break_even_opened_share"] == pytest.approx(325.4 / 412)
    assert row["verdict_reason"] == "needs_too_many"
    late = TWO_YEARS.model_copy(update={"come_shares": (0.0, 0.1)})
    assert accounted(pays, late).sites["verdict_reason"].tolist() == ["loses_over_time"]


def test_land_stands_beside_and_is_alone_minus_park():
    plots = plots_at([(9, 9)]).assign(price_mrub=50.0)  # 25 ha by outline: 2 mln a hectare
    served = twins(spare_mw=4.0)
    chosen = run(served)
    sites = undoubted(chosen.sites).assign(land_price_mrub=20.0)  # 40 ha: 0.5 mln a hectare
    made = account(
        sites, chosen=chosen, layers=layers(plots), price_year=2024, params=TWO_YEARS
    ).books["land_prices"]
    assert made["park_land_mrub"].tolist() == pytest.approx([5.0, 5.0])
    # their own place has a price nobody told
    assert made["alone_land_mrub"].isna().all()


def test_a_tariff_is_brought_to_the_price_level_and_applies_by_its_rule():
    """C1 of 2015 for 3 MW alone and 4.8 MW together; individual above a demand."""
    book = pd.DataFrame(
        [("c1", "electricity", "demand", "both", 0.15, 4.0, 0.01, 2015.0),
         ("own", "electricity", "connection", "park", 4.0, np.nan, np.nan, 2024.0)],
        columns=[
            "item", "utility", "basis", "subject", "demand_min", "demand_max", "price_mrub",
            "price_year",
        ],
    ).assign(rule="by order", rule_ru="по приказу", status="VERIFIED", source="a test")  # fmt: skip
    indices = pd.DataFrame({"year": [2015.0, 2024.0], "index": [0.5, 1.0]})
    made = accounted(run(twins(spare_mw=4.0)), price_book=book, price_indices=indices)
    told = made.books["tariffs"].set_index("subject_id")
    assert told.loc["F0", "tariff_mrub"] == pytest.approx(0.01 * 2 * 3)
    assert told.loc["F0", "construction_mrub"] == pytest.approx(8.5)
    assert told.loc["S000", "item"] == "own"
    assert np.isnan(told.loc["S000", "tariff_mrub"])


def test_support_is_never_more_than_its_share_and_a_failed_condition_is_nothing():
    measures = pd.DataFrame(
        [("half", "resident", "road;electricity", 0.5, np.nan, "large", "buildable_ha", ">=", 8.0),
         ("half", "resident", "road;electricity", 0.5, np.nan, "signed", None, None, np.nan),
         ("gone", "budget", "onsite", 0.75, 1.0, "huge", "buildable_ha", ">=", 800.0),
         ("capped", "budget", "onsite", 0.75, 1.0, "large", "buildable_ha", ">=", 8.0)],
        columns=[
            "measure", "payer", "items", "share", "cap_mrub", "condition", "column", "operator",
            "limit",
        ],
    ).assign(title="t", title_ru="т", status="VERIFIED", source="a test")  # fmt: skip
    chosen = run(twins(spare_mw=4.0))
    made = accounted(chosen, support_measures=measures)
    told = made.books["support"].set_index("measure")
    assert told["result"].to_dict() == {"capped": "pass", "gone": "fail", "half": "unknown"}
    assert told["most_mrub"].to_dict() == pytest.approx(
        {"capped": 1.0, "gone": 0.0, "half": 0.5 * 0.3 * (19.9 + 205.5)}
    )
    assert told.loc["half", "conditions_unknown"] == "signed"
    # it changes no saving
    assert_frame_equal(made.ledger, accounted(chosen).ledger)


def test_the_starting_tables_keep_their_contracts_and_make_every_table():
    chosen = run(served_town(4, n_sites=6, n_firms=10))
    made = accounted(chosen, MoneyParams())
    for table in MONEY_TABLES[1:]:
        check(made.books[table.name], table)
        assert len(made.books[table.name])


def test_a_plan_of_no_parks_has_empty_accounts_and_a_verdict_on_every_site():
    made = accounted(run(twins(spare_mw=4.0), tight(opening_mrub=1000.0)))
    assert made.ledger.empty
    assert all(table.empty for table in made.books.values())
    assert made.sites["verdict"].tolist() == ["do_not_build"]


def test_price_levels_are_ratios_and_an_unknown_year_is_missing():
    indices = pd.DataFrame({"year": [2017.0, 2024.0], "index": [57.0, 100.0]})
    years = pd.Series([2017, 2024, 2020])
    found = level_factors(years, indices, 2024)
    assert found[:2].tolist() == pytest.approx([100 / 57, 1.0])
    assert np.isnan(found[2])
    assert level_factors(pd.Series([2024]), indices.iloc[:0], 2024).tolist() == [1.0]


@few
@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=6))
def test_shapley_equals_the_mean_over_every_order_of_arrival(demands):
    sizes = np.array(demands)

    def cost(total, largest):
        return np.ceil(total / 4) * 3 + 0.5 * largest

    expected = np.zeros(len(sizes))
    orders = list(permutations(range(len(sizes))))
    for order in orders:
        paid, come = 0.0, []
        for j in order:
            come.append(j)
            now = cost(sum(sizes[k] for k in sorted(come)), sizes[come].max())
            expected[j] += (now - paid) / len(orders)
            paid = now
    assert shapley_exact(sizes, lambda t, m: cost(t, m) if t else 0.0) == pytest.approx(expected)
