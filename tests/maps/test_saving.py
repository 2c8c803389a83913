"""Comparing, saving and printing: what leaves the page."""

import csv
import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from maps.test_browser import chosen_ids
from siting.maps import draw

A4_POINTS = (595, 842)
FORMULAS = ("=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1")


def downloaded(seen, selector):
    with seen.page.expect_download() as waiting:
        seen.page.locator(selector).first.click()
    return waiting.value


def table_of(download):
    text = download.path().read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("count", [2, 3, 4])
def test_up_to_four_sites_stand_side_by_side(visit, russian, plan, count):
    ids = chosen_ids(plan)[:count]
    seen = visit(russian, f"#compare={';'.join(ids)}")
    heads = seen.texts("#page thead th")[1:]
    assert [head.splitlines()[0] for head in heads] == plan.sites.loc[ids, "name"].tolist()
    costs = plan.sites.loc[ids, "connection_cost_mrub"]
    row = next(r for r in seen.texts("#page tbody tr") if r.startswith("Все подключения"))
    assert row.count("лучше всех") == int((costs == costs.min()).sum())


def test_more_than_four_and_unknown_sites_are_left_out(visit, russian, plan):
    ids = [*plan.sites.index[:6], "no such site"]
    assert len(visit(russian, f"#compare={';'.join(ids)}").texts("#page thead th")) == 1 + 4


def test_sites_are_ticked_in_the_list_and_compared(visit, russian):
    seen = visit(russian, "#tab=sites")
    assert seen.page.locator("#compare-open").count() == 0
    boxes = seen.page.locator(".pick input")
    for place in range(5):
        boxes.nth(place).click()
    assert not boxes.nth(4).is_checked()
    seen.page.click("#compare-open")
    seen.page.wait_for_selector("#card-title")
    assert len(seen.texts("#page thead th")) == 1 + 4


def test_a_table_is_saved_as_csv_whole_and_in_words(visit, russian, plan):
    seen = visit(russian, "#tab=sites")
    rows = table_of(downloaded(seen, "#save-sites"))
    fit = plan.sites[plan.sites["is_eligible"]]
    assert {row[0] for row in rows[1:]} == set(fit.index)
    assert rows[0][1] == "Площадка"
    by_id = {row[0]: row for row in rows}
    site = chosen_ids(plan)[0]
    said = float(by_id[site][8].replace(",", ".").replace("−", "-"))
    assert said == pytest.approx(plan.sites.loc[site, "plan_saving_mrub"], abs=0.001)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_saved_table_begins_a_formula(visit, plan, tmp_path, text):
    named = replace(plan, sites=plan.sites.assign(name=text, name_en=text))
    seen = visit(draw(named, tmp_path), "#tab=sites")
    rows = table_of(downloaded(seen, "#save-sites"))
    assert len(rows) > 3
    for row in rows[1:]:
        assert row[1].startswith("'"), row
    site = chosen_ids(plan)[0]
    seen.page.evaluate(f"location.hash = '#compare={site};{chosen_ids(plan)[1]}'")
    seen.page.wait_for_selector("#card-title")
    for row in table_of(downloaded(seen, "#page .save")):
        assert not [cell for cell in row if re.match(r"[=+@＝]|-\D", cell)], row


def test_the_map_is_saved_as_a_picture_with_marks_and_legend(visit, russian, tmp_path):
    seen = visit(russian)
    told = downloaded(seen, "#save-png")
    assert told.suggested_filename.endswith(".png")
    told.save_as(tmp_path / "map.png")
    picture = Image.open(tmp_path / "map.png").convert("RGB")
    box = seen.page.locator("#map_siting").bounding_box()
    assert picture.size == (round(box["width"]), round(box["height"]))
    # a picture of a map has many colours; a blank or tainted one has not
    assert len(picture.getcolors(1_000_000)) > 200
    assert (seen.asked(), seen.said) == ([], [])


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_card_prints_on_one_page_of_a4(visit, russian, english, plan, lang, tmp_path):
    seen = visit({"ru": russian, "en": english}[lang])
    refused = plan.sites.index[~plan.sites["is_eligible"]][0]
    other = plan.sites.index[plan.sites["is_eligible"] & ~plan.sites["is_chosen"]][0]
    for site in (chosen_ids(plan)[0], refused, other):
        seen.page.evaluate(f"location.hash = '#site={site}'")
        seen.page.wait_for_timeout(200)
        pdf = seen.page.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert [tuple(round(float(side)) for side in box) for box in boxes] == [A4_POINTS], site


def test_a_link_with_a_bare_plus_opens_its_site(visit, plan, tmp_path):
    first = chosen_ids(plan)[0]
    names = {first: "IP-P-omsk-0733+2"}
    frames = {
        name: getattr(plan, name).replace({"site_id": names}) for name in ("connections", "ledger")
    }
    changed = replace(plan, sites=plan.sites.rename(index=names), **frames)
    file = draw(changed, tmp_path)
    for written in ("IP-P-omsk-0733+2", "IP-P-omsk-0733%2B2"):
        seen = visit(file, f"#site={written}")
        assert seen.page.inner_text("#card-title") == plan.sites.loc[first, "name"]
    seen = visit(file)
    seen.page.locator("#page .parks a").first.click()
    seen.page.wait_for_selector("#card-title")
    assert seen.page.url.endswith("0733%2B2")


def test_numbers_of_parks_never_hide_one_another_or_the_name_of_the_city(visit, plan, tmp_path):
    """Every park is put within three kilometres of the city, at the zoom of the whole region."""
    city = plan.layers.settlements.geometry.iloc[0]
    chosen = plan.sites["is_chosen"].to_numpy()
    moved = plan.sites.geometry.copy()
    centre = moved.centroid
    for place, site in enumerate(plan.sites.index[chosen]):
        to = (city.x + 300 * place - centre[site].x, city.y - 200 * place - centre[site].y)
        moved[site] = moved.loc[[site]].translate(*to).iloc[0]
    seen = visit(draw(replace(plan, sites=plan.sites.set_geometry(moved)), tmp_path))
    boxes = [mark.bounding_box() for mark in seen.page.locator(".mark").all()]
    assert len(boxes) == int(chosen.sum())
    middles = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes]
    far = [
        ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
        for i, a in enumerate(middles)
        for b in middles[:i]
    ]
    assert min(far) > 27
