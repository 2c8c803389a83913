// The answer on the map: sites by saving, chosen parks with their numbers, routes and flows.

const CONNECTIONS_OF = rowsBy(T.connections.site);
const siteIndex = spatialIndex(T.sites.spot);
const plotIndex = spatialIndex(T.plots.shape);
const CHOSEN = rowsWhere(T.sites, (i) => T.sites.is_chosen[i]).sort((a, b) => T.sites.rank[a] - T.sites.rank[b]);
// The best are drawn last, so that they lie on top.
const ROWS_MOST = 2 ** 20;
const SAVING_MOST = 2 ** 31;
const DRAW_ORDER = drawOrder(T.sites);

// Sorted as numbers: fitness, the saving in thousands and the row, one after another in 53 bits.
function drawOrder({ n, is_eligible: fit, saving_mrub: saving }) {
  const codes = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const whole = Math.round(Math.max(1 - SAVING_MOST, Math.min(SAVING_MOST - 1, (saving[i] || 0) * 1000)));
    codes[i] = (fit[i] * 2 * SAVING_MOST + whole + SAVING_MOST) * ROWS_MOST + i;
  }
  return Uint32Array.from(codes.sort(), (code) => code % ROWS_MOST);
}
const FIT_PLOTS = rowsWhere(T.plots, (i) => T.plots.is_eligible[i]);
const UNFIT_PLOTS = rowsWhere(T.plots, (i) => !T.plots.is_eligible[i]);
const PLOT_ZOOM = 9;
const AREA_PX = 11;
const ROUTE_STEP_PX = 3;

function* drawOverlay(pen, view) {
  drawRaster(pen, view);
  yield* drawSurface(pen, view);
  if (shown.plots && view.zoom >= PLOT_ZOOM) yield* drawPlots(pen, view);
  if (shown.enterprises) drawEnterprises(pen, view);
  const focused = state.site !== null || focus.flows.length > 0;
  if (shown.sites) yield* drawSites(pen, view, focused ? 0.35 : 0.95);
  if (shown.trunks) yield* drawTrunks(pen, view);
  drawFlows(pen, view);
  if (state.place) yield* drawPlace(pen, view);
  if (state.site !== null) yield* drawRoutes(pen, view, state.site);
  drawLeaders(pen, view);
}

function* drawPlots(pen, view) {
  yield* drawPlotsOf(pen, view, UNFIT_PLOTS, '#d9dcde', '#a9afb3');
  yield* drawPlotsOf(pen, view, FIT_PLOTS, '#cfe3d4', '#5f9160');
}

const SPECK_PX = 4;
const EDGED_PX = 7;

// A plot of a few pixels is a speck, one for each place it would cover; a larger one has an edge.
function* drawPlotsOf(pen, view, rows, fill, edge) {
  const shapes = T.plots.shape;
  const wide = Math.ceil(view.width / 2);
  const taken = new Uint8Array(wide * Math.ceil(view.height / 2));
  const [plain, edged] = [[], []];
  let count = 0;
  for (const i of rows) {
    if (!inView(shapes, i, view)) continue;
    const size = sizePx(shapes, i, view);
    if (size >= SPECK_PX) {
      (size >= EDGED_PX ? edged : plain).push(i);
      continue;
    }
    const [x, y] = [px(view, shapes.box[4 * i]) | 0, py(view, shapes.box[4 * i + 1]) | 0];
    const at = (y >> 1) * wide + (x >> 1);
    if (x < 0 || y < 0 || taken[at]) continue;
    taken[at] = 1;
    pen.fillStyle = edge;
    pen.globalAlpha = 0.5;
    pen.fillRect(x, y, Math.max(2, size), Math.max(2, size));
    pen.globalAlpha = 1;
    count += 1;
    if (count % (8 * PART) === 0) yield;
  }
  yield* fillAll(pen, shapes, plain, view, edge, 0.5);
  yield* fillAll(pen, shapes, edged, view, fill, 0.5);
  yield* strokeAll(pen, shapes, edged, view, { colour: edge, width: 0.7 });
}

function drawEnterprises(pen, view) {
  for (let i = 0; i < T.enterprises.n; i += 1) markAt(pen, view, T.enterprises.shape, i, (x, y) => dot(pen, x, y, 3.4, '#c9a227', '#ffffff', 1));
}

function siteRadius(row, view) {
  const byArea = 2.4 + Math.sqrt(T.sites.buildable_ha[row] || 0) / 3.2;
  return Math.min(7, byArea) * Math.min(1.25, Math.max(0.75, view.zoom / 8));
}

