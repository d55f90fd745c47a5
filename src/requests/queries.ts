import { and, asc, desc, eq, gte, ilike, inArray, lt, lte, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { mails, paymentRequests, payments, type RequestStatus } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { merchantOfCapability } from '../lib/ids.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import { type Page, type PageRequest, pageOf } from '../payments/queries.ts';
import { MOVING_STATUSES, PAID_STATUSES } from '../payments/state.ts';
import { type PaymentRequest, readRequest } from './write.ts';

export type RequestMailRow = typeof mails.$inferSelect;

/** A request with what came of it: its payment, and the newest of its mails. */
export interface RequestView {
  request: PaymentRequest;
  paymentId: string | null;
  mail: RequestMailRow | null;
}

export interface RequestFilter extends PageRequest {
  orderId: string | null;
  batchId: string | null;
  status: RequestStatus | null;
  dueFrom: Date | null;
  dueTo: Date | null;
  /** A part of the order, the name or the address. */
  search: string | null;
  /** Whether name and address may be searched. */
  personal: boolean;
}

/** The request that an order has and that can still be paid, or null. */
export async function liveRequestOf(
  db: Queryable,
  { merchantId, mode }: Merchant,
  orderId: string,
): Promise<{ id: string } | null> {
  const [live] = await db
    .select({ id: paymentRequests.id })
    .from(paymentRequests)
    .where(
      and(
        eq(paymentRequests.merchantId, merchantId),
        eq(paymentRequests.mode, mode),
        eq(paymentRequests.orderId, orderId),
        notInArray(paymentRequests.status, ['paid', 'expired', 'canceled']),
      ),
    );
  return live ?? null;
}

/** Which of these orders are paid, or being paid. */
export async function takenOrders(
  db: Queryable,
  { merchantId, mode }: Merchant,
  orderIds: string[],
): Promise<Set<string>> {
  const rows = await db
    .select({ orderId: payments.orderId })
    .from(payments)
    .where(
      and(
        eq(payments.merchantId, merchantId),
        eq(payments.mode, mode),
        inArray(payments.orderId, orderIds),
        inArray(payments.status, [...PAID_STATUSES, ...MOVING_STATUSES]),
      ),
    );
  return new Set(rows.map(({ orderId }) => orderId));
}

/** How many of these orders have a request that can be paid, or are paid. */
export async function knownOrders(
  { db }: Pick<Deps, 'db'>,
  merchant: Merchant,
  orderIds: string[],
): Promise<number> {
  const known = await takenOrders(db, merchant, orderIds);
  const live = await db
    .select({ orderId: paymentRequests.orderId })
    .from(paymentRequests)
    .where(
      and(
        eq(paymentRequests.merchantId, merchant.merchantId),
        eq(paymentRequests.mode, merchant.mode),
        inArray(paymentRequests.orderId, orderIds),
        notInArray(paymentRequests.status, ['paid', 'expired', 'canceled']),
      ),
    );
  for (const { orderId } of live) known.add(orderId);
  return known.size;
}

export async function listRequests(
  deps: Pick<Deps, 'db'>,
  merchant: Merchant,
  filter: RequestFilter,
): Promise<Page<RequestView>> {
  const { orderId, batchId, status, dueFrom, dueTo, search, personal, cursor, limit } = filter;
  const conditions: (SQL | undefined)[] = [
    eq(paymentRequests.merchantId, merchant.merchantId),
    eq(paymentRequests.mode, merchant.mode),
    orderId === null ? undefined : eq(paymentRequests.orderId, orderId),
    batchId === null ? undefined : eq(paymentRequests.batchId, batchId),
    status === null ? undefined : eq(paymentRequests.status, status),
    dueFrom === null ? undefined : gte(paymentRequests.dueAt, dueFrom),
    dueTo === null ? undefined : lte(paymentRequests.dueAt, dueTo),
    search === null ? undefined : has(search, personal),
    cursor === null ? undefined : lt(paymentRequests.id, cursor),
  ];
  const rows = await deps.db
    .select()
    .from(paymentRequests)
    .where(and(...conditions))
    .orderBy(desc(paymentRequests.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit);
  return { ...page, data: await viewsOf(deps, merchant, page.data) };
}

function has(search: string, personal: boolean): SQL | undefined {
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  if (!personal) return ilike(paymentRequests.orderId, like);
  return or(
    ilike(paymentRequests.orderId, like),
    ilike(paymentRequests.customerName, like),
    ilike(paymentRequests.email, like),
  );
}

/** One request with what came of it. Throws `not_found`. */
export async function loadRequest(
  deps: Pick<Deps, 'db'>,
  merchant: Merchant,
  id: string,
): Promise<RequestView> {
  const request = await readRequest(deps.db, merchant, id);
  const [view] = await viewsOf(deps, merchant, [request]);
  return view ?? { request, paymentId: null, mail: null };
}

async function viewsOf(
  { db }: Pick<Deps, 'db'>,
  { merchantId }: Merchant,
  requests: PaymentRequest[],
): Promise<RequestView[]> {
  const sessionIds = requests.flatMap(({ sessionId }) => sessionId ?? []);
  const ids = requests.map(({ id }) => id);
  if (ids.length === 0) return [];
  const [paid, sent] = await Promise.all([
    db
      .select({ id: payments.id, sessionId: payments.sessionId })
      .from(payments)
      .where(
        and(
          eq(payments.merchantId, merchantId),
          inArray(payments.sessionId, sessionIds),
          eq(payments.duplicate, false),
        ),
      ),
    db
      .selectDistinctOn([mails.requestId])
      .from(mails)
      .where(
        and(
          eq(mails.merchantId, merchantId),
          inArray(mails.requestId, ids),
          sql`${mails.status} <> 'queued'`,
        ),
      )
      .orderBy(mails.requestId, desc(mails.id)),
  ]);
  const paymentOf = new Map(paid.map(({ id, sessionId }) => [sessionId, id]));
  const mailOf = new Map(sent.map((mail) => [mail.requestId, mail]));
  return requests.map((request) => ({
    request,
    paymentId: paymentOf.get(request.sessionId ?? '') ?? null,
    mail: mailOf.get(request.id) ?? null,
  }));
}

/** Every mail of a request, in the order in which they were owed. */
export async function mailsOf(
  deps: Pick<Deps, 'db'>,
  { merchantId, id }: PaymentRequest,
): Promise<RequestMailRow[]> {
  return deps.db
    .select()
    .from(mails)
    .where(and(eq(mails.merchantId, merchantId), eq(mails.requestId, id)))
    .orderBy(asc(mails.id));
}

/** How many requests there are in each status. */
export async function countByStatus(
  deps: Pick<Deps, 'db'>,
  { merchantId, mode }: Merchant,
  batchId: string,
): Promise<Partial<Record<RequestStatus, number>>> {
  const rows = await deps.db
    .select({ status: paymentRequests.status, count: sql<number>`count(*)::int` })
    .from(paymentRequests)
    .where(
      and(
        eq(paymentRequests.merchantId, merchantId),
        eq(paymentRequests.mode, mode),
        eq(paymentRequests.batchId, batchId),
      ),
    )
    .groupBy(paymentRequests.status);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** The request that an address `/r/{token}` leads to, with whose it is; null when there is none. */
export async function findRequest(
  deps: Pick<Deps, 'db' | 'clock'>,
  token: string,
): Promise<{ merchant: Merchant; request: PaymentRequest } | null> {
  const merchantId = merchantOfCapability(token);
  if (merchantId === null) return null;
  const [request] = await deps.db
    .select()
    .from(paymentRequests)
    .where(and(eq(paymentRequests.merchantId, merchantId), eq(paymentRequests.token, token)));
  return request === undefined ? null : { request, merchant: await merchantOf(deps, request) };
}
