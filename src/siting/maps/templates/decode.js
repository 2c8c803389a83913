// The other half of encode.py: columns of varints and delta-coded degrees back into arrays.

const KIND = { none: 0, point: 1, line: 2, polygon: 3 };

function fromBase64(letters) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(letters);
  const text = atob(letters);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// Four bytes: the length of the JSON; the JSON; the bytes of all columns, deflated together.
async function openData(element) {
  if (!window.DecompressionStream) {
    document.getElementById('too-old').hidden = false;
    throw new Error('DecompressionStream is missing');
  }
  const packed = new Blob([fromBase64(element.textContent)]).stream();
  const raw = new Uint8Array(await new Response(packed.pipeThrough(new DecompressionStream('deflate'))).arrayBuffer());
  element.remove();
  const length = new DataView(raw.buffer).getUint32(0, true);
  return { told: JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + length))), run: raw.subarray(4 + length) };
}

const OPENED = await openData(document.getElementById('data'));
const bytesOf = ([start, length]) => OPENED.run.subarray(start, start + length);

function varints(place, count) {
  const bytes = bytesOf(place);
  const out = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    let value = 0;
    let weight = 1;
    let byte = 0;
    do {
      byte = bytes[at];
      at += 1;
      // multiplication, not shifts: numbers beyond 32 bits stay exact up to 53
      value += (byte & 127) * weight;
      weight *= 128;
    } while (byte & 128);
    out[i] = value;
  }
  return out;
}

const unzigzag = (code) => (code % 2 ? -(code + 1) / 2 : code / 2);

// Degrees to the unit square of Web Mercator, where y grows southward as pixels do.
const worldX = (lon) => (lon + 180) / 360;
const worldY = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
const lonOf = (x) => x * 360 - 180;
const latOf = (y) => (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;

function starts(counts) {
  const out = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i += 1) out[i + 1] = out[i] + counts[i];
  return out;
}

function shapesOf(packed) {
  const kinds = bytesOf(packed.t);
  const parts = starts(varints(packed.p, packed.n));
  const rings = starts(varints(packed.r, parts[packed.n]));
  const count = rings[parts[packed.n]];
  const bytes = bytesOf(packed.b);
  const unit = 10 ** packed.d;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  let [at, lon, lat] = [0, 0, 0];
  // steps of coordinates fit in 32 bits, and there are many: no call, no float
  for (let i = 0; i < count; i += 1) {
    for (let axis = 0; axis < 2; axis += 1) {
      let byte = bytes[at++];
      let code = byte & 127;
      for (let shift = 7; byte & 128; shift += 7) {
        byte = bytes[at++];
        code |= (byte & 127) << shift;
      }
      const step = (code >>> 1) ^ -(code & 1);
      if (axis) lat += step;
      else lon += step;
    }
    x[i] = worldX(lon / unit);
    y[i] = worldY(lat / unit);
  }
  return { n: packed.n, kinds, parts, rings, x, y, box: boxes(packed.n, parts, rings, x, y) };
}

function boxes(n, parts, rings, x, y) {
  const box = new Float64Array(4 * n);
  for (let i = 0; i < n; i += 1) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let p = rings[parts[i]]; p < rings[parts[i + 1]]; p += 1) {
      if (x[p] < west) west = x[p];
      if (x[p] > east) east = x[p];
      if (y[p] < north) north = y[p];
      if (y[p] > south) south = y[p];
    }
    box.set([west, north, east, south], 4 * i);
  }
  return box;
}

const UNPACK = {
  n(packed) {
    const unit = 10 ** packed.d;
    return varints(packed.b, packed.n).map((code) => (code === 0 ? NaN : unzigzag(code - 1) / unit));
  },
  t(packed) {
    return Array.from(varints(packed.b, packed.n), (code) => (code === 0 ? null : packed.v[code - 1]));
  },
  u: (packed) => packed.v,
  f(packed) {
    const bits = bytesOf(packed.b);
    return Uint8Array.from({ length: packed.n }, (_, i) => (bits[i >> 3] >> (i & 7)) & 1);
  },
  g: shapesOf,
};

function tableOf(packed) {
  const table = { n: packed.n };
  // a column is unpacked when it is first asked for
  for (const [name, column] of Object.entries(packed.columns)) {
    Object.defineProperty(table, name, { configurable: true, enumerable: true, get() {
      const value = UNPACK[column.k](column);
      Object.defineProperty(table, name, { value, writable: true, enumerable: true });
      return value;
    } });
  }
  return table;
}

// Rows of a table by the value of an index column: Map(row of the other table -> rows here).
function rowsBy(column) {
  const found = new Map();
  for (let i = 0; i < column.length; i += 1) {
    const key = column[i];
    if (Number.isNaN(key)) continue;
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(i);
  }
  return found;
}

const range = (n) => Array.from({ length: n }, (_, i) => i);
const known = (number) => number !== null && number !== undefined && !Number.isNaN(number);
