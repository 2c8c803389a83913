// Start: the map folium made, our sheets on it, the panel beside it.

const map = window.map_siting;
const marks = L.layerGroup();
let controls = [];
const SHORT_NOTICE = 160;
const NAMING_MS = 120;
const PAGES = { overview: overviewPage, sites: () => (state.site !== null ? cardPage(state.site) : state.compare.length ? comparePage(state.compare) : sitesPage()), make: makePage, clusters: clustersPage, whatif: () => (state.place ? placePage(state.place) : whatifPage()), doubt: doubtPage, method: methodPage };

function redraw() {
  scene.redraw();
}

function refreshLegend() {
  document.querySelector('.legend-box').replaceChildren(legendBox());
  fitLayers();
}

const LAYERS = { ground: drawGround, answer: drawOverlay, names: drawLabels };
const scene = new Scene(function* paint(pen, view) {
  for (const draw of Object.values(LAYERS)) yield* draw(pen, view);
});

const joinBoxes = (boxes) => [0, 1, 2, 3].map((side) => (side < 2 ? Math.min : Math.max)(...boxes.map((box) => box[side])));

function boundsOf(boxes) {
  const [west, north, east, south] = joinBoxes(boxes);
  return L.latLngBounds(toLatLng(west, south), toLatLng(east, north));
}

const boxesOf = (shapes, rows) => rows.filter((i) => shapes.kinds[i]).map((i) => shapes.box.subarray(4 * i, 4 * i + 4));
const wholeRegion = () => map.fitBounds(boundsOf(boxesOf(T.districts.shape, range(T.districts.n))), { padding: [12, 12], animate: false });

const showSite = (i) => showSites([i]);

// Sites with their routes.
const boxOfSites = (rows) => joinBoxes([...boxesOf(T.sites.shape, rows), ...boxesOf(T.connections.shape, rows.flatMap((i) => CONNECTIONS_OF.get(i) || []))]);

function showSites(rows) {
  map.fitBounds(boundsOf([boxOfSites(rows)]), { ...aroundLegend(), maxZoom: 13, animate: !calm() });
}

function showFlows() {
  const ends = focus.flows.flatMap((flow) => [flow.from, flow.to]);
  if (ends.length) map.fitBounds(boundsOf(ends.map(([x, y]) => [x, y, x, y])), { ...aroundLegend(), maxZoom: 11, animate: !calm() });
}

// What is shown must not hide behind the legend, where there is room for both.
const aroundLegend = () => ({ paddingTopLeft: [60, 60], paddingBottomRight: [opened.legend && map.getSize().x > 700 ? 250 : 60, 60] });

const narrow = window.matchMedia('(max-width: 760px)');
const isNarrow = () => narrow.matches;
const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

function render() {
  document.documentElement.lang = language.now;
  document.title = `${t('title')}: ${pick(DATA.region.name)}`;
  widen((state.compare.length > 0 && state.site === null) || state.tab === 'method');
  const body = document.getElementById('page');
  body.replaceChildren(...PAGES[state.tab]().flat(3).filter(Boolean));
  body.setAttribute('aria-labelledby', `tab-${state.tab}`);
  body.scrollTop = 0;
  renderHead();
  placeMarks(map, marks);
  if (controls.length) refreshLegend();
  redraw();
}

// Sites side by side and wide tables need room; the map gives some of its own.
function widen(wide) {
  if ((document.body.dataset.wide === 'yes') === wide) return;
  document.body.dataset.wide = wide ? 'yes' : 'no';
  map.invalidateSize({ animate: false });
}

function renderHead() {
  document.getElementById('head').replaceChildren(
    h('div', { class: 'brand' }, h('h1', {}, t('title')), h('p', {}, pick(DATA.region.name))),
    h('div', { class: 'choice', role: 'group', 'aria-label': t('language') }, LANGS.map(languageButton)),
    h('button', { type: 'button', class: 'sheet-button', 'aria-label': t('panel_size'), onclick: resizeSheet }, '⇕'));
  renderNotice();
  document.getElementById('tabs').replaceChildren(...TABS.map(tabButton));
  document.getElementById('tabs').setAttribute('aria-label', t('pages'));
  document.getElementById(`tab-${state.tab}`).scrollIntoView({ block: 'nearest', inline: 'center' });
  map.getContainer().setAttribute('role', 'region');
  map.getContainer().setAttribute('aria-label', t('map'));
}

