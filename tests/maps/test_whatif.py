"""The sliders: the page prices sites by the same formula as the study, on random settings.

The plan is a real one, of the tiny region drawn in tests/tiny.py; the oracle is the code of the
portfolio, which prices every draw of doubt.
"""

import re
from dataclasses import replace

import numpy as np
import pytest

from siting.maps.places import pricing
from siting.maps.ways import KM_DECIMALS
from siting.portfolio import Chosen
from siting.portfolio.draws import reselect
from siting.portfolio.stakes import build_stakes
from siting.units import UTILITIES

SETTINGS = 1000
MOST_LOAD = 1.5
POOL = 150
CODES = (*UTILITIES, "onsite")
SAME_LOAD = ("road", "rail", "telecom")


@pytest.fixture(scope="module")
def stakes(real):
    return build_stakes(
        Chosen(
            sites=real.sites,
            ledger=real.ledger,
            portfolio=real.portfolio,
            served=real.served,
            params=real.region.choose,
        )
    )


def rounded(ways):
    """The ways as the file holds them: lengths to a tenth of a metre."""
    length = np.round(ways.length_km, KM_DECIMALS)
    extra = np.round(np.round(ways.effective_km, KM_DECIMALS) - length, KM_DECIMALS)
    return replace(ways, length_km=length, effective_km=length + extra)


def random_setting(rng):
    return {
        "price": {code: float(rng.choice(np.arange(50, 205, 5))) / 100 for code in CODES},
        "demand": float(rng.choice(np.arange(50, 100 * MOST_LOAD + 5, 5))) / 100,
        "parks": int(rng.integers(1, 6)),
        "job": float(rng.choice([0.0, 0.1, 0.5, 2.0, 5.0])),
    }


def world_in(stakes, setting):
    """The state of prices and demands that a setting of the sliders means."""
    options = stakes.case.ways.options
    factor = options["utility"].map(setting["price"]).to_numpy(float)
    loads = np.array([1.0 if u in SAME_LOAD else setting["demand"] for u in UTILITIES])
    return replace(
        stakes.central,
        prices=stakes.case.ways.prices * factor,
        demands=stakes.case.demands * loads,
    )


def set_to(stakes, setting):
    """The case with the price of on-site networks and the number of parks of a setting."""
    onsite = setting["price"]["onsite"]
    params = stakes.case.params.model_copy(update={"max_parks": setting["parks"]})
    case = replace(stakes.case, lone=stakes.case.lone * onsite, params=params)
    return replace(
        stakes,
        case=case,
        onsite=stakes.onsite * onsite,
        alone_onsite=stakes.alone_onsite * onsite,
    )


def by_python(stakes, setting, jobs):
    """Savings of sites and of the plan, and the sites a greedy choice opens."""
    told, world = set_to(stakes, setting), world_in(stakes, setting)
    values = told.values_in(world)
    savings = told.savings_in(world, values)
    filled = np.flatnonzero(told.has_residents)
    ranked = filled[np.argsort(-savings[filled], kind="stable")]
    pool = replace(told, ranked=ranked).pool(POOL)
    case, sites = told.case, pool.sites
    gains = values - told.onsite[sites] + setting["job"] * jobs
    homes = reselect(
        (*pool.laid, np.ascontiguousarray(world.prices.T), world.spare),
        (world.demands, case.coincidence, case.areas_ha),
        (gains, case.fits[sites], case.limits_ha[sites]),
        np.argsort(-gains / case.areas_ha, axis=1, kind="stable"),
        pool.rules,
        pool.money,
    )
    return (
        savings,
        told.total_in(world, values),
        set(case.sites[sites[np.unique(homes[homes >= 0])]]),
    )


