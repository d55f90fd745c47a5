import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { balanceOf, expectBooksEqual } from '../support/ledger.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { pay } from '../support/shopper.ts';

/** Holds that nobody captures: warned of, released at the network, never both captured and expired. */
const DAY_S = 24 * 3_600;
let fleet: Fleet;
let api: ApiClient;
let sql: postgres.Sql;
let named: Receiver;
let every: Receiver;

beforeAll(async () => {
  fleet = await startFleet({ webs: 1, workers: 2 }, { ACQUIRER_TIMEOUT_MS: '800', LEASE_MS: '1500' });
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => {} });
  named = await startReceiver(() => fleet.demo.webhook_secret);
  every = await startReceiver(() => fleet.demo.webhook_secret);
  const events = ['payment.authorized', 'payment.authorization_expiring', 'payment.expired'];
  expect((await api('POST', '/v1/webhook-endpoints', { url: named.url, events })).status).toBe(201);
  expect((await api('POST', '/v1/webhook-endpoints', { url: every.url })).status).toBe(201);
});

afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
  await named?.close();
  await every?.close();
});

test('capture_before follows the brand, and a contract may shorten it', async () => {
  const days = async (number: string) => {
    const { authorized_at, capture_before } = await hold({}, number);
    return (Date.parse(capture_before) - Date.parse(authorized_at)) / 1_000 / DAY_S;
  };
  const cards = {
    visa: testPan(),
    mastercard: '5555550000000002',
    jcb: '3530110000000000',
    amex: '378282000000008',
    diners: '36000000000008',
  };
  const found: Record<string, number> = {};
  for (const [brand, number] of Object.entries(cards)) found[brand] = await days(number);
  expect(found).toEqual({ visa: 30, mastercard: 30, jcb: 60, amex: 30, diners: 30 });
  await contract(7);
  expect(await days(cards.jcb)).toBe(7);
});

test('a hold is warned of, lapses, is released at the network and leaves the order free', async () => {
  const payment = await hold();
  await moveDays(3);
  expect((await expiring()).includes(payment.id)).toBe(false);
  await moveDays(1.1);
  await eventually('it is listed', async () => (await expiring()).includes(payment.id));
  expect((await api('GET', `/v1/payments/${payment.id}`)).body.status).toBe('authorized');
  await moveDays(3);
  await becomes(payment.id, 'expired');
  expect(await expiring()).not.toContain(payment.id);
  expect(await balanceOf(fleet, payment.order_id)).toMatchObject({ authorized: 0, reversed: 12_800 });
  expect(await toldOf(named, payment, 'payment.expired')).toEqual([
    [1, 'payment.authorized'],
    [3, 'payment.authorization_expiring'],
    [4, 'payment.expired'],
  ]);
  expect(await toldOf(every, payment, 'payment.expired')).toEqual([
    [1, 'payment.authorized'],
    [2, 'session.completed'],
    [4, 'payment.expired'],
  ]);
  const { body: session } = await api('GET', `/v1/sessions/${payment.session_id}`);
  expect(session).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
  const again = await api('POST', '/v1/sessions', sessionBody({ order_id: payment.order_id }));
  expect(again.status).toBe(201);
});

test('what cannot be done with a payment is refused with what can', async () => {
  const lapsed = await hold();
  await moveDays(40);
  await becomes(lapsed.id, 'expired');
  const captured = await hold();
  const higher = await api('POST', `/v1/payments/${captured.id}/capture`, { amount: 20_000 });
  expect(higher).toMatchObject({
    status: 422,
    body: { code: 'amount_too_large', detail: /cannot be raised/ },
  });
  await api('POST', `/v1/payments/${captured.id}/capture`, { amount: 10_000 });
  expect(await balanceOf(fleet, captured.order_id)).toMatchObject({ authorized: 0, captured: 10_000 });
  const refusals = [
    [lapsed, 'capture', 'expired', /the order needs a new session/],
    [lapsed, 'cancel', 'expired', /cannot be taken up or authorised again/],
    [captured, 'capture', 'captured', /make a session under another order_id/],
    [captured, 'cancel', 'captured', /refund it/],
    [await hold(), 'refunds', 'authorized', /cancel it to release the hold/],
  ] as const;
  for (const [payment, verb, payment_status, detail] of refusals) {
    const answer = await api('POST', `/v1/payments/${payment.id}/${verb}`, {});
    expect(answer, verb).toMatchObject({ status: 409, body: { code: 'invalid_state', payment_status } });
    expect(answer.body.detail).toMatch(detail);
  }
});

test.each(['drop_answer', 'drop_request', 'close'])(
  'a lapse with %s is repeated until it is answered',
  async (action) => {
    const payment = await hold();
    await fault({ order_id: payment.order_id, message: '0400' }, { action });
    await fault({ order_id: payment.order_id, message: '0401' }, { action });
    await moveDays(8);
    await eventually('the release is on its way', async () => {
      const answer = await api('POST', `/v1/payments/${payment.id}/capture`, {});
      return ['invalid_state', 'operation_in_progress'].includes(answer.body.code);
    });
    await becomes(payment.id, 'expired');
    expect(await balanceOf(fleet, payment.order_id)).toMatchObject({ authorized: 0, captured: 0 });
  },
);

