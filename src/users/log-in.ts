import { and, asc, eq } from 'drizzle-orm';
import { note } from '../audit/note.ts';
import { merchants, passkeys, users } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { actingAs, type ChangeDeps, change, type Scene } from './change.ts';
import { beginLogin, type LoginRow, type UserRow } from './logins.ts';
import { isPassword } from './password.ts';
import { claimAddress, claimTry, giveAddressBack, giveTryBack, MOST_FAILURES } from './tries.ts';

/** Who knocks, from where. `address` is what an address counts as (`limits/address.ts`). */
export interface Knock {
  ip: string | null;
  address: Buffer | null;
  userAgent: string;
}

export type FirstFactor =
  | { kind: 'passed'; capability: string; stage: LoginRow['stage'] }
  /** Wrong, locked, disabled, unknown: nobody is told which. */
  | { kind: 'refused' }
  /** Too many tries from this address. */
  | { kind: 'busy' };

export type LogInDeps = Pick<Deps, 'db' | 'clock' | 'config' | 'keys' | 'log'>;

/** The first factor. It takes as long and says as much for a user that there is not. */
export async function passPassword(
  deps: LogInDeps,
  knock: Knock,
  asked: { merchantId: string; login: string | null; password: string },
): Promise<FirstFactor> {
  if (!(await claimAddress(deps, knock.address))) return { kind: 'busy' };
  const user = await findUser(deps, asked.merchantId, asked.login);
  const failures = user === null ? null : await claimTry(deps, user);
  const right = await isPassword(user?.passwordHash ?? null, asked.password);
  const scene = await sceneOf(deps, asked.merchantId, knock);
  if (scene === null) return { kind: 'refused' };
  if (user === null || failures === null || !right || user.status !== 'active') {
    await noteFailure(deps, scene, { action: 'login.password', user, failures });
    return { kind: 'refused' };
  }
  await Promise.all([giveTryBack(deps, user), giveAddressBack(deps, knock.address)]);
  const stage = (await hasSecondFactor(deps, user)) ? 'password' : 'enrolling';
  const capability = await startLogin(deps, scene, user, { stage, knock });
  return { kind: 'passed', capability, stage };
}

/** Begins a login after what proved the user: the password, or a link by mail. */
export function startLogin(
  deps: ChangeDeps,
  scene: Scene,
  user: UserRow,
  { stage, knock }: { stage: LoginRow['stage']; knock: Knock },
): Promise<string> {
  const { ip, userAgent } = knock;
  return change(deps, actingAs(scene, user), async (tx, say) => {
    say({ action: 'login.password', target: user.id });
    return beginLogin({ db: tx, clock: deps.clock }, user, { stage, mode: scene.mode, userAgent, ip });
  });
}

/** What failed, and that it locked: the user is who was tried, the actor a visitor until both factors are passed. */
export async function noteFailure(
  deps: ChangeDeps,
  scene: Scene,
  {
    action,
    user,
    failures,
  }: {
    action: 'login.password' | 'login.second_factor';
    user: UserRow | null;
    /** Null where it was locked before. */
    failures: number | null;
  },
): Promise<void> {
  const target = user?.id ?? null;
  const locked = user !== null && failures === null;
  await note(deps, scene, { action, outcome: 'failure', target, details: { locked } });
  if (failures !== null && failures >= MOST_FAILURES) {
    await note(deps, scene, { action: 'login.locked', target, details: { failures } });
  }
}

/** By login; without one the oldest owner, whom small shops have alone. */
export async function findUser(
  { db }: Pick<Deps, 'db'>,
  merchantId: string,
  login: string | null,
): Promise<UserRow | null> {
  const which = login === null ? eq(users.role, 'owner') : eq(users.login, login);
  const [user] = await db
    .select()
    .from(users)
    .where(and(eq(users.merchantId, merchantId), which))
    .orderBy(asc(users.id))
    .limit(1);
  return user ?? null;
}

export async function hasSecondFactor({ db }: Pick<Deps, 'db'>, user: UserRow): Promise<boolean> {
  if (user.totpSecretId !== null) return true;
  const [one] = await db
    .select({ id: passkeys.id })
    .from(passkeys)
    .where(and(eq(passkeys.merchantId, user.merchantId), eq(passkeys.userId, user.id)))
    .limit(1);
  return one !== undefined;
}

/** At a merchant that there is; a visitor acts. A login begins in live mode, where there is a live network. */
export async function sceneOf(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  merchantId: string,
  { ip }: Pick<Knock, 'ip'>,
): Promise<Scene | null> {
  const [known] = await db
    .select({ merchantId: merchants.merchantId })
    .from(merchants)
    .where(eq(merchants.merchantId, merchantId));
  if (known === undefined) return null;
  const mode = config.networks.live === null ? 'test' : 'live';
  const actor = { kind: 'visitor', id: null, name: null, role: null } as const;
  return { merchantId, mode, acting: { actor, origin: ip } };
}
