"""The file itself: deterministic, safe, and asking nothing of any network."""

import json
import re
import zlib
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256

from maps.fake import NASTY, fake_plan, renamed
from siting.maps import draw
from siting.maps.page import embedded, html

ASKS = re.compile(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*['"]?(?:https?:)?//""")


def test_the_file_asks_nothing_of_any_network(russian):
    text = russian.read_text("utf-8")
    # Leaflet's own credit line is a text in a script, switched off and never made; the letters of
    # the data are base64, in which any three may stand side by side
    markup = re.sub(r"<script\b[^>]*>.*?</script>", "", text, flags=re.DOTALL)
    assert ASKS.search(markup) is None
    assert "cdn" not in markup
    assert "sourceMappingURL" not in text


def test_only_the_scripts_and_styles_of_the_file_may_run(russian):
    text = russian.read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind in ("script", "style"):
        parts = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        assert parts
        for part in parts:
            assert b64encode(sha256(part.encode()).digest()).decode() in policy


def test_the_policy_stands_before_every_script(russian):
    text = russian.read_text("utf-8")
    assert text.index("Content-Security-Policy") < text.index("<script")


def test_the_same_plan_gives_the_same_file(plan, russian, tmp_path):
    again = draw(fake_plan(), tmp_path, lang="ru")
    assert again.read_bytes() == russian.read_bytes()


def test_seconds_and_memory_of_a_run_stay_out_of_the_file(russian):
    data = re.search(r'id="data">([^<]+)<', russian.read_text("utf-8"))[1]
    assert '"seconds"' not in json.dumps(opened(data)[0])


def test_drawing_does_not_change_the_plan(plan):
    before = {
        name: getattr(plan, name).copy()
        for name in ("sites", "connections", "consumers", "checks", "plots")
    }
    html(plan, lang="en")
    for name, frame in before.items():
        assert getattr(plan, name).equals(frame), name


def opened(text):
    """Return the JSON of the page's data and the bytes it points to."""
    raw = zlib.decompress(b64decode(text))
    length = int.from_bytes(raw[:4], "little")
    return json.loads(raw[4 : 4 + length]), raw[4 + length :]


def test_hostile_text_cannot_end_the_script_that_holds_it():
    text = embedded({"name": NASTY + "\u2028"})
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", text)
    assert opened(text) == ({"name": NASTY + "\u2028"}, b"")


def test_bytes_stand_in_one_run_and_the_json_says_where():
    told, run = opened(embedded({"a": b"12", "b": [{"c": b"345"}, None], "d": ["x", "y"], "e": []}))
    assert told == {"a": [0, 2], "b": [{"c": [2, 3]}, None], "d": ["x", "y"], "e": []}
    assert run == b"12345"


def test_hostile_names_add_no_element(plan):
    def elements(text):
        return len(re.findall(r"<script|<img|<style", text))

    assert elements(html(renamed(plan, NASTY))) == elements(html(plan))


def test_an_empty_portfolio_still_draws(plan, tmp_path):
    none = plan.sites.assign(is_chosen=False, residents_count=0, jobs_count=0, plan_saving_mrub=0.0)
    file = draw(
        replace(
            plan,
            sites=none,
            ledger=plan.ledger.head(0),
            links=plan.links.head(0),
            clusters=plan.clusters.head(0),
            products=plan.products.head(0),
            consumers=plan.consumers.head(0),
            facts=plan.facts.head(0),
        ),
        tmp_path,
    )
    assert file.stat().st_size > 100_000
