"""WCAG 2.2 AA by axe-core, in both languages, on every page, at the desk and on a phone."""

from importlib.resources import files

import pytest

from maps.test_browser import PHONE, UNFOLD, addresses, chosen_ids

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def compared(plan):
    return f"#compare={';'.join(chosen_ids(plan)[:4])}"


def violations(page):
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    return {v["id"]: [node["html"][:160] for node in v["nodes"]][:4] for v in found}


@pytest.mark.parametrize(
    ("lang", "size"), [("ru", (1280, 800)), ("en", PHONE)], ids=["desk", "phone"]
)
def test_axe_finds_nothing_on_any_page(visit, full_ru, full_en, full, lang, size):
    seen = visit({"ru": full_ru, "en": full_en}[lang], "", size)
    # what flies past is measured where it lands
    seen.page.emulate_media(reduced_motion="reduce")
    seen.page.evaluate(AXE)
    for address in seen.walk([*addresses(full), compared(full)]):
        seen.page.evaluate(UNFOLD)
        assert violations(seen.page) == {}, address


def test_axe_finds_nothing_among_the_sliders_and_at_a_place(visit, real_map):
    seen = visit(real_map)
    seen.page.evaluate(AXE)
    seen.page.click(".layer-box summary")
    seen.page.check("#layer-surface")
    seen.page.check("#layer-raster")
    for address in seen.walk(["#tab=whatif&set=gas:1.5", "#place=73.5,54.2", "#place=0,0"]):
        assert violations(seen.page) == {}, address


def test_the_keyboard_reaches_a_card_and_comes_back(visit, russian):
    seen = visit(russian)
    seen.page.focus("#page .parks a")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#card-title")
    assert seen.page.evaluate("document.activeElement.id") == "card-title"
    seen.page.keyboard.press("Tab")
    outline = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_small_targets_are_large_enough(visit, russian, plan):
    """WCAG 2.5.8: 24 by 24 pixels, but for links within text."""
    seen = visit(russian, "#tab=sites")
    small = seen.page.evaluate(
        """[...document.querySelectorAll('button, input, select, .mark')]
        .map(e => [e.closest('.pick') || e, e]).map(([e, own]) => [e.getBoundingClientRect(), own])
        .filter(([b, e]) => b.width && (b.height < 24 || b.width < 24) && !e.closest('label'))
        .map(([b, e]) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
