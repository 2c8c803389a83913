// The formula of siting.pricing and of the portfolio's quick choice once more, for the sliders.
// A test holds both to the Python on random settings; change neither alone.

const SLACK = 1e-9;
const UTILITIES_COUNT = DATA.utilities.length;
const REACH = { none: 0, mwKm: 2 };

// Ways of a packed table: rows 8i+u hold the ways of place i and utility u.
function waysOf(packed) {
  const table = tableOf(packed);
  const effective = table.length.map((length, i) => length + table.extra[i]);
  const source = Int32Array.from(table.source, (at) => (Number.isNaN(at) ? -1 : at));
  return { start: starts(UNPACK.n(packed.counts)), option: Int32Array.from(table.option), source, length: table.length, effective, crossings: table.crossings };
}

function wayCost(ways, world, at, utility, need) {
  const { capacity, rule, reach } = world.options;
  const option = ways.option[at];
  const load = ways.length[at] * (rule[option] === REACH.mwKm ? need : 1);
  if (rule[option] !== REACH.none && load > reach[option] * (1 + SLACK)) return Infinity;
  const count = Math.ceil((need / capacity[option]) * (1 - SLACK));
  const beyond = ways.source[at] >= 0 ? world.extra[utility] * Math.max(0, need - world.spare[ways.source[at]]) : 0;
  const built = count * (world.fixed[option] + world.perKm[option] * ways.effective[at]) + world.perUnit[option] * need;
  return built + ways.crossings[at] + beyond;
}

// The least cost of a need at a row, and the way; what is not needed costs nothing.
function cheapestWay(ways, world, row, need, found) {
  let [best, chosen] = [Infinity, -1];
  if (need <= 0) best = 0;
  else {
    const utility = row % UTILITIES_COUNT;
    for (let at = ways.start[row]; at < ways.start[row + 1]; at += 1) {
      const cost = wayCost(ways, world, at, utility, need);
      if (cost < best) [best, chosen] = [cost, at];
    }
  }
  if (found) found.way = chosen;
  return best;
}

const canPrice = Boolean(DATA.whatif && DATA.pricing);
const canAsk = Boolean(DATA.pricing);
const OFFERED = canAsk ? { options: tableOf(DATA.pricing.tables.options), sources: tableOf(DATA.pricing.tables.sources), spots: tableOf(DATA.pricing.tables.spots) } : null;

// A source without a limit is packed as null, the only thing a missing spare capacity can mean here.
if (OFFERED) OFFERED.sources.spare = OFFERED.sources.spare.map((spare) => (known(spare) ? spare : Infinity));

// A state of prices and demands; factors of 1 are what was assumed.
function worldOfSetting(setting) {
  const { options, firms, rules } = PRICED;
  const factor = options.utility.map((utility) => setting.price[utility]);
  const scaled = (values) => values.map((value, i) => value * factor[i]);
  const demands = firms.demands.map((value, i) => (rules.fixed_load[i % UTILITIES_COUNT] ? value : value * setting.demand));
  return { options, extra: DATA.pricing.extra, fixed: scaled(options.fixed), perKm: scaled(options.per_km), perUnit: scaled(options.per_unit), spare: Float64Array.from(PRICED.sources.spare), demands, onsite: setting.price.onsite, jobs: setting.job };
}

// What each firm would pay alone, on-site networks included; 0 where it can be placed nowhere.
function valuesAlone(world) {
  const { firms, alone } = PRICED;
  return Float64Array.from({ length: firms.n }, (_, j) => {
    let cost = 0;
    for (let u = 0; u < UTILITIES_COUNT; u += 1) cost += cheapestWay(alone, world, j * UTILITIES_COUNT + u, world.demands[j * UTILITIES_COUNT + u]);
    return (Number.isFinite(cost) ? cost : 0) + firms.onsite[j] * world.onsite;
  });
}

const onsiteOf = (world, i, j) => PRICED.sites.rate[i] * PRICED.firms.area_ha[j] * world.onsite;

function needOf(world, members, u) {
  let [total, largest] = [0, 0];
  for (const j of members) {
    const demand = world.demands[j * UTILITIES_COUNT + u];
    total += demand;
    if (demand > largest) largest = demand;
  }
  return Math.max(PRICED.rules.coincidence[u] * total, largest);
}

