"""The picture of the map: moved by the browser, drawn anew behind the scenes."""

import re

from maps.test_browser import picture

SHOWN = "document.querySelector('canvas.sheet:not([hidden])')"


def corner(seen):
    box = seen.page.evaluate(
        f"(b => [b.x, b.y, b.width, b.height])({SHOWN}.getBoundingClientRect())"
    )
    return [round(side) for side in box]


def test_the_picture_is_larger_than_the_window_on_every_side(visit, russian):
    seen = visit(russian)
    box = seen.page.locator("#map_siting").bounding_box()
    left, top, width, height = corner(seen)
    assert left < box["x"] - 100
    assert top < box["y"] - 100
    assert left + width > box["x"] + box["width"] + 100
    assert top + height > box["y"] + box["height"] + 100


def test_a_small_move_shifts_the_picture_and_draws_nothing(visit, russian):
    seen = visit(russian)
    before, where = picture(seen), corner(seen)
    after = seen.page.evaluate(
        f"""() => {{ map_siting.panBy([37, -21], {{animate: false}});
        const box = {SHOWN}.getBoundingClientRect();
        return [{SHOWN}.toDataURL(), Math.round(box.x), Math.round(box.y)]; }}"""
    )
    assert after == [before, where[0] - 37, where[1] + 21]


def test_a_map_that_was_dragged_far_looks_as_if_it_were_opened_there(visit, russian):
    moved, jumped = visit(russian), visit(russian)
    moved.page.evaluate(
        """async () => { for (let i = 0; i < 25; i += 1) {
        map_siting.panBy([31, 17], {animate: false});
        await new Promise(requestAnimationFrame); } }"""
    )
    jumped.page.evaluate("map_siting.panBy([775, 425], {animate: false})")
    for seen in (moved, jumped):
        seen.page.wait_for_timeout(700)
    assert picture(moved) == picture(jumped)
    assert corner(moved) == corner(jumped)


def test_a_zoom_draws_at_the_new_scale(visit, russian):
    seen = visit(russian)
    before = picture(seen)
    seen.page.evaluate("map_siting.setZoom(map_siting.getZoom() + 2, {animate: false})")
    assert picture(seen) != before
    transform = seen.page.evaluate(f"{SHOWN}.style.transform")
    assert re.search(r"scale\(1\)|^(?!.*scale)", transform)


def test_a_layer_that_is_switched_on_is_seen_in_the_picture(visit, russian):
    seen = visit(russian)
    before = picture(seen)
    seen.page.evaluate("document.getElementById('layer-electricity').click()")
    assert picture(seen) != before
    seen.page.evaluate("document.getElementById('layer-electricity').click()")
    assert picture(seen) == before
