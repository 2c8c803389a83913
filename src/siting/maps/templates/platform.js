// Plants and their neighbours: the best sites of a product, suppliers of its inputs, what a firm
// could make besides, and who could close the gaps of a cluster.

const BEST_OF = rowsOf('product_sites', 'product');
const SUPPLIERS_OF = rowsOf('suppliers', 'product');
const ADDITIONS_OF = rowsOf('additions', 'enterprise');
const GAPS_OF = rowsOf('cluster_gaps', 'cluster');

function bestSites(i) {
  const rows = (BEST_OF.get(i) || []).sort((a, b) => T.product_sites.rank[a] - T.product_sites.rank[b]);
  if (!rows.length) return null;
  const B = T.product_sites;
  return [heading(t('best_sites')), grid([t('site'), t('connection_all'), t('onsite_all'), t('freight'), t('total')], rows.map((row) => [
    known(B.site[row]) ? link({ site: T.sites.id[B.site[row]] }, {}, siteName(B.site[row])) : NOTHING, money(B.connection_cost_mrub[row]), money(B.onsite_cost_mrub[row]), money(B.freight_mrub_year[row]), h('b', {}, money(B.total_mrub[row])),
  ]), { caption: t('best_sites_caption'), align: ['', 'n', 'n', 'n', 'n'], name: 'best-sites' })];
}

function supplierTable(i) {
  const rows = SUPPLIERS_OF.get(i) || [];
  if (!rows.length) return null;
  const S = T.suppliers;
  return [heading(t('suppliers')), grid([t('input'), t('supplier'), t('needed'), t('makes'), t('distance')], rows.map((row) => [
    capital(goodName(S.input[row])), known(S.enterprise[row]) ? nameOf(T.enterprises, S.enterprise[row]) : h('span', { class: 'doubtful' }, t('nobody_near')), money(S.needed_mrub[row]), money(S.output_mrub[row]), km(S.distance_km[row]),
  ]), { caption: t('suppliers_caption'), align: ['', '', 'n', 'n', 'n'], name: 'suppliers' })];
}

// Sellers to the new plant, drawn towards its site.
function supplierFlows(i, site) {
  if (site === null) return [];
  const S = tableOrNone('suppliers');
  const rows = (SUPPLIERS_OF.get(i) || []).filter((row) => known(S.enterprise[row]) && pointOf(T.enterprises.shape, S.enterprise[row]));
  const largest = Math.max(...rows.map((row) => S.needed_mrub[row]), 1e-9);
  return rows.map((row) => ({ from: pointOf(T.enterprises.shape, S.enterprise[row]), to: pointOf(T.sites.spot, site), source: () => nameOf(T.enterprises, S.enterprise[row]), target: () => siteName(site), weight: S.needed_mrub[row] / largest, colour: UTILITY.electricity }));
}

function gapTable(i) {
  const rows = GAPS_OF.get(i) || [];
  if (!rows.length) return null;
  const G_ = T.cluster_gaps;
  return [heading(t('cluster_gaps')), grid([t('product'), t('needed'), t('could_make'), t('likeness'), t('distance')], rows.map((row) => [
    capital(goodName(G_.product[row])), money(G_.needed_mrub[row]), known(G_.enterprise[row]) ? nameOf(T.enterprises, G_.enterprise[row]) : h('span', { class: 'doubtful' }, t('nobody_could')), share(G_.likeness[row]), km(G_.distance_km[row]),
  ]), { caption: t('cluster_gaps_caption'), align: ['', 'n', '', 'n', 'n'], name: 'cluster-gaps' })];
}

// The view of a firm that works here already: what it could add to what it makes.
function firmFinder() {
  if (!ADDITIONS_OF.size) return null;
  const firms = [...ADDITIONS_OF.keys()].sort((a, b) => nameOf(T.enterprises, a).localeCompare(nameOf(T.enterprises, b), LOCALES[language.now]));
  const told = h('div', { id: 'firm-additions', role: 'status', 'aria-live': 'polite' });
  const choose = (event) => told.replaceChildren(...(event.target.value === '' ? [] : [additionTable(Number(event.target.value))]));
  return fold(t('firm_title'), false, note(t('firm_note')),
    h('p', { class: 'tools' }, h('label', { for: 'firm' }, t('firm')), h('select', { id: 'firm', onchange: choose }, h('option', { value: '' }, t('firm_choose')), firms.map((row) => h('option', { value: String(row) }, nameOf(T.enterprises, row))))), told);
}

function additionTable(firm) {
  const A = T.additions;
  const rows = ADDITIONS_OF.get(firm).sort((a, b) => A.rank[a] - A.rank[b]).filter((row) => known(A.product[row]));
  return grid([t('product'), t('likeness'), t('gap')], rows.map((row) => [link({ product: T.products.id[A.product[row]] }, {}, capital(nameOf(T.products, A.product[row]))), share(A.likeness[row]), money(A.gap_mrub[row])]), { caption: nameOf(T.enterprises, firm), align: ['', 'n', 'n'], name: 'additions' });
}
