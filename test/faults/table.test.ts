import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { balanceOf, expectBooksEqual } from '../support/ledger.ts';
import { formTo, open, pay, submit } from '../support/shopper.ts';
import { allCases, type Case } from './outcomes.ts';

/**
 * Every TT × AA of the contract's table, automatic and manual, over every real protocol: HTTP pages, 3-D Secure,
 * ISO 8583. In the end the simulator's balances equal our books to the yen.
 */
let fleet: Fleet;
let api: ApiClient;

beforeAll(async () => {
  fleet = await startFleet({ webs: 1, workers: 1 });
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
});

afterAll(async () => {
  await fleet?.stop();
});

test('every scenario ends as the table says, and the books are equal', { timeout: 600_000 }, async () => {
  const cases = allCases();
  const cutsLink = ({ tt, aa, failure }: Case) =>
    aa === '28' && failure === 'network_unavailable' && tt !== '';
  const faults: string[] = [];
  await inParallel(
    24,
    cases.filter((c) => !cutsLink(c)),
    (c) => check(c, faults),
  );
  await inParallel(1, cases.filter(cutsLink), (c) => check(c, faults));
  expect(faults).toEqual([]);
  await expectBooksEqual(fleet, api);
});

test('TT 14 left alone ends at its deadline as authentication_timeout', async () => {
  const { body: session } = await api('POST', '/v1/sessions', sessionBody());
  await pay(session.url ?? '', { number: testPan('14') }, { javascript: true, otp: 'leave' });
  await api('POST', '/v1/test/clock', { advance_seconds: 15 * 60 });
  const attempt = await eventually('the attempt ends', async () => lastAttempt(session.id ?? '', 'failed'));
  expect(attempt.failure).toMatchObject({ code: 'authentication_timeout' });
});

async function check(c: Case, faults: string[]): Promise<void> {
  const name = `TT ${c.tt} AA ${c.aa} ${c.capture}`;
  try {
    await play(c);
  } catch (error) {
    faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function play(c: Case): Promise<void> {
  const order_id = newOrderId(`t${c.tt}a${c.aa}`);
  const { body: session } = await api('POST', '/v1/sessions', sessionBody({ order_id, capture: c.capture }));
  const otp = c.tt === '14' ? 'leave' : '123456';
  const page = await pay(session.url, { number: testPan(c.tt, c.aa) }, { javascript: true, otp });
  if (c.tt === '14') {
    const other = formTo(await open(page.url), '/abandon');
    if (other === null) throw new Error('the challenge offers no other way to pay');
    await submit(other);
  }
  const attempt = await eventually(
    'the attempt ends',
    async () => lastAttempt(session.id, c.failure === null ? 'succeeded' : 'failed'),
    60_000,
  );
  expect(attempt.failure?.code ?? null).toBe(c.failure);
  if (c.failure === null) await afterSuccess(c, session.id);
  else await afterFailure(session.id);
}

async function afterSuccess(c: Case, sessionId: string): Promise<void> {
  const { body: session } = await api('GET', `/v1/sessions/${sessionId}`);
  const first = c.capture === 'manual' ? 'payment.authorized' : 'payment.captured';
  expect(session).toMatchObject({ status: 'complete', ended_reason: 'paid' });
  expect(session.payment_status).toBe(c.capture === 'manual' ? 'authorized' : 'paid');
  expect(await eventsOf(sessionId)).toEqual([first, 'session.completed']);
  const paymentId = session.payment.id;
  if (c.capture === 'manual') {
    const captured = await api('POST', `/v1/payments/${paymentId}/capture`, {});
    if (c.aa === '25') {
      expect(captured).toMatchObject({ status: 402, body: { code: 'capture_declined', decline_code: '05' } });
      return;
    }
    expect(captured).toMatchObject({ status: 200, body: { status: 'captured', amount_captured: 12_800 } });
  }
  if (c.aa === '26') {
    const refunded = await api('POST', `/v1/payments/${paymentId}/refunds`, {});
    expect(refunded).toMatchObject({ status: 402, body: { code: 'refund_declined' } });
  }
}

async function afterFailure(sessionId: string): Promise<void> {
  const { body: session } = await api('GET', `/v1/sessions/${sessionId}`);
  expect(session).toMatchObject({
    status: 'open',
    payment_status: 'unpaid',
    payment: { status: 'requires_method' },
  });
  expect(await eventsOf(sessionId)).toEqual(['payment.attempt_failed']);
  const balance = await balanceOf(fleet, session.order_id);
  expect(balance).toMatchObject({ authorized: 0, captured: 0 });
}

async function lastAttempt(sessionId: string, status: string): Promise<Json | null> {
  const { body } = await api('GET', `/v1/sessions/${sessionId}`);
  const attempt = body.attempts?.at(-1);
  if (attempt === undefined || attempt.status === 'in_progress') return null;
  if (attempt.status !== status) throw new Error(`attempt ${attempt.status} ${attempt.failure?.code}`);
  return attempt;
}

/** The session's public events in order; their sequence has no hole. */
async function eventsOf(sessionId: string): Promise<string[]> {
  const { body } = await api('GET', '/v1/events?limit=100');
  const mine = body.data.filter((event: Json) => event.data?.session?.id === sessionId);
  const sorted = mine.sort((a: Json, b: Json) => Number(a.data?.sequence) - Number(b.data?.sequence));
  expect(sorted.map((event: Json) => event.data?.sequence)).toEqual(
    sorted.map((_: Json, index: number) => index + 1),
  );
  return sorted.map((event: Json) => String(event.type));
}

async function inParallel<T>(width: number, items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
