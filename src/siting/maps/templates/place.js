// A place: what connecting given demands costs in the cell under a click.

const PLACE_DIGITS = 4;
const placeCode = ([lon, lat]) => `${lon.toFixed(PLACE_DIGITS)},${lat.toFixed(PLACE_DIGITS)}`;

function placeIn(text) {
  const at = (text || '').split(',').map(Number);
  const inside = at.length === 2 && Math.abs(at[0]) <= 180 && Math.abs(at[1]) <= 85;
  return canAsk && inside && text ? at : null;
}

function placePage([lon, lat]) {
  const cell = cellAt(worldX(lon), worldY(lat));
  const result = h('div', { id: 'place-result', role: 'status', 'aria-live': 'polite' });
  const show = () => result.replaceChildren(...placeResult(cell));
  if (cell !== null) show();
  return [
    h('article', { class: 'card', 'aria-label': t('place_title') },
      link({ tab: 'whatif' }, { class: 'back' }, `← ${t('tab_whatif')}`),
      h('header', {}, h('h2', { tabindex: '-1', id: 'card-title' }, t('place_title')), h('p', {}, h('code', {}, `${lat.toFixed(PLACE_DIGITS)}, ${lon.toFixed(PLACE_DIGITS)}`))),
      cell === null ? nowhere(lon, lat) : [
        note(t('place_note', { km: number(DATA.pricing.side_km), plot: `${OFFERED.spots.plot_id[cell]}${OFFERED.spots.is_synthetic[cell] ? ` (${t('made_up')})` : ''}` })),
        h('fieldset', { class: 'asked' }, h('legend', {}, t('place_asked')), DATA.utilities.map((utility) => askedLine(utility, show))),
        surfaceChoice(), result],
    ),
  ];
}

function askedLine(utility, show) {
  const input = h('input', { type: 'number', id: `ask-${utility}`, min: '0', step: 'any', value: String(surface.demand[utility]), oninput: (event) => {
    const value = Number(event.target.value);
    if (!(value >= 0)) return;
    surface.demand[utility] = value;
    show();
    refreshLegend();
    redraw();
  } });
  return h('span', { class: 'asked-line' }, h('label', { for: `ask-${utility}` }, say('utility', utility)), input, h('span', {}, say('unit', unitOf(utility))));
}

function surfaceChoice() {
  const options = DATA.utilities.filter((utility) => OFFERED.options.utility.includes(utility));
  return h('p', { class: 'tools' }, h('label', { for: 'surface-utility' }, t('surface_of')),
    h('select', { id: 'surface-utility', onchange: (event) => {
      surface.utility = event.target.value || surface.utility;
      shown.surface = event.target.value !== '';
      const box = document.getElementById('layer-surface');
      if (box) box.checked = shown.surface;
      refreshLegend();
      redraw();
    } }, h('option', { value: '' }, t('surface_off')), options.map((utility) => h('option', { value: utility, selected: shown.surface && surface.utility === utility }, say('utility', utility)))));
}

function placeResult(cell) {
  const found = DATA.utilities.map((utility) => ({ utility, demand: surface.demand[utility] })).filter((ask) => ask.demand > 0).map((ask) => ({ ...ask, way: connectAt(cell, ask.utility, ask.demand) }));
  const total = found.reduce((sum, ask) => sum + (ask.way ? ask.way.cost : 0), 0);
  const lost = found.filter((ask) => !ask.way);
  return [
    figures(figure(t('place_total'), money(total), lost.length ? t('place_without', { names: lost.map((ask) => say('utility', ask.utility).toLowerCase()).join(', ') }) : t('place_total_hint'))),
    grid([t('network'), t('way'), t('place_source'), t('length'), t('cost')], found.map(({ utility, way }) => [
      say('utility', utility), way ? say('option', way.option) : t('cannot_connect'), way ? sourceName(way) : NOTHING, way && way.source ? km(way.km) : NOTHING, way ? money(way.cost) : NOTHING,
    ]), { caption: t('place_caption'), align: ['', '', '', 'n', 'n'], name: 'place' }),
  ];
}

function sourceName(way) {
  if (way.source === null) return t('own_source');
  const row = rowOf(G.nets, way.source);
  return h('span', {}, row === null ? way.source : nameOf(G.nets, row), way.isSpareKnown ? null : h('small', { class: 'doubtful' }, t('spare_unknown')));
}

// No plot was computed in this cell: say so, and show the way to the nearest that was.
function nowhere(lon, lat) {
  const here = L.latLng(lat, lon);
  const centres = range(OFFERED.spots.n).map((cell) => {
    const b = OFFERED.spots.shape.box;
    return toLatLng((b[4 * cell] + b[4 * cell + 2]) / 2, (b[4 * cell + 1] + b[4 * cell + 3]) / 2);
  });
  const nearest = range(OFFERED.spots.n).sort((a, b) => here.distanceTo(centres[a]) - here.distanceTo(centres[b]))[0];
  if (nearest === undefined) return note(t('place_none'));
  const at = centres[nearest];
  return [note(t('place_none')), h('p', {}, link({ place: placeCode([at.lng, at.lat]) }, {}, t('place_nearest', { km: number(here.distanceTo(at) / 1000, 1) })))];
}
