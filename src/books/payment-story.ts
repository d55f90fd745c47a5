import { and, asc, eq, inArray } from 'drizzle-orm';
import { atOneMoment, type Tx } from '../db/client.ts';
import {
  actionItems,
  auditEntries,
  authentications,
  deliveries,
  deposits,
  events,
  mails,
  paymentRequests,
  webhookEndpoints,
} from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { groupBy } from '../lib/group.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { loadPayment } from '../payments/queries.ts';
import type { AuthenticationRow, DepositRow, PaymentRow, Snapshot } from '../payments/snapshot.ts';

export type ActionItemRow = typeof actionItems.$inferSelect;
export type MailRow = typeof mails.$inferSelect;
type Delivery = typeof deliveries.$inferSelect & { url: string | null };

/** Everything that happened with a payment and is known of it, each kind oldest first. */
export interface PaymentStory {
  snapshot: Snapshot & { payment: PaymentRow };
  authentications: AuthenticationRow[];
  deposits: DepositRow[];
  events: { id: string; type: string; timestamp: Date; deliveries: Delivery[] }[];
  mails: MailRow[];
  items: ActionItemRow[];
  /** What people and programs did to it, from the audit log. */
  deeds: { operation: string | null; name: string | null }[];
  /** The e-mailed request that it came from. */
  request: typeof paymentRequests.$inferSelect | null;
}

/** The story of a payment of this merchant and mode. Throws `not_found`. */
export async function loadStory(deps: Deps, merchant: Merchant, paymentId: string): Promise<PaymentStory> {
  const snapshot = await loadPayment(deps, merchant, paymentId);
  const { payment } = snapshot;
  if (payment === null) throw new Error(`payment ${paymentId} has vanished`);
  return atOneMoment(deps.db, async (tx) => ({
    snapshot: { ...snapshot, payment },
    ...(await besides(tx, { ...snapshot, payment })),
  }));
}

async function besides(tx: Tx, { session, payment }: PaymentStory['snapshot']) {
  const { merchantId, id: sessionId } = session;
  const [proofs, money, told, mailed, items, deeds, requests] = [
    await tx
      .select()
      .from(authentications)
      .where(and(eq(authentications.merchantId, merchantId), eq(authentications.sessionId, sessionId))),
    await tx
      .select()
      .from(deposits)
      .where(and(eq(deposits.merchantId, merchantId), eq(deposits.sessionId, sessionId)))
      .orderBy(asc(deposits.recordedAt)),
    await tx
      .select({ id: events.id, type: events.type, timestamp: events.timestamp })
      .from(events)
      .where(and(eq(events.merchantId, merchantId), eq(events.sessionId, sessionId)))
      .orderBy(asc(events.sequence)),
    await tx
      .select()
      .from(mails)
      .where(and(eq(mails.merchantId, merchantId), eq(mails.sessionId, sessionId)))
      .orderBy(asc(mails.createdAt)),
    await tx
      .select()
      .from(actionItems)
      .where(and(eq(actionItems.merchantId, merchantId), eq(actionItems.paymentId, payment.id)))
      .orderBy(asc(actionItems.createdAt)),
    await tx
      .select({ details: auditEntries.details, actor: auditEntries.actor })
      .from(auditEntries)
      .where(
        and(
          eq(auditEntries.merchantId, merchantId),
          eq(auditEntries.target, payment.id),
          inArray(auditEntries.action, [
            'payment.capture',
            'payment.cancel',
            'payment.refund',
            'payment.charge',
          ]),
        ),
      )
      .orderBy(asc(auditEntries.sequence)),
    session.origin !== 'request' || session.originId === null
      ? []
      : await tx
          .select()
          .from(paymentRequests)
          .where(and(eq(paymentRequests.merchantId, merchantId), eq(paymentRequests.id, session.originId))),
  ];
  return {
    authentications: proofs,
    deposits: money,
    events: await withDeliveries(tx, merchantId, told),
    mails: mailed,
    items,
    deeds: deeds.map(({ actor, details }) => ({
      operation: typeof details.operation === 'string' ? details.operation : null,
      name: actor.name,
    })),
    request: requests[0] ?? null,
  };
}

async function withDeliveries(
  tx: Tx,
  merchantId: string,
  told: Pick<typeof events.$inferSelect, 'id' | 'type' | 'timestamp'>[],
): Promise<PaymentStory['events']> {
  if (told.length === 0) return [];
  const ids = told.map(({ id }) => id);
  const sent = await tx
    .select({ delivery: deliveries, url: webhookEndpoints.url })
    .from(deliveries)
    .leftJoin(
      webhookEndpoints,
      and(
        eq(webhookEndpoints.merchantId, deliveries.merchantId),
        eq(webhookEndpoints.id, deliveries.endpointId),
      ),
    )
    .where(and(eq(deliveries.merchantId, merchantId), inArray(deliveries.eventId, ids)))
    .orderBy(asc(deliveries.id));
  const byEvent = groupBy(
    sent.map(({ delivery, url }) => ({ ...delivery, url })),
    ({ eventId }) => eventId,
  );
  return told.map((event) => ({ ...event, deliveries: byEvent.get(event.id) ?? [] }));
}
