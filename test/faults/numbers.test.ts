import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { balanceOf, expectBooksEqual } from '../support/ledger.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { actAtBank, makeHappen, payAtRegister } from '../support/register.ts';
import { choose, formTo, open, pay, submit } from '../support/shopper.ts';

/** What can become of money that is paid elsewhere, and later: konbini, Pay-easy, net banking. */
const DAY_S = 24 * 3_600;
let fleet: Fleet;
let api: ApiClient;
let told: Receiver;

beforeAll(async () => {
  fleet = await startFleet({ webs: 1, workers: 1 }, { VOUCHER_TIMEOUT_MS: '800', LEASE_MS: '1500' });
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  told = await startReceiver(() => fleet.demo.webhook_secret);
  expect((await api('POST', '/v1/webhook-endpoints', { url: told.url })).status).toBe(201);
});

afterAll(async () => {
  await fleet?.stop();
  await told?.close();
});

const WAYS = [
  { method: 'konbini', choice: 'seven_eleven', labels: 1, withdrawable: true },
  { method: 'konbini', choice: 'lawson', labels: 2, withdrawable: true },
  { method: 'konbini', choice: 'familymart', labels: 2, withdrawable: true },
  { method: 'konbini', choice: 'ministop', labels: 2, withdrawable: true },
  { method: 'konbini', choice: 'seicomart', labels: 2, withdrawable: true },
  { method: 'konbini', choice: 'daily_yamazaki', labels: 1, withdrawable: false },
  { method: 'payeasy', choice: null, labels: 3, withdrawable: false },
] as const;

describe.each(WAYS)('$method $choice', ({ method, choice, labels, withdrawable }) => {
  test('a number is issued, and paid at the register', async () => {
    const { session, payment } = await numbered(method, choice);
    expect(session).toMatchObject({
      status: 'complete',
      ended_reason: 'number_issued',
      payment_status: 'pending',
    });
    expect(payment).toMatchObject({ status: 'awaiting_payment', method, number: { chain: choice } });
    expect(payment.number.labels).toHaveLength(labels);
    expect(payment.number.values).toHaveLength(labels);
    expect(payment.number.expires_at).toMatch(/T14:59:59/);
    await payAtRegister(fleet, ownPart(payment));
    expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({
      amount_captured: 12_800,
      late: false,
      duplicate: false,
    });
    expect(await toldOf(session.id)).toEqual([
      [1, 'payment.awaiting_payment', 'pending'],
      [2, 'session.completed', 'pending'],
      [3, 'payment.captured', 'paid'],
    ]);
  });

  test('it is taken back before it is paid, where the centre can', async () => {
    const { session, payment } = await numbered(method, choice);
    const answer = await api('POST', `/v1/payments/${payment.id}/cancel`, {});
    if (!withdrawable) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'not_supported' } });
      return;
    }
    expect(answer).toMatchObject({ status: 200, body: { status: 'voided' } });
    const again = await api('POST', '/v1/sessions', sessionBody({ order_id: session.order_id }));
    expect(again.status).toBe(201);
  });

  test('it lapses, and money that comes all the same is late and something to act on', async () => {
    const { payment } = await numbered(method, choice);
    const expired = await api('POST', `/v1/test/payments/${payment.id}/expire`);
    expect(expired).toMatchObject({ status: 200, body: { status: 'expired' } });
    await payAtRegister(fleet, ownPart(payment));
    expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({ late: true, duplicate: false });
    expect(await attention('late')).toContain(payment.id);
    const item = await openItem(payment.id);
    expect(item).toMatchObject({ kind: 'late_payment', order_id: payment.order_id, amount: 12_800 });
    const refund = await api('POST', `/v1/payments/${payment.id}/refunds`, {});
    expect(refund).toMatchObject({ status: 409, body: { code: 'not_supported' } });
    const resolved = await api('POST', `/v1/action-items/${item.id}/resolve`, { resolution: 'returned' });
    expect(resolved).toMatchObject({ status: 200, body: { resolution: 'returned' } });
    expect(await openItem(payment.id)).toBeUndefined();
  });

  test('paid twice: the second is a payment of its own', async () => {
    const { session, payment } = await numbered(method, choice);
    await payAtRegister(fleet, ownPart(payment));
    await payAtRegister(fleet, ownPart(payment));
    await paymentBecomes(payment.id, 'captured');
    const second = await eventually('the double payment is listed', async () => {
      const ids = await attention('duplicate');
      for (const id of ids) {
        const { body } = await api('GET', `/v1/payments/${id}`);
        if (body.session_id === session.id) return body;
      }
      return undefined;
    });
    expect(second).toMatchObject({ status: 'captured', duplicate: true, amount: 12_800 });
    expect(second.id).not.toBe(payment.id);
    expect(await openItem(second.id)).toMatchObject({ kind: 'duplicate_payment', session_id: session.id });
    expect(await openItem(payment.id)).toBeUndefined();
    await eventually('it is told', async () => {
      expect((await toldOf(session.id)).map(([, type]) => type)).toEqual([
        'payment.awaiting_payment',
        'session.completed',
        'payment.captured',
        'payment.captured',
      ]);
      return true;
    });
  });
});

