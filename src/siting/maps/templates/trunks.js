// Trunks that parks of the plan could share: on the map, on the overview and on the cards of the parks.

const SHARES_OF_TRUNK = rowsOf('trunk_shares', 'trunk');
const SHARES_OF_SITE = rowsOf('trunk_shares', 'site');
const TRUNK_PX = 8;

const parksOfTrunk = (row) => (SHARES_OF_TRUNK.get(row) || []).map((at) => T.trunk_shares.site[at]).filter(known);

function trunkSection() {
  const U = tableOrNone('trunks');
  if (!U.n) return null;
  const rows = range(U.n);
  const parks = new Set(rows.flatMap(parksOfTrunk));
  const saving = rows.reduce((sum, row) => sum + U.saving_mrub[row] + U.trench_saving_mrub[row], 0);
  return fold(t('trunks'), false, h('p', {}, t('trunks_answer', { parks: plural('parks', parks.size), saving: money(saving) })),
    grid([t('network'), t('trunk_parks'), t('length'), t('trunk_separate'), t('trunk_cost'), t('saving'), t('trunk_trench')], rows.map((row) => [
      say('utility', U.utility[row]), parksOfTrunk(row).map(siteName).join(', '), km(U.length_km[row]), money(U.separate_mrub[row]), money(U.cost_mrub[row]), h('b', {}, money(U.saving_mrub[row])), money(U.trench_saving_mrub[row]),
    ]), { caption: t('trunks_caption'), align: ['', '', 'n', 'n', 'n', 'n', 'n'], name: 'trunks' }), note(t('trunk_note')));
}

function trunkList(i) {
  const own = SHARES_OF_SITE.get(i) || [];
  if (!own.length) return null;
  const [U, S] = [T.trunks, T.trunk_shares];
  return fold(t('trunks'), false, h('ul', {}, own.map((at) => {
    const row = S.trunk[at];
    const others = parksOfTrunk(row).filter((site) => site !== i);
    return h('li', {}, t('trunk_of_park', { utility: say('utility', U.utility[row]), names: others.map(siteName).join(', '), cost: money(S.cost_mrub[at]), saving: money(U.saving_mrub[row]) }));
  })), note(t('trunk_note')));
}

// Beneath the routes: all on the overview, those of the park on its card.
function* drawTrunks(pen, view) {
  const U = tableOrNone('trunks');
  if (!U.n || focus.flows.length) return;
  const rows = state.site === null ? range(U.n) : (SHARES_OF_SITE.get(state.site) || []).map((at) => T.trunk_shares.trunk[at]);
  // networks of one trunk lie in one corridor: it is one band whatever runs in it
  yield* strokeAll(pen, U.shape, rows, view, { colour: INK.trunk, width: TRUNK_PX });
}