// In full on the first page of a wide screen; two lines and a button elsewhere.
function renderNotice() {
  const text = pick(DATA.region.notice);
  const box = document.getElementById('notice');
  const short = text.length > SHORT_NOTICE && (state.tab !== 'overview' || isNarrow());
  box.classList.toggle('short', short);
  box.replaceChildren();
  if (!text) return;
  box.append(h('span', {}, h('strong', {}, t('notice')), ' ', text));
  if (short) box.append(h('button', { type: 'button', onclick: (event) => { box.classList.remove('short'); event.target.remove(); } }, t('in_full')));
}

// The language's own name: the only words that stand on the page in the other language.
function languageButton(code) {
  return h('button', { type: 'button', lang: code, 'aria-pressed': String(code === language.now), 'aria-label': { ru: 'Русский', en: 'English' }[code], onclick: () => setLanguage(code) }, code.toUpperCase());
}

function setLanguage(code) {
  if (code === language.now) return;
  language.now = code;
  const address = addressOf(addressNow());
  // the address names the language only where it is not the file's own
  if (window.location.hash === address) refresh();
  else window.location.hash = address;
}

function tabButton(code) {
  const now = code === state.tab;
  return h('button', { type: 'button', role: 'tab', id: `tab-${code}`, 'aria-selected': String(now), 'aria-controls': 'page', tabindex: now ? '0' : '-1', onclick: () => openTab(code), onkeydown: stepTab }, t(`tab_${code}`));
}

// The sliders stay where they were left.
const openTab = (code) => go(code === 'whatif' && settingCode() ? { tab: code, set: settingCode() } : { tab: code });

function stepTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = TABS[(TABS.indexOf(state.tab) + step + TABS.length) % TABS.length];
  openTab(next);
  window.setTimeout(() => document.getElementById(`tab-${next}`).focus());
}

function resizeSheet() {
  const sizes = ['', 'tall', 'low'];
  const next = sizes[(sizes.indexOf(document.body.dataset.sheet || '') + 1) % sizes.length];
  document.body.dataset.sheet = next;
  map.invalidateSize();
}

let saidLanguage = null;
function refresh() {
  readAddress();
  render();
  if (saidLanguage !== language.now) controls = placeControls(map, controls);
  saidLanguage = language.now;
}

function follow() {
  const before = { ...state };
  refresh();
  if (state.site !== null && state.site !== before.site) showSite(state.site);
  else if (state.compare.length && state.compare.join() !== before.compare.join()) showSites(state.compare);
  else if (focus.flows.length) showFlows();
  const title = document.getElementById('card-title');
  // a reader of the screen is taken to the card that has just opened
  if (title) title.focus({ preventScroll: true });
}

function start() {
  readAddress();
  map.on('zoomend', () => arrangeMarks(map));
  wholeRegion();
  marks.addTo(map);
  refresh();
  if (state.site !== null) showSite(state.site);
  else if (state.compare.length) showSites(state.compare);
  else if (focus.flows.length) showFlows();
  let named = null;
  map.on('moveend', () => {
    window.clearTimeout(named);
    named = window.setTimeout(() => nameMarks(map), NAMING_MS);
  });
  nameMarks(map);
  // drawn once all that lies on the map has its place
  scene.addTo(map);
  map.on('mousemove', hoverTip(map));
  map.on('click', (event) => {
    const site = shown.sites ? siteAt(worldX(event.latlng.lng), worldY(event.latlng.lat), TILE * 2 ** map.getZoom()) : null;
    if (site !== null) go({ site: T.sites.id[site] });
    else if (canAsk) go({ place: placeCode([event.latlng.lng, event.latlng.lat]) });
  });
  window.addEventListener('hashchange', follow);
  window.addEventListener('resize', () => {
    map.invalidateSize();
    fitLayers();
  });
  scene.drawn().then(() => {
    document.body.classList.add('ready');
    performance.mark('siting-ready');
  });
}

// Points that one layer of the picture covers in the window as it is now.
function inkOf(layer) {
  const view = viewOf(map, 0);
  const pen = h('canvas', { width: view.width, height: view.height }).getContext('2d', { willReadFrequently: true });
  atOnce(LAYERS[layer](pen, view));
  const { data } = pen.getImageData(0, 0, view.width, view.height);
  let ink = 0;
  for (let i = 3; i < data.length; i += 4) ink += data[i] > 0;
  return ink;
}

// For those who script the page, and for the test that holds it to the Python.
window.siting = { neutral, recompute, drawn: () => scene.drawn(), inkOf, costAt: (lon, lat) => rasterAt(worldX(lon), worldY(lat))?.cost ?? null };

start();
