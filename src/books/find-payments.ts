import { and, desc, eq, gte, inArray, lt, lte, type SQL, sql } from 'drizzle-orm';
import { atOneMoment, type Queryable } from '../db/client.ts';
import { attempts, type PaymentStatus, paymentSearch, payments, sessions } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus } from '../lib/clock.ts';
import { groupBy } from '../lib/group.ts';
import { idsFrom } from '../lib/ids.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { type Needle, needleOf } from '../payments/search-terms.ts';
import type { AttemptRow, PaymentRow, SessionRow } from '../payments/snapshot.ts';

/** What somebody has to look at. `open`: an action item that is not resolved. */
export const ATTENTION = ['open', 'late', 'duplicate', 'expiring', 'unknown'] as const;
export type Attention = (typeof ATTENTION)[number];

/** What a list of payments is narrowed down to; empty and null = not at all. */
export interface PaymentSearch {
  /** Part of an order, a name or an address, or the last four digits. */
  text: string | null;
  /** Whether names and addresses may be searched. */
  personal: boolean;
  /** Minor units, both included. */
  least: number | null;
  most: number | null;
  statuses: PaymentStatus[];
  methods: string[];
  /** When the payment was begun; `until` is not included. */
  from: Date | null;
  until: Date | null;
  attention: Attention | null;
}

/** A payment with what is shown of it in a list. */
export interface FoundPayment {
  payment: PaymentRow;
  session: SessionRow;
  /** The newest; null of money that came besides. */
  attempt: AttemptRow | null;
}

export interface FoundPage {
  data: FoundPayment[];
  /** Where the next page begins, older; null at the end. */
  nextCursor: string | null;
}