describe('net banking', () => {
  test.each(['pay', 'pay_and_close'])('%s ends in a payment', async (action) => {
    const session = await newSession();
    await actAtBank(await choose(session.url, 'netbank', '0010'), action);
    const ended = await sessionBecomes(session.id, 'complete');
    expect(ended).toMatchObject({ ended_reason: 'paid', payment: { status: 'captured', method: 'netbank' } });
  });

  test.each([
    ['decline', 'bank_declined'],
    ['cancel', 'bank_canceled'],
  ])('%s leaves the session open for another way', async (action, code) => {
    const session = await newSession();
    await actAtBank(await choose(session.url, 'netbank', '0017'), action);
    const failed = await attemptEnds(session.id);
    expect(failed).toMatchObject({ status: 'failed', failure: { code } });
    await pay(session.url, { number: testPan() }, { javascript: false });
    expect(await sessionBecomes(session.id, 'complete')).toMatchObject({ payment: { method: 'card' } });
  });

  test('a shopper who chose another way and pays at the bank all the same paid late, or twice', async () => {
    const session = await newSession();
    const bank = await choose(session.url, 'netbank', '0001');
    const abandon = formTo(await open(session.url), '/abandon');
    if (abandon === null) throw new Error('no other way is offered');
    await submit(abandon);
    await attemptEnds(session.id);
    await pay(session.url, { number: testPan() }, { javascript: false });
    await sessionBecomes(session.id, 'complete');
    // The bank was told: there is nothing left to pay.
    await expect(actAtBank(bank, 'pay')).rejects.toThrow('does not offer');
    expect(await balanceOf(fleet, session.order_id)).toMatchObject({ captured: 12_800 });
  });
});

describe('before a number is issued', () => {
  test.each(['drop_answer', 'close', 'delay'])(
    '%s of the request: the same number in the end',
    async (action) => {
      const session = await newSession();
      await fault({ order_id: session.order_id, message: 'issue' }, action, 1);
      await choose(session.url, 'konbini', 'familymart');
      const ended = await sessionBecomes(session.id, 'complete');
      expect(ended.ended_reason).toBe('number_issued');
      expect(ended.attempts).toHaveLength(1);
    },
  );

  test('a refusal leaves the session open, and the shopper takes another chain', async () => {
    const session = await newSession();
    await fault({ order_id: session.order_id, message: 'issue' }, 'decline', 1);
    const page = await choose(session.url, 'konbini', 'seicomart');
    expect(page.html).toContain('data-code="number_refused"');
    await choose(session.url, 'konbini', 'lawson');
    expect((await sessionBecomes(session.id, 'complete')).attempts).toHaveLength(2);
  });

  test('a form error makes no attempt and keeps what was typed', async () => {
    const session = await newSession();
    const page = await choose(session.url, 'konbini', null, { konbini_phone: '' });
    expect(page.html).toContain('data-code="missing"');
    expect(page.html).toContain('value="山田 太郎"');
    expect((await api('GET', `/v1/sessions/${session.id}`)).body.attempts).toEqual([]);
  });

  test('an amount above the limit offers no konbini', async () => {
    const session = await newSession({ amount: 300_001 });
    expect(session.methods).not.toContain('konbini');
    const asked = await api('POST', '/v1/sessions', sessionBody({ amount: 300_001, methods: ['konbini'] }));
    expect(asked.status).toBe(422);
    expect((await newSession({ amount: 300_000 })).methods).toContain('konbini');
  });
});

