import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR } from '../../../src/lib/clock.ts';
import { payRoutes } from '../../../src/web/pay/routes.ts';
import { staticRoutes } from '../../../src/web/static.ts';
import { type Json, newOrderId, sessionBody } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { formsOf } from '../../support/html.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
let merchant: TestMerchant;
beforeAll(async () => {
  world = await openWorld();
  world.app.route('/', staticRoutes());
  world.app.route('/', payRoutes(world.deps));
  merchant = await world.merchant();
});
afterAll(() => world?.close());

const TYPED = { number: '4000 0000 0000 0009', exp: '12/30', csc: '987', name: 'TARO YAMADA' };

async function newPage(changes: Record<string, unknown> = {}) {
  const body = sessionBody({ order_id: newOrderId(), ...changes });
  const answer = await call(world, 'POST /v1/sessions', { key: merchant.keys.sk_test, body });
  expect(answer.status).toBe(201);
  return { id: String(answer.body.id), path: new URL(answer.body.url).pathname };
}

async function newTokenPayment(changes: Record<string, unknown>) {
  const card = { number: '4000000000000002', exp_month: 12, exp_year: 2030, csc: '987', name: 'TARO YAMADA' };
  const token = await call(world, 'POST /v1/tokens', { key: merchant.keys.pk_test, body: { card } });
  const body = { token: token.body.id, ...sessionBody(changes) };
  const paid = await call(world, 'POST /v1/payments', { key: merchant.keys.sk_test, body });
  expect([paid.status, paid.body.status]).toEqual([201, 'requires_action']);
  return { id: String(paid.body.session_id), path: new URL(paid.body.redirect_url).pathname };
}

async function attemptsOf(id: string): Promise<Json> {
  return (await call(world, `GET /v1/sessions/${id}`, { key: merchant.keys.sk_test })).body.attempts;
}

function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const form = new URLSearchParams(fields).toString();
  const type = { 'Content-Type': 'application/x-www-form-urlencoded', ...headers };
  return call(world, `POST ${path}`, { raw: form, headers: type });
}

async function statusOf(id: string) {
  const { body } = await call(world, `GET /v1/sessions/${id}`, { key: merchant.keys.sk_test });
  return { status: body.status, ended_reason: body.ended_reason };
}

