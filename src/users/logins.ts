import { createHash } from 'node:crypto';
import { and, desc, eq, isNull, lt, ne } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import type { Queryable } from '../db/client.ts';
import { logins, users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, HOUR, MINUTE, plus } from '../lib/clock.ts';
import { merchantOfCapability, newCapability, newId } from '../lib/ids.ts';

export type UserRow = typeof users.$inferSelect;
export type LoginRow = typeof logins.$inferSelect;

/** A browser's login with its user, as it stands now. */
export interface Login {
  login: LoginRow;
  user: UserRow;
}

/** Whoever does nothing for this long has to log in again (PCI DSS 8.2.8). */
export const IDLE_MS = 15 * MINUTE;
/** And everybody after a working day. */
export const LONGEST_MS = 12 * HOUR;

/** Begins a login; returns the cookie's capability, of which only the hash is kept. */
export async function beginLogin(
  deps: { db: Queryable; clock: Deps['clock'] },
  user: Pick<UserRow, 'merchantId' | 'id'>,
  from: { stage: LoginRow['stage']; mode: Mode; userAgent: string; ip: string | null },
): Promise<string> {
  const capability = newCapability(user.merchantId);
  const now = deps.clock.now();
  await deps.db.insert(logins).values({
    merchantId: user.merchantId,
    id: newId('login', now),
    hash: hashOf(capability),
    userId: user.id,
    ...from,
    userAgent: from.userAgent.slice(0, 300),
    createdAt: now,
    seenAt: now,
  });
  return capability;
}

/** The login of a cookie; null when there is none, it has ended, was idle too long, or its user may not log in. */
export async function findLogin(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  capability: string,
): Promise<Login | null> {
  const merchantId = merchantOfCapability(capability);
  if (merchantId === null) return null;
  const [row] = await db
    .select({ login: logins, user: users })
    .from(logins)
    .innerJoin(users, and(eq(users.merchantId, logins.merchantId), eq(users.id, logins.userId)))
    .where(
      and(
        eq(logins.merchantId, merchantId),
        eq(logins.hash, hashOf(capability)),
        isNull(logins.endedAt),
        eq(users.status, 'active'),
      ),
    );
  if (row === undefined) return null;
  return goesOn(row.login, clock.now()) ? row : null;
}

/** That somebody is there: written once a minute. */
export async function keepLogin({ db, clock }: Pick<Deps, 'db' | 'clock'>, login: LoginRow): Promise<void> {
  const now = clock.now();
  if (now.getTime() - login.seenAt.getTime() < MINUTE) return;
  await db
    .update(logins)
    .set({ seenAt: now })
    .where(
      and(
        eq(logins.merchantId, login.merchantId),
        eq(logins.id, login.id),
        lt(logins.seenAt, plus(now, -MINUTE)),
      ),
    );
}

/**
 * Goes on to another stage with a new capability: whoever knew the old one knows nothing any more. Null when it has gone
 * on or ended meanwhile.
 */
export async function advanceLogin(
  tx: Queryable,
  login: LoginRow,
  to: Partial<Pick<LoginRow, 'stage' | 'seenAt'>>,
): Promise<string | null> {
  const capability = newCapability(login.merchantId);
  const rows = await tx
    .update(logins)
    .set({ ...to, hash: hashOf(capability), challenge: null, pendingTotpId: null })
    .where(and(same(login), eq(logins.hash, login.hash), isNull(logins.endedAt)))
    .returning({ id: logins.id });
  return rows.length === 0 ? null : capability;
}

/** Changes what a login holds besides its stage. */
export async function changeLogin(
  tx: Queryable,
  login: Pick<LoginRow, 'merchantId' | 'id'>,
  to: Partial<Pick<LoginRow, 'mode' | 'challenge' | 'pendingTotpId' | 'confirmedAt'>>,
): Promise<void> {
  await tx.update(logins).set(to).where(same(login));
}

/** Ends one login of a user's. False when there is none of this id that goes on. */
export async function endLogin(
  { db, clock }: { db: Queryable; clock: Deps['clock'] },
  user: Pick<UserRow, 'merchantId' | 'id'>,
  id: string,
): Promise<boolean> {
  const rows = await db
    .update(logins)
    .set({ endedAt: clock.now() })
    .where(and(openLoginsOf(user), eq(logins.id, id)))
    .returning({ id: logins.id });
  return rows.length > 0;
}

/** Ends every login of a user's, or all but one. */
export async function endLogins(
  { db, clock }: { db: Queryable; clock: Deps['clock'] },
  user: Pick<UserRow, 'merchantId' | 'id'>,
  except: string | null = null,
): Promise<number> {
  const rows = await db
    .update(logins)
    .set({ endedAt: clock.now() })
    .where(and(openLoginsOf(user), except === null ? undefined : ne(logins.id, except)))
    .returning({ id: logins.id });
  return rows.length;
}

/** Where a user is logged in just now, the last seen first. */
export async function loginsOf(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  user: Pick<UserRow, 'merchantId' | 'id'>,
): Promise<LoginRow[]> {
  const rows = await db
    .select()
    .from(logins)
    .where(and(openLoginsOf(user), eq(logins.stage, 'complete')))
    .orderBy(desc(logins.seenAt));
  return rows.filter((login) => goesOn(login, clock.now()));
}

/** Ended logins say nothing that the audit log does not: they are kept for a month. */
export async function purgeLogins({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  await db.delete(logins).where(lt(logins.createdAt, plus(clock.now(), -30 * DAY)));
}

function goesOn({ seenAt, createdAt }: LoginRow, now: Date): boolean {
  return now.getTime() - seenAt.getTime() < IDLE_MS && now.getTime() - createdAt.getTime() < LONGEST_MS;
}

function same({ merchantId, id }: Pick<LoginRow, 'merchantId' | 'id'>) {
  return and(eq(logins.merchantId, merchantId), eq(logins.id, id));
}

function openLoginsOf({ merchantId, id }: Pick<UserRow, 'merchantId' | 'id'>) {
  return and(eq(logins.merchantId, merchantId), eq(logins.userId, id), isNull(logins.endedAt));
}

function hashOf(capability: string): Buffer {
  return createHash('sha256').update(capability).digest();
}
