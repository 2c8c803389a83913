// Sites: ranked list with search, filter and order.

const listing = { filter: 'eligible', order: 'saving', query: '' };
const FILTERS = ['chosen', 'eligible', 'all'];
const ORDERS = {
  saving: (i) => -(known(T.sites.saving_mrub[i]) ? T.sites.saving_mrub[i] : -Infinity),
  rank: (i) => (known(T.sites.rank[i]) ? T.sites.rank[i] : Infinity),
  area: (i) => -T.sites.buildable_ha[i],
  cost: (i) => (known(T.sites.connection_cost_mrub[i]) ? T.sites.connection_cost_mrub[i] : Infinity),
  stability: (i) => -(T.sites.chosen_share[i] || 0),
};
const LIST_PART = 60;

function sitesPage() {
  const list = h('div', { id: 'site-list' });
  const count = h('p', { class: 'note', role: 'status', 'aria-live': 'polite' });
  const show = () => fillList(list, count);
  const search = h('input', { type: 'search', id: 'search', value: listing.query, placeholder: t('search_hint'), autocomplete: 'off', oninput: (event) => { listing.query = event.target.value; show(); } });
  const order = h('select', { id: 'order', onchange: (event) => { listing.order = event.target.value; show(); } }, Object.keys(ORDERS).map((code) => h('option', { value: code, selected: code === listing.order }, t(`order_${code}`))));
  show();
  return [
    h('div', { class: 'tools' },
      h('label', { for: 'search' }, t('search')), search,
      h('label', { for: 'order' }, t('order')), order,
      h('div', { class: 'choice', role: 'group', 'aria-label': t('filter') }, FILTERS.map((code) => filterButton(code, show)))),
    tray(), h('div', { class: 'row' }, h('span', { class: 'grow' }, count), h('button', { type: 'button', class: 'save', id: 'save-sites', onclick: saveSites }, t('save_csv'))), list,
  ];
}

function filterButton(code, show) {
  return h('button', { type: 'button', 'data-filter': code, 'aria-pressed': String(listing.filter === code), onclick: (event) => {
    listing.filter = code;
    for (const button of event.target.parentElement.children) button.setAttribute('aria-pressed', String(button === event.target));
    show();
  } }, t(`filter_${code}`));
}

function listedSites() {
  const S = T.sites;
  const wanted = listing.query.trim().toLocaleLowerCase();
  const fits = (i) => (listing.filter === 'all' || (listing.filter === 'chosen' ? S.is_chosen[i] : S.is_eligible[i]))
    && (!wanted || [S.id[i], siteName(i), districtName(i)].some((text) => text.toLocaleLowerCase().includes(wanted)));
  const key = ORDERS[listing.order];
  return range(S.n).filter(fits).sort((a, b) => key(a) - key(b) || (S.id[a] < S.id[b] ? -1 : 1));
}

const districtName = (i) => (known(T.sites.district[i]) ? nameOf(T.districts, T.sites.district[i]) : '');

function fillList(list, count) {
  const rows = listedSites();
  const widest = Math.max(...rows.map((i) => Math.abs(T.sites.saving_mrub[i]) || 0), 0);
  count.textContent = rows.length ? plural('sites', rows.length) : t('nothing_found');
  list.replaceChildren(shownByParts(rows, LIST_PART, (i) => siteLine(i, widest), h('ol', { class: 'parks' })));
}

function siteLine(i, widest) {
  const S = T.sites;
  const about = [districtName(i), ha(S.buildable_ha[i]), known(S.connection_cost_mrub[i]) ? `${t('connections_short')} ${money(S.connection_cost_mrub[i])}` : null];
  return h('li', { class: 'with-pick' }, pickBox(i), link({ site: S.id[i] }, { class: 'row' },
    S.is_chosen[i] ? h('span', { class: 'park', style: { '--fill': savingColour(S.saving_mrub[i]) } }, number(S.rank[i])) : h('span', { class: 'park none' }, h('i', { class: 'dot', style: { '--c': siteColour(i) } })),
    h('span', { class: 'grow' }, h('b', {}, siteName(i)), h('small', {}, about.filter(Boolean).join(' · ')),
      S.is_eligible[i] ? bar(S.saving_mrub[i] || 0, widest, siteColour(i)) : h('small', { class: 'bad' }, reasons(S.why_not[i]).join('; ') || t('unfit'))),
    h('span', { class: 'amount' }, S.is_eligible[i] ? money(S.saving_mrub[i]) : NOTHING)));
}
