import { and, asc, eq, lt, sql } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';
import { passkeys, type Role, users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, plus } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import { SERVICE } from '../merchants/merchant.ts';
import { type ChangeDeps, change, type Scene } from './change.ts';
import { endLogins, type UserRow } from './logins.ts';
import { dropRecoveryCodes } from './recovery.ts';
import { type IssuedLink, issueLink, mailLink } from './tokens.ts';

export interface Person extends UserRow {
  passkeys: number;
}

/** Everybody of a merchant, as they were made. */
export async function peopleOf({ db }: Pick<Deps, 'db'>, merchantId: string): Promise<Person[]> {
  const rows = await db
    .select({
      user: users,
      passkeys: sql<number>`(select count(*)::int from ${passkeys} where ${passkeys.merchantId} = ${users.merchantId} and ${passkeys.userId} = ${users.id})`,
    })
    .from(users)
    .where(eq(users.merchantId, merchantId))
    .orderBy(asc(users.id));
  return rows.map(({ user, passkeys: count }) => ({ ...user, passkeys: count }));
}

/** Throws `not_found`. */
export async function personOf(deps: Pick<Deps, 'db'>, merchantId: string, id: string): Promise<Person> {
  const found = (await peopleOf(deps, merchantId)).find((person) => person.id === id);
  if (found === undefined) throw new Problem('not_found', 'There is no such user.');
  return found;
}

export type NewUser = Pick<UserRow, 'login' | 'name' | 'email' | 'role' | 'language'>;

/** Makes a user and their invitation; null where the login is taken. The mail is the caller's to owe, or not. */
export function invite(
  deps: ChangeDeps,
  scene: Scene,
  input: NewUser,
  by: 'mail' | 'hand' = 'mail',
): Promise<{ id: string; link: IssuedLink } | null> {
  const now = deps.clock.now();
  const row = {
    merchantId: scene.merchantId,
    id: newId('usr', now),
    status: 'invited' as const,
    createdAt: now,
  };
  return change(deps, scene, async (tx, say) => {
    const made = await tx
      .insert(users)
      .values({ ...row, ...input })
      .onConflictDoNothing({ target: [users.merchantId, users.login] })
      .returning({ id: users.id });
    if (made.length === 0) return null;
    const link = await issueLink(tx, deps, row, 'invitation');
    if (by === 'mail') await mailLink(tx, deps, row, link);
    say({ action: 'user.invited', target: row.id, details: { role: input.role } });
    return { id: row.id, link };
  });
}

/** A new invitation, which ends the one before. Throws `invalid_state` for who has taken theirs up. */
export function inviteAgain(
  deps: ChangeDeps,
  scene: Scene,
  user: UserRow,
  by: 'mail' | 'hand' = 'mail',
): Promise<IssuedLink> {
  if (user.status !== 'invited') throw new Problem('invalid_state', 'The invitation was taken up.');
  return change(deps, scene, async (tx, say) => {
    const link = await issueLink(tx, deps, user, 'invitation');
    if (by === 'mail') await mailLink(tx, deps, user, link);
    say({ action: 'user.invited', target: user.id, details: { role: user.role, again: true } });
    return link;
  });
}

/** False: it would leave the merchant without an active owner. */
export function changeRole(deps: ChangeDeps, scene: Scene, user: UserRow, role: Role): Promise<boolean> {
  return change(deps, scene, async (tx, say) => {
    if (role !== 'owner' && (await isLastOwner(tx, user))) return false;
    await tx.update(users).set({ role }).where(same(user));
    say({ action: 'user.changed', target: user.id, details: { role, before: user.role } });
    return true;
  });
}

/** False: as above. Whoever is disabled is out at once. */
export function disable(
  deps: ChangeDeps,
  scene: Scene,
  user: UserRow,
  why: 'by_hand' | 'inactive' = 'by_hand',
): Promise<boolean> {
  return change(deps, scene, async (tx, say) => {
    if (await isLastOwner(tx, user)) return false;
    await tx.update(users).set({ status: 'disabled' }).where(same(user));
    await endLogins({ db: tx, clock: deps.clock }, user);
    say({ action: 'user.disabled', target: user.id, details: { why } });
    return true;
  });
}

/** Back to what they were: active, or invited for who never had a password. */
export function enable(deps: ChangeDeps, scene: Scene, user: UserRow): Promise<void> {
  return change(deps, scene, async (tx, say) => {
    const status = user.passwordHash === null ? 'invited' : 'active';
    const columns = { status, enabledAt: deps.clock.now(), failures: 0, lockedUntil: null } as const;
    await tx.update(users).set(columns).where(same(user));
    say({ action: 'user.enabled', target: user.id });
  });
}

/** For who lost telephone and codes: the next login, by password, sets up a new second factor. */
export function resetFactors(deps: ChangeDeps, scene: Scene, user: UserRow): Promise<void> {
  return change(deps, scene, async (tx, say) => {
    await tx.update(users).set({ totpSecretId: null, totpUsedStep: null }).where(same(user));
    await tx
      .delete(passkeys)
      .where(and(eq(passkeys.merchantId, user.merchantId), eq(passkeys.userId, user.id)));
    await dropRecoveryCodes(tx, user);
    await endLogins({ db: tx, clock: deps.clock }, user);
    say({ action: 'user.totp_changed', target: user.id, details: { removed: true } });
  });
}

/** Whoever has not logged in for so long is disabled (PCI DSS 8.2.6). */
export const INACTIVE_MS = 90 * DAY;

/** The daily job. A merchant keeps its last owner: nobody else could let people in again. */
export async function disableInactive(deps: ChangeDeps & Pick<Deps, 'log'>): Promise<void> {
  const before = plus(deps.clock.now(), -INACTIVE_MS);
  const seen = sql`greatest(${users.createdAt}, ${users.enabledAt}, ${users.lastLoginAt})`;
  const idle = await deps.db
    .select()
    .from(users)
    .where(and(eq(users.status, 'active'), lt(seen, sql`${before.toISOString()}::timestamptz`)));
  for (const user of idle) {
    const scene = { merchantId: user.merchantId, mode: 'live', acting: SERVICE } as const;
    const done = await disable(deps, scene, user, 'inactive');
    if (!done) deps.log.warn({ merchant_id: user.merchantId, user_id: user.id }, 'last owner is inactive');
  }
}

/** Two owners who disable each other at once come one after the other. */
async function isLastOwner(tx: Tx, user: UserRow): Promise<boolean> {
  const owners = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.merchantId, user.merchantId), eq(users.role, 'owner'), eq(users.status, 'active')))
    .for('update');
  return owners.length === 1 && owners[0]?.id === user.id;
}

function same({ merchantId, id }: UserRow) {
  return and(eq(users.merchantId, merchantId), eq(users.id, id));
}
