// Parts of the site card: connections, residents, payers, checks, lists.

function connectionList(i) {
  const rows = CONNECTIONS_OF.get(i) || [];
  if (!rows.length) return note(t('no_connections'));
  return [note(t('connections_note'), ' ', T.sites.is_chosen[i] ? t('connections_ledger') : ''), h('ul', { class: 'connections' }, rows.map(connectionLine))];
}

function connectionLine(row) {
  const C = T.connections;
  const utility = C.utility[row];
  const routed = C.shape.kinds[row] === KIND.line;
  const where = C.name_ru[row] ? nameOf(C, row) : t('own_source');
  const parts = ['fixed', 'line', 'crossings', 'reinforcement'].filter((part) => C[`${part}_mrub`][row] > 0).map((part) => `${t(`part_${part}`)} ${money(C[`${part}_mrub`][row])}`);
  const look = (on) => () => { focus.utility = on ? utility : null; redraw(); };
  return h('li', { style: { '--c': UTILITY[utility] }, onmouseenter: look(routed), onmouseleave: look(false) },
    h('div', { class: 'row' },
      h('span', { class: 'grow' }, h('b', {}, say('utility', utility)), h('span', {}, `${say('option', C.option[row])}${C.circuits[row] > 1 ? ` × ${number(C.circuits[row])}` : ''}${C.feeders[row] > 1 ? ` · ${t('two_feeders')}` : ''}`)),
      h('span', { class: 'amount' }, money(C.cost_mrub[row]))),
    h('small', {}, `${where}${routed ? ` · ${km(C.length_km[row])}` : ''} · ${t('demand')} ${withUnit(C.demand[row], C.demand_unit[row], 1)}`),
    h('small', {}, parts.join(' + ')),
    C.crossings[row] ? h('small', {}, C.crossings[row].split(';').map((item) => item.split('=')).map(([kind, count]) => `${say('crossed', kind)} × ${count}`).join(', ')) : null,
    C.reinforcement_step[row] ? h('small', {}, t('step', { step: C.reinforcement_step[row], cost: money(C.reinforcement_step_mrub[row]) })) : null,
    headroom(row));
}

function headroom(row) {
  const C = T.connections;
  const object = C.object[row];
  if (!known(object)) return null;
  if (!C.is_spare_known[row]) return h('small', { class: 'doubtful' }, t('spare_unknown'));
  const [spare, unit] = [G.nets.spare_capacity[object], G.nets.capacity_unit[object]];
  if (!known(spare)) return null;
  return h('small', {}, `${t('spare')}: ${withUnit(spare, unit || C.demand_unit[row], 1)}${G.nets.spare_is_synthetic[object] ? ` (${t('made_up')})` : ''}`);
}

function residentTable(i) {
  const R = T.residents;
  const rows = RESIDENTS_OF.get(i).map((row) => [
    h('span', {}, h('b', {}, nameOf(R, row)), h('small', {}, [industry(R.okved[row]), ha(R.area_ha[row]), known(R.jobs_count[row]) ? plural('jobs', R.jobs_count[row]) : null].filter(Boolean).join(' · '))),
    money(R.standalone_mrub[row]), money(R.park_mrub[row]), h('b', {}, money(R.saving_mrub[row])),
  ]);
  const table = grid([t('resident'), t('alone'), t('in_park'), t('saving')], rows, { caption: t('residents_caption'), align: ['', 'n', 'n', 'n'] });
  // one sheet of paper has room for the largest only; the CSS of print hides the rest
  const more = rows.length - PRINTED_RESIDENTS;
  const box = h('div', { class: 'residents short' }, table);
  const whole = more > 0 ? h('button', { type: 'button', class: 'more', onclick: (event) => { box.classList.remove('short'); event.target.remove(); } }, t('show_more', { count: number(more) })) : null;
  return [box, whole, more > 0 ? h('p', { class: 'note print-only' }, t('print_more', { count: number(more) })) : null];
}

const PRINTED_RESIDENTS = 12;

// The words of an industry: the profile with the longest matching code.
function industry(okved) {
  if (!okved) return null;
  const found = DATA.rules.industries.filter(([code]) => okved.startsWith(code)).sort((a, b) => b[0].length - a[0].length)[0];
  return found ? pick([found[1], found[2]]) : `${t('okved')} ${okved}`;
}

