// Up to four sites side by side.

const COMPARE_MOST = 4;
const picked = new Set();

function comparedIn(text) {
  const rows = (text || '').split(';').map((id) => rowOf(T.sites, id)).filter((row) => row !== null);
  return [...new Set(rows)].slice(0, COMPARE_MOST);
}

function pickBox(i) {
  const id = `pick-${i}`;
  return h('span', { class: 'pick' }, h('input', { type: 'checkbox', id, checked: picked.has(i), 'aria-label': `${t('compare_pick')}: ${siteName(i)}`, onchange: (event) => {
    if (event.target.checked && picked.size >= COMPARE_MOST) event.target.checked = false;
    else if (event.target.checked) picked.add(i);
    else picked.delete(i);
    refreshTray();
  } }));
}

function tray() {
  const ids = [...picked].map((row) => T.sites.id[row]).join(';');
  const ready = picked.size > 1;
  return h('p', { id: 'tray', class: 'tray', role: 'status' },
    h('span', {}, picked.size ? t('compare_count', { count: number(picked.size), most: number(COMPARE_MOST) }) : t('compare_hint', { most: number(COMPARE_MOST) })),
    ready ? link({ compare: ids }, { class: 'button', id: 'compare-open' }, t('compare_open')) : null,
    picked.size ? h('button', { type: 'button', class: 'plain-button', onclick: clearPicked }, t('compare_clear')) : null);
}

function refreshTray() {
  const box = document.getElementById('tray');
  if (box) box.replaceWith(tray());
}

function clearPicked() {
  picked.clear();
  document.querySelectorAll('.pick input').forEach((box) => { box.checked = false; });
  refreshTray();
}

function comparePage(rows) {
  picked.clear();
  rows.forEach((row) => picked.add(row));
  const S = T.sites;
  const best = (values, least) => {
    const told = values.filter((value) => known(value));
    return told.length > 1 ? (least ? Math.min : Math.max)(...told) : NaN;
  };
  const line = (name, value, shown_, { least = null } = {}) => {
    const values = rows.map(value);
    const top = least === null ? NaN : best(values, least);
    return [name, ...values.map((one) => (one === top ? h('b', { class: 'best' }, shown_(one), h('span', { class: 'unseen' }, ` (${t('best')})`)) : shown_(one)))];
  };
  const body = [
    line(t('saving_alone_short'), (i) => S.saving_mrub[i], money, { least: false }),
    line(t('plan_saving'), (i) => (S.is_chosen[i] ? S.plan_saving_mrub[i] : NaN), money, { least: false }),
    line(t('of_draws_chosen'), (i) => S.chosen_share[i], share, { least: false }),
    line(t('break_even'), (i) => S.break_even_share[i], (value) => (value > 1 ? t('never') : share(value)), { least: true }),
    line(t('connection_all'), (i) => S.connection_cost_mrub[i], money, { least: true }),
    ...DATA.utilities.filter((utility) => rows.some((i) => costOf(i, utility) !== null)).map((utility) => line(say('utility', utility), (i) => costOf(i, utility) ?? NaN, money, { least: true })),
    line(t('onsite_all'), (i) => S.onsite_cost_mrub[i], money, { least: true }),
    line(t('buildable'), (i) => S.buildable_ha[i], ha, { least: false }),
    line(t('housing'), (i) => S.housing_distance_m[i], (value) => (known(value) ? t('m', { value: number(value) }) : NOTHING)),
    line(t('land_price'), (i) => S.land_price_mrub[i], money, { least: true }),
    line(t('residents'), (i) => (S.is_chosen[i] ? S.residents_count[i] : NaN), (value) => number(value)),
    line(t('jobs_in_plan'), (i) => (S.is_chosen[i] ? S.jobs_count[i] : NaN), (value) => number(value)),
    line(t('checks_failed'), (i) => failedChecks(i), (value) => number(value), { least: true }),
  ];
  const heads = rows.map((i) => h('span', {}, link({ site: S.id[i] }, {}, siteName(i)), h('small', {}, S.is_chosen[i] ? t('park_number', { rank: number(S.rank[i]) }) : S.is_eligible[i] ? t('not_chosen') : t('unfit')), h('small', {}, districtName(i))));
  return [
    link({ tab: 'sites' }, { class: 'back' }, `← ${t('back_to_sites')}`),
    h('h2', { tabindex: '-1', id: 'card-title' }, t('compare_title', { count: plural('sites', rows.length) })),
    note(t('compare_note')),
    grid([t('figure'), ...heads], body, { caption: t('compare_caption'), align: ['', ...rows.map(() => 'n')], name: 'compare', head: true }),
    h('p', { class: 'actions' }, h('button', { type: 'button', onclick: () => showSites(rows) }, t('show_on_map')), h('button', { type: 'button', onclick: () => window.print() }, t('print'))),
  ];
}

function costOf(i, utility) {
  const row = (CONNECTIONS_OF.get(i) || []).find((at) => T.connections.utility[at] === utility);
  return row === undefined ? null : T.connections.cost_mrub[row];
}

const failedChecks = (i) => (CHECKS_OF_SITE.get(i) || []).filter((row) => T.checks.result[row] === 'fail').length;
