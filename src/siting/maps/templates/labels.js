// Names on the map: the important first, none over another.

const FONT = '"Segoe UI", "Helvetica Neue", Roboto, "Liberation Sans", Arial, sans-serif';
const RANK_ZOOM = { city: 0, town: 6.5, rayon_centre: 7.5, village: 10 };
const RANK_SIZE = { city: 17, town: 13, rayon_centre: 12, village: 11 };

function labelBook(view) {
  const taken = [];
  return {
    fits(x, y, w, hgt) {
      if (x < -w || y < -hgt || x > view.width || y > view.height) return false;
      return !taken.some((b) => x < b[0] + b[2] && x + w > b[0] && y < b[1] + b[3] && y + hgt > b[1]);
    },
    take(x, y, w, hgt) {
      taken.push([x, y, w, hgt]);
    },
  };
}

function write(pen, book, text, x, y, { size, colour, weight = 400, italic = false, spots = ['right', 'left', 'top', 'bottom'], gap = 7, halo = 'rgba(255,255,255,.92)', spacing = '0px' }) {
  pen.font = `${italic ? 'italic ' : ''}${weight} ${size}px ${FONT}`;
  pen.letterSpacing = spacing;
  const width = pen.measureText(text).width;
  const places = { right: [x + gap, y - size / 2], left: [x - gap - width, y - size / 2], top: [x - width / 2, y - gap - size], bottom: [x - width / 2, y + gap], middle: [x - width / 2, y - size / 2] };
  for (const spot of spots) {
    const [left, top] = places[spot];
    if (!book.fits(left - 2, top - 2, width + 4, size + 4)) continue;
    book.take(left - 2, top - 2, width + 4, size + 4);
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    pen.strokeStyle = halo;
    pen.lineWidth = 3;
    pen.setLineDash([]);
    pen.strokeText(text, left, top + size / 2);
    pen.fillStyle = colour;
    pen.fillText(text, left, top + size / 2);
    return true;
  }
  return false;
}

function spotOf(shapes, i, view) {
  const p = shapes.rings[shapes.parts[i]];
  return [px(view, shapes.x[p]), py(view, shapes.y[p])];
}

const BY_PEOPLE = range(T.settlements.n).sort((a, b) => (T.settlements.population[b] || 0) - (T.settlements.population[a] || 0));
const CITIES = BY_PEOPLE.filter((i) => T.settlements.rank[i] === 'city');
const SETTLED = BY_PEOPLE.filter((i) => T.settlements.rank[i] !== 'city');

function* drawLabels(pen, view) {
  const book = labelBook(view);
  // the name of a city comes before everything: marks of parks are moved aside for it
  drawSettlements(pen, view, book, CITIES);
  reserveMarks(book, view);
  drawRouteLabels(pen, view, book);
  drawFlowLabels(pen, view, book);
  yield;
  drawSettlements(pen, view, book, SETTLED);
  yield;
  drawShields(pen, view, book);
  if (shown.parks) drawParks(pen, view, book);
  drawWaterNames(pen, view, book);
  if (shown.districts && view.zoom < 10.5) drawDistrictNames(pen, view, book);
  drawNetNames(pen, view, book);
}

function drawSettlements(pen, view, book, rows) {
  const S = T.settlements;
  for (const i of rows) {
    if (view.zoom < RANK_ZOOM[S.rank[i]] || !inView(S.shape, i, view)) continue;
    const [x, y] = spotOf(S.shape, i, view);
    const big = S.rank[i] === 'city';
    dot(pen, x, y, big ? 4.5 : S.rank[i] === 'village' ? 2 : 3, '#ffffff', GROUND.label, big ? 2 : 1.3);
    book.take(x - 4, y - 4, 8, 8);
    write(pen, book, nameOf(S, i), x, y, { size: RANK_SIZE[S.rank[i]], colour: big ? INK.text : GROUND.label, weight: big ? 700 : S.rank[i] === 'town' ? 600 : 400 });
  }
}