// The saving of a site with given residents; `use` hears of the source each connection taps.
function savingWith(world, values, i, members, use) {
  const spared = members.length === 1 ? PRICED.sites.lone_share[i] : 0;
  let saving = 0;
  for (const j of members) saving += values[j] - onsiteOf(world, i, j) * (1 - spared);
  const found = { way: -1 };
  for (let u = 0; u < UTILITIES_COUNT; u += 1) {
    const need = needOf(world, members, u);
    saving -= cheapestWay(PRICED.ways, world, i * UTILITIES_COUNT + u, need, found);
    if (use) use(found.way, need);
  }
  return saving;
}

const siteSavings = (world, values) => Float64Array.from(PRICED.residents, (members, i) => savingWith(world, values, i, members));

// Lower what is left of the source of a way, never below zero.
function takeFrom(spare) {
  return (way, need) => {
    const source = way < 0 ? -1 : PRICED.ways.source[way];
    if (source >= 0) spare[source] = Math.max(0, spare[source] - need);
  };
}

// Savings of parks that share their sources, in this order, after opening them.
function parksSaving(world, values, parks) {
  const left = { ...world, spare: world.spare.slice() };
  return parks.map(({ site, members }) => savingWith(left, values, site, members, takeFrom(left.spare)) - PRICED.rules.opening);
}

// The quick choice: open the site worth most, give its firms away, look again.
function quickChoice(world, values, setting, savings) {
  const { rules, sites, firms } = PRICED;
  const pool = poolOf(savings);
  const left = { ...world, spare: world.spare.slice() };
  const held = { left, values, free: new Uint8Array(firms.n).fill(1), gains: new Map(), order: new Map() };
  const state = new Map(pool.map((i) => [i, { worth: Infinity, members: [], fresh: false, open: false, closed: false }]));
  const opened = [];
  let budget = rules.budget;
  while (opened.length < setting.parks) {
    const site = leaderOf(pool, state);
    if (site === null) break;
    const at = state.get(site);
    if (!at.fresh) {
      const [saving, members] = quickFill(held, site);
      Object.assign(at, { worth: saving - rules.opening, members, fresh: true });
      at.closed = members.length < rules.residents || (at.worth <= 0 && !sites.locked[site]);
      continue;
    }
    const spent = publicMoney(left, site, at.members);
    if (spent > budget) {
      at.closed = true;
      continue;
    }
    at.open = true;
    budget -= spent;
    opened.push({ site, members: at.members, spent });
    closeRivals(pool, state, site);
    savingWith(left, values, site, at.members, takeFrom(left.spare));
    for (const j of at.members) held.free[j] = 0;
    for (const one of state.values()) one.fresh = false;
  }
  return opened;
}

const POOL_SIZE = 150;

// The best sites by now, those of the plan and those locked in, in the order of the file.
function poolOf(savings) {
  const { sites, planned } = PRICED;
  const ranked = range(sites.n).filter((i) => PRICED.residents[i].length).sort((a, b) => savings[b] - savings[a] || a - b).slice(0, POOL_SIZE);
  const always = range(sites.n).filter((i) => sites.locked[i] || planned.has(sites.site[i]));
  return [...new Set([...ranked, ...always])].sort((a, b) => a - b);
}

function leaderOf(pool, state) {
  let best = null;
  for (const i of pool) {
    const one = state.get(i);
    if (one.open || one.closed) continue;
    const [mine, theirs] = [PRICED.sites.locked[i], best === null ? 0 : PRICED.sites.locked[best]];
    if (best === null || (mine && !theirs) || (mine === theirs && one.worth > state.get(best).worth)) best = i;
  }
  return best;
}

function gainsAt(held, i) {
  if (!held.gains.has(i)) {
    const gains = held.values.map((value, j) => value - onsiteOf(held.left, i, j) + held.left.jobs * PRICED.firms.jobs[j]);
    const area = PRICED.firms.area_ha;
    held.gains.set(i, gains);
    held.order.set(i, range(PRICED.firms.n).sort((a, b) => gains[b] / area[b] - gains[a] / area[a] || a - b));
  }
  return [held.gains.get(i), held.order.get(i)];
}

const AREA_ROUNDING = 1 + 1e-9;

