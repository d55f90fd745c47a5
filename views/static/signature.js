// Finds out why a signature does not hold (Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.payload`). All of it
// happens in this browser: the secret and what is pasted are sent nowhere. `diagnose` is pure; below it stands the form.
const utf8 = new TextEncoder();

/** What a JSON serializer of another make would have written. */
const escaped = (text) =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const json = (text, indent) => JSON.stringify(JSON.parse(text), null, indent);
const spaced = (text) =>
  JSON.stringify(JSON.parse(text), null, 1)
    .replace(/([[{])\n */g, '$1')
    .replace(/\n *([\]}])/g, '$1')
    .replace(/\n */g, ' ');

/** From what a program has in its hands to what was signed. The first of a name that fits is told. */
const CHANGES = [
  ['bom', (text) => text.replace(/^\ufeff/, '')],
  ['crlf', (text) => text.replace(/\r\n?/g, '\n')],
  ['newline_end', (text) => text.replace(/[\r\n]+$/, '')],
  ['whitespace', (text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')],
  ['nbsp', (text) => text.replace(/\u00a0/g, ' ')],
  ['invisible', (text) => text.replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060]/g, '')],
  ['quotes', (text) => text.replace(/[\u201c\u201d]/g, '"').replace(/[\u2018\u2019]/g, "'")],
  ['unicode_raw', escaped],
  [
    'unicode_escaped',
    (text) =>
      text.replace(/\\u([0-9a-f]{4})/gi, (whole, hex) =>
        /^00[0-7]/.test(hex) ? whole : String.fromCharCode(`0x${hex}`),
      ),
  ],
  ['hex_case', (text) => text.replace(/\\u[0-9A-F]{4}/g, (code) => code.toLowerCase())],
  ['slashes', (text) => text.replaceAll('\\/', '/')],
  ['slashes', (text) => text.replaceAll('/', '\\/')],
  ['double_encoded', (text) => (typeof JSON.parse(text) === 'string' ? JSON.parse(text) : text)],
  [
    'html',
    (text) =>
      text
        .replace(/&(quot|#0*34|#x22);/gi, '"')
        .replace(/&(#0*39|#x27|apos);/gi, "'")
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
  ],
  ['form', (text) => decodeURIComponent(text.replaceAll('+', ' '))],
  ['form_left', (text) => new URLSearchParams({ p: text }).toString().slice(2)],
  [
    'mojibake',
    (text) =>
      new TextDecoder('utf-8', { fatal: true }).decode(
        Uint8Array.from(text, (c) => (c.charCodeAt(0) < 256 ? c.charCodeAt(0) : fail())),
      ),
  ],
  ['reserialized', (text) => escaped(json(text))],
  ['reserialized', (text) => json(text)],
  ['reserialized', (text) => escaped(spaced(text))],
  ['reserialized', (text) => spaced(text)],
  ['reserialized', (text) => json(text, 2)],
  ['reserialized', (text) => json(text, 4)],
  ['reserialized', (text) => escaped(json(text).replaceAll('/', '\\/'))],
];

function fail() {
  throw new RangeError();
}

/** Each different text that a change makes of this one. */
function variants(text) {
  const made = new Map();
  for (const [code, change] of CHANGES) {
    try {
      const changed = change(text);
      if (changed !== text && !made.has(changed)) made.set(changed, code);
    } catch {}
  }
  return [...made].map(([changed, code]) => ({ text: changed, codes: [code] }));
}

/** Mistakes in what is put together before it is signed. */
const CONTENTS = [
  ['payload_only', (_id, _at, payload) => payload],
  ['no_id', (_id, at, payload) => `${at}.${payload}`],
  ['no_timestamp', (id, _at, payload) => `${id}.${payload}`],
  ['no_dots', (id, at, payload) => `${id}${at}${payload}`],
  ['order', (id, at, payload) => `${at}.${id}.${payload}`],
  ['newlines', (id, at, payload) => `${id}\n${at}\n${payload}`],
  ['milliseconds', (id, at, payload) => `${id}.${at}000.${payload}`],
  ['milliseconds', (id, at, payload) => `${id}.${at.slice(0, -3)}.${payload}`],
];

function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

function same(a, b) {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

async function hmac(key, text, hash = 'SHA-256') {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, utf8.encode(text)));
}

/** The listed signatures as bytes, with what is odd about how each is written. `v1a` needs a public key, not a secret. */
function readSignatures(text) {
  const found = { items: [], v1a: 0 };
  for (const item of text.trim().split(/[\s]+/).filter(Boolean)) {
    const [, version, body] = /^(?:(v\d+a?)[,=:])?(.*)$/s.exec(item);
    if (version === 'v1a') found.v1a += 1;
    else if (version !== undefined && version !== 'v1') continue;
    else
      found.items.push(
        ...spellings(body).map((spelling) => ({
          ...spelling,
          codes:
            version === undefined || !item.startsWith('v1,')
              ? [...spelling.codes, 'no_prefix']
              : spelling.codes,
        })),
      );
  }
  return found;
}

function spellings(body) {
  if (/^([0-9a-f]{2}){20,}$/i.test(body))
    return [{ bytes: Uint8Array.from(body.match(/../g), (pair) => Number(`0x${pair}`)), codes: ['hex'] }];
  try {
    const standard = body.replaceAll('-', '+').replaceAll('_', '/');
    const odd = /[-_]/.test(body) || body.length % 4 !== 0;
    const bytes = fromBase64(standard);
    return [20, 32, 64].includes(bytes.length) ? [{ bytes, codes: odd ? ['base64url'] : [] }] : [];
  } catch {
    return [];
  }
}

function readSecret(text) {
  const trimmed = text.trim().replace(/^["']|["']$/g, '');
  const body = trimmed.replace(/^(whsec|esec)_/, '');
  try {
    const key = fromBase64(body);
    if (key.length >= 24 && key.length <= 64) return { key, body, trimmed, code: null };
  } catch {}
  return { key: null, body, trimmed, code: /^[sp]k_(test|live)_/.test(trimmed) ? 'api_key' : 'secret_form' };
}

/**
 * @param given strings: id, timestamp (Unix seconds), payload as the program has it, signature as it was sent; `sent`: the
 *   payload as it is known to have been sent, or ''; `now`: Unix seconds.
 * @returns {{verdict: 'match'|'cause'|'unknown'|'incomplete', codes: string[], noticed: string[], signed: string|null,
 *   expected: string|null, difference: object|null, path: string|null}}
 */
export async function diagnose({ id, timestamp, payload, signature, secret, sent = '', now }) {
  const base = {
    codes: [],
    noticed: noticedIn({ id, timestamp, payload, now }),
    signed: null,
    expected: null,
    difference: null,
    path: null,
  };
  const has = payload === '' ? sent : payload;
  if ([id, timestamp, has, signature, secret].some((text) => text.trim() === ''))
    return { ...base, verdict: 'incomplete' };
  const read = readSecret(secret);
  if (read.key === null) return { ...base, verdict: 'cause', codes: [read.code] };
  const [bareId, bareTimestamp] = [id.trim(), timestamp.trim()];
  const truth = sent === '' ? has : sent;
  const signed = `${bareId}.${bareTimestamp}.${truth}`;
  const known = { ...base, signed, expected: `v1,${toBase64(await hmac(read.key, signed))}` };
  const { items, v1a } = readSignatures(signature);
  if (items.length === 0)
    return { ...known, verdict: 'cause', codes: [v1a > 0 ? 'v1a_only' : 'signature_form'] };
  if (sent !== '' && has !== sent) return { ...known, verdict: 'cause', ...compared(has, sent) };
  const hit = await search({ id: bareId, timestamp: bareTimestamp, payload: truth, read, items });
  if (hit === null) return { ...known, verdict: 'unknown', codes: ['unknown'] };
  const difference = hit.payload === truth ? null : firstDifference(truth, hit.payload);
  return { ...known, verdict: hit.codes.length === 0 ? 'match' : 'cause', codes: hit.codes, difference };
}

/** Tries one mistake after the other, from what is right to what is far-fetched, until one makes the given signature. */
async function search({ id, timestamp, payload, read, items }) {
  const right = (text) => `${id}.${timestamp}.${text}`;
  const fits = (bytes) => items.find((item) => same(item.bytes, bytes));
  const tried = async (key, content, codes, text = payload, hash = 'SHA-256') => {
    const item = fits(await hmac(key, content, hash));
    return item === undefined ? null : { codes: [...new Set([...codes, ...item.codes])], payload: text };
  };
  const plain = await tried(read.key, right(payload), []);
  if (plain !== null) return plain;
  const once = variants(payload);
  for (const { text, codes } of once) {
    const hit = await tried(read.key, right(text), codes, text);
    if (hit !== null) return hit;
  }
  const keys = [
    [read.key, []],
    [utf8.encode(read.trimmed), ['prefix_kept']],
    [utf8.encode(read.body), ['base64_text']],
  ];
  const contents = [
    [right, []],
    ...CONTENTS.map(([code, join]) => [(text) => join(id, timestamp, text), [code]]),
  ];
  for (const text of [{ text: payload, codes: [] }, ...once])
    for (const [key, wrongKey] of keys)
      for (const [join, wrongContent] of contents) {
        const hit = await tried(
          key,
          join(text.text),
          [...wrongKey, ...wrongContent, ...text.codes],
          text.text,
        );
        if (hit !== null) return hit;
      }
  for (const [hash, code] of [
    ['SHA-1', 'sha1'],
    ['SHA-512', 'sha512'],
  ]) {
    const hit = await tried(read.key, right(payload), [code], payload, hash);
    if (hit !== null) return hit;
  }
  for (const first of once)
    for (const { text, codes } of variants(first.text)) {
      const hit = await tried(read.key, right(text), [...first.codes, ...codes], text);
      if (hit !== null) return hit;
    }
  return null;
}

/** How a payload came to differ from the one that was sent. */
function compared(has, sent) {
  const difference = firstDifference(has, sent);
  const one = variants(has);
  const direct = one.find(({ text }) => text === sent);
  if (direct !== undefined) return { codes: direct.codes, difference };
  for (const first of one) {
    const second = variants(first.text).find(({ text }) => text === sent);
    if (second !== undefined) return { codes: [...new Set([...first.codes, ...second.codes])], difference };
  }
  if (sent.startsWith(has)) return { codes: ['truncated'], difference };
  const path = differingPath(parsed(has), parsed(sent));
  if (path === undefined) return { codes: ['changed'], difference };
  return path === null ? { codes: ['reordered'], difference } : { codes: ['values'], difference, path };
}

function parsed(text) {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Where two JSON values differ first; null when they say the same, undefined when one is no JSON. */
function differingPath(a, b, path = '') {
  if (a === null || b === null) return undefined;
  const [one, other] = [a.value, b.value];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other ? null : path || '/';
  for (const name of new Set([...Object.keys(other), ...Object.keys(one)])) {
    const found = differingPath(
      { value: one[name] },
      { value: other[name] },
      path === '' ? name : `${path}.${name}`,
    );
    if (found !== null) return found;
  }
  return null;
}

/** The first byte that differs, with the characters around it on both sides. `byte` counts from 0, in UTF-8. */
export function firstDifference(has, signed) {
  const [a, b] = [[...has], [...signed]];
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  const around = (all) => ({
    before: named(all.slice(Math.max(0, at - 16), at).join('')),
    here: all[at] === undefined ? null : describe(all[at]),
    after: named(all.slice(at + 1, at + 17).join('')),
  });
  return { byte: utf8.encode(a.slice(0, at).join('')).length, has: around(a), signed: around(b) };
}

const NAMES = {
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  32: 'SPACE',
  160: 'NBSP',
  173: 'SHY',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8232: 'LS',
  8233: 'PS',
  8288: 'WJ',
  12288: 'IDEOGRAPHIC SPACE',
  65279: 'BOM',
  65533: 'REPLACEMENT',
};
const INVISIBLE = /[\p{C}\u00a0\u2028\u2029\u3000\ufffd]/gu;

function describe(character) {
  const code = character.codePointAt(0);
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const bytes = [...utf8.encode(character)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const name = NAMES[code];
  return name === undefined ? `${character} (${point}, ${bytes})` : `${name} (${point}, ${bytes})`;
}

/** A text with its invisible characters named, in ⟨angle brackets⟩. */
export function named(text) {
  return text.replace(
    INVISIBLE,
    (c) => `⟨${NAMES[c.codePointAt(0)] ?? `U+${c.codePointAt(0).toString(16).toUpperCase()}`}⟩`,
  );
}

function noticedIn({ id, timestamp, payload, now }) {
  const at = timestamp.trim();
  const age = now - Number(at);
  const found = [];
  if (id !== id.trim() || timestamp !== at) found.push('space_around');
  if (at !== '' && !/^\d+$/.test(at)) found.push('timestamp_form');
  else if (at.length >= 13) found.push('timestamp_ms');
  else if (at !== '' && age > 300) found.push('stale');
  else if (at !== '' && age < -300) found.push('future');
  if (/^\ufeff/.test(payload)) found.push('has_bom');
  if (/\r/.test(payload)) found.push('has_cr');
  if (/\u00a0/.test(payload)) found.push('has_nbsp');
  if (/[\u0080-\uffff]/.test(payload.replace(/^\ufeff/, '').replaceAll('\u00a0', '')))
    found.push('has_unicode');
  return found;
}

// ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────

const form = globalThis.document?.getElementById('debugger');
if (form) begin(form);

function begin(form) {
  const part = (name) => form.querySelector(`#${name}`) ?? document.getElementById(name);
  const text = (code) => part('texts').querySelector(`[data-code="${code}"]`)?.textContent ?? code;
  // A text area turns CR LF into LF: what was pasted, or stands in a file, is kept as it came until somebody types.
  let exact = null;
  part('payload').addEventListener('paste', (event) => {
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    const field = part('payload');
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    setTimeout(() => {
      exact = whole ? pasted : null;
    });
  });
  part('payload').addEventListener('input', () => {
    exact = null;
  });
  part('file').addEventListener('change', async () => {
    const [file] = part('file').files;
    if (file === undefined) return;
    const bytes = await file.arrayBuffer();
    exact = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    part('payload').value = exact;
    form.dataset.loaded = file.name;
  });
  part('reveal').addEventListener('change', () => {
    part('secret').type = part('reveal').checked ? 'text' : 'password';
  });
  const run = async () => {
    const value = (name) => part(name).value;
    const result = await diagnose({
      id: value('id'),
      timestamp: value('timestamp'),
      payload: exact ?? value('payload'),
      signature: value('signature'),
      secret: value('secret'),
      sent: value('sent'),
      now: Date.now() / 1000,
    });
    show(result, { part, text });
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    delete form.dataset.sent;
    run();
  });
  form.hidden = false;
}

function show(result, { part, text }) {
  const { verdict, codes, noticed, signed, expected, difference, path } = result;
  part('result').hidden = false;
  part('result').dataset.verdict = verdict;
  part('result').dataset.codes = codes.join(' ');
  part('verdict').textContent = text(`verdict_${verdict}`);
  part('verdict').className = `said ${verdict === 'match' ? '' : 'bad'}`;
  part('causes').replaceChildren(
    ...codes.map((code) => item(code === 'values' ? `${text(code)} ${path}` : text(code))),
  );
  part('noticed').replaceChildren(...noticed.map((code) => item(text(code))));
  part('noticed-part').hidden = noticed.length === 0;
  part('signed-part').hidden = signed === null;
  part('signed').textContent = named(signed ?? '');
  part('length').textContent = String(utf8.encode(signed ?? '').length);
  part('expected').textContent = expected ?? '';
  part('given').textContent = part('signature').value.trim().split(/\s+/).join('\n');
  part('difference').hidden = difference === null;
  if (difference !== null) {
    part('byte').textContent = String(difference.byte + 1);
    for (const side of ['has', 'signed']) marked(part(`there-${side}`), difference[side], text('end'));
  }
  part('result-title').focus();
}

function item(text) {
  const made = document.createElement('li');
  made.textContent = text;
  return made;
}

function marked(place, { before, here, after }, end) {
  const mark = document.createElement('mark');
  mark.textContent = here ?? end;
  place.replaceChildren(before, mark, after);
}
