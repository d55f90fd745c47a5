import { and, eq } from 'drizzle-orm';
import type { Queryable, Tx } from '../db/client.ts';
import { paymentRequests } from '../db/schema.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { next, type RequestEvent } from './state.ts';

export type PaymentRequest = typeof paymentRequests.$inferSelect;

/**
 * The one place that writes a request's status: by the table in `state.ts`, and only onto the version that was read.
 * Null where the event changes nothing in this status.
 */
export async function change(
  tx: Tx,
  before: PaymentRequest,
  event: RequestEvent,
  more: Partial<Omit<PaymentRequest, 'status' | 'version'>> = {},
): Promise<PaymentRequest | null> {
  const status = next(before.status, event);
  if (status === null) return null;
  const [after] = await tx
    .update(paymentRequests)
    .set({ ...more, status, version: before.version + 1 })
    .where(
      and(
        eq(paymentRequests.merchantId, before.merchantId),
        eq(paymentRequests.id, before.id),
        eq(paymentRequests.version, before.version),
      ),
    )
    .returning();
  if (after === undefined) throw new Error(`request ${before.id} was changed by somebody else`);
  return after;
}

/** Puts new ones there. An order that has a request already gets no other: what comes back was made. */
export function insertRequests(
  tx: Tx,
  rows: (typeof paymentRequests.$inferInsert)[],
): Promise<PaymentRequest[]> {
  return tx.insert(paymentRequests).values(rows).onConflictDoNothing().returning();
}

/** The request, locked: the first step of every change of it alone. Null when there is none. */
export async function lockRequest(tx: Tx, merchantId: string, id: string): Promise<PaymentRequest | null> {
  const [row] = await tx.select().from(paymentRequests).where(isRequest(merchantId, id)).for('update');
  return row ?? null;
}

/** The request in the merchant's mode. Throws `not_found`. */
export async function readRequest(db: Queryable, merchant: Merchant, id: string): Promise<PaymentRequest> {
  const [row] = await db.select().from(paymentRequests).where(isRequest(merchant.merchantId, id));
  return ofMode(row, merchant, id);
}

/** The same, locked. Throws `not_found`. */
export async function lockOwn(tx: Tx, merchant: Merchant, id: string): Promise<PaymentRequest> {
  return ofMode((await lockRequest(tx, merchant.merchantId, id)) ?? undefined, merchant, id);
}

function ofMode(row: PaymentRequest | undefined, { mode }: Merchant, id: string): PaymentRequest {
  if (row !== undefined && row.mode === mode) return row;
  throw new Problem('not_found', `There is no payment request ${id} in this mode.`);
}

function isRequest(merchantId: string, id: string) {
  return and(eq(paymentRequests.merchantId, merchantId), eq(paymentRequests.id, id));
}
