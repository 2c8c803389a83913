// The only way elements are made: text is always a text node, so no data can become markup.

function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [key, told] of Object.entries(value)) element.style.setProperty(key, told);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// A link inside the page: parameters become the address, and the address decides what is shown.
function link(params, attributes, ...children) {
  return h('a', { href: addressOf(params), ...attributes }, ...children);
}

const heading = (text) => h('h2', { class: 'section' }, text);
const note = (...text) => h('p', { class: 'note' }, ...text);
const chip = (kind, text) => h('span', { class: `chip ${kind}` }, text);

function figure(label, value, hint) {
  return h('div', { class: 'figure' }, h('dt', {}, label), h('dd', {}, value, hint ? h('small', {}, hint) : null));
}

const figures = (...items) => h('dl', { class: 'figures' }, ...items);

// A bar whose length is a share of the widest; the number stands beside it, so colour is never alone.
function bar(value, widest, colour, kind = '') {
  const percent = widest > 0 ? Math.min(100, (Math.abs(value) / widest) * 100) : 0;
  return h('span', { class: `bar ${kind}`, 'aria-hidden': 'true' }, h('i', { style: { width: `${percent}%`, background: colour } }));
}

// A table with its own button: what is seen can be saved. `head` makes the first column headings.
function grid(heads, rows, { caption = '', align = [], name = 'table', head = false } = {}) {
  const cell = (tag, content, i, extra = {}) => h(tag, { class: align[i] === 'n' ? 'number' : null, ...extra }, content);
  const label = caption || heads.filter((text) => typeof text === 'string').join(', ');
  const table = h('table', {},
    caption ? h('caption', {}, caption) : null,
    h('thead', {}, h('tr', {}, heads.map((text, i) => cell('th', text, i, { scope: 'col' })))),
    h('tbody', {}, rows.map((row) => h('tr', {}, row.map((content, i) => (head && i === 0 ? cell('th', content, i, { scope: 'row' }) : cell('td', content, i)))))));
  return h('div', { class: 'held' }, h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, table),
    rows.length ? h('button', { type: 'button', class: 'save', 'aria-label': `${t('save_csv')}: ${label}`, onclick: () => saveTable(table, name) }, t('save_csv')) : null);
}

// What does not fit is shown on request: a long list must not slow the page.
function shownByParts(items, most, render, container) {
  let shown = 0;
  const more = h('button', { type: 'button', class: 'more', onclick: () => show() });
  function show() {
    items.slice(shown, shown + most).forEach((item, i) => container.append(render(item, shown + i)));
    shown = Math.min(items.length, shown + most);
    more.hidden = shown >= items.length;
    more.textContent = t('show_more', { count: number(items.length - shown) });
  }
  show();
  return h('div', {}, container, more);
}

function fold(title, open, ...content) {
  return h('details', { open }, h('summary', {}, title), ...content);
}
