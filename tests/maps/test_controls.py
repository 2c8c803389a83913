"""Every control of every page is used once, at the desk and on a phone, and nothing goes wrong.

A control is what a person can press, tick, choose or fill. Lists repeat the same control for every
row; the first `SAME_MOST` of each kind stand for the rest.
"""

import pytest

from maps.full import chosen
from maps.test_browser import PHONE, TABS

DESK = (1440, 900)
WALK = """async ([address, most]) => {
const told = {used: [], wrong: []};
const seen = new Map();
const pause = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
const kindOf = (e) => [e.tagName, e.type || '', e.className, e.closest('details')?.className || '',
  e.closest('table, ol, ul')?.className ?? ''].join(' ');
const nameOf = (e) => [e.tagName, e.id, e.ariaLabel || '', e.getAttribute('href') || '',
  e.innerText].join('|');
const all = () => {
  document.querySelectorAll('#page details, .layer-box details').forEach((d) => { d.open = true; });
  return [...document.querySelectorAll('button, a[href], input, select, summary, [role=button]')]
    .filter((e) => e.checkVisibility({visibilityProperty: true}));
};
// a mark that the last step moved is named anew a moment later: until then it may be no button
const settled = () => new Promise((done) => setTimeout(done, 300));
const fresh = () => all().find((e) => !told.used.includes(nameOf(e)) &&
  (e.id || (seen.get(kindOf(e)) || 0) < most));
const covered = (e) => {
  if (e.closest('#page, #tabs, .on-map')) e.scrollIntoView({block: 'center', inline: 'nearest'});
  const b = (e.closest('label') || e).getBoundingClientRect();
  if (b.left < 0 || b.top < 0 || b.right > innerWidth || b.bottom > innerHeight) return null;
  const top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
  const label = top?.closest('label');
  const free = top && (e.contains(top) || top.contains(e) || label?.control === e ||
    (e.closest('.leaflet-marker-pane') && top.closest('.leaflet-container')));
  return free ? null : top || document.body;
};
const act = (e) => {
  const say = (name) => e.dispatchEvent(new Event(name, {bubbles: true}));
  if (e.tagName === 'SELECT') for (const o of e.options) { e.value = o.value; say('change'); }
  else if (e.type === 'range') for (const v of [e.min, e.max]) { e.value = v; say('input'); }
  else if (['search', 'number', 'text'].includes(e.type)) for (const v of ['3', 'zz<b>', '']) {
    e.value = v; say('input'); say('change'); }
  else e.click();
};
for (let e = fresh(); e && told.used.length < 400; e = fresh()) {
  const name = nameOf(e);
  told.used.push(name);
  seen.set(kindOf(e), (seen.get(kindOf(e)) || 0) + 1);
  if (e.closest('.leaflet-marker-pane')) await settled();
  if (!e.isConnected || e.role === 'img') continue;
  const over = covered(e);
  if (over) told.wrong.push(`covered: ${name} by ${over.outerHTML.slice(0, 120)}`);
  act(e);
  await pause();
  const text = document.getElementById('page').innerText.trim();
  if (text.length < 20) told.wrong.push(`empty: ${name}`);
  const tabs = document.querySelectorAll('#tabs [aria-selected=true]').length;
  if (tabs !== 1) told.wrong.push(`tabs: ${name}`);
  if (location.hash !== address) { location.hash = address; await pause(); }
}
await siting.drawn();
return told; }"""
SAME_MOST = 6


def things(plan):
    return [
        f"#site={chosen(plan)[0]}",
        f"#site={plan.sites.index[~plan.sites['is_eligible']][0]}",
        f"#product={plan.products.index[0]}",
        f"#cluster={plan.clusters.index[0]}",
        f"#compare={';'.join(chosen(plan)[:4])}",
    ]


def walked(seen, addresses):
    """Use every control of each address; return how many there were by address."""
    # what flies past is pressed where it lands; the printer is not the page's own
    seen.page.emulate_media(reduced_motion="reduce")
    seen.page.evaluate("window.print = () => {}; map_siting.options.zoomAnimation = false")
    used = {}
    for address in addresses:
        seen.page.evaluate("address => { location.hash = address; }", address)
        seen.page.wait_for_timeout(60)
        told = seen.page.evaluate(WALK, [address, SAME_MOST])
        assert told["wrong"] == [], address
        used[address] = len(told["used"])
    assert (seen.asked(), seen.said) == ([], [])
    return used


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_control_of_every_page_does_its_work_in_silence(visit, full_ru, full, size):
    used = walked(visit(full_ru, "", size), [f"#tab={tab}" for tab in TABS] + things(full))
    assert min(used.values()) > 12


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_slider_and_figure_of_what_if_does_its_work_in_silence(visit, real_map, size):
    used = walked(visit(real_map, "", size), ["#tab=whatif", "#place=73.5,54.2"])
    assert min(used.values()) > 12
