import { createHash } from 'node:crypto';
import { and, eq, isNull, lt } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import { logins, users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { HOUR, MINUTE, plus } from '../lib/clock.ts';
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
  deps: Pick<Deps, 'db' | 'clock'>,
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
  const now = clock.now();
  const idle = now.getTime() - row.login.seenAt.getTime();
  const age = now.getTime() - row.login.createdAt.getTime();
  if (idle >= IDLE_MS || age >= LONGEST_MS) return null;
  return row;
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

function hashOf(capability: string): Buffer {
  return createHash('sha256').update(capability).digest();
}