function industryOf(okved) {
  const said = industry(okved);
  if (!said) return NOTHING;
  return said.endsWith(okved) ? said : `${capital(said)} · ${t('okved')} ${okved}`;
}

function payerTable(i) {
  const P = T.by_payer;
  const rows = PAYERS_OF.get(i).map((row) => [say('payer', P.payer[row]), money(P.standalone_mrub[row]), money(P.park_mrub[row]), h('b', {}, money(P.saving_mrub[row]))]);
  return grid([t('payer'), t('alone'), t('in_park'), t('saving')], rows, { caption: t('payers_caption'), align: ['', 'n', 'n', 'n'] });
}

const SIGNS = { pass: '✓', warn: '!', fail: '✕', unknown: '?' };
const COMPARISON = { '>=': '≥', '<=': '≤', '=': '=' };

function checkList(rows) {
  if (!rows.length) return note(t('no_checks'));
  const C = T.checks;
  const order = ['fail', 'warn', 'unknown', 'pass'];
  const sorted = [...rows].sort((a, b) => order.indexOf(C.result[a]) - order.indexOf(C.result[b]) || a - b);
  return h('ul', { class: 'checks' }, sorted.map((row) => h('li', { class: C.result[row] },
    h('i', { 'aria-hidden': 'true' }, SIGNS[C.result[row]]),
    h('span', {}, h('b', {}, checkTitle(row)), h('small', {}, `${actOf(C.edition[row])}${say('result', C.result[row])}: ${checkValue(row)} (${t('required')} ${COMPARISON[C.operator[row]]} ${checkNumber(C.limit[row], C.unit[row])}; ${say('status', C.status[row]).toLowerCase()})`)))));
}

// An edition stands in the data in one language; the act it is of has words in both.
const ACT_OF = new Map(range(T.passports.n).map((row) => [T.passports.edition[row], T.passports.act[row]]));
const actOf = (edition) => (ACT_OF.has(edition) ? `${say('act', ACT_OF.get(edition))}. ` : '');

function checkTitle(row) {
  const title = T.checks[`title_${language.now}`][row];
  const said = title || say('measure', T.checks.requirement[row]);
  return capital(said);
}

const checkValue = (row) => (known(T.checks.value[row]) ? checkNumber(T.checks.value[row], T.checks.unit[row]) : t('not_known'));

function checkNumber(value, unit) {
  if (unit === 'flag') return value ? t('yes') : t('no');
  if (unit === 'share') return share(value);
  return withUnit(value, unit, 2);
}

function lossList(i) {
  const rows = (LOSSES_OF.get(i) || []).sort((a, b) => T.losses.area_ha[b] - T.losses.area_ha[a]);
  return listOr(rows.map((row) => `${say('feature', T.losses.feature[row])}: ${ha(T.losses.area_ha[row])}, ${t(T.losses.is_hard[row] ? 'zone_hard' : 'zone_soft')}`), t('nothing_lost'));
}

function verifyList(i) {
  const C = T.connections;
  const spare = (CONNECTIONS_OF.get(i) || []).filter((row) => known(C.object[row]) && (!C.is_spare_known[row] || G.nets.spare_is_synthetic[C.object[row]]));
  const unknowns = (CHECKS_OF_SITE.get(i) || []).filter((row) => T.checks.result[row] === 'unknown');
  return [
    ...spare.map((row) => t('verify_spare', { utility: say('utility', C.utility[row]).toLowerCase(), name: nameOf(C, row), demand: withUnit(C.demand[row], C.demand_unit[row], 1) })),
    ...unknowns.map((row) => t('verify_check', { title: checkTitle(row) })),
    T.sites.synthetic_share[i] > 0 ? t('verify_plots') : null,
  ].filter(Boolean);
}

function assumedList(i) {
  const C = T.connections;
  return (CONNECTIONS_OF.get(i) || []).filter((row) => C.status[row] && C.status[row] !== 'VERIFIED')
    .map((row) => [`${say('utility', C.utility[row])}, ${say('option', C.option[row])}: ${t('price')} ${say('status', C.status[row]).toLowerCase()}. `, h('cite', { lang: 'en' }, C.price_source[row] || '')]);
}

function listOr(items, otherwise) {
  return items.length ? h('ul', {}, items.map((item) => h('li', {}, item))) : note(otherwise);
}
