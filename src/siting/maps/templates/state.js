// The address decides what is shown: a link to a site is a link to this file and #site=ID.

const TABS = ['overview', 'sites', 'make', 'clusters', 'whatif', 'doubt', 'method'];
const state = { tab: 'overview', site: null, product: null, cluster: null, compare: [], place: null };
const focus = { flows: [], utility: null };

const rowOf = (table, id) => {
  const row = id === null ? -1 : table.id.indexOf(id);
  return row < 0 ? null : row;
};

function addressOf(params) {
  const told = { ...params };
  if (params.site || params.product || params.cluster || params.compare || params.place) delete told.tab;
  if (language.now !== DATA.lang) told.lang = language.now;
  return `#${Object.entries(told).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

// Not URLSearchParams: it reads "+" as a space, and ids hold a plus that people type as it is.
function parsed(address) {
  const pairs = new Map();
  for (const part of address.replace(/^#/, '').split('&')) {
    const at = part.indexOf('=');
    if (at > 0) pairs.set(part.slice(0, at), decoded(part.slice(at + 1)));
  }
  return { get: (name) => pairs.get(name) ?? null };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function go(params) {
  window.location.hash = addressOf(params);
}

function readAddress() {
  const asked = parsed(window.location.hash);
  const lang = asked.get('lang');
  language.now = LANGS.includes(lang) ? lang : DATA.lang;
  state.site = rowOf(T.sites, asked.get('site'));
  state.product = rowOf(T.products, asked.get('product'));
  state.cluster = rowOf(T.clusters, asked.get('cluster'));
  state.compare = comparedIn(asked.get('compare'));
  state.place = placeIn(asked.get('place'));
  const implied = state.site !== null || state.compare.length ? 'sites' : state.place ? 'whatif' : state.product !== null ? 'make' : state.cluster !== null ? 'clusters' : null;
  state.tab = implied || (TABS.includes(asked.get('tab')) ? asked.get('tab') : 'overview');
  if (state.tab === 'whatif') readSetting(asked.get('set'));
  focus.utility = null;
  focus.flows = [];
}

function addressNow() {
  if (state.site !== null) return { site: T.sites.id[state.site] };
  if (state.product !== null) return { product: T.products.id[state.product] };
  if (state.cluster !== null) return { cluster: T.clusters.id[state.cluster] };
  if (state.compare.length) return { compare: state.compare.map((row) => T.sites.id[row]).join(';') };
  if (state.place) return { place: placeCode(state.place) };
  if (state.tab === 'whatif' && settingCode()) return { tab: state.tab, set: settingCode() };
  return { tab: state.tab };
}
