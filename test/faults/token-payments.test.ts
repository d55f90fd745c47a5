import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { expectBooksEqual } from '../support/ledger.ts';
import { type Stack, startStack } from '../support/processes.ts';
import { formTo, goOn, open, pay, submit } from '../support/shopper.ts';

/** Payments by token, from `redirect_url` on: the browser is met for the first time there, with and without JavaScript. */
let stack: Stack;
let shop: ApiClient;
let browser: ApiClient;

beforeAll(async () => {
  stack = await startStack();
  shop = apiClient(stack.baseUrl, stack.demo.secret_key);
  browser = apiClient(stack.baseUrl, stack.demo.publishable_key);
});
afterAll(() => stack?.stop());

async function payByToken(number: string, changes: Record<string, unknown> = {}): Promise<Json> {
  const card = { number, exp_month: 12, exp_year: 2030, csc: '123', name: 'TARO YAMADA' };
  const { body: token } = await browser('POST', '/v1/tokens', { card });
  const { status, body } = await shop('POST', '/v1/payments', { ...sessionBody(changes), token: token.id });
  expect([status, body.status]).toEqual([201, 'requires_action']);
  expect(body).toMatchObject({ three_ds: { trans_status: null }, network: null, amount_captured: 0 });
  return body;
}

/** The first attempt when it is over. */
async function attemptOf({ session_id: id }: Json): Promise<Json> {
  return eventually('the attempt is over', async () => {
    const { body } = await shop('GET', `/v1/sessions/${id}`);
    return body.attempts[0].status === 'in_progress' ? null : body.attempts[0];
  });
}

const ENDS: { tt: string; aa?: string; javascript: boolean; ends: string }[] = [
  { tt: '00', javascript: true, ends: 'succeeded' },
  { tt: '00', javascript: false, ends: 'succeeded' },
  { tt: '01', javascript: true, ends: 'succeeded' },
  { tt: '01', javascript: false, ends: 'succeeded' },
  { tt: '08', javascript: true, ends: 'succeeded' },
  { tt: '08', javascript: false, ends: 'succeeded' },
  { tt: '12', javascript: true, ends: 'succeeded' },
  { tt: '12', javascript: false, ends: 'authentication_unavailable' },
  { tt: '02', javascript: true, ends: 'authentication_failed' },
  { tt: '03', javascript: false, ends: 'authentication_rejected' },
  { tt: '05', javascript: true, ends: 'authentication_unavailable' },
  { tt: '00', aa: '51', javascript: false, ends: 'insufficient_funds' },
];

test.each(ENDS)(
  'scenario $tt, issuer $aa, JavaScript $javascript: $ends',
  async ({ tt, aa, javascript, ends }) => {
    const payment = await payByToken(testPan(tt, aa));
    const first = await open(payment.redirect_url);
    expect(formTo(first, '/continue')?.names).not.toContain('email');
    await goOn(first, { javascript });
    const attempt = await attemptOf(payment);
    expect(attempt.failure?.code ?? attempt.status).toBe(ends);
    const { body: session } = await shop('GET', `/v1/sessions/${payment.session_id}`);
    expect(session.status).toBe(ends === 'succeeded' ? 'complete' : 'open');
    expect(session.payment.status).toBe(ends === 'succeeded' ? 'captured' : 'requires_method');
  },
);

test('after a failed attempt the ordinary page takes another card', async () => {
  const payment = await payByToken(testPan('02'));
  await goOn(await open(payment.redirect_url), { javascript: true });
  await attemptOf(payment);
  await pay(payment.redirect_url, { number: testPan() }, { javascript: true });
  const { body } = await shop('GET', `/v1/sessions/${payment.session_id}`);
  expect(body).toMatchObject({ status: 'complete', payment_status: 'paid' });
  expect(body.attempts.map(({ status }: Json) => status)).toEqual(['failed', 'succeeded']);
});

test.each([true, false])('without any address the page asks, JavaScript %s', async (javascript) => {
  const payment = await payByToken(testPan('01'), { customer: {} });
  const asking = formTo(await open(payment.redirect_url), '/continue');
  expect(asking?.names).toContain('email');
  if (asking === null) return;
  const refused = await submit(asking);
  expect([refused.status, refused.html.includes('data-code="missing"')]).toEqual([422, true]);
  const scripted = { js: '1', java: '0', lang: 'ja', depth: '24', width: '390', height: '844', tz: '-540' };
  const fields = { email: 'taro@example.com', ...(javascript ? scripted : {}) };
  await goOn(await submit(asking, fields), { javascript });
  expect((await attemptOf(payment)).status).toBe('succeeded');
});

test('left before anything was asked: nothing is charged, and the order is free for another token', async () => {
  const order = sessionBody();
  const payment = await payByToken(testPan(), order);
  const leave = formTo(await open(payment.redirect_url), '/abandon');
  if (leave !== null) await submit(leave);
  expect((await attemptOf(payment)).failure.code).toBe('abandoned');
  const again = await payByToken(testPan(), order);
  await goOn(await open(again.redirect_url), { javascript: true });
  expect((await attemptOf(again)).status).toBe('succeeded');
});

test('in the end our books are the network’s', async () => {
  expect(await expectBooksEqual(stack, shop)).toBeGreaterThan(10);
});
