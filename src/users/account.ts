import { and, eq } from 'drizzle-orm';
import { users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE } from '../lib/clock.ts';
import { type ChangeDeps, change, type Scene } from './change.ts';
import { type LogInDeps, noteFailure } from './log-in.ts';
import {
  advanceLogin,
  changeLogin,
  endLogin,
  endLogins,
  type Login,
  type LoginRow,
  type UserRow,
} from './logins.ts';
import { addPasskey, type NewPasskey, namePasskey, passkeysOf, removePasskey } from './passkeys.ts';
import { isPassword, newPassword, type PasswordFault, passwordFault } from './password.ts';
import { makeRecoveryCodes } from './recovery.ts';
import { claimTry, giveTryBack } from './tries.ts';

/** For so long after the password was asked for again factors may be changed. */
export const CONFIRMED_MS = 10 * MINUTE;

export function isConfirmed({ confirmedAt }: LoginRow, { clock }: Pick<Deps, 'clock'>): boolean {
  return confirmedAt !== null && clock.now().getTime() - confirmedAt.getTime() < CONFIRMED_MS;
}

/** The password once more, before factors are changed. Failures count as at the login; the tenth ends the logins. */
export async function confirm(
  deps: LogInDeps,
  scene: Scene,
  { login, user }: Login,
  password: string,
): Promise<boolean> {
  const failures = await claimTry(deps, user);
  const right = await isPassword(user.passwordHash, password);
  if (failures === null || !right) {
    await noteFailure(deps, scene, { action: 'login.password', user, failures });
    if (failures === null || failures >= 10) await endLogins(deps, user);
    return false;
  }
  await giveTryBack(deps, user);
  await changeLogin(deps.db, login, { confirmedAt: deps.clock.now() });
  return true;
}

/** A new password: other logins end, this one goes on with a new capability. */
export async function changePassword(
  deps: ChangeDeps,
  scene: Scene,
  { login, user }: Login,
  password: string,
): Promise<{ fault: PasswordFault } | { capability: string | null }> {
  const fault = await passwordFault(user, password);
  if (fault !== null) return { fault };
  const columns = await newPassword(user, password);
  return change(deps, scene, async (tx, say) => {
    await tx.update(users).set(columns).where(same(user));
    await endLogins({ db: tx, clock: deps.clock }, user, login.id);
    const capability = await advanceLogin(tx, login, {});
    say({ action: 'user.password_changed', target: user.id });
    return { capability };
  });
}

export function changeProfile(
  deps: ChangeDeps,
  scene: Scene,
  user: UserRow,
  columns: Pick<UserRow, 'name' | 'language'>,
): Promise<void> {
  return change(deps, scene, async (tx, say) => {
    await tx.update(users).set(columns).where(same(user));
    say({ action: 'user.changed', target: user.id });
  });
}

export function keepPasskey(
  deps: ChangeDeps,
  scene: Scene,
  user: UserRow,
  made: NewPasskey & { name: string },
): Promise<void> {
  return change(deps, scene, async (tx, say) => {
    await addPasskey(tx, user, made, deps.clock.now());
    say({ action: 'user.passkey_added', target: user.id });
  });
}

export function renamePasskey(
  deps: ChangeDeps,
  scene: Scene,
  user: UserRow,
  id: string,
  name: string,
): Promise<boolean> {
  return change(deps, scene, async (tx, say) => {
    const found = await namePasskey(tx, user, id, name);
    if (found) say({ action: 'user.changed', target: user.id, details: { passkey: 'renamed' } });
    return found;
  });
}

/** `last`: without it there would be no second factor. */
export function dropPasskey(
  deps: ChangeDeps,
  scene: Scene,
  user: UserRow,
  id: string,
): Promise<'removed' | 'last' | 'unknown'> {
  return change(deps, scene, async (tx, say) => {
    const keys = await passkeysOf({ db: tx }, user);
    if (!keys.some((key) => key.id === id)) return 'unknown';
    if (user.totpSecretId === null && keys.length === 1) return 'last';
    await removePasskey(tx, user, id);
    say({ action: 'user.passkey_removed', target: user.id });
    return 'removed';
  });
}

export function newRecoveryCodes(deps: ChangeDeps, scene: Scene, user: UserRow): Promise<string[]> {
  return change(deps, scene, async (tx, say) => {
    say({ action: 'user.recovery_codes_made', target: user.id });
    return makeRecoveryCodes(tx, user, deps.clock.now());
  });
}

/** Ends one of the user's other logins, or all of them. */
export function endOthers(
  deps: ChangeDeps,
  scene: Scene,
  { login, user }: Login,
  id: string | null,
): Promise<number> {
  return change(deps, scene, async (tx, say) => {
    const on = { db: tx, clock: deps.clock };
    const ended =
      id === null
        ? await endLogins(on, user, login.id)
        : Number(id !== login.id && (await endLogin(on, user, id)));
    if (ended > 0) say({ action: 'user.sessions_ended', target: user.id, details: { ended } });
    return ended;
  });
}

function same({ merchantId, id }: UserRow) {
  return and(eq(users.merchantId, merchantId), eq(users.id, id));
}
