// The surface of cost: what connecting a park of a given size costs in every cell of the region, as
// the study computed it. A cell is painted as it is; between cells nothing is guessed.

const R = DATA.surfaces;
const raster = { code: 'total', size: 0, values: null, key: '', limits: [], picture: null };
const RASTER_ALPHA = 0.66;

function rasterValues() {
  const key = `${raster.code}:${raster.size}`;
  if (raster.key === key) return raster.values;
  raster.key = key;
  raster.values = UNPACK.n(R.bands[raster.code][raster.size]);
  const sorted = raster.values.filter(known).sort();
  const cut = (part) => roundMoney(sorted[Math.floor(part * (sorted.length - 1))] || 0);
  raster.limits = [...new Set([0.2, 0.4, 0.6, 0.8].map(cut))];
  raster.picture = rasterPicture();
  return raster.values;
}

const rasterClass = (cost) => {
  const place = raster.limits.findIndex((limit) => cost < limit);
  return place < 0 ? raster.limits.length : place;
};
const rasterColour = (place) => COST_RAMP[Math.round((place * (COST_RAMP.length - 1)) / Math.max(1, raster.limits.length))];

// A point of the picture is a cell.
function rasterPicture() {
  const canvas = Object.assign(document.createElement('canvas'), { width: R.wide, height: R.high });
  const pen = canvas.getContext('2d');
  const image = pen.createImageData(R.wide, R.high);
  const colours = range(raster.limits.length + 1).map((place) => [1, 3, 5].map((at) => parseInt(rasterColour(place).slice(at, at + 2), 16)));
  raster.values.forEach((cost, cell) => {
    if (known(cost)) image.data.set([...colours[rasterClass(cost)], 255], 4 * cell);
  });
  pen.putImageData(image, 0, 0);
  return canvas;
}

function drawRaster(pen, view) {
  if (!R || !shown.raster) return;
  rasterValues();
  pen.globalAlpha = RASTER_ALPHA;
  pen.imageSmoothingEnabled = false;
  pen.drawImage(raster.picture, px(view, R.west), py(view, R.north), R.wide * R.step_x * view.scale, R.high * R.step_y * view.scale);
  pen.globalAlpha = 1;
}

function rasterAt(x, y) {
  if (!R) return null;
  const [col, row] = [Math.floor((x - R.west) / R.step_x), Math.floor((y - R.north) / R.step_y)];
  if (col < 0 || row < 0 || col >= R.wide || row >= R.high) return null;
  const cost = rasterValues()[row * R.wide + col];
  return known(cost) ? { cell: row * R.wide + col, cost } : null;
}

const rasterName = (code) => (code === 'total' ? t('raster_total') : say('utility', code));

function rasterTip({ cost }) {
  const demand = R.demands[raster.code]?.[raster.size];
  const unit = DATA.pricing ? unitOf(raster.code) : null;
  return tipOf(`${rasterName(raster.code)}: ${money(cost)}`, t('raster_park', { area: ha(R.sizes_ha[raster.size]) }), demand && unit ? `${t('demand')} ${withUnit(demand, unit, 1)}` : null);
}

function rasterLegend() {
  if (!R || !shown.raster) return null;
  rasterValues();
  const changed = (change) => (event) => { change(event.target.value); refreshLegend(); redraw(); document.getElementById(event.target.id)?.focus(); };
  const limits = [...raster.limits, Infinity];
  return h('div', { class: 'raster' }, h('p', {}, t('legend_raster', { area: ha(R.sizes_ha[raster.size]) })),
    h('select', { id: 'raster-code', 'aria-label': t('surface_of'), onchange: changed((code) => { raster.code = code; }) }, Object.keys(R.bands).map((code) => h('option', { value: code, selected: code === raster.code }, rasterName(code)))),
    R.sizes_ha.length > 1 ? h('select', { id: 'raster-size', 'aria-label': t('area'), onchange: changed((size) => { raster.size = Number(size); }) }, R.sizes_ha.map((size, place) => h('option', { value: String(place), selected: place === raster.size }, ha(size)))) : null,
    h('ul', {}, limits.map((limit, i) => h('li', {}, h('i', { class: 'cell', style: { '--c': rasterColour(i) } }), h('span', {}, limit === Infinity ? t('over', { value: number(limits[i - 1]) }) : `${number(i === 0 ? 0 : limits[i - 1])}${DASH}${number(limit)}`)))),
    h('p', {}, t('raster_blank')));
}
