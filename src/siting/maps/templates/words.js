// Words and numbers in the language of the reader. Data and words never meet in HTML: only as text.

const LANGS = ['ru', 'en'];
const LOCALES = { ru: 'ru-RU', en: 'en-GB' };
const DASH = '–';
const NOTHING = '—';

const DATA = OPENED.told;
const T = Object.fromEntries(Object.entries(DATA.tables).map(([name, packed]) => [name, tableOf(packed)]));
const language = { now: DATA.lang };

const pick = (pair) => pair[LANGS.indexOf(language.now)];

// The words of a code; a code without words (a region's own option) is shown as it is.
function say(section, code) {
  if (code === null || code === undefined) return NOTHING;
  const pair = DATA.words[section] && DATA.words[section][code];
  return pair ? pick(pair) : code.replaceAll('_', ' ');
}

const has = (section, code) => Boolean(DATA.words[section] && DATA.words[section][code]);

function t(code, values = {}) {
  return say('ui', code).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

const rules = new Map();
// "park|parks" by the rules of the language.
function plural(code, count) {
  const forms = say('count', code).split('|');
  if (!rules.has(language.now)) rules.set(language.now, new Intl.PluralRules(LOCALES[language.now]));
  const rule = rules.get(language.now).select(count);
  const place = language.now === 'ru' ? { one: 0, few: 1, many: 2, other: 1 }[rule] : { one: 0 }[rule] ?? 1;
  return `${number(count)}\u00a0${forms[place]}`;
}

const formats = new Map();
// `even` keeps the last zeros, so that amounts stand in line: 6.00 below 5.99.
function number(value, digits = 0, even = false) {
  if (!known(value)) return NOTHING;
  const key = `${language.now}${digits}${even}`;
  if (!formats.has(key)) {
    const rules = { maximumFractionDigits: digits, minimumFractionDigits: even ? digits : 0 };
    formats.set(key, new Intl.NumberFormat(LOCALES[language.now], rules));
  }
  // a minus as wide as a plus, and no negative zero
  return formats.get(key).format(Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).replace('-', '\u2212');
}

const BILLION_MRUB = 1000;
function money(mrub) {
  if (!known(mrub)) return NOTHING;
  const big = Math.abs(mrub) >= BILLION_MRUB;
  const value = big ? mrub / BILLION_MRUB : mrub;
  const digits = big ? (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2) : Math.abs(value) >= 100 ? 0 : 1;
  return bound(big ? 'money_bn' : 'money_m', number(value, digits, big && digits === 2));
}

// A range of money in one unit: "688–918 million", not two amounts that break over two lines.
function moneyRange(low, high) {
  if (!known(low) || !known(high)) return NOTHING;
  const big = Math.max(Math.abs(low), Math.abs(high)) >= BILLION_MRUB;
  const [from, to] = big ? [low / BILLION_MRUB, high / BILLION_MRUB] : [low, high];
  const digits = big ? 2 : 0;
  // a loss is written with a minus, so a dash between signed numbers needs room
  const dash = low < 0 || high < 0 ? `\u00a0${DASH}\u00a0` : DASH;
  return bound(big ? 'money_bn' : 'money_m', `${number(from, digits)}${dash}${number(to, digits)}`);
}

// A number and its unit are never parted by the end of a line.
const bound = (code, value) => t(code, { value }).replaceAll(' ', '\u00a0');

const share = (value, digits = 0) => (known(value) ? bound('percent', number(value * 100, digits)) : NOTHING);
const km = (value) => (known(value) ? bound('km', number(value, value < 10 ? 1 : 0)) : NOTHING);
const ha = (value) => (known(value) ? bound('ha', number(value, value < 10 ? 1 : 0)) : NOTHING);
const withUnit = (value, unit, digits = 2) => (known(value) ? `${number(value, Math.abs(value) >= 100 ? 0 : digits)}\u00a0${say('unit', unit)}`.trim() : NOTHING);

// The name of a row in the language of the reader.
function nameOf(table, row) {
  const name = table[`name_${language.now}`][row];
  return name === null || name === '' ? t('nameless') : name;
}

const capital = (text) => text.charAt(0).toLocaleUpperCase(LOCALES[language.now]) + text.slice(1);
const siteName = (row) => nameOf(T.sites, row);
