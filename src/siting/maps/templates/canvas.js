// A Leaflet layer that draws with one function on one canvas, from typed arrays.

const TILE = 256;
const THIN_PX = 0.75;

const Sheet = L.Renderer.extend({
  options: { padding: 0.25 },
  initialize(draw, options) {
    this._draw = draw;
    L.Renderer.prototype.initialize.call(this, options);
  },
  _initContainer() {
    this._container = document.createElement('canvas');
    this._container.className = 'sheet';
    this._container.setAttribute('aria-hidden', 'true');
    this._pen = this._container.getContext('2d');
  },
  _destroyContainer() {
    this._container.remove();
  },
  _updatePaths() {},
  redraw() {
    if (this._map && this._bounds) this._update();
  },
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const dense = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = size.x * dense;
    this._container.height = size.y * dense;
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._pen.setTransform(dense, 0, 0, dense, 0, 0);
    this._draw(this._pen, this._view(size));
  },
  _view(size) {
    const zoom = this._map.getZoom();
    const scale = TILE * 2 ** zoom;
    const corner = this._map.getPixelOrigin().add(this._bounds.min);
    return {
      zoom, scale, left: corner.x, top: corner.y, width: size.x, height: size.y,
      west: corner.x / scale, north: corner.y / scale,
      east: (corner.x + size.x) / scale, south: (corner.y + size.y) / scale,
    };
  },
});

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

function fillAll(pen, shapes, rows, view, colour) {
  pen.beginPath();
  for (const i of rows) if (shapes.kinds[i] === KIND.polygon && inView(shapes, i, view)) trace(pen, shapes, i, view);
  pen.fillStyle = colour;
  pen.fill('evenodd');
}

function strokeAll(pen, shapes, rows, view, { colour, width, dash = [], cap = 'round' }) {
  pen.beginPath();
  for (const i of rows) if (shapes.kinds[i] >= KIND.line && inView(shapes, i, view)) trace(pen, shapes, i, view);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.lineCap = cap;
  pen.setLineDash(dash);
  pen.stroke();
  pen.setLineDash([]);
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

// Buckets of points in the unit square, so that a click asks a few sites and not all.
function spatialIndex(shapes, cells = 4096) {
  const buckets = new Map();
  const key = (cx, cy) => cx * cells + cy;
  for (let i = 0; i < shapes.n; i += 1) {
    if (!shapes.kinds[i]) continue;
    const b = shapes.box;
    for (let cx = Math.floor(b[4 * i] * cells); cx <= Math.floor(b[4 * i + 2] * cells); cx += 1) {
      for (let cy = Math.floor(b[4 * i + 1] * cells); cy <= Math.floor(b[4 * i + 3] * cells); cy += 1) {
        if (!buckets.has(key(cx, cy))) buckets.set(key(cx, cy), []);
        buckets.get(key(cx, cy)).push(i);
      }
    }
  }
  return (west, north, east, south) => {
    const found = new Set();
    for (let cx = Math.floor(west * cells); cx <= Math.floor(east * cells); cx += 1) {
      for (let cy = Math.floor(north * cells); cy <= Math.floor(south * cells); cy += 1) {
        for (const i of buckets.get(key(cx, cy)) || []) found.add(i);
      }
    }
    return found;
  };
}
