import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attempts, authentications, payments, sessions } from '../../src/db/schema.ts';
import { newId, newTransactionId } from '../../src/lib/ids.ts';
import { sessionBody } from '../support/api.ts';
import { call } from '../support/call.ts';
import { eventually } from '../support/eventually.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test.each(['GET /v1/sessions/{id}', 'GET /v1/sessions'])(
  '%s shows one moment: a payment that succeeds between two reads is seen whole or not at all',
  async (what) => {
    const shop = await world.merchant();
    const key = shop.keys.sk_test;
    const { body: session } = await call(world, 'POST /v1/sessions', { key, body: sessionBody() });
    // The reader gets as far as the payments, and the order is paid meanwhile.
    const answer = await world.deps.db.transaction(async (tx) => {
      await tx.execute(sql`lock table payments in access exclusive mode`);
      const reading = call(world, what.replace('{id}', session.id), { key });
      await eventually('the reader waits', async () => {
        const [waiting] = await world.deps.db.execute(sql`select 1 from pg_locks where not granted`);
        return waiting !== undefined;
      });
      const paid = { status: 'complete', endedReason: 'paid', version: 2 } as const;
      await tx
        .update(sessions)
        .set(paid)
        .where(and(eq(sessions.merchantId, shop.merchantId), eq(sessions.id, session.id)));
      await tx.insert(payments).values({
        merchantId: shop.merchantId,
        id: newId('pay', new Date()),
        mode: 'test',
        sessionId: session.id,
        orderId: session.order_id,
        status: 'captured',
        method: 'card',
        amount: 12800,
        currency: 'JPY',
        amountCaptured: 12800,
        capture: 'automatic',
        createdAt: new Date(),
      });
      return { reading };
    });
    const { body } = await answer.reading;
    const [seen] = body.object === 'list' ? body.data : [body];
    expect([seen.status, seen.payment_status]).toEqual(['open', 'unpaid']);
  },
);

test('attempts stand in the order in which they were made, whatever the clocks of those who made them said', async () => {
  const shop = await world.merchant();
  const key = shop.keys.sk_test;
  const { body: session } = await call(world, 'POST /v1/sessions', { key, body: sessionBody() });
  const now = new Date('2026-07-01T00:00:00Z');
  const paymentId = newId('pay', now);
  const here = { merchantId: shop.merchantId, sessionId: session.id, paymentId };
  await world.deps.db.insert(payments).values({
    merchantId: shop.merchantId,
    id: paymentId,
    mode: 'test',
    sessionId: session.id,
    orderId: session.order_id,
    status: 'requires_action',
    method: 'card',
    amount: 12800,
    currency: 'JPY',
    capture: 'automatic',
    createdAt: now,
  });
  for (const [ordinal, agoMs] of [
    [1, 0],
    [2, 20_000],
  ] as const) {
    const at = new Date(now.getTime() - agoMs);
    const id = newId('att', at);
    const status = ordinal === 1 ? ('failed' as const) : ('in_progress' as const);
    const card = { brand: 'visa' as const, last4: `000${ordinal}` };
    await world.deps.db
      .insert(attempts)
      .values({ ...here, ...card, id, ordinal, status, method: 'card', createdAt: at, deadlineAt: now });
    const transId = newTransactionId(shop.merchantId);
    const transStatus = ordinal === 1 ? 'N' : 'C';
    await world.deps.db
      .insert(authentications)
      .values({ ...here, transId, attemptId: id, version: '2.2.0', transStatus, createdAt: at });
  }
  const { body } = await call(world, `GET /v1/sessions/${session.id}`, { key });
  expect(body.attempts.map(({ card }: { card: { last4: string } }) => card.last4)).toEqual(['0001', '0002']);
  expect([body.payment.card.last4, body.payment.three_ds.trans_status]).toEqual(['0002', 'C']);
});
