// Saving what is seen: the map as a picture, a table as CSV that no spreadsheet runs.

const FORMULA = /^\s*[=+\-@\t\r\n＝＋－＠]/u;

// An apostrophe goes before what begins a formula, as in siting.export; a number stays a number.
function harmless(text) {
  return FORMULA.test(text) && !/^[−-]?[\d\s\u00a0\u202f.,]+$/u.test(text) ? `'${text}` : text;
}

const csvCell = (text) => `"${harmless(text.replace(/\s+/gu, ' ').trim()).replaceAll('"', '""')}"`;

function csvOf(table) {
  return [...table.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => csvCell(cell.innerText)).join(',')).join('\r\n');
}

function saveAs(name, blob) {
  const address = URL.createObjectURL(blob);
  const anchor = h('a', { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const fileName = (what, kind) => `siting-${DATA.region.code}-${what}.${kind}`;

// A mark of order tells spreadsheets that the text is UTF-8.
const saveTable = (table, name) => saveAs(fileName(name, 'csv'), new Blob(['\ufeff', csvOf(table)], { type: 'text/csv;charset=utf-8' }));

// The list of sites as it is filtered and ordered now, whole, not only the lines that are drawn.
function saveSites() {
  const S = T.sites;
  const plain = (value) => (known(value) ? number(value, 3).replace(/\s|\u00a0|\u202f/gu, '') : '');
  const heads = ['id', t('site'), t('district'), t('kind'), t('state'), t('buildable'), t('connection_all'), t('saving_alone_short'), t('plan_saving')];
  const rows = listedSites().map((i) => [S.id[i], siteName(i), districtName(i), say('kind', S.kind[i]), S.is_chosen[i] ? t('filter_chosen') : S.is_eligible[i] ? t('filter_eligible') : t('unfit'),
    plain(S.buildable_ha[i]), plain(S.connection_cost_mrub[i]), plain(S.saving_mrub[i]), S.is_chosen[i] ? plain(S.plan_saving_mrub[i]) : '']);
  const text = [heads, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n');
  saveAs(fileName('sites', 'csv'), new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }));
}

// The map as it is seen now with the numbers of the parks, title, legend and licence.
function pictureOf() {
  const view = viewOf(map, 0);
  const dense = Math.min(DENSE_MOST, window.devicePixelRatio || 1);
  const [canvas, pen] = paintedMap(view, dense);
  paintLegend(pen, { x: view.width, y: view.height });
  paintLine(pen, { x: view.width, y: view.height });
  return canvas;
}

function paintedMap(view, dense) {
  const canvas = h('canvas', { width: Math.round(view.width * dense), height: Math.round(view.height * dense) });
  const pen = canvas.getContext('2d');
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.fillStyle = '#e8e4dc';
  pen.fillRect(0, 0, view.width, view.height);
  for (const draw of Object.values(LAYERS)) atOnce(draw(pen, view));
  for (const [row, { mark, world }] of marked) paintMark(pen, px(view, world[0]), py(view, world[1]), siteColour(row), mark.getElement()?.innerText ?? '');
  return [canvas, pen];
}

function paintMark(pen, x, y, colour, text) {
  dot(pen, x, y, 15, colour, null);
  dot(pen, x, y, 13, INK.mark, '#ffffff', 2);
  pen.font = `700 13px ${FONT}`;
  pen.fillStyle = '#ffffff';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, x, y + 0.5);
  pen.textAlign = 'left';
}

function paintLegend(pen, size) {
  const box = document.querySelector('.legend-box details');
  if (!box || !box.open) return;
  const lines = [...box.querySelectorAll('p, li')].map((line) => ({ text: line.innerText.trim(), colour: line.querySelector('i')?.style.getPropertyValue('--c') || null, park: Boolean(line.querySelector('.park')) }));
  const rows = lines.flatMap((line) => wrapped(pen, line));
  const [wide, step] = [236, 18];
  const [left, top] = [size.x - wide - 10, size.y - 34 - rows.length * step];
  pen.fillStyle = '#ffffff';
  pen.fillRect(left, top, wide, rows.length * step + 12);
  rows.forEach((row, i) => {
    const y = top + 15 + i * step;
    if (row.park) dot(pen, left + 16, y, 7, INK.mark, '#ffffff', 1);
    else if (row.colour) dot(pen, left + 16, y, 5.5, row.colour, null);
    pen.font = `12px ${FONT}`;
    pen.fillStyle = INK.text;
    pen.textBaseline = 'middle';
    pen.fillText(row.text, left + (row.mark ? 32 : 10), y);
  });
}

function wrapped(pen, line) {
  pen.font = `12px ${FONT}`;
  pen.letterSpacing = '0px';
  const mark = line.park || line.colour !== null;
  const rows = [''];
  for (const word of line.text.split(/\s+/u)) {
    const longer = rows.at(-1) ? `${rows.at(-1)} ${word}` : word;
    if (pen.measureText(longer).width > (mark ? 196 : 216) && rows.at(-1)) rows.push(word);
    else rows[rows.length - 1] = longer;
  }
  return rows.map((text, i) => ({ text: line.park ? text.replace(/^1\s/u, '') : text, mark, colour: i === 0 ? line.colour : null, park: i === 0 && line.park }));
}

function paintLine(pen, size) {
  pen.fillStyle = 'rgba(255,255,255,.92)';
  pen.fillRect(0, size.y - 22, size.x, 22);
  pen.font = `11px ${FONT}`;
  pen.fillStyle = INK.text;
  pen.textBaseline = 'middle';
  const quick = state.tab === 'whatif' && live.now ? ` · ${t('quick_mark')}` : '';
  pen.fillText(`${t('title')}: ${pick(DATA.region.name)}${quick} · ${pick(DATA.region.licence).split('\n')[0]}`, 8, size.y - 11, size.x - 16);
}

function savePicture() {
  pictureOf().toBlob((blob) => saveAs(fileName('map', 'png'), blob), 'image/png');
}

// One sheet of A4: what is printed is laid out as wide as it must be to be as high as the sheet.
const SHEET_PX = { wide: 718, high: 985 };
const FIT_LEAST = 0.35;

function fitSheet() {
  document.body.classList.add('printing');
  placePrintMap();
  const panel = document.getElementById('panel');
  panel.style.removeProperty('--fit');
  panel.style.removeProperty('--sheet');
  if (state.site === null) return;
  for (let fit = 1; fit >= FIT_LEAST; fit -= 0.05) {
    panel.style.setProperty('--sheet', `${SHEET_PX.wide / fit}px`);
    if (panel.scrollHeight * fit <= SHEET_PX.high) {
      panel.style.setProperty('--fit', fit.toFixed(2));
      return;
    }
  }
  panel.style.setProperty('--fit', String(FIT_LEAST));
}

// The site with its routes, above the columns of the card.
const PRINT_MAP = { width: 1080, height: 300, margin: 60, zoom: 13 };

function placePrintMap() {
  document.querySelector('.print-map')?.remove();
  const before = document.querySelector('.card > .figures');
  if (state.site === null || !before) return;
  const [canvas] = paintedMap(viewAround(boxOfSites([state.site]), PRINT_MAP), DENSE_MOST);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', t('map'));
  before.after(h('div', { class: 'print-map' }, canvas));
}

// A view of a given size that holds a box of the unit square.
function viewAround([west, north, east, south], { width, height, margin, zoom }) {
  const fit = Math.min((width - 2 * margin) / Math.max(east - west, 1e-12), (height - 2 * margin) / Math.max(south - north, 1e-12));
  const level = Math.min(zoom, Math.log2(fit / TILE));
  const scale = TILE * 2 ** level;
  return boxView(level, ((west + east) / 2) * scale - width / 2, ((north + south) / 2) * scale - height / 2, width, height);
}

function leaveSheet() {
  document.querySelector('.print-map')?.remove();
  document.body.classList.remove('printing');
  map.invalidateSize({ animate: false });
}

window.addEventListener('beforeprint', fitSheet);
window.addEventListener('afterprint', leaveSheet);
