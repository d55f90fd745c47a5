import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { balanceOf, expectBooksEqual } from '../support/ledger.ts';
import { goOn, open, pay, submit } from '../support/shopper.ts';

/** A network that loses, delays and doubles what it is told to; and time that passes at the wrong moment. */
let fleet: Fleet;
let api: ApiClient;

beforeAll(async () => {
  fleet = await startFleet(
    { webs: 1, workers: 1 },
    { ACQUIRER_TIMEOUT_MS: '800', DS_TIMEOUT_MS: '1500', RESULTS_TIMEOUT_MS: '800', LEASE_MS: '1500' },
  );
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
});

afterAll(async () => {
  await fleet?.stop();
});

const LOST = ['drop_answer', 'drop_request', 'close'] as const;

test.each(LOST)('a sale with %s is reversed, and the shopper may try again', async (action) => {
  const session = await newSession();
  await fault({ order_id: session.order_id, message: '0200' }, action);
  await pay(session.url, { number: testPan() }, { javascript: false });
  const failed = await attemptEnds(session.id);
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'outcome_reversed' } });
  expect(await balanceOf(fleet, session.order_id)).toMatchObject({ authorized: 0, captured: 0 });
  await pay(session.url, { number: testPan() }, { javascript: false });
  await sessionBecomes(session.id, 'complete');
  expect(await balanceOf(fleet, session.order_id)).toMatchObject({ captured: 12_800 });
});

test('a reversal whose answers are lost is repeated until one comes; meanwhile the payment is processing', async () => {
  const session = await newSession();
  await fault({ order_id: session.order_id, message: '0200' }, 'drop_answer');
  await fault({ order_id: session.order_id, message: '0400' }, 'drop_answer');
  await fault({ order_id: session.order_id, message: '0401' }, 'drop_answer');
  await pay(session.url, { number: testPan() }, { javascript: false });
  const { body } = await api('GET', `/v1/sessions/${session.id}`);
  expect(body).toMatchObject({
    status: 'open',
    payment_status: 'pending',
    payment: { status: 'processing' },
  });
  const other = await api('POST', '/v1/sessions', sessionBody({ order_id: session.order_id }));
  expect(other).toMatchObject({ status: 409, body: { code: 'order_in_progress', session_id: session.id } });
  expect(await attemptEnds(session.id)).toMatchObject({ failure: { code: 'outcome_reversed' } });
});

test.each(LOST)('a capture with %s is answered 202 and comes to its end by itself', async (action) => {
  const payment = await heldPayment();
  await fault({ order_id: payment.order_id, message: '0220' }, action);
  const answer = await api('POST', `/v1/payments/${payment.id}/capture`, { amount: 10_000 });
  expect(answer).toMatchObject({ status: 202, body: { status: 'authorized' } });
  const second = await api('POST', `/v1/payments/${payment.id}/cancel`, {});
  expect(second.body.code === 'operation_in_progress' || second.body.payment_status === 'captured').toBe(
    true,
  );
  expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({ amount_captured: 10_000 });
});

test.each(LOST)('a cancellation with %s is answered 202 and comes to its end by itself', async (action) => {
  const payment = await heldPayment();
  await fault({ order_id: payment.order_id, message: '0400' }, action);
  const answer = await api('POST', `/v1/payments/${payment.id}/cancel`, {});
  expect(answer).toMatchObject({ status: 202, body: { status: 'authorized' } });
  await paymentBecomes(payment.id, 'voided');
  expect(await balanceOf(fleet, payment.order_id)).toMatchObject({ authorized: 0, captured: 0 });
});

test.each(LOST)('a refund with %s is pending, counts as given, and succeeds in the end', async (action) => {
  const payment = await paidPayment();
  await fault({ order_id: payment.order_id, message: '0200' }, action);
  const answer = await api('POST', `/v1/payments/${payment.id}/refunds`, { amount: 10_000 });
  expect(answer).toMatchObject({
    status: 202,
    body: { object: 'refund', status: 'pending', amount: 10_000 },
  });
  const second = await api('POST', `/v1/payments/${payment.id}/refunds`, { amount: 5_000 });
  expect(second).toMatchObject({ status: 422, body: { code: 'amount_too_large' } });
  const refunded = await paymentBecomes(payment.id, 'partially_refunded');
  expect(refunded).toMatchObject({ amount_refunded: 10_000, refunds: [{ status: 'succeeded' }] });
});

test('answers that come twice change nothing', async () => {
  const session = await newSession();
  await fault({ order_id: session.order_id }, 'duplicate', 3);
  await pay(session.url, { number: testPan() }, { javascript: false });
  await sessionBecomes(session.id, 'complete');
  expect(await balanceOf(fleet, session.order_id)).toMatchObject({ captured: 12_800 });
});