@pytest.fixture(scope="module")
def both(browser, real_map, real, stakes):
    """A thousand random settings, computed by the page and by Python."""
    rng = np.random.default_rng(7)
    settings = [random_setting(rng) for _ in range(SETTINGS)]
    page = browser.new_page()
    page.goto(real_map.as_uri())
    page.wait_for_selector("body.ready")
    told = page.evaluate(
        """settings => settings.map(setting => { const found = siting.recompute(setting);
        return {savings: Array.from(found.savings), parks: found.parks.map(p => p.site),
        plan: found.planAmounts.reduce((sum, one) => sum + one, 0)}; })""",
        settings,
    )
    page.close()
    case = replace(stakes.case, ways=rounded(stakes.case.ways))
    # the sliders go farther than the draws
    exact = replace(stakes, case=case, alone=rounded(stakes.alone), busiest=MOST_LOAD)
    jobs = real.prospects["jobs_count"].reindex(case.prospects).fillna(0.0).to_numpy(float)
    # the file holds the sites somebody fills, in the order of their ids
    kept = np.flatnonzero(stakes.has_residents)
    return settings, told, [by_python(exact, setting, jobs) for setting in settings], kept


def test_savings_of_every_site_are_those_of_python(both):
    _, told, expected, kept = both
    assert len(kept) > 3
    for page, (savings, _, _) in zip(told, expected, strict=True):
        np.testing.assert_allclose(page["savings"], savings[kept], rtol=1e-9, atol=1e-4)


def test_the_saving_of_the_plan_is_that_of_python(both):
    _, told, expected, _ = both
    for page, (_, total, _) in zip(told, expected, strict=True):
        assert page["plan"] == pytest.approx(total, rel=1e-9, abs=1e-4)


def test_the_quick_choice_opens_the_sites_python_opens(both, stakes):
    settings, told, expected, kept = both
    assert len({len(page["parks"]) for page in told}) > 1
    for setting, page, (_, _, opened) in zip(settings, told, expected, strict=True):
        assert set(stakes.case.sites[kept[page["parks"]]]) == opened, setting


def test_settings_that_change_nothing_give_the_figures_of_the_study(visit, real_map, real, stakes):
    savings = visit(real_map).page.evaluate(
        "Array.from(siting.recompute(siting.neutral()).savings)"
    )
    kept = stakes.case.sites[stakes.has_residents]
    expected = real.sites.loc[kept, "saving_mrub"]
    # a tenth of a metre of a route costs some thousand roubles
    np.testing.assert_allclose(savings, expected, atol=0.02)


def test_a_way_that_could_be_the_cheapest_is_never_left_out(stakes):
    """Priced with all ways and with those kept, the cheapest cost is the same: at any demand, any
    price and whatever other parks have left of a source."""
    ways = stakes.case.ways
    rng = np.random.default_rng(3)
    from siting.maps.ways import _useful  # noqa: PLC0415  # the rule itself is on trial
    from siting.portfolio.ways import price_all  # noqa: PLC0415

    rows = np.repeat(np.arange(len(ways.start) - 1), np.diff(ways.start))
    keep = _useful(ways, rows)
    counts = np.bincount(rows[keep], minlength=len(ways.start) - 1)
    fewer = replace(
        ways,
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        **{
            name: getattr(ways, name)[keep]
            for name in ("option", "source", "effective_km", "length_km", "crossings_mrub")
        },
    )
    for _ in range(50):
        needs = 10 ** rng.uniform(-1, 4, (len(ways.places), len(UTILITIES)))
        prices = ways.prices * rng.uniform(0.2, 5, ways.prices.shape)
        spare = ways.spare * rng.uniform(0.01, 1, ways.spare.shape)
        whole, _ = price_all(ways.kernel, prices, spare, needs)
        part, _ = price_all(fewer.kernel, prices, spare, needs)
        np.testing.assert_array_equal(whole, part)


def test_the_page_says_that_it_ranks_quickly_and_proves_nothing(visit, real_map):
    seen = visit(real_map, "#tab=whatif")
    assert "не доказанный план" in seen.page.inner_text(".quick")


