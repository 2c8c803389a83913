// Overview: the question, the answer in three sentences, the totals.

const totals = DATA.summary.totals;
const folio = DATA.summary.portfolio;

function overviewPage() {
  return [
    h('p', { class: 'question' }, t('question', { region: pick(DATA.region.name) })),
    h('div', { class: 'answer' }, answer().map((sentence) => h('p', {}, sentence))),
    totalsBox(),
    heading(t('chosen_parks')),
    CHOSEN.length ? h('ol', { class: 'parks' }, CHOSEN.map(parkLine)) : note(t('no_parks')),
    heading(t('where_saved')),
    note(t('where_saved_note')),
    utilityBars(sumByUtility()),
    trunkSection(),
    heading(t('what_limits')),
    limitsBox(),
  ];
}

function answer() {
  const names = CHOSEN.slice(0, 3).map(siteName).join(', ');
  if (!CHOSEN.length) return [t('answer_none')];
  return [
    t(CHOSEN.length > 3 ? 'answer_where_more' : 'answer_where', { parks: plural('parks', CHOSEN.length), names }),
    t('answer_saving', {
      residents: plural('residents', totals.residents_count), jobs: plural('jobs', totals.jobs_count), saving: money(totals.saving_mrub),
      share: share(totals.saving_share), alone: money(totals.standalone_cost_mrub), park: money(totals.park_cost_mrub),
    }),
    t(planRange() ? 'answer_sure_range' : 'answer_sure', { spent: money(folio.spent_mrub), budget: money(folio.budget_mrub), gap: share(folio.gap_share, 1), range: planRange() }),
  ];
}

// P10 to P90 of the whole plan. Ranges of single sites do not add up: each is drawn as if it were
// the only park, so the same resident would be counted in several.
const planRange = () => (known(totals.plan_saving_p10_mrub) ? moneyRange(totals.plan_saving_p10_mrub, totals.plan_saving_p90_mrub) : null);

function totalsBox() {
  return figures(
    figure(t('total_saving'), money(totals.saving_mrub), `${share(totals.saving_share)} ${t('of_alone')}`),
    planRange() ? figure(t('total_range'), planRange(), t(totals.saving_mrub > totals.plan_saving_p90_mrub ? 'plan_range_above' : 'plan_range_hint')) : null,
    figure(t('total_parks'), number(totals.parks_count), t('of_eligible', { count: number(totals.eligible_count), all: number(totals.sites_count) })),
    figure(t('total_residents'), number(totals.residents_count), plural('jobs', totals.jobs_count)),
    figure(t('total_budget'), money(folio.spent_mrub), t('of_budget', { budget: money(folio.budget_mrub) })),
    figure(t('total_gap'), share(folio.gap_share, 1), t('gap_hint', { bound: money(folio.bound_mrub) })),
  );
}

function parkLine(i) {
  const S = T.sites;
  const widest = Math.max(...CHOSEN.map((row) => S.plan_saving_mrub[row]));
  return h('li', {}, link({ site: S.id[i] }, { class: 'row' },
    h('span', { class: 'park', 'aria-hidden': 'true', style: { '--fill': savingColour(S.saving_mrub[i]) } }, number(S.rank[i])),
    h('span', { class: 'grow' }, h('b', {}, siteName(i)), h('small', {}, `${say('kind', S.kind[i])} · ${plural('residents', S.residents_count[i])} · ${plural('jobs', S.jobs_count[i])}`),
      bar(S.plan_saving_mrub[i], widest, savingColour(S.saving_mrub[i]))),
    h('span', { class: 'amount' }, money(S.plan_saving_mrub[i]))));
}

function sumByUtility(site = null) {
  const B = T.by_utility;
  const sums = new Map();
  for (let i = 0; i < B.n; i += 1) {
    if (site !== null && B.site[i] !== site) continue;
    const held = sums.get(B.utility[i]) || { alone: 0, park: 0 };
    sums.set(B.utility[i], { alone: held.alone + B.standalone_mrub[i], park: held.park + B.park_mrub[i] });
  }
  const order = [...DATA.utilities, 'onsite', 'opening'];
  return order.filter((code) => sums.has(code)).map((code) => ({ code, ...sums.get(code) })).filter((sum) => sum.alone > 0 || sum.park > 0);
}

// Two bars for each utility: alone above, in the park below.
function utilityBars(sums) {
  const widest = Math.max(...sums.map((sum) => Math.max(sum.alone, sum.park)), 0);
  const line = (code, kind, value) => h('span', { class: 'pair' }, h('small', {}, t(kind)), bar(value, widest, UTILITY[code], kind), h('em', {}, money(value)));
  return h('ul', { class: 'bars' }, sums.map(({ code, alone, park }) => h('li', {},
    h('span', { class: 'name' }, h('i', { class: 'dot', style: { '--c': UTILITY[code] } }), say('utility', code)),
    h('span', { class: 'pairs' }, line(code, 'alone', alone), line(code, 'in_park', park)))));
}

function limitsBox() {
  const codes = folio.binding;
  return codes.length ? h('ul', {}, codes.map((code) => h('li', {}, limitWords(code)))) : note(t('nothing_binds'));
}

// A limit may name its subject after a colon, such as a source or a district.
function limitWords(code) {
  const [kind, subject] = [code.split(':')[0], code.split(':').slice(1).join(':')];
  const row = rowOf(G.nets, subject);
  const district = rowOf(T.districts, subject);
  const name = row !== null ? nameOf(G.nets, row) : district !== null ? nameOf(T.districts, district) : subject;
  return subject ? `${say('binding', kind)}: ${name}` : say('binding', kind);
}
