import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { payments, sessions } from '../../src/db/schema.ts';
import { newId } from '../../src/lib/ids.ts';
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
