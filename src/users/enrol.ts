import { and, eq, inArray } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';
import { merchantSecrets, users } from '../db/schema.ts';
import { actingAs, change, type Scene } from './change.ts';
import type { LogInDeps } from './log-in.ts';
import { changeLogin, endLogins, type Login } from './logins.ts';
import { makeRecoveryCodes } from './recovery.ts';
import { openLogin } from './second-factor.ts';
import { confirmsPending } from './totp.ts';

/** A login that a new second factor has opened, with the recovery codes that came with it: shown once. */
export interface Enrolled {
  capability: string;
  codes: string[];
}

/** Takes the app that was set up as the second factor of a user who had none. Null: the code is not right. */
export async function enrolTotp(
  deps: LogInDeps,
  scene: Scene,
  known: Login,
  typed: string,
): Promise<Enrolled | null> {
  const step = await confirmsPending(deps, known, digits(typed));
  if (step === null) return null;
  return enrol(deps, scene, known, (tx) => takeTotp(tx, deps, known, step), 'totp');
}

/** Opens a login in stage `enrolling` by a second factor that `take` records. */
export function enrol(
  deps: LogInDeps,
  scene: Scene,
  known: Login,
  take: (tx: Tx) => Promise<void>,
  method: 'totp' | 'passkey',
): Promise<Enrolled | null> {
  const { user } = known;
  return change(deps, actingAs(scene, user), async (tx, say) => {
    await take(tx);
    const capability = await openLogin(tx, deps, known);
    if (capability === null) return null;
    const codes = await makeRecoveryCodes(tx, user, deps.clock.now());
    say({ action: method === 'totp' ? 'user.totp_changed' : 'user.passkey_added', target: user.id });
    say({ action: 'user.recovery_codes_made', target: user.id });
    say({ action: 'login.second_factor', target: user.id, details: { method } });
    return { capability, codes };
  });
}

/** Another app takes the place of the one before. False: the code is not right. */
export async function replaceTotp(
  deps: LogInDeps,
  scene: Scene,
  known: Login,
  typed: string,
): Promise<boolean> {
  const step = await confirmsPending(deps, known, digits(typed));
  if (step === null) return false;
  await change(deps, scene, async (tx, say) => {
    await takeTotp(tx, deps, known, step);
    await changeLogin(tx, known.login, { pendingTotpId: null });
    await endLogins({ db: tx, clock: deps.clock }, known.user, known.login.id);
    say({ action: 'user.totp_changed', target: known.user.id });
  });
  return true;
}

/** The pending secret becomes the user's; the step that confirmed it is used. */
async function takeTotp(tx: Tx, { clock }: Pick<LogInDeps, 'clock'>, { login, user }: Login, step: number) {
  const { merchantId, id, totpSecretId } = user;
  const pending = login.pendingTotpId;
  if (pending === null) throw new Error('no secret is pending');
  await tx
    .update(users)
    .set({ totpSecretId: pending, totpUsedStep: step })
    .where(and(eq(users.merchantId, merchantId), eq(users.id, id)));
  await tx
    .update(merchantSecrets)
    .set({ expiresAt: null })
    .where(secrets(merchantId, [pending]));
  if (totpSecretId !== null) {
    const expiresAt = clock.now();
    await tx
      .update(merchantSecrets)
      .set({ expiresAt })
      .where(secrets(merchantId, [totpSecretId]));
  }
}

function secrets(merchantId: string, ids: string[]) {
  return and(eq(merchantSecrets.merchantId, merchantId), inArray(merchantSecrets.id, ids));
}

function digits(typed: string): string {
  return typed.normalize('NFKC').replace(/\s/g, '');
}
