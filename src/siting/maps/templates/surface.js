// What connecting a given demand costs, cell by cell: the look-up of the place a cell was computed
// for. Between places nothing is guessed: a cell without a plot stays blank.

const ASKED = { electricity: 10, gas: 1000, water: 500, sewage: 400, heat: 5, road: 1, rail: 1, telecom: 1 };
const surface = { utility: 'electricity', demand: { ...ASKED }, costs: null, key: '', limits: [] };
const COST_RAMP = ['#fff3b8', '#fbc35a', '#ee8a3c', '#c74b3a', '#7b1f3a'];
let spotWays = null;

const spotWorld = () => ({ options: OFFERED.options, extra: DATA.pricing.extra, fixed: OFFERED.options.fixed, perKm: OFFERED.options.per_km, perUnit: OFFERED.options.per_unit, spare: OFFERED.sources.spare });

// The cheapest way to meet a demand at a cell, or null where nothing reaches.
function connectAt(cell, utility, demand) {
  spotWays = spotWays || waysOf(DATA.pricing.ways);
  const found = { way: -1 };
  const cost = cheapestWay(spotWays, spotWorld(), cell * UTILITIES_COUNT + DATA.utilities.indexOf(utility), demand, found);
  if (found.way < 0) return null;
  const [option, source] = [spotWays.option[found.way], spotWays.source[found.way]];
  return { cost, option: OFFERED.options.option[option], source: source < 0 ? null : OFFERED.sources.id[source], km: spotWays.length[found.way], isSpareKnown: source < 0 || OFFERED.sources.is_spare_known[source] };
}

function surfaceCosts() {
  const key = `${surface.utility}:${surface.demand[surface.utility]}`;
  if (surface.key === key) return surface.costs;
  surface.key = key;
  surface.costs = range(OFFERED.spots.n).map((cell) => connectAt(cell, surface.utility, surface.demand[surface.utility])?.cost ?? NaN);
  const sorted = surface.costs.filter((cost) => known(cost)).sort((a, b) => a - b);
  const cut = (share_) => roundMoney(sorted[Math.floor(share_ * (sorted.length - 1))] || 0);
  surface.limits = [...new Set([0.2, 0.4, 0.6, 0.8].map(cut))];
  return surface.costs;
}

function roundMoney(mrub) {
  const step = mrub > 0 ? 10 ** Math.floor(Math.log10(mrub)) / 2 : 1;
  return Math.max(step, Math.round(mrub / step) * step);
}

const costClass = (cost) => {
  const place = surface.limits.findIndex((limit) => cost < limit);
  return place < 0 ? surface.limits.length : place;
};
const costColour = (place) => COST_RAMP[Math.round((place * (COST_RAMP.length - 1)) / Math.max(1, surface.limits.length))];

function* drawSurface(pen, view) {
  if (!canAsk || !shown.surface) return;
  const costs = surfaceCosts();
  const byClass = new Map();
  costs.forEach((cost, cell) => {
    if (!known(cost)) return;
    const place = costClass(cost);
    if (!byClass.has(place)) byClass.set(place, []);
    byClass.get(place).push(cell);
  });
  for (const [place, cells] of byClass) yield* fillAll(pen, OFFERED.spots.shape, cells, view, costColour(place), 0.62);
}

let cellIndex = null;
function cellAt(x, y) {
  if (!canAsk) return null;
  cellIndex = cellIndex || spatialIndex(OFFERED.spots.shape);
  return [...cellIndex(x, y, x, y)].find((cell) => contains(OFFERED.spots.shape, cell, x, y)) ?? null;
}

function surfaceTip(cell) {
  const cost = surfaceCosts()[cell];
  const asked = withUnit(surface.demand[surface.utility], unitOf(surface.utility), 2);
  return tipOf(`${say('utility', surface.utility)}, ${asked}: ${known(cost) ? money(cost) : t('cannot_connect')}`, t('computed_for_plot', { plot: OFFERED.spots.plot_id[cell] }), OFFERED.spots.is_synthetic[cell] ? t('made_up') : null);
}

const unitOf = (utility) => DATA.pricing.units[DATA.utilities.indexOf(utility)];

function surfaceLegend() {
  if (!canAsk || !shown.surface) return null;
  surfaceCosts();
  const limits = [...surface.limits, Infinity];
  return [h('p', {}, t('legend_surface', { utility: say('utility', surface.utility), demand: withUnit(surface.demand[surface.utility], unitOf(surface.utility), 2) })),
    h('ul', {}, limits.map((limit, i) => h('li', {}, h('i', { class: 'cell', style: { '--c': costColour(i) } }), h('span', {}, limit === Infinity ? t('over', { value: number(limits[i - 1]) }) : `${number(i === 0 ? 0 : limits[i - 1])}${DASH}${number(limit)}`)))),
    h('p', {}, t('surface_blank', { km: number(DATA.pricing.side_km) }))];
}
