import { and, eq, gte, lte, sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { dayFigures, type FailureCode, type MethodFigures } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, MINUTE, plus } from '../lib/clock.ts';
import { dayInJapan, startOfDay } from '../lib/japan-day.ts';
import type { Merchant } from '../merchants/merchant.ts';

/** What happened on a day in Japan. */
export interface DayFigures {
  /** YYYY-MM-DD. */
  day: string;
  methods: Record<string, MethodFigures>;
  causes: Partial<Record<FailureCode, number>>;
}

export const NOTHING: MethodFigures = {
  captures: 0,
  captured: 0,
  refunds: 0,
  refunded: 0,
  succeeded: 0,
  failed: 0,
  challenged: 0,
};

/** What was begun on a day is written by then: a transaction has not half a minute. */
const CLOSED_AFTER = 10 * MINUTE;
/** Days that are added up by one page; what is missing beyond them comes with the next. */
const DAYS = 31;

/** The figures of the days up to today, oldest first: those that are over as they were added up, the others as they are. */
export async function figuresOf(deps: Pick<Deps, 'db'>, merchant: Merchant): Promise<DayFigures[]> {
  const now = merchant.clock.now();
  const days = Array.from({ length: DAYS }, (_, ago) => dayInJapan(plus(now, (ago - DAYS + 1) * DAY)));
  const known = new Map((await closedDays(deps.db, merchant, days)).map((row) => [row.day, row]));
  const missing = days.filter((day) => !known.has(day));
  for (const figures of await addUp(deps.db, merchant, missing)) {
    known.set(figures.day, figures);
    if (isClosed(figures.day, now)) await close(deps.db, merchant, figures);
  }
  return days.map((day) => known.get(day) ?? { day, methods: {}, causes: {} });
}

function isClosed(day: string, now: Date): boolean {
  const begin = startOfDay(day);
  return begin !== null && now.getTime() >= begin.getTime() + DAY + CLOSED_AFTER;
}

async function closedDays(
  db: Queryable,
  { merchantId, mode }: Merchant,
  days: string[],
): Promise<DayFigures[]> {
  const [first = '', last = ''] = [days[0], days.at(-1)];
  return db
    .select({ day: dayFigures.day, methods: dayFigures.methods, causes: dayFigures.causes })
    .from(dayFigures)
    .where(
      and(
        eq(dayFigures.merchantId, merchantId),
        eq(dayFigures.mode, mode),
        gte(dayFigures.day, first),
        lte(dayFigures.day, last),
      ),
    );
}

async function close(db: Queryable, { merchantId, mode }: Merchant, figures: DayFigures): Promise<void> {
  await db
    .insert(dayFigures)
    .values({ merchantId, mode, ...figures })
    .onConflictDoNothing();
}

/** From the rows themselves, for a span of days: three passes, each over an index of its moment. */
async function addUp(db: Queryable, merchant: Merchant, days: string[]): Promise<DayFigures[]> {
  const [first, last] = [startOfDay(days[0] ?? ''), startOfDay(days.at(-1) ?? '')];
  if (first === null || last === null) return [];
  const span = [first.toISOString(), plus(last, DAY).toISOString()] as const;
  const sums = [
    ...(await db.execute<Sum>(captured(merchant, ...span))),
    ...(await db.execute<Sum>(refunded(merchant, ...span))),
    ...(await db.execute<Sum>(ended(merchant, ...span))),
  ];
  const byDay = new Map<string, DayFigures>(days.map((day) => [day, { day, methods: {}, causes: {} }]));
  for (const sum of sums) {
    const figures = byDay.get(sum.day);
    if (figures !== undefined) count(figures, sum);
  }
  return [...byDay.values()];
}

interface Sum extends Record<string, unknown> {
  day: string;
  method: string;
  what: 'captures' | 'refunds' | 'succeeded' | 'failed';
  count: string;
  amount: string;
  failure: FailureCode | null;
  challenged: string;
}

function count(figures: DayFigures, { method, what, count: many, amount, failure, challenged }: Sum): void {
  const sums = figures.methods[method] ?? { ...NOTHING };
  figures.methods[method] = sums;
  sums[what] += Number(many);
  sums.challenged += Number(challenged);
  if (what === 'captures') sums.captured += Number(amount);
  if (what === 'refunds') sums.refunded += Number(amount);
  if (failure !== null) figures.causes[failure] = (figures.causes[failure] ?? 0) + Number(many);
}

const inJapan = (column: string) => sql.raw(`to_char(${column} at time zone 'Asia/Tokyo', 'YYYY-MM-DD')`);

function captured({ merchantId, mode }: Merchant, from: string, until: string) {
  return sql`select ${inJapan('captured_at')} as day, method, 'captures' as what, count(*) as count,
      sum(amount_captured) as amount, null as failure, 0 as challenged
    from payments where merchant_id = ${merchantId} and mode = ${mode} and captured_at >= ${from}
      and captured_at < ${until} group by 1, 2`;
}

function refunded({ merchantId, mode }: Merchant, from: string, until: string) {
  return sql`select ${inJapan('o.settled_at')} as day, p.method, 'refunds' as what, count(*) as count,
      sum(o.amount) as amount, null as failure, 0 as challenged
    from operations o join payments p on p.merchant_id = o.merchant_id and p.id = o.payment_id
    where o.merchant_id = ${merchantId} and o.kind = 'refund' and o.status = 'succeeded' and p.mode = ${mode}
      and o.settled_at >= ${from} and o.settled_at < ${until} group by 1, 2`;
}

function ended({ merchantId, mode }: Merchant, from: string, until: string) {
  return sql`select ${inJapan('t.ended_at')} as day, t.method, t.status as what, count(*) as count, 0 as amount,
      t.failure, count(a.challenged_at) as challenged
    from attempts t join sessions s on s.merchant_id = t.merchant_id and s.id = t.session_id
    left join authentications a on a.merchant_id = t.merchant_id and a.attempt_id = t.id
    where t.merchant_id = ${merchantId} and t.ended_at >= ${from} and t.ended_at < ${until} and s.mode = ${mode}
      and t.status in ('succeeded', 'failed') group by 1, 2, 3, t.failure`;
}

/** Days together. */
export function together(days: DayFigures[]): MethodFigures & { causes: DayFigures['causes'] } {
  const causes: DayFigures['causes'] = {};
  const all = days.flatMap(({ methods }) => Object.values(methods)).reduce(plusFigures, NOTHING);
  for (const [cause, many] of days.flatMap((day) => Object.entries(day.causes)))
    causes[cause as FailureCode] = (causes[cause as FailureCode] ?? 0) + many;
  return { ...all, causes };
}

/** The same by method, those first that brought most. */
export function byMethod(days: DayFigures[]): [string, MethodFigures][] {
  const sums = new Map<string, MethodFigures>();
  for (const [method, figures] of days.flatMap(({ methods }) => Object.entries(methods)))
    sums.set(method, plusFigures(sums.get(method) ?? NOTHING, figures));
  return [...sums].sort(([, a], [, b]) => b.captured - a.captured);
}

function plusFigures(a: MethodFigures, b: MethodFigures): MethodFigures {
  return {
    captures: a.captures + b.captures,
    captured: a.captured + b.captured,
    refunds: a.refunds + b.refunds,
    refunded: a.refunded + b.refunded,
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    challenged: a.challenged + b.challenged,
  };
}
