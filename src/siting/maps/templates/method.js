// Method and data: what was computed, from what, with which assumptions and repairs.

function methodPage() {
  const M = DATA.summary.method;
  return [
    h('p', { class: 'lead' }, t('method_lead')),
    ['method_land', 'method_connect', 'method_serve', 'method_choose', 'method_doubt', 'method_trade'].map((code) => h('p', {}, t(code, { quantile: share(M.standalone_quantile), error: share(M.length_error_share_max, 1) }))),
    heading(t('run')),
    figures(
      figure(t('seed'), h('code', {}, String(DATA.summary.seed))), figure(t('version'), h('code', {}, DATA.summary.version)),
      figure(t('crs'), h('code', {}, M.crs)), figure(t('cell'), t('m', { value: number(M.cell_m) })),
      figure(t('price_year'), String(M.price_year)), figure(t('solver'), solverWords(folio.solver_status))),
    heading(t('licence')), h('p', { class: 'licence' }, pick(DATA.region.licence) || NOTHING),
    heading(t('statuses')), note(t('statuses_note')), statusTable(),
    heading(t('prices')), note(t('prices_note', { year: String(M.price_year) })), priceTable(),
    heading(t('sources')), note(t('sources_note')), sourceTable(),
    heading(t('repairs')), repairTable(),
    heading(t('files')), fileList(),
    note(t('made_with')),
  ];
}

const solverWords = (status) => (has('solver', status) ? say('solver', status) : h('code', { lang: 'en' }, status));

function statusTable() {
  const S = T.statuses;
  return grid([t('table'), t('status'), t('rows')], range(S.n).map((i) => [say('table', S.layer[i]), say('status', S.status[i]), number(S.rows_count[i])]), { caption: t('statuses'), align: ['', '', 'n'] });
}

function priceTable() {
  const O = T.options;
  const span = (i, stem) => (O[`${stem}_high`][i] > 0 ? `${number(O[stem][i], 2)} (${number(O[`${stem}_low`][i], 2)}${DASH}${number(O[`${stem}_high`][i], 2)})` : NOTHING);
  return grid([t('way'), t('capacity'), t('price_fixed'), t('price_km'), t('price_unit'), t('status')], range(O.n).map((i) => [
    h('span', {}, h('b', {}, say('option', O.option[i])), h('small', {}, say('utility', O.utility[i]))), withUnit(O.capacity[i], O.capacity_unit[i]),
    span(i, 'fixed_mrub'), span(i, 'per_km_mrub'), span(i, 'per_unit_mrub'), say('status', O.status[i]),
  ]), { caption: t('prices'), align: ['', 'n', 'n', 'n', 'n', ''] });
}

function sourceTable() {
  const O = T.origins;
  return grid([t('table'), t('source'), t('rows'), t('of_them_made_up'), t('as_of'), t('confidence')], range(O.n).map((i) => [
    say('table', O.layer[i]), h('cite', {}, O.source[i] || NOTHING), number(O.rows_count[i]), number(O.synthetic_count[i]), O.as_of[i] || NOTHING, say('confidence', O.confidence[i]),
  ]), { caption: t('sources'), align: ['', '', 'n', 'n', '', ''] });
}

function repairTable() {
  const R = T.repairs;
  if (!R.n) return note(t('no_repairs'));
  return grid([t('table'), t('action'), t('reason'), t('rows')], range(R.n).map((i) => [say('table', R.layer[i]), say('action', R.action[i]), say('reason', R.reason[i]), number(R.rows_count[i])]), { caption: t('repairs'), align: ['', '', '', 'n'] });
}

function fileList() {
  const files = Object.entries(DATA.summary.inputs_sha256 || {});
  return fold(plural('files', files.length), false, h('ul', { class: 'files' }, files.map(([file, sum]) => h('li', {}, h('span', {}, file), h('code', {}, sum)))));
}
