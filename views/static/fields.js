// The card fields in a shop's page: a frame of ours, below a page that may be anybody's. Stands on card.js, whose
// `form`, `names`, `field`, `texts`, `faultOf`, `brandOf`, `digitsOf`, `readExpiry`, `tell` and `tellAll` it uses.
// What is typed goes to our own origin and nowhere else; the page around hears of brand, completeness, height, token.
const { key, origins, refused, says } = form.dataset;
const words = JSON.parse(says);
const root = document.documentElement;
let port = null;
let told = '';
let wished = {};

// The page around us, and nobody else, hands over a port: once, and only from where the merchant is at home.
addEventListener('message', ({ source, origin, data, ports }) => {
  if (port !== null || source !== parent || parent === window) return;
  if (data?.payresort !== 'card-fields' || !ports[0] || !isAllowed(origin)) return;
  port = ports[0];
  port.onmessage = (event) => take(event.data ?? {});
  applyStyle(data.style);
  form.classList.add('on');
  new ResizeObserver(tellHeight).observe(document.body);
  if (refused) port.postMessage({ type: 'refused', message: words.invalid_key });
  else port.postMessage({ type: 'ready' });
});

// The browser has checked frame-ancestors already, for every page around us.
function isAllowed(origin) {
  const registered = JSON.parse(origins);
  return registered.length === 0 ? /^https?:\/\//.test(origin) : registered.includes(origin);
}

function take({ type, id, name, style }) {
  if (type === 'tokenize' && Number.isInteger(id)) tokenize(id, typeof name === 'string' ? name : '');
  if (type === 'style') applyStyle(style);
  if (type === 'focus') (form.querySelector('[aria-invalid]') ?? field(names[0])).focus();
  if (type === 'clear') clear();
}

function tellHeight() {
  port.postMessage({ type: 'height', height: Math.ceil(document.body.getBoundingClientRect().height) });
}

function tellChange() {
  const brand = brandOf(digitsOf(field('number').value))?.[0] ?? null;
  const complete = names.every((each) => !faultOf(each));
  const empty = names.every((each) => field(each).value === '');
  const state = JSON.stringify({ brand, complete, empty });
  if (state === told) return;
  told = state;
  port?.postMessage({ type: 'change', brand, complete, empty });
}

function clear() {
  form.reset();
  for (const each of names) tell(each, '');
  document.getElementById('faults').hidden = true;
  showBrand();
  tellChange();
}

async function tokenize(id, name) {
  if (tellAll()) return fail(id, 'invalid_fields');
  form.setAttribute('aria-busy', 'true');
  for (const each of names) field(each).readOnly = true;
  try {
    await answerTo(id, await send(name));
  } catch {
    fail(id, 'unavailable');
  }
  for (const each of names) field(each).readOnly = false;
  form.removeAttribute('aria-busy');
}

async function send(name) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), 20000);
  try {
    return await fetch('/v1/tokens', { ...request(name), signal: giveUp.signal });
  } finally {
    clearTimeout(timer);
  }
}

function request(name) {
  const [expMonth, expYear] = readExpiry(field('exp').value);
  const card = {
    number: field('number').value,
    exp_month: +expMonth,
    exp_year: +expYear,
    csc: field('csc').value,
    name: field('name')?.value ?? name,
  };
  return {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ card }),
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
  };
}

async function answerTo(id, answer) {
  const body = await answer.json();
  if (answer.status === 201) {
    return port.postMessage({ type: 'token', id, token: body.id, expiresAt: body.expires_at });
  }
  if (answer.status === 401 || answer.status === 403) return fail(id, 'invalid_key');
  if (answer.status === 429) return fail(id, 'rate_limited');
  if (answer.status !== 422) return fail(id, 'unavailable');
  const elsewhere = (body.errors ?? []).map(showFault).filter(Boolean);
  fail(id, 'invalid_fields', elsewhere);
}

// What only the server knows. A fault of a field that is not here is the shop's to show.
function showFault({ pointer, code }) {
  const name = { number: 'number', exp_month: 'exp', exp_year: 'exp', csc: 'csc', name: 'name' }[
    pointer.split('/')[2]
  ];
  if (!name) return null;
  const known = code === 'required' ? 'missing' : code;
  if (field(name)) {
    tell(name, known);
    return null;
  }
  return { field: name, code: known, message: texts[name][known] ?? texts[name].missing };
}

