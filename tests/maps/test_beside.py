"""What stands beside the plan: trunks, ranks, tornado, fees, acts, exchanges, shared members."""

import re
from dataclasses import replace

from maps.full import chosen
from maps.test_browser import CYRILLIC, ink
from siting.maps import draw


def opened(seen, name):
    """The text of a folded part, unfolded."""
    seen.page.locator(f"summary:has-text('{name}')").first.click()
    return seen.page.locator(f"details:has(summary:has-text('{name}'))").first.inner_text()


def test_the_overview_tells_what_trunks_would_save_besides(visit, full_ru):
    """Two parks, 200 separately, 160 together, and 3 more in a joint trench."""
    text = opened(visit(full_ru), "общие магистрали")
    assert "2\u00a0парка" in text
    assert "43\u00a0млн\u00a0₽" in text
    assert "в экономию плана это не входит" in text


def test_the_card_of_a_park_tells_its_share_of_a_trunk_and_of_another_nothing(visit, full_ru, full):
    first, _, third = chosen(full)[:3]
    assert "доля парка 90" in opened(visit(full_ru, f"#site={first}"), "общие магистрали")
    assert (
        visit(full_ru, f"#site={third}").page.locator("summary:has-text('магистрали')").count() == 0
    )


def test_trunks_are_drawn_and_can_be_taken_off_the_map(visit, full_ru):
    seen = visit(full_ru)
    seen.page.click(".layer-box summary")
    for code in ("sites", "plots"):
        seen.page.uncheck(f"#layer-{code}")
    drawn = ink(seen)
    seen.page.uncheck("#layer-trunks")
    assert drawn > ink(seen) + 80


def test_a_plan_without_trunks_offers_no_layer_of_them(visit, russian):
    assert visit(russian).page.locator("#layer-trunks").count() == 0


def test_doubt_tells_ranks_tornado_and_what_knowing_is_worth(visit, full_ru):
    seen = visit(full_ru, "#tab=doubt")
    text = seen.page.inner_text("#page")
    # 25 % of draws first and 60 % second, and 7 parks in the plan
    assert re.search("чаще всего место 2 .60.%.*среди 7 лучших в 85.%", text)
    names = seen.texts(".ranges li b")
    assert names.index("Заполнение: все сразу") < names.index("Цена: газ")
    worth = seen.texts(".facts .amount")
    assert worth[0].startswith("12\u00a0млн")
    assert worth[1].startswith("5\u00a0млн")


def test_where_no_fact_is_worth_knowing_the_page_says_so(visit, full, tmp_path):
    file = draw(replace(full, facts=full.facts.assign(value_mrub=1e-9)), tmp_path)
    text = visit(file, "#tab=doubt").page.inner_text("#page")
    assert "выбор парков не изменится" in text


def test_the_card_tells_fees_of_the_park_and_not_of_residents_alone(visit, full_ru, full):
    text = opened(visit(full_ru, f"#site={chosen(full)[0]}"), "по прейскуранту")
    assert "6\u00a0млн" in text
    assert "назначат отдельно" in text
    assert "До 250 мм по ставке" in text
    assert "9\u00a0млн" not in text


def test_the_card_tells_the_kind_of_place_it_is(visit, full_ru, full_en, full):
    address = f"#site={chosen(full)[0]}"
    text = visit(full_ru, address).page.inner_text(".card")
    park = full.layers.parks["name"].iloc[0]
    assert f"Расширение существующего парка «{park}»; в самом парке свободно 11\u00a0га" in text
    assert "2\u00a0отдельные части" in text
    assert "чистая и бывшая промышленная земля" in text
    assert "41\u00a0000" in text
    assert not CYRILLIC.search(visit(full_en, address).page.inner_text(".card"))


def test_the_card_lists_acts_in_force_first_and_documents_missing(visit, full_ru, full):
    site = full.passports["site_id"].iloc[0]
    text = opened(visit(full_ru, f"#site={site}"), "Акты и документы")
    assert "Документов не хватает: 1. Документация по планировке." in text
    assert "Постановление № 794" in text
    assert "с 01.04.2024" in text


def test_a_cluster_tells_its_exchanges_and_the_members_it_shares(visit, full_ru, full):
    first, second = full.clusters.index[:2]
    text = visit(full_ru, f"#cluster={first}").page.inner_text(".card")
    assert "Сыворотка" in text
    assert "Тёплая вода" not in text
    assert f"входит и в другие: {full.clusters.loc[second, 'name']} (30\u00a0%)" in text
    near = opened(visit(full_ru, f"#cluster={second}"), "Соседи кластера")
    assert "30\u00a0% связей здесь" in near


def test_the_list_of_clusters_tells_all_exchanges_the_dearest_first(visit, full_ru):
    rows = visit(full_ru, "#tab=clusters").texts("#page tbody tr")
    assert [row.split("\n")[0] for row in rows] == ["Тёплая вода", "Сыворотка"]
