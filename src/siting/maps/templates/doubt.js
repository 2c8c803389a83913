// Doubt: how far the answer moves when what was assumed turns out otherwise.

const DOUBT_OTHERS = 15;

function doubtPage() {
  const S = T.sites;
  const others = rowsWhere(S, (i) => !S.is_chosen[i] && S.is_eligible[i] && S.chosen_share[i] > 0).sort((a, b) => S.chosen_share[b] - S.chosen_share[a]).slice(0, DOUBT_OTHERS);
  return [
    h('p', { class: 'lead' }, t('doubt_lead', { draws: number(DATA.summary.method.draws) })),
    heading(t('doubt_parks')), note(t('doubt_note')), CHOSEN.length ? ranges(CHOSEN) : note(t('no_parks')),
    heading(t('doubt_others')), others.length ? ranges(others) : note(t('no_others')),
    tornado(),
    heading(t('facts')), note(t('facts_note'), ' ', worthNote()), factBars(),
  ];
}

function ranges(rows) {
  const S = T.sites;
  const low = Math.min(0, ...rows.map((i) => S.saving_p10_mrub[i]).filter(known));
  const high = Math.max(...rows.map((i) => S.saving_p90_mrub[i]).filter(known), 1);
  const at = (value) => `${((value - low) / (high - low)) * 100}%`;
  return [h('span', { class: 'scale whole', 'aria-hidden': 'true' }, h('i', {}, money(low)), h('i', {}, money((low + high) / 2)), h('i', {}, money(high))), h('ol', { class: 'ranges' }, rows.map((i) => h('li', {}, link({ site: S.id[i] }, { class: 'row' },
    h('span', { class: 'grow' }, h('b', {}, siteName(i)),
      h('span', { class: 'track', 'aria-hidden': 'true', style: { '--zero': at(0) } }, h('i', { class: 'span', style: { left: at(S.saving_p10_mrub[i]), width: `calc(${at(S.saving_p90_mrub[i])} - ${at(S.saving_p10_mrub[i])})` } }), h('i', { class: 'mid', style: { left: at(S.saving_p50_mrub[i]) } })),
      h('small', {}, `P10 ${money(S.saving_p10_mrub[i])} · P50 ${money(S.saving_p50_mrub[i])} · P90 ${money(S.saving_p90_mrub[i])}`), rankLine(i)),
    h('span', { class: 'amount' }, share(S.chosen_share[i]), h('small', {}, t('of_draws')))))))];
}

// Is knowing any of the facts beforehand worth what the page could show?
const WORTH_LEAST_MRUB = 0.05;
const knowingOf = (i) => (T.facts.value_mrub ? T.facts.value_mrub[i] : NaN);
const isWorthKnown = () => range(T.facts.n).some((i) => knowingOf(i) >= WORTH_LEAST_MRUB);
const worthNote = () => (T.facts.value_mrub && T.facts.n ? t(isWorthKnown() ? 'facts_worth' : 'facts_worthless') : null);

function factBars() {
  const F = T.facts;
  if (!F.n) return note(t('no_facts'));
  const worth = isWorthKnown();
  const measure = worth ? knowingOf : (i) => F.swing_mrub[i];
  const rows = range(F.n).sort((a, b) => measure(b) - measure(a) || F.swing_mrub[b] - F.swing_mrub[a] || a - b);
  const widest = Math.max(...rows.map(measure));
  return h('ol', { class: 'facts' }, rows.map((i) => h('li', {},
    h('div', { class: 'row' }, h('span', { class: 'grow' }, h('b', {}, capital(factName(i))), h('small', {}, `${say('fact', F.kind[i])} · ${factRange(i)} · ${say('status', F.status[i]).toLowerCase()}`)), h('span', { class: 'amount' }, worth ? [money(knowingOf(i)), h('small', {}, `± ${money(F.swing_mrub[i] / 2)}`)] : `± ${money(F.swing_mrub[i] / 2)}`)),
    bar(measure(i), widest, LOSS))));
}

// Both ends are shares of the value that was taken; of the occupancy, shares of the residents.
const factRange = (i) => (known(T.facts.low[i]) && known(T.facts.high[i]) ? t(T.facts.kind[i] === 'occupancy' ? 'from_to' : 'from_to_of_taken', { low: share(T.facts.low[i]), high: share(T.facts.high[i]) }) : t('range_not_known'));

// The subject is an option, an industry, a source or a site, by the kind of fact.
function factName(i) {
  const subject = T.facts.subject[i];
  if (subject === 'all') return t('all_residents');
  const source = rowOf(G.nets, subject);
  if (source !== null) return nameOf(G.nets, source);
  const site = rowOf(T.sites, subject);
  if (site !== null) return siteName(site);
  if (has('utility', subject)) return say('utility', subject);
  const code = subject.split(/[./:]/).pop();
  if (has('option', code)) return say('option', code);
  const found = DATA.rules.industries.find(([okved]) => okved === subject);
  return found ? pick([found[1], found[2]]) : say('option', subject);
}
