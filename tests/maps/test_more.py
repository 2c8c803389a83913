"""What a card tells beside its costs, the surface of cost, and the platform of products."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from maps.test_browser import CYRILLIC
from siting.maps import draw


def eligible(plan):
    return plan.sites.index[plan.sites["is_eligible"]]


def test_a_card_tells_what_would_change_the_site(visit, russian, english, plan):
    """The one cure of the fake plan: its first site could buy a neighbour for 3.5 million."""
    site = plan.cures["subject_id"].iloc[0]
    text = visit(russian, f"#site={site}").page.inner_text(".cures")
    assert "Не допускает: слишком мала пригодная площадь" in text
    assert "Купить соседние участки: P-001" in text
    assert "дешевле всего" in text
    assert "3,5\u00a0млн\u00a0₽ · 4\u00a0месяца" in text
    assert not CYRILLIC.search(visit(english, f"#site={site}").page.inner_text(".cures"))


def test_a_real_card_tells_verdict_years_and_present_value(visit, real_map, real):
    site = real.sites[real.sites["is_chosen"]].index[0]
    seen = visit(real_map, f"#site={site}")
    verdict = real.sites.loc[site, "verdict"]
    assert (
        seen.page.inner_text(".why b")
        == {"build": "Строить", "do_not_build": "Не строить"}[verdict]
    )
    years = real.books["years"]
    own = years[years["site_id"] == site]
    table = seen.page.locator("table", has_text="без дисконтирования")
    assert table.locator("tbody tr").count() == len(own)
    assert "Приведённая экономия" in seen.page.inner_text(".card .figures")


def test_the_surface_tells_what_the_study_computed_for_the_cell(visit, real_map, real):
    """A hundred cells: the page reads the number of the study, of this cell or one beside it.

    The map is in Web Mercator and the study is not, so that edges of cells differ by half a cell.
    """
    told = real.surfaces
    total = np.pad(told.total[0], 1, constant_values=np.nan)
    rows, cols = np.nonzero(np.isfinite(told.total[0]))
    picked = np.random.default_rng(3).choice(len(rows), min(100, len(rows)), replace=False)
    x, y = told.transform * (cols[picked] + 0.5, rows[picked] + 0.5)
    lon, lat = Transformer.from_crs(told.crs, "EPSG:4326", always_xy=True).transform(x, y)
    read = visit(real_map).page.evaluate(
        "places => places.map(([lon, lat]) => siting.costAt(lon, lat))",
        [list(place) for place in zip(lon.tolist(), lat.tolist(), strict=True)],
    )
    for row, col, cost in zip(rows[picked], cols[picked], read, strict=True):
        near = total[row : row + 3, col : col + 3]
        # from a billion on the page shows ten millions, below one
        assert np.nanmin(np.abs(near - cost)) <= (5.01 if cost >= 1000 else 0.51)
    assert len(set(read)) > 1


def test_the_surface_has_a_legend_a_choice_and_a_tip(visit, real_map):
    seen = visit(real_map)
    bare = seen.page.evaluate("siting.inkOf('answer')")
    seen.page.click(".layer-box summary")
    seen.page.check("#layer-raster")
    assert "млн ₽" in seen.page.inner_text(".raster")
    assert seen.page.evaluate("siting.inkOf('answer')") > bare + 1000
    total = seen.page.inner_text(".raster ul")
    seen.page.select_option("#raster-code", "gas")
    assert seen.page.inner_text(".raster ul") != total


def test_a_plan_without_surfaces_offers_none(visit, russian):
    assert visit(russian).page.locator("#layer-raster").count() == 0


def test_a_product_tells_its_best_sites_and_who_could_supply_it(visit, real_map, real):
    best, near = real.platform["product_sites"], real.platform["suppliers"]
    product = best["product"].iloc[0]
    seen = visit(real_map, f"#product={product}")
    own = best[best["product"] == product].sort_values("rank")
    table = seen.page.locator("table", has_text="именно для этого завода")
    assert table.locator("tbody tr").count() == len(own)
    first = real.sites.loc[own["site_id"].iloc[0], "name"]
    assert table.locator("tbody tr").first.inner_text().startswith(first)
    sellers = near[near["product"] == product]
    listed = seen.page.locator("table", has_text="Рядом с лучшей площадкой").locator("tbody tr")
    assert listed.count() == len(sellers)


def test_bars_of_products_are_scaled_to_what_a_park_can_make(visit, plan, tmp_path):
    """The second product meets no score and is bought for a thousand times as much."""
    products = plan.products.copy()
    products.iloc[1, products.columns.get_loc("score")] = 0.0
    products.iloc[1, products.columns.get_loc("gap_mrub")] = 1000 * products["gap_mrub"].max()
    seen = visit(draw(replace(plan, products=products), tmp_path), "#tab=make")
    widths = seen.page.evaluate(
        "[...document.querySelectorAll('#product-list .bar i')].map(i => parseFloat(i.style.width))"
    )
    assert len(widths) == len(products) - 1
    assert max(widths) == pytest.approx(100)
    assert "Что парки не производят" in seen.page.inner_text("#product-list summary")


def test_a_firm_sees_what_it_could_make_besides(visit, plan, tmp_path):
    firms, products = plan.layers.enterprises.index, plan.products.index
    more = pd.DataFrame(
        {
            "enterprise_id": [firms[0], firms[0]],
            "rank": [2, 1],
            "product": products[[0, 1]],
            "likeness": [0.4, 0.6],
            "gap_mrub": [10.0, 20.0],
        }
    )
    file = draw(replace(plan, platform={"additions": more}), tmp_path)
    seen = visit(file, "#tab=make")
    seen.page.click("summary:has-text('Моё предприятие')")
    seen.page.select_option("#firm", index=1)
    rows = seen.texts("#firm-additions tbody tr")
    names = plan.products["name"].iloc[[1, 0]]
    assert [row.split("\t")[0].lower() for row in rows] == [name.lower() for name in names]
    assert "60" in rows[0]
