import { and, eq } from 'drizzle-orm';
import { users } from '../db/schema.ts';
import { HOUR, plus } from '../lib/clock.ts';
import { actingAs, type ChangeDeps, change } from './change.ts';
import { findUser, hasSecondFactor, type Knock, type LogInDeps, sceneOf } from './log-in.ts';
import { beginLogin, endLogins, type LoginRow, type UserRow } from './logins.ts';
import { newPassword, type PasswordFault, passwordFault } from './password.ts';
import { countLinks, findLink, issueLink, mailLink, useLink } from './tokens.ts';

export type Taken =
  | { kind: 'taken'; capability: string; stage: LoginRow['stage'] }
  | { kind: 'fault'; fault: PasswordFault }
  /** Used, expired, replaced, or never one. */
  | { kind: 'over' };

/** Takes an invitation up: the password is set, the user active and on the way to a second factor. */
export async function join(deps: LogInDeps, knock: Knock, token: string, password: string): Promise<Taken> {
  const user = await findLink(deps, 'invitation', token);
  const scene = user === null ? null : await sceneOf(deps, user.merchantId, knock);
  if (user === null || scene === null || user.status !== 'invited') return { kind: 'over' };
  const fault = await passwordFault(user, password);
  if (fault !== null) return { kind: 'fault', fault };
  const columns = await newPassword(user, password);
  const stage = (await hasSecondFactor(deps, user)) ? 'password' : 'enrolling';
  const now = deps.clock.now();
  const { ip, userAgent } = knock;
  const capability = await change(deps, actingAs(scene, user), async (tx, say) => {
    if (!(await useLink(tx, user, 'invitation', token, now))) return null;
    await tx
      .update(users)
      .set({ ...columns, status: 'active', enabledAt: now })
      .where(same(user));
    say({ action: 'user.joined', target: user.id });
    return beginLogin({ db: tx, clock: deps.clock }, user, { stage, mode: scene.mode, userAgent, ip });
  });
  return capability === null ? { kind: 'over' } : { kind: 'taken', capability, stage };
}

/** A new password by a link: ends every login and the lock, and leaves the second factor as it is. */
export async function reset(
  deps: LogInDeps,
  knock: Knock,
  token: string,
  password: string,
): Promise<Exclude<Taken, { kind: 'taken' }> | { kind: 'reset' }> {
  const user = await findLink(deps, 'reset', token);
  const scene = user === null ? null : await sceneOf(deps, user.merchantId, knock);
  if (user === null || scene === null || user.status !== 'active') return { kind: 'over' };
  const fault = await passwordFault(user, password);
  if (fault !== null) return { kind: 'fault', fault };
  const columns = await newPassword(user, password);
  const now = deps.clock.now();
  const done = await change(deps, actingAs(scene, user), async (tx, say) => {
    if (!(await useLink(tx, user, 'reset', token, now))) return false;
    await tx
      .update(users)
      .set({ ...columns, failures: 0, lockedUntil: null })
      .where(same(user));
    await endLogins({ db: tx, clock: deps.clock }, user);
    say({ action: 'user.password_changed', target: user.id, details: { by: 'reset' } });
    return true;
  });
  return done ? { kind: 'reset' } : { kind: 'over' };
}

/** Links to a mailbox within an hour: enough for who mistypes, too few to guess codes with. */
const MOST_RESETS = 3;

/** Mails a link to the user, if there is one. Nobody is told whether. */
export async function askReset(
  deps: ChangeDeps & Pick<LogInDeps, 'keys' | 'log'>,
  knock: Knock,
  asked: { merchantId: string; login: string | null },
): Promise<void> {
  const user = await findUser(deps, asked.merchantId, asked.login);
  const scene = await sceneOf(deps, asked.merchantId, knock);
  if (user === null || scene === null || user.status !== 'active') return;
  await change(deps, scene, async (tx, say) => {
    const sent = await countLinks(tx, user, 'reset', plus(deps.clock.now(), -HOUR));
    if (sent >= MOST_RESETS) return;
    await mailLink(tx, deps, user, await issueLink(tx, deps, user, 'reset'));
    say({ action: 'user.password_reset_asked', target: user.id });
  });
}

function same({ merchantId, id }: UserRow) {
  return and(eq(users.merchantId, merchantId), eq(users.id, id));
}
