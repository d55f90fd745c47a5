import { and, eq, isNull, lt, or } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { actingAs, change, type Scene } from './change.ts';
import { type LogInDeps, noteFailure } from './log-in.ts';
import { advanceLogin, type Login, type UserRow } from './logins.ts';
import { useRecoveryCode } from './recovery.ts';
import { userTotpStep } from './totp.ts';
import { claimTry } from './tries.ts';

/** The capability of the login that both factors opened; null when the second one is wrong, was used, or is locked. */
export type SecondFactor = string | null;

type Method = 'totp' | 'recovery_code' | 'passkey';

/** A code of the app, or one of the recovery codes: people type either into the same field. */
export async function passCode(
  deps: LogInDeps,
  scene: Scene,
  known: Login,
  typed: string,
): Promise<SecondFactor> {
  const code = typed.normalize('NFKC').replace(/\s/g, '');
  const step = await userTotpStep(deps, known.user, code);
  if (/^\d{6}$/.test(code)) {
    return passFactor(deps, scene, known, 'totp', (tx) => useStep(tx, known.user, step));
  }
  const now = deps.clock.now();
  return passFactor(deps, scene, known, 'recovery_code', (tx) => useRecoveryCode(tx, known.user, code, now));
}

/** Opens the login if `use` finds the factor right and uses it up, in one transaction; counts the failure otherwise. */
export async function passFactor(
  deps: LogInDeps,
  scene: Scene,
  { login, user }: Login,
  method: Method,
  use: (tx: Tx) => Promise<boolean>,
): Promise<SecondFactor> {
  const failures = await claimTry(deps, user);
  const capability =
    failures === null
      ? null
      : await change(deps, actingAs(scene, user), async (tx, say) => {
          if (!(await use(tx))) return null;
          const advanced = await openLogin(tx, deps, { login, user });
          if (advanced !== null) say({ action: 'login.second_factor', target: user.id, details: { method } });
          return advanced;
        });
  if (capability === null) {
    await noteFailure(deps, scene, { action: 'login.second_factor', user, failures });
  }
  return capability;
}

/** Both factors are passed: what failed before is forgotten. */
export async function openLogin(
  tx: Tx,
  { clock }: Pick<LogInDeps, 'clock'>,
  { login, user }: Login,
): Promise<string | null> {
  const now = clock.now();
  const capability = await advanceLogin(tx, login, { stage: 'complete', seenAt: now });
  if (capability === null) return null;
  await tx.update(users).set({ failures: 0, lockedUntil: null, lastLoginAt: now }).where(same(user));
  return capability;
}

/** Of two that bring the same code at once one finds its step used. */
async function useStep(tx: Tx, user: UserRow, step: number | null): Promise<boolean> {
  if (step === null) return false;
  const { totpUsedStep } = users;
  const rows = await tx
    .update(users)
    .set({ totpUsedStep: step })
    .where(and(same(user), or(isNull(totpUsedStep), lt(totpUsedStep, step))))
    .returning({ id: users.id });
  return rows.length > 0;
}

function same({ merchantId, id }: UserRow) {
  return and(eq(users.merchantId, merchantId), eq(users.id, id));
}
