// What moves the saving of the plan: one group of assumptions after another from end to end.

function tornado() {
  const W = tableOrNone('tornado');
  if (!W.n) return null;
  const rows = range(W.n).sort((a, b) => W.swing_mrub[b] - W.swing_mrub[a] || a - b);
  const ends = rows.flatMap((row) => [W.low_mrub[row], W.high_mrub[row], W.central_mrub[row]]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const at = (value) => `${((value - least) / Math.max(most - least, 1e-9)) * 100}%`;
  return [heading(t('tornado')), note(t('tornado_note', { central: money(W.central_mrub[rows[0]]) })), h('ol', { class: 'ranges' }, rows.map((row) => {
    const [low, high] = [Math.min(W.low_mrub[row], W.high_mrub[row]), Math.max(W.low_mrub[row], W.high_mrub[row])];
    return h('li', {}, h('div', { class: 'row' }, h('span', { class: 'grow' }, h('b', {}, tornadoName(row)),
      h('span', { class: 'track', 'aria-hidden': 'true', style: { '--zero': at(W.central_mrub[row]) } }, h('i', { class: 'span', style: { left: at(low), width: `calc(${at(high)} - ${at(low)})` } }))),
    h('span', { class: 'amount' }, moneyRange(low, high))));
  }))];
}

function tornadoName(row) {
  const { kind, subject } = T.tornado;
  return `${capital(say('fact', kind[row]))}: ${subject[row] === 'all' ? t('tornado_all') : say('utility', subject[row]).toLowerCase()}`;
}

// How often a park has which rank by its saving alone: the most frequent, and how often it is among the best.
const RANKS_OF = rowsOf('ranks', 'site');

function rankLine(i) {
  const rows = RANKS_OF.get(i) || [];
  if (!rows.length) return null;
  const R_ = T.ranks;
  const [first] = [...rows].sort((a, b) => R_.share[b] - R_.share[a] || R_.rank[a] - R_.rank[b]);
  const count = CHOSEN.length;
  const top = rows.filter((row) => R_.rank[row] <= count).reduce((sum, row) => sum + R_.share[row], 0);
  return h('small', {}, t('rank_line', { rank: number(R_.rank[first]), share: share(R_.share[first]), count: number(count), top: share(top) }));
}
