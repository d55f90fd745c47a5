import { and, eq } from 'drizzle-orm';
import { inTransaction, type Tx } from '../db/client.ts';
import { deliveries, events, webhookEndpoints } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import { merchantOf } from '../merchants/merchant.ts';
import { ON_REQUEST } from '../payments/decide.ts';
import type { EventRow } from '../payments/queries.ts';
import { enqueue } from '../queue/enqueue.ts';

/** The job of every event: one delivery for each endpoint that wants it. Run twice, it makes nothing twice. */
export async function fanOut(deps: Deps, payload: Record<string, string>): Promise<undefined> {
  const { merchant_id: merchantId = '', event_id: eventId = '' } = payload;
  await inTransaction(deps.db, 'notify.fan_out', async (tx) => {
    const [event] = await tx
      .select()
      .from(events)
      .where(and(eq(events.merchantId, merchantId), eq(events.id, eventId)))
      .for('update');
    if (event === undefined) return;
    const made = await tx
      .select({ endpointId: deliveries.endpointId })
      .from(deliveries)
      .where(and(eq(deliveries.merchantId, merchantId), eq(deliveries.eventId, eventId)));
    const endpoints = await tx
      .select()
      .from(webhookEndpoints)
      .where(
        and(
          eq(webhookEndpoints.merchantId, merchantId),
          eq(webhookEndpoints.mode, event.mode),
          eq(webhookEndpoints.status, 'enabled'),
        ),
      );
    for (const endpoint of endpoints) {
      if (wants(endpoint, event.type) && !made.some(({ endpointId }) => endpointId === endpoint.id)) {
        await oweDelivery(tx, deps, event, endpoint.id);
      }
    }
  });
  return undefined;
}

/** An endpoint without a list gets every event but those that must be named. */
export function wants({ events: named }: { events: string[] | null }, type: string): boolean {
  return named === null ? !ON_REQUEST.includes(type) : named.includes(type);
}

/** Records a delivery and owes its first try, at once. */
export async function oweDelivery(
  tx: Tx,
  deps: Deps,
  event: EventRow,
  endpointId: string,
): Promise<DeliveryRow> {
  const now = deps.clock.now();
  const { merchantId, mode } = event;
  const merchant = await merchantOf({ db: tx, clock: deps.clock }, event);
  const createdAt = merchant.clock.now();
  const id = newId('del', createdAt);
  const [row] = await tx
    .insert(deliveries)
    .values({
      merchantId,
      id,
      mode,
      eventId: event.id,
      endpointId,
      try: 0,
      status: 'pending',
      nextTryAt: createdAt,
      createdAt,
    })
    .returning();
  if (row === undefined) throw new Error('delivery was not recorded');
  const ids = { merchant_id: merchantId, delivery_id: id };
  await enqueue(tx, {
    name: 'deliver',
    key: id,
    payload: ids,
    runAt: now,
    clock: 'merchant',
    merchantId,
    mode,
    now,
  });
  return row;
}

export type DeliveryRow = typeof deliveries.$inferSelect;
