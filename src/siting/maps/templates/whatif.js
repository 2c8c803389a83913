// What if: sliders of prices, demand, number of parks and the worth of a job; everything is priced
// again in the page. What it chooses is a quick ranking, and it says so.

const setting = neutral();
const live = { now: null, timer: null };
const PRICE_CODES = [...DATA.utilities, 'onsite'];
const PRICE_STEP = { min: 0.5, max: 2, step: 0.05 };
const DEMAND_STEP = { min: 0.5, max: 1.5, step: 0.05 };
const JOB_STEP = { min: 0, max: 5, step: 0.1 };
const RANKING = 20;
const PAUSE_MS = 40;

const savingOf = (row) => (live.now && state.tab === 'whatif' ? live.now.byRow.get(row) ?? NaN : T.sites.saving_mrub[row]);

function settle() {
  const found = recompute(setting);
  const rowAt = (i) => PRICED.sites.site[i];
  live.now = {
    ...found,
    byRow: new Map(range(PRICED.sites.n).filter((i) => PRICED.residents[i].length).map((i) => [rowAt(i), found.savings[i]])),
    parks: found.parks.map((park) => rowAt(park.site)), opened: found.parks,
  };
}

function slider(id, name, value, { min, max, step }, shown_, change) {
  const told = h('output', { for: id, id: `${id}-told` }, shown_(value));
  const input = h('input', { type: 'range', id, min: String(min), max: String(max), step: String(step), value: String(value), 'aria-valuetext': shown_(value), oninput: (event) => {
    const now = Number(event.target.value);
    told.textContent = shown_(now);
    event.target.setAttribute('aria-valuetext', shown_(now));
    change(now);
    soon();
  } });
  return h('div', { class: 'slider' }, h('label', { for: id }, name), input, told);
}

// A hand that drags gives many values; the last of a burst is computed.
function soon() {
  window.clearTimeout(live.timer);
  live.timer = window.setTimeout(refreshWhatif, PAUSE_MS);
}

function refreshWhatif() {
  settle();
  const box = document.getElementById('whatif-result');
  if (box) box.replaceChildren(...whatifResult());
  window.history.replaceState(null, '', addressOf(addressNow()));
  placeMarks(map, marks);
  redraw();
}

function whatifPage() {
  if (!canPrice) return [note(t('whatif_none'))];
  settle();
  return [
    h('p', { class: 'lead' }, t('whatif_lead')),
    h('p', { class: 'quick', role: 'note' }, h('b', {}, t('quick_mark')), ' ', t('quick_note')),
    h('div', { class: 'sliders' },
      slider('set-parks', t('set_parks'), setting.parks, { min: 1, max: Math.max(20, 2 * DATA.region.max_parks), step: 1 }, (value) => number(value), (value) => { setting.parks = value; }),
      slider('set-demand', t('set_demand'), setting.demand, DEMAND_STEP, share, (value) => { setting.demand = value; }),
      slider('set-job', t('set_job'), setting.job, JOB_STEP, money, (value) => { setting.job = value; }),
      fold(t('set_prices'), PRICE_CODES.some((code) => setting.price[code] !== 1), PRICE_CODES.map((code) => slider(`set-${code}`, say('utility', code), setting.price[code], PRICE_STEP, share, (value) => { setting.price[code] = value; }))),
      h('p', { class: 'actions' }, h('button', { type: 'button', id: 'whatif-reset', onclick: resetWhatif }, t('whatif_reset')))),
    h('div', { id: 'whatif-result', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'false' }, whatifResult()),
  ];
}

function resetWhatif() {
  const base = neutral();
  Object.assign(setting, base, { price: base.price });
  render();
  window.history.replaceState(null, '', addressOf(addressNow()));
}

const finite = (mrub) => (Number.isFinite(mrub) ? money(mrub) : t('cannot_connect'));

function whatifResult() {
  const { amounts, planAmounts, plan, opened } = live.now;
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const jobs = (parks) => sum(parks.flatMap((park) => park.members.map((j) => PRICED.firms.jobs[j])));
  const firms = (parks) => sum(parks.map((park) => park.members.length));
  return [
    figures(
      figure(t('quick_total'), finite(sum(amounts)), `${plural('parks', opened.length)} · ${plural('residents', firms(opened))} · ${plural('jobs', jobs(opened))}`),
      figure(t('plan_now'), finite(sum(planAmounts)), `${plural('parks', plan.length)} · ${plural('residents', firms(plan))} · ${plural('jobs', jobs(plan))}`)),
    heading(t('quick_parks')), opened.length ? h('ol', { class: 'parks' }, opened.map(quickLine)) : note(t('no_parks')),
    heading(t('quick_ranking')), note(t('quick_ranking_note', { count: number(PRICED.sites.n) })), rankingTable(),
  ];
}

function quickLine({ site, members }, place) {
  const row = PRICED.sites.site[site];
  const held = T.sites.is_chosen[row];
  const amount = live.now.amounts[place];
  return h('li', {}, link({ site: T.sites.id[row] }, { class: 'row' },
    h('span', { class: 'park', style: { '--fill': siteColour(row) } }, number(place + 1)),
    h('span', { class: 'grow' }, h('b', {}, siteName(row)), h('small', {}, `${plural('residents', members.length)} · ${held ? t('also_in_plan') : t('not_in_plan')}`)),
    h('span', { class: 'amount' }, finite(amount))));
}

// Sites by saving alone under the sliders, and how far each has moved from the plan's ranking.
function rankingTable() {
  const rows = [...live.now.byRow.keys()];
  const order = (value) => [...rows].sort((a, b) => value(b) - value(a) || (T.sites.id[a] < T.sites.id[b] ? -1 : 1));
  const before = new Map(order((row) => T.sites.saving_mrub[row]).map((row, place) => [row, place]));
  const now = order((row) => live.now.byRow.get(row)).slice(0, RANKING);
  const moved = (row, place) => {
    const step = before.get(row) - place;
    return step === 0 ? '=' : `${step > 0 ? '▲' : '▼'}\u00a0${number(Math.abs(step))}`;
  };
  return grid([t('place'), t('site'), t('saving'), t('was'), t('moved')], now.map((row, place) => [
    number(place + 1), link({ site: T.sites.id[row] }, {}, siteName(row)), finite(live.now.byRow.get(row)), money(T.sites.saving_mrub[row]), moved(row, place),
  ]), { caption: t('quick_ranking'), align: ['n', '', 'n', 'n', 'n'], name: 'whatif' });
}

// The setting in the address: only what differs from the neutral one.
function settingCode() {
  const base = neutral();
  const told = PRICE_CODES.filter((code) => setting.price[code] !== 1).map((code) => `${code}:${setting.price[code]}`);
  for (const code of ['demand', 'parks', 'job']) if (setting[code] !== base[code]) told.push(`${code}:${setting[code]}`);
  return told.join(';');
}

function readSetting(text) {
  const base = neutral();
  Object.assign(setting, base, { price: base.price });
  const limits = { demand: DEMAND_STEP, job: JOB_STEP, parks: { min: 1, max: Math.max(20, 2 * DATA.region.max_parks) } };
  for (const [code, told] of (text || '').split(';').map((pair) => pair.split(':'))) {
    const value = Number(told);
    const limit = PRICE_CODES.includes(code) ? PRICE_STEP : Object.hasOwn(limits, code) ? limits[code] : null;
    if (!limit || !(value >= limit.min && value <= limit.max)) continue;
    if (limit === PRICE_STEP) setting.price[code] = value;
    else setting[code] = code === 'parks' ? Math.round(value) : value;
  }
}
