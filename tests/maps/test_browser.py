"""The page in real Chromium with the network off: what a person sees and does."""

import re
from dataclasses import replace
from urllib.parse import quote

import pytest

from maps.fake import NASTY
from siting.maps import draw

TABS = ("overview", "sites", "make", "clusters", "doubt", "method")
PHONE = (390, 844)
UNFOLD = "document.querySelectorAll('#page details').forEach((d) => { d.open = true; })"
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def ink(visit, layer="answer"):
    """Pixels of the window that a layer covers: ground, answer (sites, routes, flows) or names."""
    return visit.page.evaluate("layer => siting.inkOf(layer)", layer)


def picture(visit):
    """The picture of the map that is on show, once it holds all that was asked for."""
    return visit.page.evaluate(
        """async () => { await siting.drawn();
        return document.querySelector('canvas.sheet:not([hidden])').toDataURL(); }"""
    )


def chosen_ids(plan):
    return plan.sites[plan.sites["is_chosen"]].sort_values("rank").index.tolist()


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_page_opens_in_silence_and_without_a_request(visit, russian, english, lang):
    seen = visit({"ru": russian, "en": english}[lang])
    for tab in TABS:
        seen.page.click(f"#tab-{tab}")
        # the page follows the address, and the address changes a moment after the click
        seen.page.wait_for_selector(f"#tab-{tab}[aria-selected=true]")
        assert len(seen.page.inner_text("#page")) > 150
    seen.page.mouse.move(800, 500)
    seen.page.mouse.wheel(0, -300)
    seen.page.wait_for_timeout(300)
    assert (seen.asked(), seen.said) == ([], [])


def test_the_answer_names_the_parks_and_the_totals(visit, russian, plan):
    seen = visit(russian)
    text = seen.page.inner_text("#page")
    first = plan.sites.loc[chosen_ids(plan)[0], "name"]
    assert first in seen.texts(".answer p")[0]
    assert f"{plan.summary['totals']['residents_count']}\u00a0резидентов" in text
    assert len(seen.texts("#page .parks > li")) == plan.summary["totals"]["parks_count"]
    assert seen.page.inner_text("#notice").startswith("Внимание")


def test_the_card_of_a_park_shows_costs_residents_and_draws_its_routes(visit, russian, plan):
    site = chosen_ids(plan)[0]
    seen = visit(russian)
    seen.page.evaluate("map_siting.options.zoomAnimation = false")
    seen.page.click("#page .parks a")
    seen.page.wait_for_selector("#card-title")
    assert seen.page.inner_text("#card-title") == plan.sites.loc[site, "name"]
    assert f"site={site}" in seen.page.url
    routes = plan.connections[plan.connections["site_id"] == site]
    assert len(seen.texts(".connections > li")) == len(routes)
    residents = plan.ledger[plan.ledger["site_id"] == site]["prospect_id"].nunique()
    assert len(seen.texts("details table")[0].splitlines()) > residents
    seen.page.wait_for_timeout(600)
    assert ink(seen) > 2000


def test_the_routes_on_the_map_belong_to_the_open_card(visit, russian, plan):
    site = chosen_ids(plan)[0]
    seen = visit(russian, f"#site={site}")
    seen.page.evaluate(
        "['sites', 'plots'].forEach(c => document.getElementById('layer-' + c).click())"
    )
    with_routes = ink(seen)
    seen.page.evaluate("location.hash = '#tab=overview'")
    seen.page.wait_for_timeout(200)
    assert with_routes > 1500
    assert ink(seen) == 0


def test_a_refused_site_says_why_in_words(visit, russian, english, plan):
    site = plan.sites.index[~plan.sites["is_eligible"]][0]
    assert "слишком мала пригодная площадь; не подключить к газу" in visit(
        russian, f"#site={site}"
    ).page.inner_text(".why")
    assert "too little land to build on; gas cannot be connected" in visit(
        english, f"#site={site}"
    ).page.inner_text(".why")


def test_the_list_filters_searches_and_sorts(visit, russian, plan):
    seen = visit(russian, "#tab=sites")
    fit = plan.sites[plan.sites["is_eligible"]]
    assert len(seen.texts("#site-list li")) == len(fit)
    seen.page.click('[data-filter="all"]')
    assert len(seen.texts("#site-list li")) == len(plan.sites)
    seen.page.click('[data-filter="chosen"]')
    assert len(seen.texts("#site-list li")) == int(plan.sites["is_chosen"].sum())
    seen.page.click('[data-filter="eligible"]')
    seen.page.select_option("#order", "area")
    names = [text.splitlines()[-1] for text in seen.texts("#site-list li b")]
    assert names == fit.sort_values("buildable_ha", ascending=False)["name"].tolist()
    seen.page.fill("#search", names[0].upper())
    assert names[0] in seen.texts("#site-list li b")
    seen.page.fill("#search", "no such site")
    assert seen.texts("#site-list li") == []


