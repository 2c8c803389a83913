// Who else is tied to a cluster, and by-products and waste heat that a neighbour could take.

const EXCHANGES_OF = rowsOf('exchanges', 'cluster');
const TIES_OF = rowsOf('ties', 'cluster');
const TIES_OF_FIRM = rowsOf('ties', 'enterprise');
const TIE_LEAST = 0.1;
const NEAR_MOST = 12;

function exchangeTable(rows) {
  if (!rows.length) return null;
  const X = T.exchanges;
  const order = [...rows].sort((a, b) => X.value_mrub_year[b] - X.value_mrub_year[a] || a - b);
  const title = (row) => X[language.now === 'ru' ? 'title_ru' : 'title'][row] || NOTHING;
  return [heading(t('exchanges')), note(t('exchanges_note')), grid([t('by_product'), t('giver'), t('taker'), t('distance'), t('worth_yearly')], order.map((row) => [
    h('span', {}, capital(title(row)), h('small', {}, `${withUnit(X.volume[row], X.unit[row], 1)}${X.unit[row] === 'MW' ? '' : ` ${t('per_year')}`}`)), nameOf(T.enterprises, X.giver[row]), nameOf(T.enterprises, X.taker[row]), km(X.distance_km[row]), money(X.value_mrub_year[row]),
  ]), { caption: t('exchanges_caption'), align: ['', '', '', 'n', 'n'], name: 'exchanges' })];
}

function exchangeFlows(rows) {
  const X = tableOrNone('exchanges');
  const largest = Math.max(...rows.map((row) => X.value_mrub_year[row]), 1e-9);
  return rows.map((row) => ({ from: pointOf(T.enterprises.shape, X.giver[row]), to: pointOf(T.enterprises.shape, X.taker[row]), source: () => nameOf(T.enterprises, X.giver[row]), target: () => nameOf(T.enterprises, X.taker[row]), weight: X.value_mrub_year[row] / largest, colour: UTILITY.electricity })).filter((flow) => flow.from && flow.to);
}

// Other clusters a member is tied to as well: clusters overlap, and the first is not the only one.
function otherClusters(firm, cluster) {
  const D = tableOrNone('ties');
  const rows = (TIES_OF_FIRM.get(firm) || []).filter((row) => D.cluster[row] !== cluster && D.share[row] >= TIE_LEAST).sort((a, b) => D.share[b] - D.share[a]);
  return rows.length ? t('also_in', { names: rows.map((row) => `${nameOf(T.clusters, D.cluster[row])} (${share(D.share[row])})`).join(', ') }) : null;
}

function tieOf(firm, cluster) {
  const row = (TIES_OF_FIRM.get(firm) || []).find((at) => T.ties.cluster[at] === cluster);
  return row === undefined ? null : t('ties_share', { share: share(T.ties.share[row]) });
}

function nearMembers(i) {
  const D = tableOrNone('ties');
  const rows = (TIES_OF.get(i) || []).filter((row) => !D.is_own[row] && known(D.enterprise[row]) && D.share[row] >= TIE_LEAST).sort((a, b) => D.share[b] - D.share[a]).slice(0, NEAR_MOST);
  if (!rows.length) return null;
  return fold(`${t('near_members')} (${number(rows.length)})`, false, note(t('near_members_note')), h('ul', { class: 'plain' }, rows.map((row) => h('li', {}, nameOf(T.enterprises, D.enterprise[row]), h('small', {}, t('ties_share', { share: share(D.share[row]) }))))));
}