describe('notices', () => {
  test.each(['drop_request', 'drop_answer', 'close', 'duplicate', 'delay'])(
    '%s: the money counts once',
    async (action) => {
      const { session, payment } = await numbered('konbini', 'lawson');
      await fault({ order_id: session.order_id, message: 'notice' }, action, 2);
      await payAtRegister(fleet, ownPart(payment));
      await paymentBecomes(payment.id, 'captured');
      expect(await toldOf(session.id)).toHaveLength(3);
    },
  );

  test('all lost: the money is found by asking', async () => {
    const { session, payment } = await numbered('konbini', 'familymart');
    await fault({ order_id: session.order_id, message: 'notice' }, 'drop_request', 99);
    await payAtRegister(fleet, ownPart(payment));
    await move(6 * 3_600 + 60);
    expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({ late: false });
  });

  test('all lost until after the deadline: the money in time is in time', async () => {
    const { session, payment } = await numbered('payeasy', null);
    await fault({ order_id: session.order_id, message: 'notice' }, 'drop_request', 99);
    await fault({ order_id: session.order_id, message: 'inquiry' }, 'close', 1);
    await payAtRegister(fleet, ownPart(payment));
    await move(4 * DAY_S);
    expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({ late: false });
  });

  test('delayed past the deadline of a number that was taken back: late', async () => {
    const { session, payment } = await numbered('konbini', 'seven_eleven');
    await move(4 * DAY_S);
    await paymentBecomes(payment.id, 'expired');
    await fault({ order_id: session.order_id, message: 'notice' }, 'drop_request', 99);
    await payAtRegister(fleet, ownPart(payment));
    await move(2 * 3_600);
    expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({ late: true });
    expect(await attention('late')).toContain(payment.id);
    expect((await toldOf(session.id)).map(([, type]) => type)).toEqual([
      'payment.awaiting_payment',
      'session.completed',
      'payment.expired',
      'payment.captured',
    ]);
  });

  test('a forged one is refused', async () => {
    const { payment } = await numbered('konbini', 'lawson');
    const body = JSON.stringify({ reference: 'num_x', kind: 'paid', deposit: null });
    const answer = await fetch(`${fleet.webs[0]?.baseUrl}/vouchers/notices/test`, { method: 'POST', body });
    expect(answer.status).toBe(401);
    expect((await api('GET', `/v1/payments/${payment.id}`)).body.status).toBe('awaiting_payment');
  });
});

test('while a number waits the order is bound; when it lapses it is free', async () => {
  const { session, payment } = await numbered('konbini', 'ministop');
  const other = await api('POST', '/v1/sessions', sessionBody({ order_id: session.order_id }));
  expect(other).toMatchObject({ status: 409, body: { code: 'order_in_progress', session_id: session.id } });
  await move(4 * DAY_S);
  await paymentBecomes(payment.id, 'expired');
  const next = await api('POST', '/v1/sessions', sessionBody({ order_id: session.order_id }));
  expect(next.status).toBe(201);
  await pay(next.body.url, { number: testPan() }, { javascript: false });
  await sessionBecomes(next.body.id, 'complete');
  await payAtRegister(fleet, ownPart(payment));
  const double = await eventually('the double payment', async () =>
    (await attention('duplicate')).length > 0 &&
    (await balanceOf(fleet, session.order_id)).captured === 25_600
      ? true
      : undefined,
  );
  expect(double).toBe(true);
});

test('the cancellation whose answer is lost is answered 202 and comes to its end', async () => {
  const { session, payment } = await numbered('konbini', 'familymart');
  await fault({ order_id: session.order_id, message: 'withdraw' }, 'drop_answer', 1);
  const answer = await api('POST', `/v1/payments/${payment.id}/cancel`, {});
  expect(answer).toMatchObject({ status: 202, body: { status: 'awaiting_payment' } });
  await paymentBecomes(payment.id, 'voided');
});

test('a cancellation that meets the money finds it paid', async () => {
  const { session, payment } = await numbered('konbini', 'familymart');
  await fault({ order_id: session.order_id, message: 'notice' }, 'drop_request', 99);
  await payAtRegister(fleet, ownPart(payment));
  const answer = await api('POST', `/v1/payments/${payment.id}/cancel`, {});
  expect(answer).toMatchObject({ status: 409, body: { code: 'invalid_state', payment_status: 'captured' } });
  await paymentBecomes(payment.id, 'captured');
});

test('a shopper with the voucher in hand is not sent away from the register', async () => {
  const { payment } = await numbered('konbini', 'lawson');
  await makeHappen(fleet, ownPart(payment), 'voucher');
  const answer = await api('POST', `/v1/payments/${payment.id}/cancel`, {});
  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'number_not_withdrawable', payment_status: 'awaiting_payment' },
  });
  await payAtRegister(fleet, ownPart(payment));
  expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({ late: false });
});