def addresses(plan):
    things = [
        f"#site={chosen_ids(plan)[0]}",
        f"#product={plan.products.index[0]}",
        f"#cluster={plan.clusters.index[0]}",
    ]
    return [*(f"#tab={tab}" for tab in TABS), *things]


def test_the_english_pages_hold_no_russian(visit, english, plan):
    seen = visit(english)
    for address in seen.walk(addresses(plan)):
        assert CYRILLIC.findall(seen.page.inner_text("body")) == [], address
        labels = seen.page.evaluate(
            """[...document.querySelectorAll('[aria-label],[title],[placeholder]')]
            .filter(e => e.lang !== 'ru')
            .map(e => (e.ariaLabel || '') + e.title + (e.placeholder || '')).join(' ')"""
        )
        assert CYRILLIC.findall(labels) == [], address


def test_the_language_button_turns_the_whole_page(visit, russian, plan):
    seen = visit(russian, f"#site={chosen_ids(plan)[0]}")
    seen.page.click('button[lang="en"]')
    seen.page.wait_for_selector('html[lang="en"]')
    assert CYRILLIC.findall(seen.page.inner_text("body")) == []
    assert seen.page.title() == "Where to put industrial parks: Omsk oblast"
    assert "Layers" in seen.page.inner_text(".layer-box")
    assert "site=" in seen.page.url
    seen.page.click('button[lang="ru"]')
    seen.page.wait_for_selector('html[lang="ru"]')
    assert "Слои" in seen.page.inner_text(".layer-box")


def test_numbers_follow_the_language(visit, russian, english):
    assert re.search(r"\d,\d+\u00a0млрд\u00a0₽", visit(russian).page.inner_text("#page"))
    assert re.search(r"RUB\u00a0\d\.\d+\u00a0bn", visit(english).page.inner_text("#page"))


def test_hostile_names_are_shown_as_text_on_every_page(visit, hostile, plan):
    seen = visit(hostile)
    assert NASTY in seen.page.title()
    for address in seen.walk([*addresses(plan), f"#site={quote(NASTY)}"]):
        seen.page.evaluate(UNFOLD)
        seen.page.mouse.move(900, 400)
        assert "<script>boom()</script>" in seen.page.inner_text("#page"), address
        assert seen.page.locator("img").count() == 0, address
    assert (seen.asked(), seen.said) == ([], [])


def test_a_hostile_address_opens_the_overview(visit, russian):
    seen = visit(russian, "#site=<img src=x onerror=alert(1)>&lang=xx&tab=__proto__")
    assert seen.page.get_attribute("#tab-overview", "aria-selected") == "true"
    assert (seen.asked(), seen.said) == ([], [])


def test_a_phone_has_no_sideways_scroll(visit, russian, plan):
    seen = visit(russian, "", PHONE)
    for address in seen.walk(addresses(plan)):
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], address
        assert (
            seen.page.evaluate(
                "(p => p.scrollWidth - p.clientWidth)(document.getElementById('page'))"
            )
            <= 0
        ), address
    box = seen.page.locator("#map_siting").bounding_box()
    assert box["width"] == PHONE[0]
    assert box["height"] > 250


def test_the_sheet_of_a_phone_grows_and_shrinks(visit, russian):
    seen = visit(russian, "", PHONE)
    tops = []
    for _ in range(3):
        seen.page.click(".sheet-button")
        tops.append(seen.page.locator("#panel").bounding_box()["y"])
    assert tops[0] == 0
    assert tops[1] > tops[2] > 0


def test_a_product_shows_consumers_by_name_and_draws_flows(visit, russian, plan):
    product = plan.products.index[0]
    seen = visit(russian, f"#product={product}")
    rows = plan.consumers[plan.consumers["product"] == product].sort_values(
        "volume_mrub", ascending=False
    )
    assert len(seen.texts(".card tbody tr")) == len(rows)
    assert seen.texts(".card tbody tr")[0].startswith(rows["name"].iloc[0])
    assert "Конечный спрос" in seen.page.inner_text(".card table")
    seen.page.evaluate(
        "['sites', 'plots'].forEach(c => document.getElementById('layer-' + c).click())"
    )
    assert ink(seen) > 300


def test_a_cluster_shows_members_and_checks(visit, russian, plan):
    seen = visit(russian, "#cluster=K-000")
    assert len(seen.texts(".card .plain li")) == len(
        plan.clusters.loc["K-000", "members"].split(";")
    )
    assert "предупреждение" in seen.page.inner_text(".checks")


