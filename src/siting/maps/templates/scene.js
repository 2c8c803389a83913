// The picture of the map: one canvas larger than the window, so that moving the map only moves it.
// It is drawn anew behind the scenes, a slice of each frame at a time, and then shown at once.

const PADDING = 0.35;
const ROOM_LEFT = 0.3;
const SLICE_MS = 7;
const FIRST_MS = 120;
const IDLE_MS = 160;
const DENSE_MOST = 2;

const Scene = L.Layer.extend({
  initialize(paint) {
    this._paint = paint;
    this._waiting = [];
  },
  onAdd(map) {
    this._pane = map.createPane('scene');
    this._pane.style.zIndex = '200';
    this._pane.style.pointerEvents = 'none';
    [this._front, this._back] = [this._canvas(), this._canvas()];
    this.redraw();
  },
  onRemove() {
    this._front.remove();
    this._back.remove();
  },
  getEvents() {
    const place = () => this._place(this._map.getCenter(), this._map.getZoom());
    return { zoomanim: (event) => this._place(event.center, event.zoom), zoom: place, viewreset: place, moveend: () => this._follow(), resize: () => this._follow() };
  },
  _canvas() {
    const canvas = document.createElement('canvas');
    canvas.className = 'sheet leaflet-zoom-animated';
    canvas.setAttribute('aria-hidden', 'true');
    canvas.hidden = true;
    this._pane.append(canvas);
    return canvas;
  },
  // Draw what has changed; what is on show stays until the new picture is whole.
  redraw() {
    if (!this._map) return;
    window.clearTimeout(this._timer);
    this._start();
  },
  // A promise of the picture that holds everything asked for by now.
  drawn() {
    return new Promise((tell) => (this._job ? this._waiting.push(tell) : tell()));
  },
  _follow() {
    if (this._view && this._view.zoom !== this._map.getZoom()) this._place(this._map.getCenter(), this._map.getZoom());
    if (this._job && this._job.view.zoom === this._map.getZoom()) return;
    window.clearTimeout(this._timer);
    if (this._room() < ROOM_LEFT) this._start();
    else this._timer = window.setTimeout(() => this._start(), IDLE_MS);
  },
  // The share of the margin that is left on the side where least is; below 0 the edge shows.
  _room() {
    const [held, want] = [this._view, viewOf(this._map, 0)];
    if (!held || held.zoom !== want.zoom) return -1;
    const across = Math.min(want.left - held.left, held.left + held.width - want.left - want.width) / (PADDING * want.width);
    const along = Math.min(want.top - held.top, held.top + held.height - want.top - want.height) / (PADDING * want.height);
    return Math.min(across, along);
  },
  _start() {
    // the first picture is of the window alone; what lies around it is drawn once it is on show
    const view = viewOf(this._map, this._view ? PADDING : 0);
    const dense = Math.min(DENSE_MOST, window.devicePixelRatio || 1);
    const [wide, high] = [Math.round(view.width * dense), Math.round(view.height * dense)];
    if (this._back.width !== wide || this._back.height !== high) Object.assign(this._back, { width: wide, height: high });
    // the picture is drawn by the processor: reading one point of it back makes a slice be drawn
    // when it is paid for, not all slices at the end
    const pen = this._back.getContext('2d', { willReadFrequently: true });
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, view.width, view.height);
    const fresh = !this._job;
    this._job = { view, pen, steps: this._paint(pen, view) };
    if (fresh) this._slice();
  },
  _slice() {
    if (!this._map || !this._job) return;
    // nobody waits for a frame before the first picture
    const until = performance.now() + (this._view ? SLICE_MS : FIRST_MS);
    const { pen, steps, view } = this._job;
    let done = false;
    do {
      done = steps.next().done;
      if (this._view) pen.getImageData(0, 0, 1, 1);
    } while (!done && performance.now() < until);
    if (done) this._show(view);
    else window.requestAnimationFrame(() => this._slice());
  },
  _show(view) {
    [this._front, this._back] = [this._back, this._front];
    this._view = view;
    this._job = null;
    Object.assign(this._front.style, { width: `${view.width}px`, height: `${view.height}px` });
    this._place(this._map.getCenter(), this._map.getZoom());
    this._front.hidden = false;
    this._back.hidden = true;
    this._waiting.splice(0).forEach((tell) => tell());
    if (this._room() < ROOM_LEFT) this._follow();
  },
  _place(centre, zoom) {
    if (!this._view) return;
    const scale = 2 ** (zoom - this._view.zoom);
    const corner = L.point(this._view.left, this._view.top).multiplyBy(scale);
    L.DomUtil.setTransform(this._front, corner.subtract(this._map._getNewPixelOrigin(centre, zoom)), scale);
  },
});

// What a canvas `padding` wider than the window on every side shows, in pixels and the unit square.
function viewOf(map, padding) {
  const size = map.getSize();
  const zoom = map.getZoom();
  const min = map.containerPointToLayerPoint(size.multiplyBy(-padding)).round().add(map.getPixelOrigin());
  const wide = size.multiplyBy(1 + 2 * padding).round();
  return boxView(zoom, min.x, min.y, wide.x, wide.y);
}

function boxView(zoom, left, top, width, height) {
  const scale = TILE * 2 ** zoom;
  return { zoom, scale, left, top, width, height, west: left / scale, north: top / scale, east: (left + width) / scale, south: (top + height) / scale };
}
