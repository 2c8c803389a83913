// Numbered parks stand beside one another, never on one another nor on the name of a city: each is
// moved aside by as little as it needs, and a thin line leads back to where it is.

const MARK_PX = () => (isNarrow() ? 29 : 31);
const SPREAD_ROUNDS = 80;
const SPREAD_MOST = 60;
const CITY_PX = { high: 22, letter: 10.5, dot: 7 };
const marked = new Map();

const toLatLng = (x, y) => L.latLng(latOf(y), lonOf(x));
const worldOf = (latlng) => [worldX(latlng.lng), worldY(latlng.lat)];

// Boxes of the dot and name of each city, in pixels of the map: [left, top, width, height].
function cityBoxes(map) {
  const S = T.settlements;
  return rowsWhere(S, (i) => S.rank[i] === 'city').map((i) => {
    const at = map.latLngToLayerPoint(toLatLng(...pointOf(S.shape, i)));
    return [at.x - CITY_PX.dot, at.y - CITY_PX.high / 2, 2 * CITY_PX.dot + CITY_PX.letter * nameOf(S, i).length, CITY_PX.high];
  });
}

function pushApart(a, b, place) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const far = Math.hypot(dx, dy);
  if (far >= MARK_PX()) return;
  // marks on one spot part in a direction of their own, the same on every run
  const turn = far > 0.01 ? Math.atan2(dy, dx) : place * 2.4;
  const half = (MARK_PX() - far) / 2;
  a.x -= half * Math.cos(turn);
  a.y -= half * Math.sin(turn);
  b.x += half * Math.cos(turn);
  b.y += half * Math.sin(turn);
}

function pushOut(spot, [left, top, width, high]) {
  const reach = MARK_PX() / 2;
  const [fromLeft, fromRight] = [spot.x - (left - reach), left + width + reach - spot.x];
  const [fromTop, fromBottom] = [spot.y - (top - reach), top + high + reach - spot.y];
  const least = Math.min(fromLeft, fromRight, fromTop, fromBottom);
  if (least <= 0) return;
  if (least === fromTop) spot.y -= fromTop;
  else if (least === fromBottom) spot.y += fromBottom;
  else if (least === fromLeft) spot.x -= fromLeft;
  else spot.x += fromRight;
}

function spread(points, boxes) {
  const spots = points.map((point) => ({ x: point.x, y: point.y }));
  if (spots.length > SPREAD_MOST) return spots;
  for (let round = 0; round < SPREAD_ROUNDS; round += 1) {
    for (const spot of spots) boxes.forEach((box) => pushOut(spot, box));
    for (let i = 0; i < spots.length; i += 1) for (let j = i + 1; j < spots.length; j += 1) pushApart(spots[i], spots[j], i + j);
  }
  return spots;
}

function arrangeMarks(map) {
  const rows = [...marked.keys()];
  const points = rows.map((i) => map.latLngToLayerPoint(toLatLng(...pointOf(T.sites.spot, i))));
  spread(points, cityBoxes(map)).forEach((spot, place) => {
    const held = marked.get(rows[place]);
    const latlng = map.layerPointToLatLng([spot.x, spot.y]);
    held.world = worldOf(latlng);
    held.moved = Math.hypot(spot.x - points[place].x, spot.y - points[place].y);
    held.mark.setLatLng(latlng);
  });
}

// A mark cut off by the edge of the map or by what lies on it is a picture, not a button: too little
// of it is left to press. Its park stands in the list beside the map.
function nameMarks(map) {
  const whole = map.getContainer().getBoundingClientRect();
  const boxes = [...map.getContainer().querySelectorAll('.on-map, .leaflet-bar, .origin, .leaflet-control-scale')].map((element) => element.getBoundingClientRect());
  for (const { mark } of marked.values()) {
    const element = mark.getElement();
    if (!element) continue;
    const box = element.getBoundingClientRect();
    const inside = box.left >= whole.left && box.right <= whole.right && box.top >= whole.top && box.bottom <= whole.bottom;
    const covered = boxes.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
    const free = inside && !covered;
    element.setAttribute('role', free ? 'button' : 'img');
    if (free) element.setAttribute('tabindex', '0');
    else element.removeAttribute('tabindex');
  }
}

function placeMarks(map, group) {
  group.clearLayers();
  marked.clear();
  numberedParks().forEach(({ row, rank, label }) => {
    const face = h('span', { class: `park ${row === state.site ? 'now' : ''}`, style: { '--fill': siteColour(row) } }, number(rank));
    const mark = L.marker(toLatLng(...pointOf(T.sites.spot, row)), { icon: L.divIcon({ className: 'mark', html: face, iconSize: isNarrow() ? [26, 26] : [28, 28] }), keyboard: true, riseOnHover: true, zIndexOffset: row === state.site ? 2000 : 1000 - rank });
    mark.on('click', () => go({ tab: 'sites', site: T.sites.id[row] }));
    mark.bindTooltip(siteTip(row), { direction: 'top', offset: [0, -14] });
    group.addLayer(mark);
    marked.set(row, { mark, world: pointOf(T.sites.spot, row), moved: 0 });
    const element = mark.getElement();
    if (element) element.setAttribute('aria-label', `${label}: ${siteName(row)}`);
  });
  arrangeMarks(map);
  nameMarks(map);
}

// The parks of the plan; while the sliders are moved, those of the quick choice.
function numberedParks() {
  if (live.now && state.tab === 'whatif') return live.now.parks.map((row, place) => ({ row, rank: place + 1, label: t('quick_number', { rank: number(place + 1) }) }));
  return CHOSEN.map((row) => ({ row, rank: T.sites.rank[row], label: t('park_number', { rank: number(T.sites.rank[row]) }) }));
}

// Numbers of the parks stand on the map as elements; no name may be written under them.
function reserveMarks(book, view) {
  for (const { world } of marked.values()) book.take(px(view, world[0]) - 14, py(view, world[1]) - 14, 28, 28);
  // nor under the legend and the buttons; a picture on paper has none
  if (document.body.classList.contains('printing')) return;
  const whole = map.getContainer().getBoundingClientRect();
  const origin = map.containerPointToLayerPoint([0, 0]).add(map.getPixelOrigin());
  for (const element of map.getContainer().querySelectorAll('.on-map, .leaflet-bar')) {
    const box = element.getBoundingClientRect();
    book.take(box.left - whole.left + origin.x - view.left, box.top - whole.top + origin.y - view.top, box.width, box.height);
  }
}

function drawLeaders(pen, view) {
  for (const [row, { world, moved }] of marked) {
    if (moved < 3) continue;
    const [x, y] = spotOf(T.sites.spot, row, view);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(px(view, world[0]), py(view, world[1]));
    pen.strokeStyle = INK.mark;
    pen.lineWidth = 1.4;
    pen.stroke();
    dot(pen, x, y, 3.4, siteColour(row), INK.mark, 1.4);
  }
}