/** A page of payments, newest first. */
export async function findPayments(
  deps: Pick<Deps, 'db'>,
  merchant: Merchant,
  search: PaymentSearch,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<FoundPage> {
  return atOneMoment(deps.db, async (tx) => {
    const ids = await findIds(tx, merchant, search, { cursor, limit: limit + 1 });
    const data = await readFound(tx, merchant, ids.slice(0, limit));
    return { data, nextCursor: ids.length > limit ? (data.at(-1)?.payment.id ?? null) : null };
  });
}

interface Slice {
  cursor: string | null;
  limit: number;
}

async function findIds(
  tx: Queryable,
  merchant: Merchant,
  search: PaymentSearch,
  slice: Slice,
): Promise<string[]> {
  const all = conditionsOf(merchant, search, slice.cursor);
  if (search.text === null) return idsOf(tx, newest(all, search.statuses, slice.limit));
  const needle = needleOf(merchant, search.text);
  if (needle === null) return [];
  // What is common fills the page from the newest on; what is rare has few rows, which the terms know.
  const passing = newest(all, search.statuses, NEAR);
  const near = await idsOf(tx, nearest(merchant, search, needle, passing, slice.limit));
  if (near.length === slice.limit || (await countOf(tx, passing)) < NEAR) return near;
  return idsOf(tx, everywhere(merchant, search, needle, all, slice));
}

/** How many of the newest that pass everything else are looked through for a text before its terms are asked. */
const NEAR = 3_000;

function nearest(
  { merchantId, mode }: Merchant,
  { personal }: PaymentSearch,
  needle: Needle,
  passing: SQL,
  limit: number,
): SQL {
  // One row at a time, and no more than are needed: as a join it may become a pass over the whole table.
  return sql`select passing.id as id from (${passing}) as passing
    cross join lateral (select plain, personal from ${paymentSearch} where ${paymentSearch.merchantId} = ${merchantId}
      and ${paymentSearch.mode} = ${mode} and ${paymentSearch.paymentId} = passing.id offset 0) as ${paymentSearch}
    where ${needle.within(personal)} order by passing.id desc limit ${limit}`;
}

async function countOf(tx: Queryable, query: SQL): Promise<number> {
  const [row] = await tx.execute<{ count: string }>(sql`select count(*) as count from (${query}) as counted`);
  return Number(row?.count ?? 0);
}

/** By its terms, and then the newest first until there are enough. */
function everywhere(
  merchant: Merchant,
  search: PaymentSearch,
  needle: Needle,
  all: SQL[],
  { cursor, limit }: Slice,
): SQL {
  const status = search.statuses.length === 0 ? [] : [inArray(payments.status, search.statuses)];
  return sql`with candidates as materialized (select payment_id from ${paymentSearch}
      where ${searchable(merchant, search, cursor)}
      and ${paymentSearch.terms} @> ${`{${needle.terms.join(',')}}`}::integer[] and ${needle.within(search.personal)})
    select ${payments.id} as id from (select payment_id from candidates order by payment_id desc offset 0) as sought
    join ${payments} on ${payments.id} = sought.payment_id where ${and(...all, ...status)}
    order by sought.payment_id desc limit ${limit}`;
}

function searchable({ merchantId, mode }: Merchant, { from, until }: PaymentSearch, cursor: string | null) {
  const id = paymentSearch.paymentId;
  return and(
    eq(paymentSearch.merchantId, merchantId),
    eq(paymentSearch.mode, mode),
    ...withinTime(id, from, until),
    cursor === null ? undefined : lt(id, cursor),
  );
}

/** Each status by itself: its index gives the newest at once, however rare it is. */
function newest(all: SQL[], statuses: PaymentStatus[], limit: number): SQL {
  const each = (further: SQL[]) => sql`(select ${payments.id} as id from ${payments}
    where ${and(...all, ...further)} order by ${payments.id} desc limit ${limit})`;
  if (statuses.length === 0) return each([]);
  const parts = statuses.map((status) => each([eq(payments.status, status)]));
  return sql`select id from (${sql.join(parts, sql` union all `)}) as each_status order by id desc limit ${limit}`;
}

function conditionsOf(merchant: Merchant, search: PaymentSearch, cursor: string | null): SQL[] {
  const { least, most, methods, from, until } = search;
  const { id, amount, method, createdAt } = payments;
  const [only] = methods;
  const chosen = [
    eq(payments.merchantId, merchant.merchantId),
    eq(payments.mode, merchant.mode),
    cursor === null ? undefined : lt(id, cursor),
    least !== null && least === most ? eq(amount, least) : undefined,
    least !== null && least !== most ? gte(amount, least) : undefined,
    most !== null && least !== most ? lte(amount, most) : undefined,
    methods.length === 1 && only !== undefined ? eq(method, only) : undefined,
    methods.length > 1 ? inArray(method, methods) : undefined,
    ...withinTime(id, from, until),
    from === null ? undefined : gte(createdAt, from),
    until === null ? undefined : lt(createdAt, until),
    search.attention === null ? undefined : needs(merchant, search.attention),
  ];
  return chosen.filter((condition) => condition !== undefined);
}

/** Ids sort by time; a payment's may be made a moment before or after its row says. */
function withinTime(
  id: typeof payments.id | typeof paymentSearch.paymentId,
  from: Date | null,
  until: Date | null,
): (SQL | undefined)[] {
  return [
    from === null ? undefined : gte(id, idsFrom('pay', plus(from, -MINUTE))),
    until === null ? undefined : lt(id, idsFrom('pay', plus(until, MINUTE))),
  ];
}

function needs({ merchantId, mode, clock }: Merchant, attention: Attention): SQL {
  const { id, status } = payments;
  switch (attention) {
    case 'open':
      return sql`${id} in (select payment_id from action_items where merchant_id = ${merchantId} and mode = ${mode}
        and resolved_at is null)`;
    case 'late':
      return sql`(${payments.late} or ${payments.duplicate}) and ${payments.late}`;
    case 'duplicate':
      return sql`(${payments.late} or ${payments.duplicate}) and ${payments.duplicate}`;
    case 'expiring':
      return sql`${status} = 'authorized' and ${payments.expiryToldAt} is not null`;
    case 'unknown':
      return unanswered(merchantId, mode, clock.now());
  }
}

/** Sent, and no answer for a minute: the outcome is found out by itself, nobody should pay or ship meanwhile. */
function unanswered(merchantId: string, mode: string, now: Date): SQL {
  const since = plus(now, -MINUTE).toISOString();
  return sql`${payments.id} in (
    select p.id from payments p where p.merchant_id = ${merchantId} and p.mode = ${mode} and p.status = 'processing'
      and p.created_at < ${since}
    union select o.payment_id from operations o where o.merchant_id = ${merchantId} and o.status = 'pending'
      and o.created_at < ${since})`;
}

async function idsOf(tx: Queryable, query: SQL): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(query);
  return rows.map(({ id }) => id);
}

async function readFound(tx: Queryable, { merchantId }: Merchant, ids: string[]): Promise<FoundPayment[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .select({ payment: payments, session: sessions })
    .from(payments)
    .innerJoin(
      sessions,
      and(eq(sessions.merchantId, payments.merchantId), eq(sessions.id, payments.sessionId)),
    )
    .where(and(eq(payments.merchantId, merchantId), inArray(payments.id, ids)))
    .orderBy(desc(payments.id));
  const sessionIds = [...new Set(rows.map(({ session }) => session.id))];
  const tried = await tx
    .select()
    .from(attempts)
    .where(and(eq(attempts.merchantId, merchantId), inArray(attempts.sessionId, sessionIds)));
  const bySession = groupBy(tried, ({ sessionId }) => sessionId);
  return rows.map((row) => ({ ...row, attempt: newestOf(bySession.get(row.session.id) ?? [], row.payment) }));
}

function newestOf(tried: AttemptRow[], payment: PaymentRow): AttemptRow | null {
  const own = tried.filter(({ paymentId }) => paymentId === payment.id);
  return own.sort((a, b) => b.ordinal - a.ordinal)[0] ?? null;
}