test('the same Idempotency-Key refunds once, whatever was lost', async () => {
  const payment = await paidPayment();
  const key = { 'Idempotency-Key': `refund-${payment.id}` };
  await fault({ order_id: payment.order_id, message: '0200' }, 'drop_answer');
  const first = await api('POST', `/v1/payments/${payment.id}/refunds`, { amount: 1_000 }, key);
  const again = await api('POST', `/v1/payments/${payment.id}/refunds`, { amount: 1_000 }, key);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(again.body).toEqual(first.body);
  await paymentBecomes(payment.id, 'partially_refunded');
  expect(await balanceOf(fleet, payment.order_id)).toMatchObject({ refunded: 1_000 });
});

test('expiry never beats an attempt in flight: who is at the bank when time is up may finish', async () => {
  const session = await newSession({ expires_in: 60 });
  const page = await pay(session.url, { number: testPan('01') }, { javascript: true, otp: 'leave' });
  await api('POST', '/v1/test/clock', { advance_seconds: 120 });
  expect((await api('GET', `/v1/sessions/${session.id}`)).body.status).toBe('open');
  for (const verb of ['cancel', 'expire']) {
    const answer = await api('POST', `/v1/sessions/${session.id}/${verb}`, {});
    expect(answer).toMatchObject({ status: 409, body: { code: 'session_in_progress' } });
  }
  await goOn(await open(page.url), { javascript: true });
  await sessionBecomes(session.id, 'complete');
});

test('an attempt that fails after the time is up takes the session with it', async () => {
  const session = await newSession({ expires_in: 60 });
  const page = await pay(session.url, { number: testPan('01') }, { javascript: true, otp: 'leave' });
  await api('POST', '/v1/test/clock', { advance_seconds: 120 });
  await goOn(await open(page.url), { javascript: true, otp: 'cancel' });
  const ended = await sessionBecomes(session.id, 'expired');
  expect(ended).toMatchObject({ ended_reason: 'timed_out', payment: { status: 'failed' } });
  expect(ended.attempts[0].failure.code).toBe('authentication_canceled');
});

test('the RReq starts the authorisation although the browser never comes back', async () => {
  const session = await newSession();
  const page = await pay(session.url, { number: testPan('01') }, { javascript: true, otp: 'leave' });
  const bank = page.forms.find(({ names }) => names.includes('creq'));
  if (bank === undefined) throw new Error('no challenge');
  const acs = await submit(bank);
  const code = acs.forms.find(({ names }) => names.includes('otp'));
  if (code === undefined) throw new Error('no code form');
  await submit(code, { otp: '123456' });
  await sessionBecomes(session.id, 'complete');
});

test('after all of it the books are equal', async () => {
  expect(await expectBooksEqual(fleet, api)).toBeGreaterThan(10);
});

async function fault(match: Record<string, string>, action: string, times = 1): Promise<void> {
  const response = await fetch(`${fleet.demo.simulator_url}/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ match, action, times }),
  });
  if (!response.ok) throw new Error(`the simulator refused the fault: ${response.status}`);
}

async function newSession(changes: Record<string, unknown> = {}): Promise<Json> {
  const { status, body } = await api('POST', '/v1/sessions', sessionBody(changes));
  expect(status).toBe(201);
  return body;
}

async function heldPayment(): Promise<Json> {
  const session = await newSession({ capture: 'manual' });
  await pay(session.url, { number: testPan() }, { javascript: false });
  return (await sessionBecomes(session.id, 'complete')).payment;
}

async function paidPayment(): Promise<Json> {
  const session = await newSession();
  await pay(session.url, { number: testPan() }, { javascript: false });
  return (await sessionBecomes(session.id, 'complete')).payment;
}

function sessionBecomes(id: string, status: string): Promise<Json> {
  return eventually(`session ${status}`, async () => {
    const { body } = await api('GET', `/v1/sessions/${id}`);
    return body.status === status ? body : null;
  });
}

function paymentBecomes(id: string, status: string): Promise<Json> {
  return eventually(`payment ${status}`, async () => {
    const { body } = await api('GET', `/v1/payments/${id}`);
    return body.status === status ? body : null;
  });
}

function attemptEnds(sessionId: string): Promise<Json> {
  return eventually('the attempt ends', async () => {
    const { body } = await api('GET', `/v1/sessions/${sessionId}`);
    const attempt = body.attempts.at(-1);
    return attempt === undefined || attempt.status === 'in_progress' ? null : attempt;
  });
}