function drawShields(pen, view, book) {
  if (!shown.road) return;
  const done = new Map();
  for (const i of ROAD_ROWS.federal) {
    const name = nameOf(G.nets, i).match(/^[A-ZА-Я]{1,2}-\d+/u);
    if (!name || !inView(G.nets.shape, i, view)) continue;
    const [first, end] = [G.nets.shape.rings[G.nets.shape.parts[i]], G.nets.shape.rings[G.nets.shape.parts[i] + 1]];
    for (const part of [0.3, 0.7, 0.5]) {
      const p = Math.floor(first + (end - first - 1) * part);
      const [x, y] = [px(view, G.nets.shape.x[p]), py(view, G.nets.shape.y[p])];
      const near = (done.get(name[0]) || []).some((at) => Math.hypot(at[0] - x, at[1] - y) < 260);
      if (near || !shield(pen, book, name[0], x, y)) continue;
      done.set(name[0], [...(done.get(name[0]) || []), [x, y]]);
    }
  }
}

function shield(pen, book, text, x, y) {
  pen.font = `600 10px ${FONT}`;
  pen.letterSpacing = '0px';
  const width = pen.measureText(text).width + 8;
  if (!book.fits(x - width / 2, y - 8, width, 16)) return false;
  book.take(x - width / 2, y - 8, width, 16);
  pen.fillStyle = '#2f6d4f';
  pen.beginPath();
  pen.roundRect(x - width / 2, y - 8, width, 16, 3);
  pen.fill();
  pen.fillStyle = '#ffffff';
  pen.textBaseline = 'middle';
  pen.fillText(text, x - width / 2 + 4, y + 0.5);
  return true;
}

function drawParks(pen, view, book) {
  for (let i = 0; i < T.parks.n; i += 1) {
    if (!inView(T.parks.shape, i, view)) continue;
    const [x, y] = spotOf(T.parks.shape, i, view);
    pen.save();
    pen.translate(x, y);
    pen.rotate(Math.PI / 4);
    squareMark(pen, 0, 0, 4, '#ffffff', INK.accent);
    pen.restore();
    if (view.zoom >= 9.5) write(pen, book, nameOf(T.parks, i), x, y, { size: 11, colour: INK.accent, weight: 600, gap: 9 });
  }
}

function drawWaterNames(pen, view, book) {
  if (view.zoom < 7) return;
  const named = [[G.terrain, COVER.water], [G.constraints, STREAMS]];
  const done = new Set();
  for (const [table, rows] of named) {
    const bySize = rows.filter((i) => table.name_ru[i] && inView(table.shape, i, view)).sort((a, b) => sizePx(table.shape, b, view) - sizePx(table.shape, a, view));
    for (const i of bySize) {
      const name = nameOf(table, i);
      if (done.has(name) || sizePx(table.shape, i, view) < 60) continue;
      const ring = table.shape.parts[i];
      const span = table.shape.rings[ring + 1] - table.shape.rings[ring];
      for (const part of [0.12, 0.3, 0.42, 0.2, 0.05]) {
        const p = table.shape.rings[ring] + Math.floor(span * part);
        const [x, y] = [px(view, table.shape.x[p]), py(view, table.shape.y[p])];
        if (write(pen, book, name, x, y, { size: 11.5, colour: GROUND.water_label, italic: true, spots: ['right', 'left', 'middle'], gap: 5 })) {
          done.add(name);
          break;
        }
      }
    }
  }
}

function drawDistrictNames(pen, view, book) {
  const D = T.districts;
  for (let i = 0; i < D.n; i += 1) {
    if (!inView(D.shape, i, view) || sizePx(D.shape, i, view) < 70) continue;
    const b = D.shape.box;
    const [x, y] = [px(view, (b[4 * i] + b[4 * i + 2]) / 2), py(view, (b[4 * i + 1] + b[4 * i + 3]) / 2)];
    write(pen, book, nameOf(D, i).toLocaleUpperCase(LOCALES[language.now]), x, y, { size: 10, colour: GROUND.district_label, spots: ['middle', 'top', 'bottom'], gap: 14, spacing: '1px' });
  }
}

function drawNetNames(pen, view, book) {
  if (view.zoom < 10.5) return;
  for (const utility of Object.keys(NETS)) {
    if (!shown[utility]) continue;
    for (const i of NETS[utility]) {
      if (G.nets.shape.kinds[i] !== KIND.point || !inView(G.nets.shape, i, view)) continue;
      const [x, y] = spotOf(G.nets.shape, i, view);
      write(pen, book, nameOf(G.nets, i), x, y, { size: 11, colour: UTILITY_INK[utility] });
    }
  }
}
