"""The layout of every page: what stands where, and a picture of each for people to look at.

Boxes are held to those in layout.json within `LOOSE` of the window: fonts differ from machine to
machine, places do not. After a change on purpose: SITING_WRITE_LAYOUT=1 and this file.
"""

import json
import os
from pathlib import Path

import pytest

from maps.full import chosen
from maps.test_browser import PHONE, TABS

ARTIFACTS = Path(__file__).parents[2] / "test-artifacts"
KEPT = Path(__file__).with_name("layout.json")
SIZES = {"desk": (1440, 900), "phone": PHONE}
LOOSE = 0.06
LANDMARKS = ("#panel", "#head", "#tabs", "#page", "#map_siting", ".legend-box", ".layer-box")
BOXES = """names => Object.fromEntries(names.map((name) => [name, document.querySelector(name)])
.filter(([, e]) => e && e.getClientRects().length).map(([name, e]) => {
  const b = e.getBoundingClientRect();
  const [w, h] = [innerWidth, innerHeight];
  return [name, [b.left / w, b.top / h, b.width / w, b.height / h]];
}))"""
APART = (
    ("#panel", "#map_siting"),
    (".legend-box", ".layer-box"),
    ("#tabs", "#page"),
    ("#head", "#tabs"),
)
INSIDE = ((".legend-box", "#map_siting"), (".layer-box", "#map_siting"), ("#page", "#panel"))
CLIPPED = """() => [...document.querySelectorAll('#page h2, #page dd, #page dt, #page td, #page th,'
+ ' #page li b, #page .amount, #tabs button, #head p')]
.filter((e) => e.getClientRects().length && !e.closest('.scroll, .unseen'))
.filter((e) => e.getBoundingClientRect().right > document.getElementById('panel')
  .getBoundingClientRect().right + 1 && !e.closest('#tabs'))
.map((e) => e.outerHTML.slice(0, 100))"""


def pages(plan):
    things = {
        "card": f"#site={chosen(plan)[0]}",
        "product": f"#product={plan.products.index[0]}",
        "cluster": f"#cluster={plan.clusters.index[0]}",
        "compare": f"#compare={';'.join(chosen(plan)[:4])}",
    }
    return {tab: f"#tab={tab}" for tab in TABS} | things


def overlap(a, b):
    return (
        min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]) > 0.002
        and min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]) > 0.002
    )


def lies_in(a, b):
    return all(
        b[side] - 0.002 <= a[side] and a[side] + a[side + 2] <= b[side] + b[side + 2] + 0.002
        for side in (0, 1)
    )


def measured(seen, plan, lang, name):
    """Boxes by page, as shares of the window; what overlaps or is cut off fails at once."""
    found = {}
    # what flies past is pictured where it lands
    seen.page.emulate_media(reduced_motion="reduce")
    for page, address in pages(plan).items():
        seen.page.evaluate("address => { location.hash = address; }", address)
        seen.page.wait_for_timeout(120)
        seen.page.evaluate("siting.drawn()")
        seen.page.screenshot(path=ARTIFACTS / f"{page}-{lang}-{name}.png")
        boxes = seen.page.evaluate(BOXES, list(LANDMARKS))
        assert [pair for pair in APART if overlap(boxes[pair[0]], boxes[pair[1]])] == [], page
        assert [pair for pair in INSIDE if not lies_in(boxes[pair[0]], boxes[pair[1]])] == [], page
        assert seen.page.evaluate(CLIPPED) == [], page
        found[page] = {key: [round(x, 3) for x in box] for key, box in boxes.items()}
    return found


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("name", SIZES)
def test_pages_stand_as_they_did(visit, full_ru, full_en, full, lang, name):
    ARTIFACTS.mkdir(exist_ok=True)
    seen = visit({"ru": full_ru, "en": full_en}[lang], "", SIZES[name])
    found = measured(seen, full, lang, name)
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    if os.environ.get("SITING_WRITE_LAYOUT"):
        kept[f"{lang} {name}"] = found
        KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
    moved = [
        (page, key, box, kept[f"{lang} {name}"][page][key])
        for page, boxes in found.items()
        for key, box in boxes.items()
        if max(abs(a - b) for a, b in zip(box, kept[f"{lang} {name}"][page][key], strict=True))
        > LOOSE
    ]
    assert moved == []


def test_the_card_on_paper_is_kept_to_look_at(visit, full_ru, full):
    ARTIFACTS.mkdir(exist_ok=True)
    seen = visit(full_ru, f"#site={chosen(full)[0]}")
    pdf = seen.page.pdf(prefer_css_page_size=True, path=ARTIFACTS / "card-ru.pdf")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 1
