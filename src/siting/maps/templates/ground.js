// The base map, drawn from the region's own layers.

const G = { terrain: T.terrain, constraints: T.constraints, nets: T.infrastructure };

const rowsWhere = (table, test) => range(table.n).filter(test);
const COVER = Object.fromEntries(['forest', 'wetland', 'rock', 'built_up', 'water'].map((cover) => [cover, rowsWhere(G.terrain, (i) => G.terrain.cover[i] === cover)]));
const isProtected = (i) => G.constraints.kind[i] === 'protected area';
const isWater = (i) => G.constraints.kind[i] === 'river' || G.constraints.kind[i] === 'lake';
const PROTECTED = rowsWhere(G.constraints, isProtected);
const STREAMS = rowsWhere(G.constraints, isWater);
const ZONES = rowsWhere(G.constraints, (i) => !isProtected(i) && !isWater(i));
const ROAD_ROWS = Object.fromEntries(Object.keys(ROADS).map((kind) => [kind, rowsWhere(G.nets, (i) => G.nets.utility[i] === 'road' && G.nets.kind[i] === kind)]));
const RAILS = rowsWhere(G.nets, (i) => G.nets.utility[i] === 'rail' && G.nets.shape.kinds[i] === KIND.line);
const NETS = Object.fromEntries(['electricity', 'gas', 'water', 'sewage', 'heat', 'telecom', 'rail'].map((utility) => [utility, rowsWhere(G.nets, (i) => G.nets.utility[i] === utility)]));

// From this zoom on a road of the kind is drawn: streets would be a blot on a region.
const ROAD_ZOOM = { federal: 0, regional: 0, local: 8.5, street: 11 };

function* drawGround(pen, view) {
  const grow = Math.max(0.7, Math.min(3, 2 ** ((view.zoom - 8) / 3)));
  yield* drawLand(pen, view);
  yield* drawWater(pen, view, grow);
  yield* strokeAll(pen, T.districts.shape, range(T.districts.n), view, { colour: GROUND.border, width: 1, dash: [5, 3] });
  if (shown.rail) yield* drawRails(pen, view, grow);
  if (shown.road) yield* drawRoads(pen, view, grow);
  for (const utility of Object.keys(NETS)) if (shown[utility] && utility !== 'rail') yield* drawNet(pen, view, utility, grow);
}

function* drawLand(pen, view) {
  // drawn before the land, of this line only the half outside the region is left to see
  yield* strokeAll(pen, T.districts.shape, range(T.districts.n), view, { colour: GROUND.halo, width: 9 });
  yield* strokeAll(pen, T.districts.shape, range(T.districts.n), view, { colour: GROUND.outline, width: 3 });
  yield* fillAll(pen, T.districts.shape, range(T.districts.n), view, GROUND.land);
  for (const cover of ['forest', 'wetland', 'rock', 'built_up']) yield* fillAll(pen, G.terrain.shape, COVER[cover], view, GROUND[cover]);
  yield* fillAll(pen, T.edges.shape, range(T.edges.n), view, GROUND.built_up);
  // a wide round line takes the corners off an outline known to a kilometre
  yield* strokeAll(pen, T.edges.shape, range(T.edges.n), view, { colour: GROUND.built_up, width: Math.max(2, Math.min(40, 600 / metresPerPixel(view))) });
  if (shown.zones) {
    yield* strokeAll(pen, G.constraints.shape, PROTECTED, view, { colour: GROUND.protected, width: 1.2, dash: [2, 3] });
    yield* strokeAll(pen, G.constraints.shape, ZONES, view, { colour: GROUND.zone, width: 1.2, dash: [2, 3] });
    yield* fillAll(pen, G.constraints.shape, PROTECTED, view, GROUND.protected, 0.12);
    yield* fillAll(pen, G.constraints.shape, ZONES, view, GROUND.zone, 0.12);
  }
}

const EQUATOR_M = 40075017;
const metresPerPixel = (view) => (EQUATOR_M * Math.cos((latOf((view.north + view.south) / 2) * Math.PI) / 180)) / view.scale;

function* drawWater(pen, view, grow) {
  yield* fillAll(pen, G.terrain.shape, COVER.water, view, GROUND.water);
  yield* strokeAll(pen, G.terrain.shape, COVER.water, view, { colour: GROUND.shore, width: 0.8 });
  const areas = STREAMS.filter((i) => G.constraints.shape.kinds[i] === KIND.polygon);
  yield* fillAll(pen, G.constraints.shape, areas, view, GROUND.water);
  yield* strokeAll(pen, G.constraints.shape, STREAMS, view, { colour: GROUND.shore, width: 1.1 * grow });
}

function* drawRails(pen, view, grow) {
  yield* strokeAll(pen, G.nets.shape, RAILS, view, { colour: GROUND.rail, width: 1.8 * grow, cap: 'butt' });
  yield* strokeAll(pen, G.nets.shape, RAILS, view, { colour: '#ffffff', width: 0.9 * grow, dash: [7 * grow, 7 * grow], cap: 'butt' });
  if (view.zoom < 9) return;
  for (const i of NETS.rail) if (G.nets.shape.kinds[i] === KIND.point) markAt(pen, view, G.nets.shape, i, (x, y) => squareMark(pen, x, y, 2.6, '#ffffff', GROUND.rail));
}

function* drawRoads(pen, view, grow) {
  const kinds = Object.keys(ROADS).reverse().filter((kind) => view.zoom >= ROAD_ZOOM[kind]);
  for (const kind of kinds) yield* strokeAll(pen, G.nets.shape, ROAD_ROWS[kind], view, { colour: ROADS[kind].casing, width: ROADS[kind].width * grow + 1.2 });
  for (const kind of kinds) yield* strokeAll(pen, G.nets.shape, ROAD_ROWS[kind], view, { colour: ROADS[kind].fill, width: ROADS[kind].width * grow });
}

function* drawNet(pen, view, utility, grow) {
  const colour = UTILITY[utility];
  const strong = NETS[utility].filter((i) => !(G.nets.voltage_kv[i] < 220));
  const weak = NETS[utility].filter((i) => G.nets.voltage_kv[i] < 220);
  yield* strokeAll(pen, G.nets.shape, weak, view, { colour, width: 0.9 * grow });
  yield* strokeAll(pen, G.nets.shape, strong, view, { colour, width: 1.6 * grow });
  for (const i of NETS[utility]) {
    if (G.nets.shape.kinds[i] !== KIND.point) continue;
    const half = (G.nets.voltage_kv[i] >= 220 ? 3.6 : 2.6) * Math.min(1.6, grow);
    markAt(pen, view, G.nets.shape, i, (x, y) => squareMark(pen, x, y, half, G.nets.status[i] === 'planned' ? '#ffffff' : colour, G.nets.status[i] === 'planned' ? colour : '#ffffff'));
  }
}

function markAt(pen, view, shapes, i, mark) {
  if (!inView(shapes, i, view)) return;
  const p = shapes.rings[shapes.parts[i]];
  mark(px(view, shapes.x[p]), py(view, shapes.y[p]));
}