function* drawSites(pen, view, alpha) {
  const S = T.sites;
  const dense = pen.getTransform().a;
  const areas = [];
  for (const [count, i] of seenSites(view).entries()) {
    if (sizePx(S.shape, i, view) >= AREA_PX) areas.push(i);
    else if (!S.is_chosen[i] || i === state.site) {
      const [x, y] = spotOf(S.spot, i, view);
      const { face, half } = stamp(siteRadius(i, view), siteColour(i), '#ffffff', 1, dense);
      pen.globalAlpha = siteAlpha(i, alpha);
      pen.drawImage(face, Math.round((x - half) * dense) / dense, Math.round((y - half) * dense) / dense, 2 * half, 2 * half);
    }
    if (count % (2 * PART) === 0) yield;
  }
  pen.globalAlpha = 1;
  for (const i of areas) yield* drawArea(pen, view, i, siteAlpha(i, alpha));
}

const siteAlpha = (i, alpha) => (i === state.site ? 1 : T.sites.is_chosen[i] ? Math.max(alpha, 0.8) : alpha);

// Sites in view in the order of drawing, without those that a better one would cover whole.
function seenSites(view) {
  const S = T.sites;
  const step = 3;
  const wide = Math.ceil(view.width / step) + 1;
  const taken = new Uint8Array(wide * (Math.ceil(view.height / step) + 1));
  const seen = [];
  for (let place = DRAW_ORDER.length - 1; place >= 0; place -= 1) {
    const i = DRAW_ORDER[place];
    if (!inView(S.shape, i, view) || (!S.is_eligible[i] && !shown.unfit)) continue;
    const [x, y] = spotOf(S.spot, i, view);
    const at = Math.max(0, Math.floor(y / step)) * wide + Math.max(0, Math.floor(x / step));
    if (taken[at] && i !== state.site && sizePx(S.shape, i, view) < AREA_PX) continue;
    taken[at] = 1;
    seen.push(i);
  }
  return seen.reverse();
}

function* drawArea(pen, view, i, alpha) {
  yield* fillAll(pen, T.sites.shape, [i], view, siteColour(i), alpha * 0.6);
  const strong = i === state.site || T.sites.is_chosen[i];
  yield* strokeAll(pen, T.sites.shape, [i], view, { colour: strong ? INK.mark : siteColour(i), width: strong ? 2.2 : 1, dash: T.sites.is_eligible[i] ? [] : [4, 3], alpha });
}

function* drawRoutes(pen, view, site) {
  const rows = CONNECTIONS_OF.get(site) || [];
  const C = T.connections;
  // routes share corridors: each is drawn a little aside, so that all are seen side by side
  const routed = rows.filter((i) => C.shape.kinds[i] === KIND.line);
  const aside = (place) => (place - (routed.length - 1) / 2) * ROUTE_STEP_PX;
  for (const [colour, width] of [['#ffffff', 6], [null, 2.6]]) {
    for (const [place, i] of routed.entries()) {
      const alpha = focus.utility === null || focus.utility === C.utility[i] ? 1 : 0.2;
      const shifted = { ...view, left: view.left - aside(place), top: view.top - 0.8 * aside(place) };
      yield* strokeAll(pen, C.shape, [i], shifted, { colour: colour || UTILITY[C.utility[i]], width, alpha });
    }
  }
  for (const i of routed) {
    const last = C.shape.rings[C.shape.parts[i + 1]] - 1;
    dot(pen, px(view, C.shape.x[last]), py(view, C.shape.y[last]), 5.5, '#ffffff', UTILITY[C.utility[i]], 3);
  }
  markAt(pen, view, T.sites.spot, site, (x, y) => dot(pen, x, y, 8, null, INK.mark, 2.5));
}

function drawFlowLabels(pen, view, book) {
  const named = new Set();
  for (const flow of [...focus.flows].sort((a, b) => b.weight - a.weight)) {
    for (const [end, name] of [[flow.from, flow.source], [flow.to, flow.target]]) if (!named.has(end.join()) && named.add(end.join())) write(pen, book, name(), px(view, end[0]), py(view, end[1]), { size: 11.5, colour: INK.text, weight: 600 });
  }
}

