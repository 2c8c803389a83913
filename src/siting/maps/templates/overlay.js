// The answer on the map: sites by saving, chosen parks with their numbers, routes and flows.

const CONNECTIONS_OF = rowsBy(T.connections.site);
const siteIndex = spatialIndex(T.sites.spot, 1024);
const plotIndex = spatialIndex(T.plots.shape);
const CHOSEN = rowsWhere(T.sites, (i) => T.sites.is_chosen[i]).sort((a, b) => T.sites.rank[a] - T.sites.rank[b]);
// The best are drawn last, so that they lie on top.
const DRAW_ORDER = range(T.sites.n).sort((a, b) => T.sites.is_eligible[a] - T.sites.is_eligible[b] || (T.sites.saving_mrub[a] || 0) - (T.sites.saving_mrub[b] || 0));
const FIT_PLOTS = rowsWhere(T.plots, (i) => T.plots.is_eligible[i]);
const UNFIT_PLOTS = rowsWhere(T.plots, (i) => !T.plots.is_eligible[i]);
const PLOT_ZOOM = 9;
const AREA_PX = 11;
const ROUTE_STEP_PX = 3;

function drawOverlay(pen, view) {
  drawSurface(pen, view);
  if (shown.plots && view.zoom >= PLOT_ZOOM) drawPlots(pen, view);
  if (shown.enterprises) drawEnterprises(pen, view);
  const focused = state.site !== null || focus.flows.length > 0;
  if (shown.sites) drawSites(pen, view, focused ? 0.35 : 0.95);
  drawFlows(pen, view);
  if (state.place) drawPlace(pen, view);
  if (state.site !== null) drawRoutes(pen, view, state.site);
  drawLeaders(pen, view);
}

function drawPlots(pen, view) {
  pen.globalAlpha = 0.5;
  fillAll(pen, T.plots.shape, UNFIT_PLOTS, view, '#d9dcde');
  fillAll(pen, T.plots.shape, FIT_PLOTS, view, '#cfe3d4');
  pen.globalAlpha = 1;
  strokeAll(pen, T.plots.shape, UNFIT_PLOTS, view, { colour: '#a9afb3', width: 0.6 });
  strokeAll(pen, T.plots.shape, FIT_PLOTS, view, { colour: '#5f9160', width: 0.7 });
}

function drawEnterprises(pen, view) {
  for (let i = 0; i < T.enterprises.n; i += 1) markAt(pen, view, T.enterprises.shape, i, (x, y) => dot(pen, x, y, 3.4, '#c9a227', '#ffffff', 1));
}

function siteRadius(row, view) {
  const byArea = 2.4 + Math.sqrt(T.sites.buildable_ha[row] || 0) / 3.2;
  return Math.min(7, byArea) * Math.min(1.25, Math.max(0.75, view.zoom / 8));
}

function drawSites(pen, view, alpha) {
  const S = T.sites;
  for (const i of DRAW_ORDER) {
    if (!inView(S.shape, i, view)) continue;
    if (!S.is_eligible[i] && !shown.unfit) continue;
    pen.globalAlpha = i === state.site ? 1 : S.is_chosen[i] ? Math.max(alpha, 0.8) : alpha;
    if (sizePx(S.shape, i, view) >= AREA_PX) drawArea(pen, view, i);
    else if (!S.is_chosen[i] || i === state.site) markAt(pen, view, S.spot, i, (x, y) => dot(pen, x, y, siteRadius(i, view), siteColour(i), '#ffffff', 1));
  }
  pen.globalAlpha = 1;
}

function drawArea(pen, view, i) {
  const alpha = pen.globalAlpha;
  pen.globalAlpha = alpha * 0.6;
  fillAll(pen, T.sites.shape, [i], view, siteColour(i));
  pen.globalAlpha = alpha;
  const strong = i === state.site || T.sites.is_chosen[i];
  strokeAll(pen, T.sites.shape, [i], view, { colour: strong ? INK.mark : siteColour(i), width: strong ? 2.2 : 1, dash: T.sites.is_eligible[i] ? [] : [4, 3] });
}

function drawRoutes(pen, view, site) {
  const rows = CONNECTIONS_OF.get(site) || [];
  const C = T.connections;
  // routes share corridors: each is drawn a little aside, so that all are seen side by side
  const routed = rows.filter((i) => C.shape.kinds[i] === KIND.line);
  const aside = (place) => (place - (routed.length - 1) / 2) * ROUTE_STEP_PX;
  const moved = (colour, width) => routed.forEach((i, place) => {
    pen.globalAlpha = focus.utility === null || focus.utility === C.utility[i] ? 1 : 0.2;
    const shifted = { ...view, left: view.left - aside(place), top: view.top - 0.8 * aside(place) };
    strokeAll(pen, C.shape, [i], shifted, { colour: colour || UTILITY[C.utility[i]], width });
  });
  moved('#ffffff', 6);
  moved(null, 2.6);
  pen.globalAlpha = 1;
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
    write(pen, book, nameOf(T.connections, i), px(view, C.shape.x[last]), py(view, C.shape.y[last]), { size: 11, colour: UTILITY[C.utility[i]], weight: 600, gap: 10 });
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
    pen.globalAlpha = 0.65;
    pen.lineWidth = 1 + 5 * Math.sqrt(flow.weight);
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

function drawPlace(pen, view) {
  const [x, y] = [px(view, worldX(state.place[0])), py(view, worldY(state.place[1]))];
  const cell = cellAt(worldX(state.place[0]), worldY(state.place[1]));
  if (cell !== null) strokeAll(pen, OFFERED.spots.shape, [cell], view, { colour: INK.mark, width: 1.4, dash: [4, 3] });
  dot(pen, x, y, 7, '#ffffff', '#b3261e', 3);
}
