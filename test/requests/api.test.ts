import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobs, mails, paymentRequests } from '../../src/db/schema.ts';
import { newOrderId } from '../support/api.ts';
import { call } from '../support/call.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** The API of payment requests, without a worker: what is recorded, owed and refused. */
let world: World;
let shop: TestMerchant;
beforeAll(async () => {
  world = await openWorld();
  shop = await world.merchant();
});
afterAll(() => world.close());

const ask = (what: string, body?: unknown, headers = {}) =>
  call(world, what, { key: shop.keys.sk_test, ...(body === undefined ? {} : { body }), headers });

function wanted(changes: Record<string, unknown> = {}) {
  return {
    order_id: newOrderId('request'),
    amount: 8_800,
    customer: { name: '髙橋 一郎', email: 'ichiro@example.com' },
    ...changes,
  };
}

async function mailsOf(requestId: string) {
  return world.deps.db.select().from(mails).where(eq(mails.requestId, requestId)).orderBy(mails.id);
}

test('a draft owes no mail; sent, it owes one, and its reminders', async () => {
  const { status, body } = await ask('POST /v1/payment-requests', wanted({ remind_days: [1, 3] }));
  expect(status).toBe(201);
  expect(body).toMatchObject({ object: 'payment_request', status: 'draft', sent_at: null, times_sent: 0 });
  expect(body.url).toMatch(/^http:\/\/localhost:3000\/r\/[0-9a-z]{32}$/);
  expect(await mailsOf(body.id)).toEqual([]);
  const sent = await ask(`POST /v1/payment-requests/${body.id}/send`, {});
  expect(sent.body).toMatchObject({ status: 'scheduled', times_sent: 1 });
  expect((await mailsOf(body.id)).map(({ kind }) => kind)).toEqual([
    'payment_request',
    'payment_request_reminder',
    'payment_request_reminder',
  ]);
});

test('reminders leave at 10:00 in Japan, so many days before; those that are past do not', async () => {
  const due = new Date(world.clock.now().getTime() + 5 * 86_400_000).toISOString().slice(0, 10);
  const { body } = await ask(
    'POST /v1/payment-requests',
    wanted({ send: true, due_date: due, remind_days: [2, 30] }),
  );
  const rows = await mailsOf(body.id);
  expect(rows.map(({ subject }) => subject)).toEqual([`${body.id}/1`, `${body.id}/due-2`]);
  const [job] = await world.deps.db
    .select()
    .from(jobs)
    .where(eq(jobs.key, rows[1]?.id ?? ''));
  const twoBefore = new Date(Date.parse(`${due}T01:00:00Z`) - 2 * 86_400_000);
  expect(job).toMatchObject({ lane: 'bulk', clock: 'merchant', runAt: twoBefore });
  expect(body.due_at).toBe(`${due}T14:59:59.000Z`);
});

test('the same key makes one request, and sends once', async () => {
  const headers = { 'Idempotency-Key': newOrderId('key') };
  const body = wanted({ send: true });
  const [first, second] = [
    await ask('POST /v1/payment-requests', body, headers),
    await ask('POST /v1/payment-requests', body, headers),
  ];
  expect(second.text).toBe(first.text);
  const again = { 'Idempotency-Key': newOrderId('key') };
  await ask(`POST /v1/payment-requests/${first.body.id}/send`, {}, again);
  await ask(`POST /v1/payment-requests/${first.body.id}/send`, {}, again);
  expect(await mailsOf(first.body.id)).toHaveLength(2);
});

test('an order has one request that can be paid, and after its end another', async () => {
  const order = wanted();
  const first = await ask('POST /v1/payment-requests', order);
  const second = await ask('POST /v1/payment-requests', order);
  expect([second.status, second.body.code, second.body.payment_request_id]).toEqual([
    409,
    'payment_request_exists',
    first.body.id,
  ]);
  const canceled = await ask(`POST /v1/payment-requests/${first.body.id}/cancel`, {});
  expect(canceled.body).toMatchObject({ status: 'canceled' });
  expect((await ask(`POST /v1/payment-requests/${first.body.id}/cancel`, {})).status).toBe(200);
  expect((await ask('POST /v1/payment-requests', order)).status).toBe(201);
});

test.each([
  ['send', 'canceled', {}, 'invalid_state'],
  ['remind', 'draft', {}, 'invalid_state'],
  ['remind', 'bounced', {}, 'invalid_state'],
  ['remind', 'paid', {}, 'invalid_state'],
  ['cancel', 'paid', {}, 'invalid_state'],
  ['cancel', 'expired', {}, 'invalid_state'],
  ['send', 'sent', { send_at: '2099-01-01T00:00:00Z' }, 'validation_failed'],
])('%s of one that is %s with %o is refused: %s', async (verb, status, body, code) => {
  const made = await ask('POST /v1/payment-requests', wanted());
  await world.deps.db
    .update(paymentRequests)
    .set({ status: status as 'paid' })
    .where(eq(paymentRequests.id, made.body.id));
  const refused = await ask(`POST /v1/payment-requests/${made.body.id}/${verb}`, body);
  expect(refused.body.code).toBe(code);
});

test.each([
  [{ due_date: '2026-02-30' }, '#/due_date', 'invalid_date'],
  [{ due_date: '2020-01-01' }, '#/due_date', 'in_past'],
  [{ due_date: '2099-01-01' }, '#/due_date', 'too_far'],
  [{ send_at: '2099-01-01T00:00:00Z', send: true }, '#/send_at', 'after_due'],
  [{ send: true, customer: {} }, '#/customer/email', 'required'],
  [{ customer: { email: 'nobody' } }, '#/customer/email', 'invalid_format'],
  [{ remind_days: [31] }, '#/remind_days/0', 'too_big'],
  [{ amount: 0 }, '#/amount', 'too_small'],
  [{ line_items: [{ name: 'A', quantity: 1, unit_amount: 1 }] }, '#/line_items', 'sum_mismatch'],
  [{ methods: ['konbini'] }, '#/methods/0', 'method_not_enabled'],
  [{ return_url: 'https://shop.example' }, '#/return_url', 'unknown_field'],
])('refuses %o', async (changes, pointer, code) => {
  const { status, body } = await ask('POST /v1/payment-requests', wanted(changes));
  expect(status).toBe(422);
  expect(body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
});

test('a batch tells every fault by row, and of a good one how far it is', async () => {
  const twice = newOrderId();
  const rows = [wanted({ order_id: twice }), wanted({ order_id: twice }), wanted({ customer: {} })];
  const bad = await ask('POST /v1/payment-requests/batch', { name: 'B', send: true, requests: rows });
  expect(
    bad.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`),
  ).toEqual(['#/requests/1/order_id duplicate_order', '#/requests/2/customer/email required']);
  const good = { name: 'B', send: true, requests: [wanted(), wanted()] };
  const made = await ask('POST /v1/payment-requests/batch', good);
  expect([made.status, made.body.status, made.body.rows]).toEqual([202, 'importing', 2]);
  // The same rows are the same batch.
  const again = await ask('POST /v1/payment-requests/batch', good);
  expect(again.body.id).toBe(made.body.id);
  expect((await ask(`GET /v1/payment-requests/batch/${made.body.id}`)).body.done).toBe(0);
});
