// What lies on the map: layers, legend, scale, zoom, the notice and the tooltip.

const GROUPS = [
  ['layers_answer', ['sites', 'unfit', 'trunks', 'raster', 'surface', 'plots', 'parks', 'enterprises']],
  ['layers_ground', ['road', 'rail', 'districts', 'zones']],
  ['layers_nets', ['electricity', 'gas', 'water', 'sewage', 'heat', 'telecom']],
];
const shown = { sites: true, unfit: false, trunks: true, raster: false, surface: false, plots: true, parks: true, enterprises: false, road: true, rail: true, districts: true, zones: false, electricity: false, gas: false, water: false, sewage: false, heat: false, telecom: false };

const layerName = (code) => (has('utility', code) ? say('utility', code) : t(`layer_${code}`));

const LocalScale = L.Control.Scale.extend({
  _updateMetric(metres) {
    const round = this._getRoundNum(metres);
    this._updateScale(this._mScale, round < 1000 ? t('m', { value: number(round) }) : t('km', { value: number(round / 1000) }), round / metres);
  },
});

function placeControls(map, held) {
  held.forEach((control) => control.remove());
  const zoom = L.control.zoom({ position: 'topright', zoomInTitle: t('zoom_in'), zoomOutTitle: t('zoom_out') });
  const controls = [zoom, panelOf('topright', layerBox(), 'layer-box'), panelOf('topright', h('button', { type: 'button', id: 'save-png', class: 'plain-button', 'aria-label': t('save_png'), onclick: savePicture }, h('span', { 'aria-hidden': 'true' }, '↓\u00a0'), h('span', { class: 'wide-only' }, t('save_png'))), 'save-box'), new LocalScale({ position: 'bottomleft', imperial: false, maxWidth: 120 }), panelOf('bottomright', legendBox(), 'legend-box'), originLine()];
  controls.forEach((control) => control.addTo(map));
  nameMarks(map);
  return controls;
}

function originLine() {
  const control = L.control({ position: 'bottomleft' });
  control.onAdd = () => h('div', { class: 'origin' }, link({ tab: 'method' }, {}, t('licence')));
  return control;
}

function panelOf(position, content, name) {
  const control = L.control({ position });
  control.onAdd = () => {
    const box = h('div', { class: `on-map ${name}` }, content);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    return box;
  };
  return control;
}

// A layer that this plan has nothing for is not offered.
const isOffered = (code) => (code !== 'surface' || canAsk) && (code !== 'raster' || R) && (code !== 'trunks' || tableOrNone('trunks').n > 0);

function layerBox() {
  const groups = GROUPS.map(([title, codes]) => h('fieldset', {}, h('legend', {}, t(title)), codes.filter(isOffered).map(layerLine)));
  return h('details', { open: opened.layers, ontoggle: (event) => holdOpen('layers', event.target) }, h('summary', {}, t('layers')), groups);
}

// The list of layers and the legend share a side of the map. A phone has room for one of them; on a
// low window the list ends, and scrolls, where the legend begins.
function holdOpen(code, details) {
  opened[code] = details.open;
  const other = code === 'layers' ? 'legend' : 'layers';
  const box = document.querySelector(`.${other === 'layers' ? 'layer' : 'legend'}-box details`);
  if (details.open && isNarrow() && box) box.open = false;
  fitLayers();
  nameMarks(map);
}

const GAP_PX = 10;
const LIST_LEAST_PX = 120;
function fitLayers() {
  const [list, legend] = ['.layer-box', '.legend-box'].map((name) => document.querySelector(name));
  if (!list || !legend) return;
  const room = legend.getBoundingClientRect().top - list.getBoundingClientRect().top - GAP_PX;
  // the button that saves the picture stands between them
  const between = document.querySelector('.save-box')?.getBoundingClientRect().height || 0;
  list.style.maxHeight = `${Math.max(LIST_LEAST_PX, room - between - GAP_PX)}px`;
}