function drawRouteLabels(pen, view, book) {
  if (state.site === null) return;
  const C = T.connections;
  for (const i of CONNECTIONS_OF.get(state.site) || []) {
    if (!C.name_ru[i] || C.shape.parts[i + 1] === C.shape.parts[i]) continue;
    const last = C.shape.rings[C.shape.parts[i + 1]] - 1;
    write(pen, book, nameOf(T.connections, i), px(view, C.shape.x[last]), py(view, C.shape.y[last]), { size: 11.5, colour: UTILITY_INK[C.utility[i]], weight: 600, gap: 10 });
  }
  const [x, y] = spotOf(T.sites.spot, state.site, view);
  write(pen, book, siteName(state.site), x, y, { size: 13, colour: INK.mark, weight: 700, gap: 16 });
}

// Flows: arcs {from, to: [x, y] in the unit square, source, target: () => name, weight 0..1, colour}.
function drawFlows(pen, view) {
  for (const flow of focus.flows) {
    const [x1, y1, x2, y2] = [px(view, flow.from[0]), py(view, flow.from[1]), px(view, flow.to[0]), py(view, flow.to[1])];
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.quadraticCurveTo((x1 + x2) / 2 - (y2 - y1) * 0.15, (y1 + y2) / 2 + (x2 - x1) * 0.15, x2, y2);
    pen.strokeStyle = flow.colour;
    pen.globalAlpha = 0.25 + 0.5 * Math.sqrt(flow.weight);
    pen.lineWidth = 0.8 + 5 * Math.sqrt(flow.weight);
    pen.stroke();
    pen.globalAlpha = 1;
  }
  for (const flow of focus.flows) for (const end of [flow.from, flow.to]) dot(pen, px(view, end[0]), py(view, end[1]), 4, '#ffffff', flow.colour, 2);
}

function pointOf(shapes, i) {
  const p = shapes.rings[shapes.parts[i]];
  return shapes.kinds[i] ? [shapes.x[p], shapes.y[p]] : null;
}

// The site under a point of the screen: the smallest area that holds it, else the nearest mark.
function siteAt(x, y, scale) {
  const reach = 10 / scale;
  let [best, nearest] = [null, reach];
  for (const i of siteIndex(x - reach, y - reach, x + reach, y + reach)) {
    if (!T.sites.is_eligible[i] && !shown.unfit) continue;
    const [sx, sy] = pointOf(T.sites.spot, i);
    const far = Math.hypot(sx - x, sy - y);
    if (far < nearest) [best, nearest] = [i, far];
  }
  if (best !== null) return best;
  const wide = 0.001;
  const areas = [...siteIndex(x - wide, y - wide, x + wide, y + wide)].filter((i) => (T.sites.is_eligible[i] || shown.unfit) && contains(T.sites.shape, i, x, y));
  return areas.sort((a, b) => T.sites.area_ha[a] - T.sites.area_ha[b])[0] ?? null;
}

function plotAt(x, y) {
  return [...plotIndex(x, y, x, y)].find((i) => contains(T.plots.shape, i, x, y)) ?? null;
}

function nearestOf(shapes, x, y, scale, test = () => true) {
  let [best, nearest] = [null, 8 / scale];
  for (let i = 0; i < shapes.n; i += 1) {
    if (shapes.kinds[i] !== KIND.point || !test(i)) continue;
    const [sx, sy] = pointOf(shapes, i);
    const far = Math.hypot(sx - x, sy - y);
    if (far < nearest) [best, nearest] = [i, far];
  }
  return best;
}

function siteTip(i) {
  const S = T.sites;
  const lines = [h('b', {}, siteName(i)), h('span', {}, `${say('kind', S.kind[i])} · ${ha(S.buildable_ha[i])}`)];
  if (S.is_chosen[i] && state.tab !== 'whatif') lines.push(h('span', {}, `${t('plan_saving')}: ${money(S.plan_saving_mrub[i])}`));
  else if (S.is_eligible[i]) lines.push(h('span', {}, `${t('saving_alone_open')}: ${finite(savingOf(i))}`));
  else lines.push(h('span', {}, t('unfit')));
  return h('div', { class: 'tip' }, ...lines);
}

function* drawPlace(pen, view) {
  const [x, y] = [px(view, worldX(state.place[0])), py(view, worldY(state.place[1]))];
  const cell = cellAt(worldX(state.place[0]), worldY(state.place[1]));
  if (cell !== null) yield* strokeAll(pen, OFFERED.spots.shape, [cell], view, { colour: INK.mark, width: 1.4, dash: [4, 3] });
  dot(pen, x, y, 7, '#ffffff', '#b3261e', 3);
}
