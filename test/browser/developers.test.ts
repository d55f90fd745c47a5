import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { mountConsole, type Visitor, visitor } from '../support/console.ts';
import { openWorld, type World } from '../support/world.ts';

/** The signature debugger, in the browser that computes it. */
let browser: Browser;
let world: World;
let listener: Listener;
let page: Page;
let owner: Visitor;
const sent: string[] = [];

beforeAll(async () => {
  [browser, world] = await Promise.all([launchBrowser(), openWorld()]);
  mountConsole(world);
  listener = await listen(world.app.fetch, '127.0.0.1', 0);
  owner = await visitor(world, await world.merchant());
  const context = await browser.newContext({ locale: 'ja', viewport: { width: 390, height: 844 } });
  const [name = '', value = ''] = owner.cookie.split('=');
  await context.addCookies([{ name, value, url: `http://127.0.0.1:${listener.port}` }]);
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  await world?.close();
});

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const KEY = Buffer.from(SECRET.slice(6), 'base64');
const ID = 'evt_0123456789abcdef';
const RAW = '{"type":"payment.captured","data":{"order_id":"a/1","amount":1000,"description":"書籍 é"}}';
const PAYLOAD = RAW.replace(
  /[\u007f-\uffff]/g,
  (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
);
const NOW = Math.floor(Date.now() / 1_000);

interface Case {
  id?: string;
  timestamp?: string;
  payload?: string;
  /** Its bytes come by a file: a text area would change them. */
  file?: boolean;
  signature?: string;
  secret?: string;
  sent?: string;
}

function signed(payload: string, key: Buffer | string = KEY, content?: string): string {
  const bytes = content ?? `${ID}.${NOW}.${payload}`;
  return `v1,${createHmac('sha256', key).update(bytes).digest('base64')}`;
}

async function open(): Promise<void> {
  await page.goto(`http://127.0.0.1:${listener.port}/console/developers/debugger`);
  await page.locator('#debugger').waitFor({ state: 'visible' });
  page.removeAllListeners('request');
  sent.length = 0;
  page.on('request', (request) => sent.push(request.url()));
}

async function diagnose(given: Case): Promise<{ verdict: string; codes: string }> {
  await open();
  const { payload = PAYLOAD } = given;
  await page.locator('#id').fill(given.id ?? ID);
  await page.locator('#timestamp').fill(given.timestamp ?? String(NOW));
  if (given.file === true) {
    const buffer = Buffer.from(payload);
    await page.locator('#file').setInputFiles({ name: 'body.json', mimeType: 'application/json', buffer });
    await page.locator('#debugger[data-loaded]').waitFor();
  } else await page.locator('#payload').fill(payload);
  await page.locator('#signature').fill(given.signature ?? signed(PAYLOAD));
  await page.locator('#secret').fill(given.secret ?? SECRET);
  if (given.sent !== undefined) {
    await page.locator('details summary').first().click();
    await page.locator('#sent').fill(given.sent);
  }
  await page.locator('#debugger button[type=submit]').click();
  const result = page.locator('#result');
  await result.waitFor({ state: 'visible' });
  return {
    verdict: (await result.getAttribute('data-verdict')) ?? '',
    codes: (await result.getAttribute('data-codes')) ?? '',
  };
}

const pretty = (text: string, indent: number) => JSON.stringify(JSON.parse(text), null, indent);

describe('tells what went wrong', () => {
  test.each<[string, Case]>([
    ['bom', { payload: `\ufeff${PAYLOAD}`, file: true }],
    ['newline_end', { payload: `${PAYLOAD}\n` }],
    ['newline_end', { payload: `${PAYLOAD}\r\n`, file: true }],
    ['crlf', { payload: '{\r\n}', file: true, signature: signed('{\n}') }],
    ['whitespace', { payload: `  ${PAYLOAD}` }],
    ['nbsp', { payload: '{"a":\u00a01}', signature: signed('{"a": 1}') }],
    ['invisible', { payload: PAYLOAD.replace('payment', 'pay\u200bment') }],
    ['quotes', { payload: '{“a”:1}', signature: signed('{"a":1}') }],
    ['unicode_raw', { payload: RAW }],
    ['unicode_escaped', { signature: signed(RAW) }],
    ['hex_case', { payload: PAYLOAD.replace('\\u00e9', '\\u00E9') }],
    ['slashes', { payload: PAYLOAD.replace('a/1', 'a\\/1') }],
    ['reserialized', { payload: pretty(PAYLOAD, 2) }],
    ['reserialized', { signature: signed(pretty(PAYLOAD, 4)) }],
    ['reserialized', { signature: signed('{"a": [1, 2], "b": {}}'), payload: '{"a":[1,2],"b":{}}' }],
    ['double_encoded', { payload: JSON.stringify(PAYLOAD) }],
    ['html', { payload: PAYLOAD.replaceAll('"', '&quot;') }],
    ['form', { payload: encodeURIComponent(PAYLOAD) }],
    ['mojibake', { payload: Buffer.from(RAW).toString('latin1'), signature: signed(RAW), file: true }],
    ['payload_only', { signature: signed('', KEY, PAYLOAD) }],
    ['no_id', { signature: signed('', KEY, `${NOW}.${PAYLOAD}`) }],
    ['order', { signature: signed('', KEY, `${NOW}.${ID}.${PAYLOAD}`) }],
    ['no_dots', { signature: signed('', KEY, `${ID}${NOW}${PAYLOAD}`) }],
    ['milliseconds', { timestamp: `${NOW}000` }],
    ['prefix_kept', { signature: signed(PAYLOAD, SECRET) }],
    ['base64_text', { signature: signed(PAYLOAD, SECRET.slice(6)) }],
    ['hex', { signature: `v1,${createHmac('sha256', KEY).update(`${ID}.${NOW}.${PAYLOAD}`).digest('hex')}` }],
    ['no_prefix', { signature: signed(PAYLOAD).slice(3) }],
    ['bom newline_end', { payload: `\ufeff${PAYLOAD}\n`, file: true }],
    ['api_key', { secret: 'sk_test_0123456789abcdefghjkmnpqrstvwxyz' }],
    ['secret_form', { secret: 'whsec_AAEC' }],
    ['v1a_only', { signature: 'v1a,AAAA' }],
    ['signature_form', { signature: 'what' }],
    ['truncated', { payload: PAYLOAD.slice(0, 40), sent: PAYLOAD }],
    ['values', { payload: PAYLOAD.replace('1000', '9000'), sent: PAYLOAD }],
    ['reordered', { payload: '{"b":1,"a":2}', sent: '{"a":2,"b":1}', signature: signed('{"a":2,"b":1}') }],
  ])('%s', async (codes, given) => {
    expect(await diagnose(given)).toEqual({ verdict: 'cause', codes });
    const texts = await page.locator('#causes li').allTextContents();
    expect(texts).toHaveLength(codes.split(' ').length);
    // A code that nobody has put in words would be shown as it is.
    for (const text of texts) expect(text).toMatch(/[ぁ-ん]/);
  });

  test('another secret, or another amount, is not explained away', async () => {
    const other = Buffer.alloc(32, 7);
    expect(await diagnose({ signature: signed(PAYLOAD, other) })).toMatchObject({ verdict: 'unknown' });
    const changed = { payload: PAYLOAD.replace('1000', '9000') };
    expect(await diagnose(changed)).toMatchObject({ verdict: 'unknown' });
  });
});

test('what holds is said to hold, with the signature we would make, and nothing leaves the browser', async () => {
  const esec = SECRET.replace('whsec', 'esec');
  for (const secret of [SECRET, esec]) {
    expect(await diagnose({ secret })).toEqual({ verdict: 'match', codes: '' });
    expect(await page.locator('#expected').textContent()).toBe(signed(PAYLOAD));
    expect(await page.locator('#signed').textContent()).toBe(`${ID}.${NOW}.${PAYLOAD}`);
    expect(sent).toEqual([]);
  }
  const library = new Webhook(SECRET).sign(ID, new Date(NOW * 1_000), PAYLOAD);
  expect(await diagnose({ signature: library })).toMatchObject({ verdict: 'match' });
  expect(world.logged.join()).not.toContain(SECRET.slice(6));
});

test('the first byte that differs is shown with its neighbours, the invisible ones by name', async () => {
  await diagnose({ payload: `\ufeff${PAYLOAD}`, file: true });
  expect(await page.locator('#byte').textContent()).toBe('1');
  expect(await page.locator('#there-has').textContent()).toContain('BOM (U+FEFF, ef bb bf)');
  await diagnose({ payload: RAW });
  const bytes = Buffer.from(RAW.slice(0, RAW.indexOf('書'))).length + 1;
  expect(await page.locator('#byte').textContent()).toBe(String(bytes));
  expect(await page.locator('#there-signed').textContent()).toContain('\\ (U+005C, 5c)');
});

test('a time too long ago is noticed although the signature holds', async () => {
  const old = NOW - 301;
  const signature = signed('', KEY, `${ID}.${old}.${PAYLOAD}`);
  expect(await diagnose({ timestamp: String(old), signature })).toMatchObject({ verdict: 'match' });
  expect(await page.locator('#noticed li').count()).toBe(1);
});

test('what is pasted keeps its CR, which a text area would change', async () => {
  await open();
  await page.evaluate(`{
    const field = document.getElementById('payload');
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', '{\\r\\n}');
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
    field.value = '{\\r\\n}';
  }`);
  await page.locator('#id').fill(ID);
  await page.locator('#timestamp').fill(String(NOW));
  await page.locator('#signature').fill(signed('{\n}'));
  await page.locator('#secret').fill(SECRET);
  await page.locator('#debugger button[type=submit]').click();
  await page.locator('#result').waitFor({ state: 'visible' });
  expect(await page.locator('#result').getAttribute('data-codes')).toBe('crlf');
});

interface Vector {
  name: string;
  secret?: string;
  id: string;
  timestamp: number;
  body: string;
  now: number;
  signature: string;
  valid: boolean;
}
const VECTORS: { cases: Vector[] } = JSON.parse(
  readFileSync(join(ROOT, 'test/vectors/webhooks.json'), 'utf8'),
);

test('the published vectors come out as they must', async () => {
  await open();
  const cases = VECTORS.cases.filter(({ secret }) => secret !== undefined);
  expect(cases.length).toBeGreaterThan(10);
  for (const { name, secret, id, timestamp, body, now, signature, valid } of cases) {
    const given = { id, timestamp: String(timestamp), payload: body, signature, secret, now };
    const found = await page.evaluate<{ verdict: string; noticed: string[] }>(
      `import(document.querySelector('script[type=module]').src).then((m) => m.diagnose(${JSON.stringify(given)}))`,
    );
    const holds = found.verdict === 'match' && !found.noticed.some((code) => /stale|future/.test(code));
    expect([name, holds]).toEqual([name, valid]);
  }
});

test('without JavaScript it says that it needs it, and where to read', async () => {
  const { html } = await owner.get('/console/developers/debugger?lang=en');
  expect(html).toMatch(/<noscript>.*JavaScript.*<\/noscript>/);
  expect(html).toMatch(/<form id="debugger"[^>]* hidden/);
  const [form = ''] = /<form id="debugger".*?<\/form>/s.exec(html) ?? [];
  expect(form).not.toMatch(/ name=/);
});
