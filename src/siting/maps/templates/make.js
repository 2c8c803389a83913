// What to make: products ranked, and for each the consumers by name.

const CONSUMERS_OF = rowsBy(T.consumers.product);
const making = { query: '' };
const PRODUCT_PART = 40;

function makePage() {
  if (state.product !== null) return productPage(state.product);
  const P = T.products;
  const list = h('div', { id: 'product-list' });
  const count = h('p', { class: 'note', role: 'status', 'aria-live': 'polite' });
  const show = () => {
    const wanted = making.query.trim().toLocaleLowerCase();
    const rows = range(P.n).filter((i) => !wanted || [P.id[i], P.hs[i] || '', nameOf(P, i)].some((text) => text.toLocaleLowerCase().includes(wanted)));
    const [fit, others] = [rows.filter((i) => P.score[i] > 0), rows.filter((i) => !(P.score[i] > 0))];
    count.textContent = rows.length ? plural('products', fit.length) : t('nothing_found');
    // oil and grain, which no park makes, are bought for so much that they would flatten every other bar
    const widest = Math.max(...fit.map((i) => P.gap_mrub[i]), 0);
    const lines = (some) => shownByParts(some, PRODUCT_PART, (i) => productLine(i, widest), h('ol', { class: 'parks' }));
    list.replaceChildren(...[fit.length ? productAxis(widest) : null, fit.length ? lines(fit) : null,
      others.length ? fold(`${t('make_others')} (${number(others.length)})`, !fit.length, note(t('make_others_note')), lines(others)) : null].filter(Boolean));
  };
  show();
  return [
    h('p', { class: 'lead' }, t('make_lead')),
    h('div', { class: 'tools' }, h('label', { for: 'product-search' }, t('search')), h('input', { type: 'search', id: 'product-search', value: making.query, placeholder: t('product_hint'), oninput: (event) => { making.query = event.target.value; show(); } })),
    firmFinder(), count, list,
  ];
}

// What the bars mean and how long the longest is.
function productAxis(widest) {
  return h('div', { class: 'axis' }, note(t('make_axis'), '. ', t('make_axis_order'), '.'),
    h('span', { class: 'scale', 'aria-hidden': 'true' }, h('i', {}, '0'), h('i', {}, money(widest / 2)), h('i', {}, money(widest))));
}

function productLine(i, widest) {
  const P = T.products;
  return h('li', {}, link({ product: P.id[i] }, { class: 'row' },
    h('span', { class: 'park none' }, P.score[i] > 0 ? number(i + 1) : NOTHING),
    h('span', { class: 'grow' }, h('b', {}, nameOf(P, i)), h('small', {}, `${plural('consumers', P.consumers_count[i])} · ${t('local_inputs_short', { share: share(P.local_inputs_share[i]) })} · ${t('confidence').toLowerCase()} ${share(P.confidence[i])}`), P.score[i] > 0 ? bar(P.gap_mrub[i], widest, UTILITY.telecom) : null),
    h('span', { class: 'amount' }, money(P.gap_mrub[i]), h('small', {}, t('per_year')))));
}

function productPage(i) {
  const P = T.products;
  const site = known(P.site[i]) ? P.site[i] : null;
  focus.flows = [...productFlows(i, site), ...supplierFlows(i, site)];
  const rows = (CONSUMERS_OF.get(i) || []).sort((a, b) => T.consumers.volume_mrub[b] - T.consumers.volume_mrub[a]);
  return [
    h('article', { class: 'card', 'aria-label': nameOf(P, i) },
      link({ tab: 'make' }, { class: 'back' }, `← ${t('back_to_products')}`),
      h('header', {}, h('h2', { tabindex: '-1', id: 'card-title' }, nameOf(P, i)), h('p', {}, `${t('okpd')} ${P.id[i]}${P.hs[i] ? ` · ${t('hs')} ${P.hs[i]}` : ''}`)),
      h('div', { class: 'why' }, h('p', {}, productAnswer(i, site))),
      figures(
        figure(t('gap'), money(P.gap_mrub[i]), t('per_year')),
        figure(t('product_demand'), money(P.demand_mrub[i]), t('per_year')),
        figure(t('supply'), money(P.supply_mrub[i]), t('per_year')),
        figure(t('import'), money(P.import_mrub[i]), t('per_year')),
        figure(t('local_inputs'), share(P.local_inputs_share[i]), t('local_inputs_hint', { km: number(DATA.region.near_km) })),
        figure(t('feasibility'), share(P.feasibility[i]), t('feasibility_hint')),
        figure(t('confidence'), share(P.confidence[i]), t('confidence_hint')),
        figure(t('score'), number(P.score[i], 2), t('score_hint'))),
      site === null ? note(t('no_best_site')) : h('p', {}, `${t('best_site')}: `, link({ site: T.sites.id[site] }, {}, siteName(site))),
      heading(t('consumers')), rows.length ? consumerTable(rows) : note(t('no_consumers')),
      supplierTable(i), bestSites(i)),
  ];
}

function productAnswer(i, site) {
  const P = T.products;
  const named = { gap: money(P.gap_mrub[i]), consumers: plural('consumers', P.consumers_count[i]) };
  return site === null ? t('product_answer', named) : t('product_answer_site', { ...named, site: siteName(site) });
}

function consumerTable(rows) {
  const C = T.consumers;
  const index = (value) => (known(value) ? number(value, 2) : NOTHING);
  return grid([t('consumer'), t('volume'), t('distance'), t('delivered'), t('imported')], rows.map((row) => [
    known(C.enterprise[row]) ? nameOf(C, row) : t('final_demand'), money(C.volume_mrub[row]), km(C.distance_km[row]), index(C.delivered_price_index[row]), index(C.import_price_index[row]),
  ]), { caption: t('consumers_caption'), align: ['', 'n', 'n', 'n', 'n'] });
}

function productFlows(i, site) {
  if (site === null) return [];
  const C = T.consumers;
  const rows = (CONSUMERS_OF.get(i) || []).filter((row) => known(C.enterprise[row]) && pointOf(T.enterprises.shape, C.enterprise[row]));
  const largest = Math.max(...rows.map((row) => C.volume_mrub[row]), 1e-9);
  return rows.map((row) => ({ from: pointOf(T.sites.spot, site), to: pointOf(T.enterprises.shape, C.enterprise[row]), source: () => siteName(site), target: () => nameOf(C, row), weight: C.volume_mrub[row] / largest, colour: UTILITY.telecom }));
}