test('the page is there, in Japanese, not to be stored and without a cookie', async () => {
  const { path } = await newPage();
  const page = await call(world, `GET ${path}`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('12,800円を支払う');
  expect(page.headers.get('Cache-Control')).toBe('no-store');
  expect(page.headers.get('Set-Cookie')).toBeNull();
  expect(page.headers.get('Referrer-Policy')).toBe('strict-origin');
});

test('the language is the session’s, the browser’s or what the shopper chose', async () => {
  const { path } = await newPage();
  const english = await call(world, `GET ${path}`, { headers: { 'Accept-Language': 'en-GB,en' } });
  expect(english.text).toContain('<html lang="en">');
  const chosen = await call(world, `GET ${path}?lang=ja`, { headers: { 'Accept-Language': 'en' } });
  expect(chosen.text).toContain('<html lang="ja">');
  const korean = await newPage({ locale: 'ko' });
  expect((await call(world, `GET ${korean.path}`)).text).toContain('<html lang="ko">');
  const taiwan = await call(world, `GET ${korean.path}?lang=zh-TW`);
  expect(taiwan.headers.get('Content-Language')).toBe('zh-Hant');
  expect(taiwan.text).toContain(`action="${korean.path}/pay?lang=zh-Hant"`);
});

test.each(['/p/nothing', `/p/${'0'.repeat(32)}`, '/p/a/b/c', `/p/${'z'.repeat(32)}/return`])(
  '%s leads to no page: 404, in words',
  async (path) => {
    const page = await call(world, `GET ${path}`);
    expect(page.status).toBe(404);
    expect(page.text).toContain('お支払い画面が見つかりません');
  },
);

test('a wrong form is shown again with its faults and without card data', async () => {
  const { path } = await newPage({ customer: {} });
  const page = await post(`${path}/pay`, { ...TYPED, name: '', email: 'taro@' });
  expect(page.status).toBe(422);
  expect(page.text).toContain('data-code="check_digit"');
  expect(page.text).toMatch(/id="name-error" data-code="missing"/);
  expect(page.text).toMatch(/id="email-error" data-code="invalid"/);
  expect(page.text).not.toMatch(/\b987\b/);
  expect(page.text.replace(/\s/g, '')).not.toContain('4000000000000009');
  const [form] = formsOf(page.text, 'http://localhost:3000');
  expect(form?.fields).toMatchObject({ number: '', csc: '', exp: '12/30', email: 'taro@' });
});

test.each(['4000 0000 0000 0009', '4000.0000.0000.0009', '4000_0000/0000,0009', '4000·0000·0000·0009'])(
  'card data typed into another field (%s) are not shown again either',
  async (typed) => {
    const { path } = await newPage({ customer: {} });
    const page = await post(`${path}/pay`, { ...TYPED, name: typed, exp: typed, email: `${typed}@x` });
    expect(page.status).toBe(422);
    expect(page.text.replace(/\D/g, '')).not.toContain('4000000000000009');
    const coded = await post(`${path}/pay`, { ...TYPED, name: 'CSC 987', exp: '987' });
    expect(coded.text).not.toMatch(/\b987\b/);
  },
);

test('a form error makes no attempt', async () => {
  const { id, path } = await newPage();
  await post(`${path}/pay`, TYPED);
  const { body } = await call(world, `GET /v1/sessions/${id}`, { key: merchant.keys.sk_test });
  expect(body.attempts).toEqual([]);
});

test('a form from another site is refused and changes nothing', async () => {
  const { id, path } = await newPage();
  const page = await post(
    `${path}/leave`,
    {},
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
  );
  expect(page.status).toBe(403);
  expect(await statusOf(id)).toEqual({ status: 'open', ended_reason: null });
});

test('leaving cancels the session, answers 303 to the page, and twice is the same', async () => {
  const { id, path } = await newPage();
  for (const _ of [1, 2]) {
    const answer = await post(`${path}/leave`, {});
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, path]);
  }
  expect(await statusOf(id)).toEqual({ status: 'canceled', ended_reason: 'shopper_canceled' });
  const page = await call(world, `GET ${path}`);
  expect(page.text).toContain('お支払いを中止しました');
  const [form] = formsOf(page.text, 'http://localhost:3000');
  expect(form?.action).toBe('http://127.0.0.1:9/return');
  expect(Object.keys(form?.fields ?? {})).toEqual(['id', 'timestamp', 'signature', 'payload']);
});

test('by `get` the result is fetched at /return and leads on with four parameters', async () => {
  const returnUrl = 'http://127.0.0.1:9/return?order=1#done';
  const { path } = await newPage({ return_method: 'get', return_url: returnUrl });
  const early = await call(world, `GET ${path}/return`);
  expect([early.status, early.headers.get('Location')]).toEqual([303, path]);
  await post(`${path}/leave`, {});
  const answer = await call(world, `GET ${path}/return`);
  expect(answer.status).toBe(303);
  const location = new URL(answer.headers.get('Location') ?? '');
  expect([...location.searchParams.keys()]).toEqual(['order', 'id', 'timestamp', 'signature', 'payload']);
  expect(location.hash).toBe('#done');
});

test('a token without any address of the shopper: the page asks for one before 3-D Secure', async () => {
  const { path, id } = await newTokenPayment({ customer: {} });
  const asking = await call(world, `GET ${path}`);
  expect(asking.text).toContain('autocomplete="email"');
  const [form] = formsOf(asking.text, 'http://localhost:3000');
  const fields = form?.fields ?? {};
  const wrong = await post(`${path}/continue`, { ...fields, email: 'taro@' });
  expect([wrong.status, wrong.text.includes('value="taro@"')]).toEqual([422, true]);
  expect(wrong.text).toContain('data-code="invalid"');
  expect(await attemptsOf(id)).toMatchObject([{ status: 'in_progress' }]);
  const sent = await post(`${path}/continue`, { ...fields, email: 'taro@example.com' });
  expect(sent.status).toBe(303);
  // There is no network here: that it was asked is what matters.
  expect(await attemptsOf(id)).toMatchObject([{ failure: { code: 'authentication_unavailable' } }]);
  expect((await call(world, `GET ${path}`)).text).toContain(`action="${path}/pay"`);
});

