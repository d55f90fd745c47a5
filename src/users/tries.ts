import { and, eq, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { loginAddresses, users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, MINUTE, plus } from '../lib/clock.ts';
import type { UserRow } from './logins.ts';

/** Factors that fail before a user is locked, and for how long (PCI DSS 8.3.4). */
export const MOST_FAILURES = 10;
export const LOCK_MS = 30 * MINUTE;
/** Tries that fail from one address, whoever is tried, in this time. */
export const MOST_OF_ADDRESS = 30;
export const ADDRESS_MS = 15 * MINUTE;

type TryDeps = Pick<Deps, 'db' | 'clock'>;
type UserKey = Pick<UserRow, 'merchantId' | 'id'>;

/**
 * Counts a try before it is made, so that many at once are no more than one after the other. Answers how many failed
 * in a row if this one does; null when the user is locked. The tenth locks, unless it turns out to be right.
 */
export async function claimTry({ db, clock }: TryDeps, user: UserKey): Promise<number | null> {
  const now = clock.now();
  const next = sql`case when ${users.lockedUntil} is null then ${users.failures} + 1 else 1 end`;
  const until = sql`${plus(now, LOCK_MS).toISOString()}::timestamptz`;
  const [row] = await db
    .update(users)
    .set({
      failures: next,
      lockedUntil: sql`case when ${next} >= ${MOST_FAILURES} then ${until} end`,
    })
    .where(and(same(user), or(isNull(users.lockedUntil), lte(users.lockedUntil, now))))
    .returning({ failures: users.failures });
  return row?.failures ?? null;
}

/** A first factor that was right: its try did not count. The ones before do, until both factors are passed. */
export async function giveTryBack({ db }: Pick<Deps, 'db'>, user: UserKey): Promise<void> {
  await db
    .update(users)
    .set({ failures: sql`greatest(${users.failures} - 1, 0)`, lockedUntil: null })
    .where(same(user));
}

/** Counts a try of an address before it is made. False: there were too many. */
export async function claimAddress({ db, clock }: TryDeps, address: Buffer | null): Promise<boolean> {
  if (address === null) return true;
  const now = clock.now();
  const { failures, since } = loginAddresses;
  const isOld = sql`${since} <= ${plus(now, -ADDRESS_MS).toISOString()}::timestamptz`;
  const [row] = await db
    .insert(loginAddresses)
    .values({ address, failures: 1, since: now })
    .onConflictDoUpdate({
      target: loginAddresses.address,
      set: {
        failures: sql`case when ${isOld} then 1 else ${failures} + 1 end`,
        since: sql`case when ${isOld} then ${now.toISOString()}::timestamptz else ${since} end`,
      },
    })
    .returning({ failures });
  return (row?.failures ?? 0) <= MOST_OF_ADDRESS;
}

export async function giveAddressBack({ db }: Pick<Deps, 'db'>, address: Buffer | null): Promise<void> {
  if (address === null) return;
  await db
    .update(loginAddresses)
    .set({ failures: sql`greatest(${loginAddresses.failures} - 1, 0)` })
    .where(eq(loginAddresses.address, address));
}

export async function purgeAddresses({ db, clock }: TryDeps): Promise<void> {
  await db.delete(loginAddresses).where(lt(loginAddresses.since, plus(clock.now(), -DAY)));
}

function same({ merchantId, id }: UserKey) {
  return and(eq(users.merchantId, merchantId), eq(users.id, id));
}
