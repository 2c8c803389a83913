// The address decides what is shown: a link to a site is a link to this file and #site=ID.

const TABS = ['overview', 'sites', 'make', 'clusters', 'doubt', 'method'];
const state = { tab: 'overview', site: null, product: null, cluster: null };
const focus = { flows: [], utility: null };

const rowOf = (table, id) => {
  const row = id === null ? -1 : table.id.indexOf(id);
  return row < 0 ? null : row;
};

function addressOf(params) {
  const told = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) told.set(name, value);
  if (params.site || params.product || params.cluster) told.delete('tab');
  if (language.now !== DATA.lang) told.set('lang', language.now);
  return `#${told}`;
}

function go(params) {
  window.location.hash = addressOf(params);
}

function readAddress() {
  const told = new URLSearchParams(window.location.hash.slice(1));
  const lang = told.get('lang');
  language.now = LANGS.includes(lang) ? lang : DATA.lang;
  state.site = rowOf(T.sites, told.get('site'));
  state.product = rowOf(T.products, told.get('product'));
  state.cluster = rowOf(T.clusters, told.get('cluster'));
  const implied = state.site !== null ? 'sites' : state.product !== null ? 'make' : state.cluster !== null ? 'clusters' : null;
  state.tab = implied || (TABS.includes(told.get('tab')) ? told.get('tab') : 'overview');
  focus.utility = null;
  focus.flows = [];
}

function addressNow() {
  if (state.site !== null) return { site: T.sites.id[state.site] };
  if (state.product !== null) return { product: T.products.id[state.product] };
  if (state.cluster !== null) return { cluster: T.clusters.id[state.cluster] };
  return { tab: state.tab };
}