test('a capture in flight goes before the lapse, however long its answer takes', async () => {
  const payment = await hold();
  await fault({ order_id: payment.order_id, message: '0220' }, { action: 'drop_answer' });
  await fault({ order_id: payment.order_id, message: '0221' }, { action: 'drop_request' });
  expect((await api('POST', `/v1/payments/${payment.id}/capture`, {})).status).toBe(202);
  await moveDays(40);
  await becomes(payment.id, 'captured');
  await told(every, payment, 'payment.captured');
  const types = received(every, payment).map(([, type]) => type);
  expect(types).not.toContain('payment.expired');
});

test('captures and cancellations in the moment of the lapse: one of them wins, and the network agrees', async () => {
  const holds = await Promise.all(Array.from({ length: 12 }, () => hold()));
  const early = holds.slice(0, 6).map((each) => api('POST', `/v1/payments/${each.id}/capture`, {}));
  const moved = moveDays(8);
  const late = holds.map((each, index) =>
    api('POST', `/v1/payments/${each.id}/${index % 2 === 0 ? 'capture' : 'cancel'}`, {}),
  );
  await Promise.all([moved, ...early, ...late]);
  for (const each of holds) {
    const ended = await eventually('it has ended', async () => {
      const { body } = await api('GET', `/v1/payments/${each.id}`);
      return body.status === 'authorized' ? null : body;
    });
    const balance = await balanceOf(fleet, each.order_id);
    expect(balance.authorized).toBe(0);
    expect(balance.captured).toBe(ended.status === 'captured' ? 12_800 : 0);
    expect(['captured', 'voided', 'expired']).toContain(ended.status);
  }
});

test('a capture of a hold that the issuer has let go of is declined, and the hold lapses at once', async () => {
  const payment = await hold();
  await fault({ order_id: payment.order_id, message: '0220' }, { action: 'decline', response_code: '25' });
  const answer = await api('POST', `/v1/payments/${payment.id}/capture`, {});
  expect(answer).toMatchObject({ status: 402, body: { code: 'capture_declined', decline_code: '25' } });
  await becomes(payment.id, 'expired');
  await told(every, payment, 'payment.expired');
  const types = received(every, payment).map(([, type]) => type);
  expect(types.slice(2)).toEqual(['payment.capture_failed', 'payment.expired']);
});

test('after all of it the books are equal', async () => {
  expect(await expectBooksEqual(fleet, api)).toBeGreaterThan(20);
});

test('a network that declines to release a hold is asked three times, then the issuer is left to it', async () => {
  const payment = await hold();
  await fault(
    { order_id: payment.order_id, message: '0400' },
    { action: 'decline', response_code: '05', times: 9 },
  );
  await moveDays(8);
  for (const asked of [1, 2, 3]) {
    await eventually(`asked ${asked} times`, async () => (await released(payment)) === asked);
    expect((await api('GET', `/v1/payments/${payment.id}`)).body.status).toBe('authorized');
    await moveDays(0.1);
  }
  await becomes(payment.id, 'expired');
  expect(await released(payment)).toBe(3);
});

async function hold(changes: Record<string, unknown> = {}, number = testPan()): Promise<Json> {
  const { body: made } = await api('POST', '/v1/sessions', sessionBody({ capture: 'manual', ...changes }));
  const csc = /^3[47]/.test(number) ? '1234' : '123';
  await pay(made.url, { number, csc }, { javascript: false });
  return eventually('it is held', async () => {
    const { body } = await api('GET', `/v1/sessions/${made.id}`);
    return body.payment?.status === 'authorized' ? body.payment : null;
  });
}

async function contract(days: number): Promise<void> {
  await sql`update merchants set settings = settings || ${sql.json({ captureWithinDays: days })}`;
}

async function moveDays(days: number): Promise<void> {
  const answer = await api('POST', '/v1/test/clock', { advance_seconds: Math.round(days * DAY_S) });
  expect(answer.status).toBe(200);
}

async function expiring(): Promise<string[]> {
  const { body } = await api('GET', '/v1/payments?attention=authorization_expiring&limit=100');
  return body.data.map(({ id }: { id: string }) => id);
}

function becomes(id: string, status: string): Promise<Json> {
  return eventually(`payment ${status}`, async () => {
    const { body } = await api('GET', `/v1/payments/${id}`);
    return body.status === status ? body : null;
  });
}

/** How often the network was asked to release the hold. */
async function released({ order_id }: Json): Promise<number> {
  const response = await fetch(`${fleet.demo.simulator_url}/ledger?order_id=${order_id}`);
  const { entries } = (await response.json()) as { entries: { kind: string }[] };
  return entries.filter(({ kind }) => kind === 'reversal').length;
}

function received(receiver: Receiver, { session_id }: Json): [number, string][] {
  return receiver.received
    .filter(({ event }) => event.data.session?.id === session_id)
    .map(({ event }): [number, string] => [event.data.sequence, event.type])
    .sort(([a], [b]) => a - b);
}

function told(receiver: Receiver, payment: Json, last: string): Promise<true> {
  return eventually(`${last} is told`, async () => {
    return received(receiver, payment).some(([, type]) => type === last) || null;
  });
}

async function toldOf(receiver: Receiver, payment: Json, last: string): Promise<[number, string][]> {
  await told(receiver, payment, last);
  return received(receiver, payment);
}

async function fault(match: Record<string, string>, rule: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${fleet.demo.simulator_url}/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ match, times: 1, ...rule }),
  });
  if (!response.ok) throw new Error(`the simulator refused the fault: ${response.status}`);
}
