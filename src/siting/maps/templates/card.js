// The card of a site: what it costs, what it saves, why it is chosen or not, what to verify.

const CHECKS_OF_SITE = rowsBy(T.checks.site);
const RESIDENTS_OF = rowsBy(T.residents.site);
const PAYERS_OF = rowsBy(T.by_payer.site);
const LOSSES_OF = rowsBy(T.losses.site);
const OVERLAPS_OF = rowsBy(T.overlaps.site);

function cardPage(i) {
  const S = T.sites;
  return [
    h('article', { class: 'card', 'aria-label': siteName(i) },
      link({ tab: 'sites' }, { class: 'back' }, `← ${t('back_to_sites')}`),
      cardHead(i),
      h('div', { class: 'why' }, verdictLine(i), whySentences(i).map((text) => h('p', {}, text)), placeSentences(i)),
      cardFigures(i),
      S.is_chosen[i] ? fold(t('ledger_by_utility'), true, note(t('bars_note')), utilityBars(sumByUtility(i))) : fold(t('site_by_utility'), true, connectionBars(i)),
      RESIDENTS_OF.has(i) ? fold(t('residents'), true, residentTable(i)) : null,
      supportList(i),
      trunkList(i),
      PAYERS_OF.has(i) ? fold(t('who_saves'), false, payerTable(i)) : null,
      yearList(i),
      fold(t('connections_whole'), true, connectionList(i)),
      CURES_OF_SITE.has(i) || !S.is_eligible[i] ? fold(t('what_would_change'), true, cureList(i)) : null,
      fold(t('checks'), true, checkList(CHECKS_OF_SITE.get(i) || [])),
      passportList(i),
      tariffList(i),
      fold(t('land_lost'), false, lossList(i), landLine(i)),
      fold(t('to_verify'), true, listOr(verifyList(i), t('nothing_to_verify'))),
      fold(t('assumed'), false, listOr(assumedList(i), t('nothing_assumed'))),
      h('p', { class: 'actions' },
        h('button', { type: 'button', onclick: () => showSite(i) }, t('show_on_map')),
        h('button', { type: 'button', onclick: () => window.print() }, t('print')),
        h('button', { type: 'button', onclick: () => { picked.add(i); go({ tab: 'sites' }); } }, t('compare_add')))),
  ];
}

function cardHead(i) {
  const S = T.sites;
  const kind = S.is_chosen[i] ? 'pass' : S.is_eligible[i] ? 'plain' : 'fail';
  const said = S.is_chosen[i] ? t('park_number', { rank: number(S.rank[i]) }) : S.is_eligible[i] ? t('not_chosen') : t('unfit');
  return h('header', {},
    h('h2', { tabindex: '-1', id: 'card-title' }, siteName(i)),
    h('p', {}, chip(kind, said), ' ', h('span', {}, [say('kind', S.kind[i]), landKind(i), districtName(i)].filter(Boolean).join(' · ')), ' ', h('code', {}, S.id[i])));
}

// Why: only what the tables say, never a guess at what the solver thought.
function whySentences(i) {
  const S = T.sites;
  if (S.is_chosen[i]) return [t('why_chosen', { saving: money(S.plan_saving_mrub[i]), residents: plural('residents', S.residents_count[i]) }), t('why_stable', { share: share(S.chosen_share[i]) })];
  if (!S.is_eligible[i]) return [`${t('why_unfit')}: ${reasons(S.why_not[i]).join('; ') || NOTHING}.`];
  const said = [];
  const rivals = (OVERLAPS_OF.get(i) || []).map((row) => T.overlaps.chosen[row]);
  if (rivals.length) said.push(t('why_overlap', { names: rivals.map(siteName).join(', ') }));
  if (S.saving_mrub[i] <= 0) said.push(t('why_loss'));
  else if (known(S.saving_mrub[i])) said.push(betterThan(i));
  if (S.break_even_share[i] > DATA.region.plausible_occupancy_share) said.push(t('why_break_even', { share: share(S.break_even_share[i]), limit: share(DATA.region.plausible_occupancy_share) }));
  if (S.chosen_share[i] > 0) said.push(t('why_sometimes', { share: share(S.chosen_share[i]) }));
  return said.filter(Boolean);
}

function betterThan(i) {
  const better = CHOSEN.filter((row) => T.sites.saving_mrub[row] >= T.sites.saving_mrub[i]).length;
  return t('why_ranked', { saving: money(T.sites.saving_mrub[i]), better: number(better), chosen: number(CHOSEN.length) });
}

function cardFigures(i) {
  const S = T.sites;
  const never = S.break_even_share[i] > 1;
  const cost = cardCosts(i);
  return figures(
    figure(S.is_chosen[i] ? t('plan_saving') : t('saving_alone_open'), money(cost.saving), cost.alone > 0 ? `${share(cost.saving / cost.alone)} ${t('of_alone')}` : null),
    figure(t('range'), moneyRange(S.saving_p10_mrub[i], S.saving_p90_mrub[i]), t('range_hint')),
    figure(t('alone_cost'), money(cost.alone), t('same_residents')),
    figure(t('park_cost'), money(cost.park), t('park_cost_hint', { onsite: money(S.onsite_cost_mrub[i]) })),
    figure(t('break_even'), never ? t('never') : share(S.break_even_share[i]), t('break_even_hint')),
    figure(t('area'), ha(S.area_ha[i]), t('buildable_hint', { value: ha(S.buildable_ha[i]) })),
    S.building_m2[i] > 0 ? figure(t('buildings'), t('m2', { value: number(S.building_m2[i]) }), null) : null,
    figure(t('housing'), known(S.housing_distance_m[i]) ? t('m', { value: number(S.housing_distance_m[i]) }) : NOTHING, t('housing_hint')),
    ...timeFigures(i), ...placeFigures(i),
    known(S.land_price_mrub[i]) ? figure(t('land_price'), money(S.land_price_mrub[i]), null) : null,
  );
}

// In the plan a park shares the residents with the others; alone it would take the best for itself.
function cardCosts(i) {
  const S = T.sites;
  if (!S.is_chosen[i]) return { alone: S.standalone_cost_mrub[i], park: S.park_cost_mrub[i], saving: S.saving_mrub[i] };
  const sums = sumByUtility(i);
  const total = (kind) => sums.reduce((sum, part) => sum + part[kind], 0);
  return { alone: total('alone'), park: total('park'), saving: S.plan_saving_mrub[i] };
}

function connectionBars(i) {
  const C = T.connections;
  const rows = CONNECTIONS_OF.get(i) || [];
  const widest = Math.max(...rows.map((row) => C.cost_mrub[row]), 0);
  if (!rows.length) return note(t('no_connections'));
  return [note(t('bars_park_only')), h('ul', { class: 'bars' }, rows.map((row) => h('li', {},
    h('span', { class: 'name' }, h('i', { class: 'dot', style: { '--c': UTILITY[C.utility[row]] } }), say('utility', C.utility[row])),
    h('span', { class: 'pairs' }, h('span', { class: 'pair wide' }, bar(C.cost_mrub[row], widest, UTILITY[C.utility[row]]), h('em', {}, money(C.cost_mrub[row])))))))];
}
