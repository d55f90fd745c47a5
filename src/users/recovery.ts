import { createHash } from 'node:crypto';
import { and, count, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { userTokens } from '../db/schema.ts';
import { randomText } from '../lib/ids.ts';
import type { UserRow } from './logins.ts';

/** For whoever has lost the telephone: each works once, in the place of a code. */
export const HOW_MANY = 10;
/** Fifty bits each, tried at most ten times in half an hour. */
const LENGTH = 10;

type UserKey = Pick<UserRow, 'merchantId' | 'id'>;

/** Makes new codes, told once, here; the ones before work no more. */
export async function makeRecoveryCodes(tx: Queryable, user: UserKey, now: Date): Promise<string[]> {
  await tx.delete(userTokens).where(allOf(user));
  const codes = Array.from({ length: HOW_MANY }, () => randomText(LENGTH));
  const rows = codes.map((code) => ({
    merchantId: user.merchantId,
    hash: hashOf(user, code),
    userId: user.id,
    kind: 'recovery' as const,
    createdAt: now,
  }));
  await tx.insert(userTokens).values(rows);
  return codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`);
}

/** Uses a code up. False: it is none of this user's, or was used. */
export async function useRecoveryCode(
  tx: Queryable,
  user: UserKey,
  typed: string,
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(userTokens)
    .set({ usedAt: now })
    .where(and(leftOf(user), eq(userTokens.hash, hashOf(user, normal(typed)))))
    .returning({ usedAt: userTokens.usedAt });
  return rows.length > 0;
}

/** How many a user has left. */
export async function recoveryCodesLeft(db: Queryable, user: UserKey): Promise<number> {
  const [row] = await db.select({ left: count() }).from(userTokens).where(leftOf(user));
  return row?.left ?? 0;
}

/** Removes them, with the factor that they stood in for. */
export async function dropRecoveryCodes(tx: Queryable, user: UserKey): Promise<void> {
  await tx.delete(userTokens).where(allOf(user));
}

function allOf({ merchantId, id }: UserKey) {
  return and(
    eq(userTokens.merchantId, merchantId),
    eq(userTokens.userId, id),
    eq(userTokens.kind, 'recovery'),
  );
}

function leftOf(user: UserKey) {
  return and(allOf(user), isNull(userTokens.usedAt));
}

/** As people read them from paper: Crockford's base32 knows no I, L, O. */
function normal(typed: string): string {
  const text = typed
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '');
  return text.replaceAll('o', '0').replace(/[il]/g, '1');
}

function hashOf(user: UserKey, code: string): Buffer {
  return createHash('sha256').update(`${user.id}|${code}`).digest();
}
