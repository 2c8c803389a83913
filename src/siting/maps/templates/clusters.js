// Clusters: enterprises that trade with each other and are near, and what the law would say.

const CHECKS_OF_CLUSTER = rowsBy(T.checks.cluster);

function clustersPage() {
  if (state.cluster !== null) return clusterPage(state.cluster);
  const K = T.clusters;
  const order = range(K.n).sort((a, b) => DATA.memberships[b].members.length - DATA.memberships[a].members.length || a - b);
  return [
    h('p', { class: 'lead' }, t('clusters_lead')),
    order.length ? h('ol', { class: 'parks' }, order.map((i) => clusterLine(i))) : note(t('no_clusters')),
    exchangeTable(range(tableOrNone('exchanges').n)),
    note(t('links_note', { shown: number(T.links.n), all: number(DATA.links_count) })),
  ];
}

function clusterLine(i) {
  const held = DATA.memberships[i];
  return h('li', {}, link({ cluster: T.clusters.id[i] }, { class: 'row' },
    h('span', { class: 'park none' }, number(held.members.length)),
    h('span', { class: 'grow' }, h('b', {}, nameOf(T.clusters, i)), h('small', {}, `${plural('members', held.members.length)} · ${held.core.slice(0, 3).map(goodName).join(', ')}`)),
    h('span', { class: 'amount' }, share(T.clusters.cooperation_share[i]), h('small', {}, t('cooperation_short')))));
}

function goodName(code) {
  for (const table of [T.goods, T.products]) {
    const row = rowOf(table, code);
    if (row !== null) return nameOf(table, row);
  }
  return code;
}

function clusterPage(i) {
  const held = DATA.memberships[i];
  const trade = clusterFlows(new Set(held.members));
  focus.flows = [...trade, ...exchangeFlows(EXCHANGES_OF.get(i) || [])];
  return [
    h('article', { class: 'card', 'aria-label': nameOf(T.clusters, i) },
      link({ tab: 'clusters' }, { class: 'back' }, `← ${t('back_to_clusters')}`),
      h('header', {}, h('h2', { tabindex: '-1', id: 'card-title' }, nameOf(T.clusters, i)), h('p', {}, plural('members', held.members.length))),
      figures(figure(t('cooperation'), share(T.clusters.cooperation_share[i]), t('cooperation_hint')), figure(t('links'), number(trade.length), t('links_hint'))),
      heading(t('members')), h('ul', { class: 'plain' }, held.members.map((row) => h('li', {}, nameOf(T.enterprises, row), h('small', {}, [industryOf(T.enterprises.okved[row]), tieOf(row, i), otherClusters(row, i)].filter(Boolean).join(' · '))))),
      nearMembers(i),
      heading(t('core_products')), listOr(held.core.map(goodName), NOTHING),
      heading(t('missing_products')), listOr(held.missing.map(goodName), t('nothing_missing')),
      gapTable(i), exchangeTable(EXCHANGES_OF.get(i) || []),
      heading(t('checks')), checkList(CHECKS_OF_CLUSTER.get(i) || [])),
  ];
}

function clusterFlows(members) {
  const { supplier, buyer, volume_mrub: volume, n } = T.links;
  const rows = range(n).filter((row) => members.has(supplier[row]) && members.has(buyer[row]) && supplier[row] !== buyer[row]);
  const largest = Math.max(...rows.map((row) => volume[row]), 1e-9);
  return rows.map((row) => ({ from: pointOf(T.enterprises.shape, supplier[row]), to: pointOf(T.enterprises.shape, buyer[row]), source: () => nameOf(T.enterprises, supplier[row]), target: () => nameOf(T.enterprises, buyer[row]), weight: volume[row] / largest, colour: UTILITY.heat })).filter((flow) => flow.from && flow.to);
}