// Fill a site with whoever brings most per hectare, then drop who alone needs some network.
function quickFill(held, i) {
  const [gains, order] = gainsAt(held, i);
  const { firms, fits, sites } = PRICED;
  const inside = new Uint8Array(firms.n);
  let room = sites.limit_ha[i] * AREA_ROUNDING;
  for (const j of order) {
    if (!held.free[j] || !fits(i, j) || gains[j] <= 0 || firms.area_ha[j] > room) continue;
    inside[j] = 1;
    room -= firms.area_ha[j];
  }
  const members = () => range(firms.n).filter((j) => inside[j]);
  let best = worthOf(held.left, i, gains, members());
  for (let j = 0; j < firms.n; j += 1) {
    if (!inside[j] || !isOnlyUser(held.left, inside, j)) continue;
    inside[j] = 0;
    const without = worthOf(held.left, i, gains, members());
    if (without > best) best = without;
    else inside[j] = 1;
  }
  return [best, members()];
}

function worthOf(world, i, gains, members) {
  let cost = 0;
  for (let u = 0; u < UTILITIES_COUNT; u += 1) cost += cheapestWay(PRICED.ways, world, i * UTILITIES_COUNT + u, needOf(world, members, u));
  return members.reduce((sum, j) => sum + gains[j], -cost);
}

function isOnlyUser(world, inside, j) {
  for (let u = 0; u < UTILITIES_COUNT; u += 1) {
    if (world.demands[j * UTILITIES_COUNT + u] <= 0) continue;
    let users = 0;
    for (let other = 0; other < inside.length; other += 1) if (inside[other] && world.demands[other * UTILITIES_COUNT + u] > 0) users += 1;
    if (users === 1) return true;
  }
  return false;
}

function publicMoney(world, i, members) {
  const { rules } = PRICED;
  let spent = rules.public_opening * rules.opening;
  for (let u = 0; u < UTILITIES_COUNT; u += 1) spent += rules.public[u] * cheapestWay(PRICED.ways, world, i * UTILITIES_COUNT + u, needOf(world, members, u));
  for (const j of members) spent += rules.public_onsite * onsiteOf(world, i, j);
  return spent;
}

function closeRivals(pool, state, site) {
  const { sites, rules, rivals } = PRICED;
  const district = sites.district[site];
  const full = district >= 0 && pool.filter((i) => state.get(i).open && sites.district[i] === district).length >= rules.per_district;
  for (const i of pool) if ((full && sites.district[i] === district) || rivals.get(site)?.has(i)) state.get(i).closed = true;
}

// Everything the sliders need, unpacked once on first use.
function unpackPriced() {
  const { tables, matrices, rules, rivals } = DATA.whatif;
  const [sites, firms] = [tableOf(tables.priced), tableOf(tables.firms)];
  const [fits, residents] = [UNPACK.f(matrices.fits), UNPACK.f(matrices.residents)];
  firms.demands = Float64Array.from({ length: firms.n * UTILITIES_COUNT }, (_, at) => firms[`demand_${DATA.utilities[at % UTILITIES_COUNT]}`][Math.floor(at / UTILITIES_COUNT)]);
  return {
    sites, firms, rules, options: OFFERED.options, sources: OFFERED.sources,
    ways: waysOf(tables.priced_ways), alone: waysOf(tables.alone_ways),
    fits: (i, j) => fits[i * firms.n + j] === 1,
    residents: range(sites.n).map((i) => range(firms.n).filter((j) => residents[i * firms.n + j])),
    rivals: new Map(rivals.map(([site, ...others]) => [site, new Set(others)])),
    planned: new Set(Array.from(firms.plan_site).filter(known)),
  };
}

let PRICED = null;
const neutral = () => ({ price: Object.fromEntries([...DATA.utilities, 'onsite'].map((code) => [code, 1])), demand: 1, parks: DATA.region.max_parks, job: 0 });

// Savings of all sites, the quick choice and the plan under a setting.
function recompute(setting) {
  PRICED = PRICED || unpackPriced();
  const world = worldOfSetting(setting);
  const values = valuesAlone(world);
  const savings = siteSavings(world, values);
  const parks = quickChoice(world, values, setting, savings);
  const { sites, firms } = PRICED;
  const plan = range(sites.n).map((site) => ({ site, members: range(firms.n).filter((j) => firms.plan_site[j] === sites.site[site]) })).filter((park) => park.members.length);
  return { savings, parks, amounts: parksSaving(world, values, parks), plan, planAmounts: parksSaving(world, values, plan) };
}