def test_a_slider_moves_the_figures_the_marks_and_the_address(visit, real_map):
    seen = visit(real_map, "#tab=whatif")
    before = seen.page.inner_text("#whatif-result .figures")
    seen.page.evaluate(
        """() => { const s = document.getElementById('set-electricity'); s.value = '2';
        s.dispatchEvent(new Event('input')); }"""
    )
    seen.page.wait_for_timeout(400)
    assert "electricity" in seen.page.url
    assert seen.page.inner_text("#whatif-result .figures") != before
    assert seen.page.text_content("#set-electricity-told").startswith("200")
    seen.page.click("#whatif-reset")
    assert seen.page.inner_text("#whatif-result .figures") == before
    assert (seen.asked(), seen.said) == ([], [])


def test_a_link_carries_the_setting_and_refuses_a_wild_one(visit, real_map):
    seen = visit(real_map, "#tab=whatif&set=gas:1.5;parks:2;water:99;demand:abc;__proto__:1")
    assert seen.page.input_value("#set-gas") == "1.5"
    assert seen.page.input_value("#set-parks") == "2"
    assert seen.page.input_value("#set-water") == "1"
    assert seen.page.input_value("#set-demand") == "1"


def inside_cell(real, plot):
    """A point near a plot, degrees; the plots of the tiny region stand on corners of cells."""
    near = real.plots.geometry.representative_point().translate(200, 200)
    return near.to_crs("EPSG:4326")[plot]


def test_a_click_anywhere_prices_connecting_there_or_says_it_was_not_computed(
    visit, real_map, real
):
    seen = visit(real_map)
    spot = inside_cell(real, real.plots.index[0])
    seen.page.evaluate(f"location.hash = '#place={spot.x:.5f},{spot.y:.5f}'")
    seen.page.wait_for_selector("#place-result table")
    rows = seen.texts("#place-result tbody tr")
    assert len(rows) == len(UTILITIES)
    assert "участка" in seen.page.inner_text("#page .note >> nth=0")
    seen.page.fill("#ask-rail", "0")
    assert len(seen.texts("#place-result tbody tr")) == len(UTILITIES) - 1
    seen.page.evaluate("location.hash = '#place=10,10'")
    seen.page.wait_for_selector("#place-result", state="detached")
    assert "цены здесь нет" in seen.page.inner_text("#page")


def test_the_price_of_a_place_is_that_of_its_plot(visit, real_map, real):
    """One plot, one demand: the page and siting.pricing give the same roubles."""
    from siting.pricing import price  # noqa: PLC0415

    packed = pricing(real)["tables"]["spots"]["columns"]["plot_id"]
    plot = packed["v"][0]
    spot = inside_cell(real, plot)
    seen = visit(real_map, f"#place={spot.x:.5f},{spot.y:.5f}")
    seen.page.fill("#ask-electricity", "7")
    for utility in UTILITIES:
        if utility != "electricity":
            seen.page.fill(f"#ask-{utility}", "0")
    at = real.offers.plots.take(real.offers.plots.places[[real.plots.index.get_loc(plot)]])
    cost = price(at.by_utility["electricity"], np.array([7.0])).cost_mrub[0]
    said = seen.page.inner_text("#place-result .figures dd")
    found = float(re.match(r"[\d,]+", said)[0].replace(",", "."))
    assert found == pytest.approx(cost, rel=0.01)


def test_the_surface_shows_a_legend_and_draws(visit, real_map):
    seen = visit(real_map)
    seen.page.click(".layer-box summary")
    before = seen.page.inner_text(".legend-box")
    seen.page.check("#layer-surface")
    after = seen.page.inner_text(".legend-box")
    assert "10\u00a0МВт" in after
    assert "10\u00a0МВт" not in before
    assert seen.said == []


def test_nothing_is_priced_again_where_the_plan_cannot_be(visit, russian):
    seen = visit(russian, "#tab=whatif")
    assert "нет данных" in seen.page.inner_text("#page")
    assert seen.page.locator("#layer-surface").count() == 0
    seen.page.mouse.click(700, 60)
    assert "place" not in seen.page.url