def test_doubt_ranks_facts_by_what_knowing_them_is_worth(visit, russian, plan):
    seen = visit(russian, "#tab=doubt")
    assert len(seen.texts(".facts > li")) == len(plan.facts)
    assert plan.facts["value_mrub"].idxmax() != plan.facts["swing_mrub"].idxmax()
    assert "ПС Омск" in seen.texts(".facts > li")[0]
    assert "Кабель 10 кВ" in seen.texts(".facts > li")[-1]
    assert len(seen.texts(".ranges")[0].splitlines()) > int(plan.sites["is_chosen"].sum())


def test_a_click_on_a_mark_opens_its_card(visit, russian, plan):
    seen = visit(russian)
    site = chosen_ids(plan)[-1]
    seen.page.locator(".mark", has_text=str(len(chosen_ids(plan)))).first.click(force=True)
    seen.page.wait_for_selector("#card-title")
    assert f"site={site}" in seen.page.url


def test_a_click_on_the_canvas_opens_the_site_under_it(visit, russian, plan):
    others = plan.sites[plan.sites["is_eligible"] & ~plan.sites["is_chosen"]]
    site = others.index[0]
    spot = others.geometry.representative_point().to_crs("EPSG:4326").iloc[0]
    seen = visit(russian)
    seen.page.evaluate(f"map_siting.setView([{spot.y}, {spot.x}], 14, {{animate: false}})")
    box = seen.page.locator("#map_siting").bounding_box()
    seen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    seen.page.wait_for_selector("#card-title")
    assert f"site={site}" in seen.page.url


def test_tabs_follow_the_arrow_keys(visit, russian):
    seen = visit(russian)
    seen.page.focus("#tab-overview")
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("#tab-sites:focus")
    seen.page.keyboard.press("ArrowLeft")
    seen.page.wait_for_selector("#tab-overview:focus")


def test_every_control_has_a_name(visit, russian, plan):
    seen = visit(russian, "#tab=sites")
    nameless = seen.page.evaluate(
        """[...document.querySelectorAll('button, a, input, select, [role=button], [role=tab]')]
        .filter(e => !(e.innerText || '').trim() && !e.ariaLabel && !e.title)
        .filter(e => !(e.labels && e.labels.length)).map(e => e.outerHTML)"""
    )
    assert nameless == []


def test_turning_a_layer_on_draws_it_and_names_it_in_the_legend(visit, russian):
    seen = visit(russian)
    assert "Электричество" not in seen.page.inner_text(".legend-box")
    seen.page.click(".layer-box summary")
    seen.page.check("#layer-electricity")
    assert "Электричество" in seen.page.inner_text(".legend-box")


def test_the_card_prints_without_the_map(visit, russian, plan, tmp_path):
    seen = visit(russian, f"#site={chosen_ids(plan)[0]}")
    seen.page.emulate_media(media="print")
    assert not seen.page.locator("#map_siting").is_visible()
    assert seen.page.locator("#card-title").is_visible()
    assert len(seen.page.pdf()) > 10_000


def test_a_plan_with_no_park_says_so(visit, plan, tmp_path):
    none = plan.sites.assign(is_chosen=False, residents_count=0, jobs_count=0, plan_saving_mrub=0.0)
    totals = {
        **plan.summary["totals"],
        "parks_count": 0,
        "residents_count": 0,
        "saving_share": None,
    }
    seen = visit(
        draw(
            replace(
                plan,
                sites=none,
                ledger=plan.ledger.head(0),
                summary={**plan.summary, "totals": totals},
            ),
            tmp_path,
        )
    )
    assert seen.texts(".answer p") == ["При заданных условиях ни один парк не открывается."]
    assert seen.said == []


def test_figures_of_a_park_are_those_of_the_plan_and_add_up(visit, russian, plan):
    site = chosen_ids(plan)[0]
    own = plan.ledger[plan.ledger["site_id"] == site]
    text = visit(russian, f"#site={site}").page.inner_text(".card .figures")
    for column in ("standalone_mrub", "park_mrub"):
        assert f"{own[column].sum() / 1000:.2f}".replace(".", ",").rstrip("0") in text


def test_ranges_of_sites_are_never_added_up_into_one_of_the_plan(visit, plan, tmp_path):
    seen = visit(draw(plan, tmp_path / "told"))
    assert "P10–P90" in seen.page.inner_text("#page")
    totals = {k: v for k, v in plan.summary["totals"].items() if not k.startswith("plan_saving")}
    silent = replace(plan, summary={**plan.summary, "totals": totals})
    assert "P10" not in visit(draw(silent, tmp_path / "silent")).page.inner_text("#page")