test('a token with an address goes on without asking', async () => {
  const { path } = await newTokenPayment({ customer: { phone: '+819012345678' } });
  expect((await call(world, `GET ${path}`)).text).not.toContain('autocomplete="email"');
});

test('a chosen language survives a verb', async () => {
  const { path } = await newPage();
  const answer = await post(`${path}/leave?lang=en`, {});
  expect(answer.headers.get('Location')).toBe(`${path}?lang=en`);
});

test('what a waiting page asks for changes when the session does', async () => {
  const { path } = await newPage();
  const before = await call(world, `GET ${path}/state`);
  expect(before.headers.get('Cache-Control')).toBe('no-store');
  await post(`${path}/leave`, {});
  const after = await call(world, `GET ${path}/state`);
  expect(after.body.version).not.toBe(before.body.version);
});

test('a page that is looked at after its time is expired there and then', async () => {
  const { id, path } = await newPage({ expires_in: 3600 });
  world.clock.advance(2 * HOUR);
  const page = await call(world, `GET ${path}`);
  expect(page.text).toContain('data-outcome="timedOut"');
  expect(await statusOf(id)).toEqual({ status: 'expired', ended_reason: 'timed_out' });
});

test('a card that is sent after its time starts nothing', async () => {
  const { path } = await newPage({ expires_in: 3600 });
  world.clock.advance(2 * HOUR);
  const answer = await post(`${path}/pay`, { ...TYPED, number: '4000000000000002' });
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, path]);
  expect((await call(world, `GET ${path}`)).text).toContain('data-outcome="timedOut"');
});

test('a verb’s address opened as a page leads to the page', async () => {
  const { path } = await newPage();
  const answer = await call(world, `GET ${path}/pay`);
  expect([answer.status, answer.headers.get('Location')]).toEqual([303, path]);
});

test('what is too large or no form is refused in words', async () => {
  const { path } = await newPage();
  const large = await post(`${path}/pay`, { name: 'x'.repeat(70_000) });
  expect([large.status, large.headers.get('Content-Type')]).toEqual([413, 'text/html; charset=utf-8']);
  const json = await call(world, `POST ${path}/pay`, { body: {} });
  expect(json.status).toBe(415);
});

test('when we fail the shopper reads that money is safe, with a reference that stands in the log', async () => {
  const { path } = await newPage();
  const stopped = await openWorld();
  stopped.app.route('/', payRoutes(stopped.deps));
  await stopped.close();
  const page = await call(stopped, `GET ${path}`);
  expect(page.status).toBe(503);
  expect(page.text).toContain('二重に請求されることはありません。');
  const [, reference = 'none'] = /<code>(req_\w+)<\/code>/.exec(page.text) ?? [];
  expect(stopped.logged.some((line) => line.includes(reference) && line.includes('page failed'))).toBe(true);
});

test('static files are there for ever, compressed, and nothing else is', async () => {
  const { path } = await newPage();
  const page = await call(world, `GET ${path}`);
  const [, href = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(page.text) ?? [];
  const file = await call(world, `GET ${href}`, { headers: { 'Accept-Encoding': 'br' } });
  expect(file.headers.get('Cache-Control')).toContain('immutable');
  expect(file.headers.get('Content-Encoding')).toBe('br');
  expect((await call(world, 'GET /static/pay.css')).status).toBe(404);
  expect((await call(world, 'GET /static/brand/red.css')).status).toBe(404);
  expect((await call(world, 'GET /static/brand/f2c14e.css')).text).toContain('--button:#f2c14e');
});
