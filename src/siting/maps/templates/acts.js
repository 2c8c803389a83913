// What a site is as a place and before the law: parts, owners, workers, acts, documents, published fees.

const PASSPORTS_OF = rowsBy(T.passports.site);
const TARIFFS_OF = rowsOf('tariffs', 'site');
const WORST_FIRST = ['fail', 'unknown', 'warn', 'pass'];

// What makes this site unlike a single green field of one owner, in plain sentences.
function placeSentences(i) {
  const P = T.places;
  const has_ = (name) => P[name] && known(P[name][i]) && P[name][i] !== null;
  const said = [];
  if (has_('expands')) said.push(expansion(i));
  if (has_('parts_count') && P.parts_count[i] > 1) said.push(t('parts_told', { parts: plural('parts', P.parts_count[i]), gap: has_('parcel_gap_km') ? km(P.parcel_gap_km[i]) : NOTHING }));
  if (has_('owners_count') && P.owners_count[i] > 1) said.push(t('owners_told', { count: number(P.owners_count[i]) }));
  return said.map((text) => h('p', { class: 'note' }, text));
}

function expansion(i) {
  const P = T.places;
  const row = rowOf(T.parks, P.expands[i]);
  const park = row === null ? P.expands[i] : nameOf(T.parks, row);
  return known(P.park_free_ha?.[i]) ? t('expands_told', { park, free: ha(P.park_free_ha[i]) }) : t('expands_short', { park });
}

const landKind = (i) => (T.places.land_status?.[i] ? say('land_status', T.places.land_status[i]) : null);

function placeFigures(i) {
  const P = T.places;
  const told = (name) => P[name] && known(P[name][i]);
  return [
    told('workers_45min_count') ? figure(t('workers'), number(P.workers_45min_count[i]), t('workers_hint', { left: number(P.workers_left_count[i]) })) : null,
    told('consumers_km') ? figure(t('to_people'), km(P.consumers_km[i]), t('to_people_hint')) : null,
  ];
}

function passportList(i) {
  const P = T.passports;
  const rows = (PASSPORTS_OF.get(i) || []).sort((a, b) => P.is_in_force[b] - P.is_in_force[a] || (P.act[a] === P.act[b] ? (P.valid_from[a] || '9') < (P.valid_from[b] || '9') ? 1 : -1 : a - b));
  if (!rows.length) return null;
  const now = rows.filter((row) => P.is_in_force[row]);
  const missing = [...new Set(now.flatMap((row) => codesOf(P.documents_missing[row])))];
  return fold(t('passport'), false,
    note(missing.length ? t('passport_documents', { count: number(missing.length), names: capital(missing.map((code) => say('document', code)).join(', ')) }) : t('passport_whole')),
    grid([t('act'), t('valid'), t('verdict'), t('what_lacks')], rows.map(passportRow), { caption: t('passport_caption'), name: 'acts' }));
}

const codesOf = (text) => (text || '').split(';').filter(Boolean);

function passportRow(row) {
  const P = T.passports;
  const lacks = ['failed', 'warned', 'not_known'].flatMap((name) => codesOf(P[name][row]).map((code) => `${say('measure', code)} (${say('lack', name)})`));
  const kind = { pass: 'pass', fail: 'fail' }[P.verdict[row]] || 'plain';
  return [h('span', {}, say('act', P.act[row]), P.is_in_force[row] ? null : h('small', {}, t(P.valid_to[row] ? 'act_past' : 'act_draft'))), validity(row), chip(kind, say('result', P.verdict[row])), lacks.join(', ') || NOTHING];
}

function validity(row) {
  const P = T.passports;
  const [from, to] = [P.valid_from[row], P.valid_to[row]];
  if (!from) return t(P.is_in_force[row] ? 'valid_undated' : 'valid_draft');
  return to ? t('valid_until', { from: day(from), to: day(to) }) : t('valid_from', { from: day(from) });
}

// A date as the language writes it; what is no date is shown as it stands.
function day(text) {
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? text : new Intl.DateTimeFormat(LOCALES[language.now], { timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' }).format(date);
}

function tariffList(i) {
  const rows = TARIFFS_OF.get(i) || [];
  if (!rows.length) return null;
  const F = T.tariffs;
  const rule = (row) => F[language.now === 'ru' ? 'rule_ru' : 'rule'][row] || NOTHING;
  return fold(t('tariffs'), false, note(t('tariffs_note')), grid([t('network'), t('tariff_item'), t('tariff_asked'), t('tariff_built'), t('tariff_rule')], rows.map((row) => [
    say('utility', F.utility[row]), h('span', {}, say('tariff', F.item[row]), h('small', {}, t('tariff_year', { year: String(F.price_year[row]) }), ', ', say('status', F.status[row]).toLowerCase())),
    known(F.tariff_mrub[row]) ? money(F.tariff_mrub[row]) : t('tariff_alone'), money(F.construction_mrub[row]), rule(row),
  ]), { caption: t('tariffs'), align: ['', '', 'n', 'n', ''], name: 'tariffs' }));
}
