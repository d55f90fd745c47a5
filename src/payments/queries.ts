import { and, desc, eq, gte, isNotNull, lt, lte, type SQL } from 'drizzle-orm';
import { atOneMoment } from '../db/client.ts';
import { events, type PaymentStatus, payments, sessions } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { asSeenFrom, below, readSession, type Snapshot } from './snapshot.ts';

export type EventRow = typeof events.$inferSelect;

/** One page of a list, newest first. `nextCursor` is the last id shown, or null at the end. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export interface PageRequest {
  cursor: string | null;
  /** 1–100. */
  limit: number;
}

export async function listSessions(
  deps: Deps,
  merchant: Merchant,
  request: PageRequest & { orderId: string | null },
): Promise<Page<Snapshot>> {
  return atOneMoment(deps.db, async (tx) => {
    const rows = await tx
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.merchantId, merchant.merchantId),
          eq(sessions.mode, merchant.mode),
          request.orderId === null ? undefined : eq(sessions.orderId, request.orderId),
          request.cursor === null ? undefined : lt(sessions.id, request.cursor),
        ),
      )
      .orderBy(desc(sessions.id))
      .limit(request.limit + 1);
    const page = pageOf(rows, request.limit);
    return { ...page, data: await Promise.all(page.data.map((row) => below(tx, row))) };
  });
}

/** What somebody at the merchant should look at. */
export const ATTENTIONS = ['authorization_expiring', 'late', 'duplicate'] as const;

export interface PaymentFilter extends PageRequest {
  orderId: string | null;
  status: PaymentStatus | null;
  method: string | null;
  createdFrom: Date | null;
  createdTo: Date | null;
  attention: (typeof ATTENTIONS)[number] | null;
}

export async function listPayments(
  deps: Deps,
  merchant: Merchant,
  filter: PaymentFilter,
): Promise<Page<Snapshot>> {
  const conditions: (SQL | undefined)[] = [
    eq(payments.merchantId, merchant.merchantId),
    eq(payments.mode, merchant.mode),
    filter.orderId === null ? undefined : eq(payments.orderId, filter.orderId),
    filter.status === null ? undefined : eq(payments.status, filter.status),
    filter.method === null ? undefined : eq(payments.method, filter.method),
    filter.createdFrom === null ? undefined : gte(payments.createdAt, filter.createdFrom),
    filter.createdTo === null ? undefined : lte(payments.createdAt, filter.createdTo),
    filter.attention === null ? undefined : NEEDS[filter.attention],
    filter.cursor === null ? undefined : lt(payments.id, filter.cursor),
  ];
  return atOneMoment(deps.db, async (tx) => {
    const rows = await tx
      .select({ id: payments.id, sessionId: payments.sessionId })
      .from(payments)
      .where(and(...conditions))
      .orderBy(desc(payments.id))
      .limit(filter.limit + 1);
    const page = pageOf(rows, filter.limit);
    const read = async ({ id, sessionId }: { id: string; sessionId: string }) =>
      asSeenFrom(await readSession(tx, merchant, sessionId), id);
    return { ...page, data: await Promise.all(page.data.map(read)) };
  });
}

const NEEDS = {
  /** Held, and the merchant was told that it will not be for long. */
  authorization_expiring: and(eq(payments.status, 'authorized'), isNotNull(payments.expiryToldAt)),
  late: eq(payments.late, true),
  duplicate: eq(payments.duplicate, true),
} as const satisfies Record<(typeof ATTENTIONS)[number], SQL | undefined>;

/** The session of a payment. Throws `not_found`. */
export async function loadPayment(deps: Deps, merchant: Merchant, paymentId: string): Promise<Snapshot> {
  return atOneMoment(deps.db, async (tx) => {
    const [row] = await tx
      .select({ sessionId: payments.sessionId })
      .from(payments)
      .where(
        and(
          eq(payments.merchantId, merchant.merchantId),
          eq(payments.id, paymentId),
          eq(payments.mode, merchant.mode),
        ),
      );
    if (row === undefined) throw new Problem('not_found', `There is no payment ${paymentId} in this mode.`);
    return asSeenFrom(await readSession(tx, merchant, row.sessionId), paymentId);
  });
}

export async function listEvents(
  deps: Deps,
  merchant: Merchant,
  request: PageRequest,
): Promise<Page<EventRow>> {
  const rows = await deps.db
    .select()
    .from(events)
    .where(
      and(
        eq(events.merchantId, merchant.merchantId),
        eq(events.mode, merchant.mode),
        request.cursor === null ? undefined : lt(events.id, request.cursor),
      ),
    )
    .orderBy(desc(events.id))
    .limit(request.limit + 1);
  return pageOf(rows, request.limit);
}

/** One event. Throws `not_found`. */
export async function loadEvent(deps: Deps, merchant: Merchant, eventId: string): Promise<EventRow> {
  const [row] = await deps.db
    .select()
    .from(events)
    .where(
      and(eq(events.merchantId, merchant.merchantId), eq(events.id, eventId), eq(events.mode, merchant.mode)),
    );
  if (row === undefined) throw new Problem('not_found', `There is no event ${eventId} in this mode.`);
  return row;
}

/** One row more than `limit` was asked for: it says whether there is a next page. */
export function pageOf<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  return { data, nextCursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}
