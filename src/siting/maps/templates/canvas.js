// Drawing on a canvas from typed arrays. What may be much is drawn in parts, with a `yield` after each,
// so that whoever asks may stop between them.

const TILE = 256;
const THIN_PX = 0.75;

const px = (view, x) => x * view.scale - view.left;
const py = (view, y) => y * view.scale - view.top;

function inView(shapes, i, view) {
  const b = shapes.box;
  return b[4 * i] <= view.east && b[4 * i + 2] >= view.west && b[4 * i + 1] <= view.south && b[4 * i + 3] >= view.north;
}

const sizePx = (shapes, i, view) =>
  Math.max(shapes.box[4 * i + 2] - shapes.box[4 * i], shapes.box[4 * i + 3] - shapes.box[4 * i + 1]) * view.scale;

// Add the lines of a feature to the current path, leaving out points closer than a pixel.
function trace(pen, shapes, i, view) {
  const { parts, rings, x, y, kinds } = shapes;
  for (let ring = parts[i]; ring < parts[i + 1]; ring += 1) {
    let [lastX, lastY] = [Infinity, Infinity];
    const end = rings[ring + 1];
    for (let p = rings[ring]; p < end; p += 1) {
      const [atX, atY] = [px(view, x[p]), py(view, y[p])];
      if (p === rings[ring]) pen.moveTo(atX, atY);
      else if (p === end - 1 || Math.abs(atX - lastX) + Math.abs(atY - lastY) >= THIN_PX) pen.lineTo(atX, atY);
      else continue;
      [lastX, lastY] = [atX, atY];
    }
    if (kinds[i] === KIND.polygon) pen.closePath();
  }
}

const PART = 256;

// Rows in view of a kind, in parts few enough for a path.
function* partsInView(shapes, rows, view, least) {
  let part = [];
  for (const i of rows) {
    if (shapes.kinds[i] < least || !inView(shapes, i, view)) continue;
    part.push(i);
    if (part.length === PART) {
      yield part;
      part = [];
    }
  }
  if (part.length) yield part;
}

function* fillAll(pen, shapes, rows, view, colour, alpha = 1) {
  for (const part of partsInView(shapes, rows, view, KIND.polygon)) {
    pen.beginPath();
    for (const i of part) trace(pen, shapes, i, view);
    pen.fillStyle = colour;
    pen.globalAlpha = alpha;
    pen.fill('evenodd');
    pen.globalAlpha = 1;
    yield;
  }
}

function* strokeAll(pen, shapes, rows, view, { colour, width, dash = [], cap = 'round', alpha = 1 }) {
  for (const part of partsInView(shapes, rows, view, KIND.line)) {
    pen.beginPath();
    for (const i of part) trace(pen, shapes, i, view);
    Object.assign(pen, { strokeStyle: colour, lineWidth: width, lineJoin: 'round', lineCap: cap, globalAlpha: alpha });
    pen.setLineDash(dash);
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
    yield;
  }
}

const atOnce = (steps) => {
  while (!steps.next().done);
};

// A dot drawn once for each colour and size, then stamped: twenty thousand circles are a second.
const stamps = new Map();
function stamp(wanted, fill, edge, width, dense) {
  // half a pixel is seen by nobody, and a picture for every tenth of one takes longer than the dots
  const radius = Math.round(2 * wanted) / 2;
  const key = `${radius.toFixed(1)} ${fill} ${edge} ${width} ${dense}`;
  if (!stamps.has(key)) {
    const half = Math.ceil(radius + width + 1);
    const face = Object.assign(document.createElement('canvas'), { width: 2 * half * dense, height: 2 * half * dense });
    const pen = face.getContext('2d');
    pen.scale(dense, dense);
    dot(pen, half, half, radius, fill, edge, width);
    stamps.set(key, { face, half });
  }
  return stamps.get(key);
}

function dot(pen, x, y, radius, fill, edge, width = 1.5) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill) {
    pen.fillStyle = fill;
    pen.fill();
  }
  if (edge) {
    pen.strokeStyle = edge;
    pen.lineWidth = width;
    pen.stroke();
  }
}

function squareMark(pen, x, y, half, fill, edge) {
  pen.fillStyle = fill;
  pen.strokeStyle = edge;
  pen.lineWidth = 1.2;
  pen.fillRect(x - half, y - half, 2 * half, 2 * half);
  pen.strokeRect(x - half, y - half, 2 * half, 2 * half);
}

// Is a point of the unit square inside a polygon (even-odd over all of its rings)?
function contains(shapes, i, x, y) {
  const b = shapes.box;
  if (x < b[4 * i] || x > b[4 * i + 2] || y < b[4 * i + 1] || y > b[4 * i + 3]) return false;
  let inside = false;
  for (let ring = shapes.parts[i]; ring < shapes.parts[i + 1]; ring += 1) {
    const [first, end] = [shapes.rings[ring], shapes.rings[ring + 1]];
    for (let p = first, q = end - 1; p < end; q = p, p += 1) {
      const crosses = shapes.y[p] > y !== shapes.y[q] > y;
      if (crosses && x < ((shapes.x[q] - shapes.x[p]) * (y - shapes.y[p])) / (shapes.y[q] - shapes.y[p]) + shapes.x[p]) inside = !inside;
    }
  }
  return inside;
}

// Rows by the cells of a grid over their own extent, so that a click asks a few and not all. It is
// built when it is first asked.
function spatialIndex(shapes, cells = 256) {
  let grid = null;
  return (west, north, east, south) => {
    grid = grid || gridOf(shapes, cells);
    const found = new Set();
    grid.each(west, north, east, south, (cell) => {
      for (let at = grid.start[cell]; at < grid.start[cell + 1]; at += 1) found.add(grid.rows[at]);
    });
    return found;
  };
}

function gridOf({ n, kinds, box }, cells) {
  const edge = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < n; i += 1) {
    if (!kinds[i]) continue;
    for (let side = 0; side < 4; side += 1) edge[side] = (side < 2 ? Math.min : Math.max)(edge[side], box[4 * i + side]);
  }
  const step = [Math.max(edge[2] - edge[0], 1e-9) / cells, Math.max(edge[3] - edge[1], 1e-9) / cells];
  const cellOf = (value, axis) => Math.max(0, Math.min(cells - 1, Math.floor((value - edge[axis]) / step[axis])));
  const each = (west, north, east, south, tell) => {
    if (!(west <= edge[2] && east >= edge[0] && north <= edge[3] && south >= edge[1])) return;
    for (let cx = cellOf(west, 0); cx <= cellOf(east, 0); cx += 1) for (let cy = cellOf(north, 1); cy <= cellOf(south, 1); cy += 1) tell(cx * cells + cy);
  };
  const start = new Int32Array(cells * cells + 1);
  const all = (tell) => {
    for (let i = 0; i < n; i += 1) if (kinds[i]) each(box[4 * i], box[4 * i + 1], box[4 * i + 2], box[4 * i + 3], (cell) => tell(cell, i));
  };
  all((cell) => { start[cell + 1] += 1; });
  for (let cell = 0; cell < cells * cells; cell += 1) start[cell + 1] += start[cell];
  const [rows, next] = [new Int32Array(start[cells * cells]), start.slice()];
  all((cell, i) => { rows[next[cell]++] = i; });
  return { start, rows, each };
}