test('a number that cannot be taken back lapses all the same', async () => {
  const { payment } = await numbered('konbini', 'seicomart');
  await makeHappen(fleet, ownPart(payment), 'voucher');
  await move(4 * DAY_S);
  await paymentBecomes(payment.id, 'expired');
  await payAtRegister(fleet, ownPart(payment));
  expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({ late: true });
});

test('another amount is a payment of its own and something to act on; the number still waits', async () => {
  const { session, payment } = await numbered('konbini', 'familymart');
  await makeHappen(fleet, ownPart(payment), 'pay', { amount: 100 });
  const item = await eventually('an action item', () => openItemOf(session.id));
  expect(item).toMatchObject({ kind: 'amount_differs', amount: 100 });
  const { body: further } = await api('GET', `/v1/payments/${item.payment_id}`);
  expect(further).toMatchObject({ status: 'captured', amount: 100, duplicate: true });
  expect((await api('GET', `/v1/payments/${payment.id}`)).body.status).toBe('awaiting_payment');
  await payAtRegister(fleet, ownPart(payment));
  expect(await paymentBecomes(payment.id, 'captured')).toMatchObject({ amount: 12_800, late: false });
});

test('the books are equal', async () => {
  expect(await expectBooksEqual(fleet, api)).toBeGreaterThan(20);
});

async function newSession(changes: Record<string, unknown> = {}): Promise<Json> {
  const { status, body } = await api('POST', '/v1/sessions', sessionBody(changes));
  expect(status).toBe(201);
  return body;
}

async function numbered(method: string, choice: string | null): Promise<{ session: Json; payment: Json }> {
  const { id, url } = await newSession();
  await choose(url, method, choice);
  const session = await sessionBecomes(id, 'complete');
  return { session, payment: session.payment };
}

/** The part that is the shopper's own: at FamilyMart and of Pay-easy the second. */
function ownPart({ number }: Json): string {
  const digits: string[] = number.values.map((value: string) => value.replace(/\D/g, ''));
  return digits.find((value) => value.length >= 11 && !value.startsWith('0')) ?? digits[0] ?? '';
}

async function attention(kind: string): Promise<string[]> {
  const { body } = await api('GET', `/v1/payments?attention=${kind}&limit=100`);
  return body.data.map(({ id }: Json) => id);
}

async function openItem(paymentId: string): Promise<Json> {
  return (await openItems()).find((item) => item.payment_id === paymentId);
}

async function openItemOf(sessionId: string): Promise<Json> {
  return (await openItems()).find((item) => item.session_id === sessionId);
}

async function openItems(): Promise<Json[]> {
  return (await api('GET', '/v1/action-items?open=true&limit=100')).body.data;
}

async function toldOf(sessionId: string): Promise<[number, string, string][]> {
  const mine = () =>
    told.received
      .map(({ event }) => event)
      .filter(({ data }) => data.session?.id === sessionId)
      .sort((a, b) => a.data.sequence - b.data.sequence);
  await eventually('all is told', async () => {
    const { body } = await api('GET', `/v1/sessions/${sessionId}`);
    const last = mine().at(-1);
    return last !== undefined && last.data.session.payment_status === body.payment_status ? true : undefined;
  });
  return mine().map(({ type, data }) => [data.sequence, type, data.session.payment_status]);
}

async function sessionBecomes(id: string, status: string): Promise<Json> {
  return eventually(`session ${status}`, async () => {
    const { body } = await api('GET', `/v1/sessions/${id}`);
    return body.status === status ? body : undefined;
  });
}

async function paymentBecomes(id: string, status: string): Promise<Json> {
  return eventually(`payment ${status}`, async () => {
    const { body } = await api('GET', `/v1/payments/${id}`);
    return body.status === status ? body : undefined;
  });
}

async function attemptEnds(id: string): Promise<Json> {
  return eventually('attempt ends', async () => {
    const { body } = await api('GET', `/v1/sessions/${id}`);
    return body.attempts.at(-1)?.ended_at ? body.attempts.at(-1) : undefined;
  });
}

async function fault(match: Record<string, string>, action: string, times: number): Promise<void> {
  const response = await fetch(`${fleet.demo.simulator_url}/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ match, action, times, delay_ms: 1_500 }),
  });
  expect(response.status).toBe(201);
}

async function move(seconds: number): Promise<void> {
  expect((await api('POST', '/v1/test/clock', { advance_seconds: seconds })).status).toBe(200);
}