function fail(id, code, more = []) {
  const shown = [...form.querySelectorAll('[aria-invalid]')].map(({ name }) => {
    const line = document.getElementById(`${name}-error`);
    return { field: name, code: line.dataset.code, message: line.textContent };
  });
  const errors = code === 'invalid_fields' ? [...shown, ...more] : [];
  const focus = code === 'invalid_fields' && shown.length > 0;
  port.postMessage({ type: 'failed', id, code, message: words[code], errors, focus });
}

// Values of a short list, checked one by one and set as custom properties: nothing of the shop's becomes a style rule.
const COLOURS = {
  colorText: ['--ink', 4.5],
  colorMuted: ['--quiet', 4.5],
  colorBackground: ['--paper', 1],
  colorBorder: ['--field', 3],
  colorAccent: ['--brand', 3],
  colorDanger: ['--danger', 4.5],
};
const SCHEMES = ['light', 'dark', 'auto'];
const FONTS = ['sans', 'serif', 'rounded'];
const isColour = (value) => /^#[0-9a-f]{6}$/i.test(value);
const isWithin = (value, from, to) => Number.isFinite(value) && value >= from && value <= to;

function applyStyle(given) {
  const style = typeof given === 'object' && given !== null ? given : {};
  wished = style;
  root.removeAttribute('style');
  const scheme = SCHEMES.includes(style.scheme) ? style.scheme : 'light';
  if (scheme !== 'auto') setTokens(scheme);
  if (isColour(style.colorBackground)) root.style.setProperty('--paper', style.colorBackground);
  const ground = getComputedStyle(root).getPropertyValue('--paper').trim();
  for (const [option, [token, contrast]] of Object.entries(COLOURS)) {
    if (isColour(style[option])) root.style.setProperty(token, readable(style[option], ground, contrast));
  }
  if (FONTS.includes(style.font)) root.dataset.font = style.font;
  if (isWithin(style.fontSize, 14, 20)) root.style.fontSize = `${(style.fontSize / 16) * 100}%`;
  if (isWithin(style.radius, 0, 24)) root.style.setProperty('--radius', `${style.radius}px`);
  const wrong = Object.keys(style).filter((option) => !isUsed(option, style[option]));
  if (wrong.length > 0)
    port.postMessage({ type: 'style', refused: wrong.slice(0, 20).join(', ').slice(0, 400) });
}

function isUsed(option, value) {
  if (value === undefined || (Object.keys(COLOURS).includes(option) && isColour(value))) return true;
  if (option === 'scheme') return SCHEMES.includes(value);
  if (option === 'font') return FONTS.includes(value);
  if (option === 'fontSize') return isWithin(value, 14, 20);
  return option === 'radius' && isWithin(value, 0, 24);
}

// The tokens of one scheme, whatever the device prefers: read from our own style sheets, where they are written once.
function setTokens(scheme) {
  root.style.colorScheme = scheme;
  for (const { cssRules } of document.styleSheets) {
    for (const rule of cssRules) {
      if (rule.selectorText === ':root') copyTokens(rule.style);
      if (scheme === 'dark' && rule.conditionText?.includes('prefers-color-scheme')) {
        copyTokens(rule.cssRules[0].style);
      }
    }
  }
}

function copyTokens(style) {
  for (const name of style)
    if (name.startsWith('--')) root.style.setProperty(name, style.getPropertyValue(name));
}

// WCAG 2.2, 1.4.3 and 1.4.11: moved towards black or white until it can be told from the ground.
function readable(colour, ground, wanted) {
  const [own, behind] = [channels(colour), channels(ground)];
  const end = luminance(behind) > 0.18 ? 0 : 255;
  for (let part = 0; part < 1; part += 0.05) {
    const moved = own.map((channel) => Math.round(channel + (end - channel) * part));
    const [low, high] = [luminance(moved), luminance(behind)].sort((a, b) => a - b);
    if ((high + 0.05) / (low + 0.05) >= wanted) return `rgb(${moved})`;
  }
  return `rgb(${[end, end, end]})`;
}

function channels(hex) {
  const six = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&') : hex;
  return [1, 3, 5].map((at) => Number.parseInt(six.slice(at, at + 2), 16));
}

function luminance(colour) {
  const [r, g, b] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => port && applyStyle(wished));
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', tellChange);
form.addEventListener('keydown', ({ key: pressed, isComposing }) => {
  if (pressed === 'Enter' && !isComposing) port?.postMessage({ type: 'submit' });
});