const opened = { layers: false, legend: window.innerWidth > 760 };

function layerLine(code) {
  const box = h('input', { type: 'checkbox', id: `layer-${code}`, checked: shown[code], onchange: (event) => { shown[code] = event.target.checked; refreshLegend(); redraw(); } });
  return h('label', { for: `layer-${code}` }, box, swatch(code), layerName(code));
}

function swatch(code) {
  if (code === 'rail') return h('i', { class: 'line rail' });
  const colour = UTILITY[code] || { sites: SAVING[3], unfit: NOT_FIT, plots: '#5f9160', trunks: INK.trunk, parks: INK.accent, enterprises: '#c9a227', districts: GROUND.border, zones: GROUND.zone }[code];
  if (code === 'surface' || code === 'raster') return h('i', { class: 'ramp', style: { '--a': COST_RAMP[0], '--b': COST_RAMP[2], '--c': COST_RAMP[4] } });
  const kind = { sites: 'dot', unfit: 'dot', enterprises: 'dot', parks: 'diamond', plots: 'area' }[code] || 'line';
  return h('i', { class: `${kind} ${code}`, style: { '--c': code === 'road' ? ROADS.federal.fill : colour } });
}

function legendRows() {
  const limits = [...BREAKS, Infinity];
  const row = (mark, text) => h('li', {}, mark, h('span', {}, text));
  const dotOf = (colour) => h('i', { class: 'dot', style: { '--c': colour } });
  const rows = limits.map((limit, i) => {
    const low = i === 0 ? 0 : limits[i - 1];
    const text = limit === Infinity ? t('over', { value: number(low) }) : `${number(low)}${DASH}${number(limit)}`;
    return row(dotOf(rampOf(i)), text);
  });
  return [row(h('i', { class: 'park small' }, '1'), t(state.tab === 'whatif' && live.now ? 'legend_quick' : 'legend_chosen')), row(dotOf(LOSS), t('legend_loss')), ...rows, shown.unfit ? row(dotOf(NOT_FIT), t('unfit')) : null];
}

function legendBox() {
  const nets = ['electricity', 'gas', 'water', 'sewage', 'heat', 'telecom'].filter((code) => shown[code]);
  return h('details', { open: opened.legend, class: 'legend', ontoggle: (event) => holdOpen('legend', event.target) },
    h('summary', {}, t('legend')),
    rasterLegend(), surfaceLegend(),
    h('p', {}, t('legend_saving')), h('ul', {}, legendRows()),
    h('ul', { class: 'lines' },
      shown.road ? ['federal', 'regional'].map((kind) => h('li', {}, h('i', { class: 'line road', style: { '--c': ROADS[kind].fill, '--edge': ROADS[kind].casing } }), h('span', {}, say('kind', kind)))) : null,
      shown.rail ? h('li', {}, h('i', { class: 'line rail' }), h('span', {}, say('utility', 'rail'))) : null,
      shown.trunks && isOffered('trunks') ? h('li', {}, swatch('trunks'), h('span', {}, t('layer_trunks'))) : null,
      shown.parks ? h('li', {}, swatch('parks'), h('span', {}, t('layer_parks'))) : null,
      nets.map((code) => h('li', {}, swatch(code), h('span', {}, say('utility', code))))));
}

function hoverTip(map) {
  const tip = L.tooltip({ direction: 'top', offset: [0, -8], opacity: 1 });
  let held = null;
  return (event) => {
    const scale = TILE * 2 ** map.getZoom();
    const [x, y] = [worldX(event.latlng.lng), worldY(event.latlng.lat)];
    const [key, content] = whatIsAt(x, y, scale, map.getZoom());
    map.getContainer().classList.toggle('pointing', key !== null && key.startsWith('site'));
    if (key === null) map.closeTooltip(tip);
    else if (key !== held) tip.setContent(content());
    if (key !== null) tip.setLatLng(event.latlng).addTo(map);
    held = key;
  };
}

