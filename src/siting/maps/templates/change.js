// What would change a site, and what its costs leave out: cures of the land, money by year, support.

const tableOrNone = (name) => T[name] || { n: 0 };
const rowsOf = (name, column) => (tableOrNone(name).n ? rowsBy(tableOrNone(name)[column]) : new Map());
const CURES_OF_SITE = rowsOf('cures', 'site');
const CURES_OF_PLOT = rowsOf('cures', 'plot');
const YEARS_OF = rowsOf('years', 'site');
const SUPPORT_OF = rowsOf('support', 'site');
const LAND_OF = rowsOf('land_prices', 'site');

function cureList(i) {
  const rows = CURES_OF_SITE.get(i) || [];
  if (!rows.length) return note(t('no_cures'));
  const C = T.cures;
  const causes = [...new Set(rows.map((row) => C.cause[row]))];
  return h('ul', { class: 'cures' }, causes.map((cause) => {
    const own = rows.filter((row) => C.cause[row] === cause).sort((a, b) => C.is_cheapest[b] - C.is_cheapest[a] || C.price_mrub[a] - C.price_mrub[b]);
    return h('li', {}, h('b', {}, t(C.is_blocking[own[0]] ? 'cure_blocks' : 'cure_limits', { cause: say('cause', cause) })), h('ul', {}, own.map(cureLine)));
  }));
}

function cureLine(row) {
  const C = T.cures;
  if (C.cure[row] === 'none') return h('li', {}, say('cure', 'none'));
  const about = [known(C.price_mrub[row]) ? money(C.price_mrub[row]) : t('price_not_known'), known(C.months[row]) ? plural('months', C.months[row]) : null, t('cure_left', { area: ha(C.left_ha[row]) }), `${t('price')}: ${say('status', C.status[row]).toLowerCase()}`];
  return h('li', {}, `${capital(say('cure', C.cure[row]))}${C.objects[row] ? `: ${C.objects[row]}` : ''}`, C.is_cheapest[row] ? [' ', chip('pass', t('cure_cheapest'))] : C.is_enough[row] ? null : [' ', chip('plain', t('cure_short'))], h('small', {}, about.filter(Boolean).join(' · ')));
}

// Build or do not build, by itself: the word of the study with its reason.
function verdictLine(i) {
  const V = T.verdicts;
  if (!V.verdict || !V.verdict[i]) return null;
  const reason = say('verdict_reason', V.verdict_reason[i]);
  return h('p', {}, h('b', {}, say('verdict', V.verdict[i])), `: ${reason}. `, T.sites.is_chosen[i] ? null : t('verdict_alone'));
}

function timeFigures(i) {
  const V = T.verdicts;
  if (!V.saving_pv_mrub) return [];
  const [yearly, pv] = T.sites.is_chosen[i] ? [V.plan_saving_yearly_mrub[i], V.plan_saving_pv_mrub[i]] : [V.saving_yearly_mrub[i], V.saving_pv_mrub[i]];
  return known(pv) ? [figure(t('saving_pv'), money(pv), t('saving_pv_hint')), figure(t('saving_yearly'), money(yearly), t('saving_yearly_hint'))] : [];
}

function yearList(i) {
  const rows = YEARS_OF.get(i) || [];
  if (!rows.length) return null;
  const Y = T.years;
  const ends = rows.map((row) => Y.cumulative_pv_mrub[row]);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends, 1e-9)];
  const at = (value) => `${((value - low) / (high - low)) * 100}%`;
  const paid = rows.find((row, place) => ends[place] >= 0 && ends.slice(place).every((end) => end >= 0));
  return fold(t('years'), false, note(paid === undefined ? t('years_never') : t('years_paid', { year: number(Y.year[paid]) })),
    grid([t('year'), t('come'), t('years_cost_alone'), t('years_cost_park'), t('cumulative')], rows.map((row) => [
      number(Y.year[row]), share(Y.come_share[row]), money(Y.standalone_mrub[row]), money(Y.park_mrub[row]),
      h('span', {}, money(Y.cumulative_pv_mrub[row]), h('span', { class: 'track', 'aria-hidden': 'true', style: { '--zero': at(0) } }, h('i', { class: 'span', style: { left: at(Math.min(0, Y.cumulative_pv_mrub[row])), width: `calc(${at(Math.max(0, Y.cumulative_pv_mrub[row]))} - ${at(Math.min(0, Y.cumulative_pv_mrub[row]))})` } }))),
    ]), { caption: t('years_caption'), align: ['n', 'n', 'n', 'n', 'n'], name: 'years' }));
}

function supportList(i) {
  const rows = SUPPORT_OF.get(i) || [];
  if (!rows.length) return null;
  const S = T.support;
  const words = (codes) => (codes || '').split(';').filter(Boolean).map((code) => say('condition', code)).join(', ');
  return fold(t('support'), false, note(t('support_note')), h('ul', { class: 'checks' }, rows.map((row) => h('li', { class: S.result[row] }, h('i', { 'aria-hidden': 'true' }, SIGNS[S.result[row]]),
    h('span', {}, h('b', {}, S[language.now === 'ru' ? 'title_ru' : 'title'][row] || NOTHING), h('small', {}, [`${t('support_most')} ${money(S.most_mrub[row])}`, `${say('payer', S.payer[row]).toLowerCase()}`, say('status', S.status[row]).toLowerCase()].join(' · ')),
      S.conditions_failed[row] ? h('small', { class: 'doubtful' }, `${t('support_failed')}: ${words(S.conditions_failed[row])}`) : null,
      S.conditions_unknown[row] ? h('small', {}, `${t('support_unknown')}: ${words(S.conditions_unknown[row])}`) : null)))));
}

function landLine(i) {
  const [row] = LAND_OF.get(i) || [];
  if (row === undefined) return null;
  const L_ = T.land_prices;
  return note(t('land_beside', { alone: money(L_.alone_land_mrub[row]), park: money(L_.park_land_mrub[row]) }));
}