function whatIsAt(x, y, scale, zoom) {
  const site = shown.sites ? siteAt(x, y, scale) : null;
  if (site !== null) return [`site${site}`, () => siteTip(site)];
  const net = nearestOf(G.nets.shape, x, y, scale, (i) => shown[G.nets.utility[i]]);
  if (net !== null) return [`net${net}`, () => netTip(net)];
  const firm = shown.enterprises ? nearestOf(T.enterprises.shape, x, y, scale) : null;
  if (firm !== null) return [`firm${firm}`, () => firmTip(firm)];
  const park = shown.parks ? nearestOf(T.parks.shape, x, y, scale) : null;
  if (park !== null) return [`park${park}`, () => parkTip(park)];
  const plot = shown.plots && !shown.surface && !shown.raster && zoom >= PLOT_ZOOM ? plotAt(x, y) : null;
  if (plot !== null) return [`plot${plot}`, () => plotTip(plot)];
  const cell = shown.surface ? cellAt(x, y) : null;
  if (cell !== null) return [`cell${cell}`, () => surfaceTip(cell)];
  const spot = shown.raster ? rasterAt(x, y) : null;
  if (spot !== null) return [`spot${spot.cell}`, () => rasterTip(spot)];
  return [null, null];
}

const tipOf = (name, ...lines) => h('div', { class: 'tip' }, h('b', {}, name), lines.filter(Boolean).map((line) => h('span', {}, line)));

function netTip(i) {
  const N = G.nets;
  const unit = N.capacity_unit[i];
  const spare = known(N.spare_capacity[i]) ? `${t('spare')}: ${withUnit(N.spare_capacity[i], unit, 1)}${N.spare_is_synthetic[i] ? ` (${t('made_up')})` : ''}` : N.capacity_unit[i] ? t('spare_unknown') : null;
  return tipOf(nameOf(N, i), say('kind', N.kind[i]), known(N.voltage_kv[i]) ? t('kv', { value: number(N.voltage_kv[i]) }) : null, known(N.capacity[i]) ? `${t('capacity')}: ${withUnit(N.capacity[i], unit, 1)}` : null, spare, N.status[i] === 'planned' ? t('planned') : null);
}

function firmTip(i) {
  const E = T.enterprises;
  const assumed = E.size_status[i] === 'ASSUMED' ? ` (${say('status', 'ASSUMED').toLowerCase()})` : '';
  return tipOf(nameOf(E, i), industryOf(E.okved[i]), known(E.employees[i]) ? `${plural('people', E.employees[i])}${assumed}` : null);
}

function parkTip(i) {
  const P = T.parks;
  return tipOf(nameOf(P, i), `${t('existing')}: ${say('kind', P.kind[i]).toLowerCase()}`, known(P.area_ha[i]) ? ha(P.area_ha[i]) : null, known(P.free_ha[i]) ? `${t('free')}: ${ha(P.free_ha[i])}` : null);
}

function plotTip(i) {
  const P = T.plots;
  return tipOf(`${t('plot')} ${P.id[i]}`, say('category', P.category[i]), `${t('buildable')}: ${ha(P.buildable_ha[i])}`, P.is_eligible[i] ? null : reasons(P.why_not[i]).join('; '), cheapestCure(i), P.is_synthetic[i] ? t('made_up') : null);
}

// The cheapest way out of what refuses a plot, in a line.
function cheapestCure(plot) {
  const C = tableOrNone('cures');
  const row = (CURES_OF_PLOT.get(plot) || []).find((at) => C.is_cheapest[at] && C.is_blocking[at]);
  return row === undefined ? null : `${t('cure_would')}: ${say('cure', C.cure[row])}, ${known(C.price_mrub[row]) ? money(C.price_mrub[row]) : t('price_not_known')}`;
}

const reasons = (codes) => (codes ? codes.split(';').map((code) => say('why_not', code.trim())) : []);
