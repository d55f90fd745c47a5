import { generateSecret, generateURI, verifySync } from 'otplib';
import type { Deps } from '../deps.ts';
import { HOUR, plus } from '../lib/clock.ts';
import { keepSecret, openSecret } from '../merchants/secrets.ts';
import { changeLogin, type Login, type UserRow } from './logins.ts';

/** RFC 6238 as every app speaks it: SHA-1, six digits, thirty seconds; one step before and after is taken. */
const TOLERANCE_S = 30;

export type TotpDeps = Pick<Deps, 'db' | 'clock' | 'keys'>;

/** A secret that an app is to be given. */
export interface NewTotp {
  /** Base32, to type. */
  secret: string;
  /** `otpauth://…`, to scan. */
  uri: string;
}

/** The time step whose code this is; null for a code that is wrong or was used: none works twice (RFC 6238, 5.2). */
export function totpStep(secret: string, code: string, now: Date, usedStep: number | null): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const epoch = Math.floor(now.getTime() / 1_000);
  const found = verifySync({ secret, token: code, epoch, epochTolerance: TOLERANCE_S });
  if (!found.valid || !('timeStep' in found)) return null;
  return usedStep !== null && found.timeStep <= usedStep ? null : found.timeStep;
}

/** The time step of a user's code, as above. */
export async function userTotpStep(deps: TotpDeps, user: UserRow, code: string): Promise<number | null> {
  if (user.totpSecretId === null) return null;
  const secret = await openSecret(deps, ownerOf(user), user.totpSecretId);
  return secret === null ? null : totpStep(secret, code, deps.clock.now(), user.totpUsedStep);
}

/** The secret that this login is setting up: the same until it is confirmed, so that a reload does not change the picture. */
export async function pendingTotp(deps: TotpDeps, { login, user }: Login): Promise<NewTotp> {
  const known =
    login.pendingTotpId === null ? null : await openSecret(deps, ownerOf(user), login.pendingTotpId);
  const secret = known ?? generateSecret();
  if (known === null) {
    const pendingTotpId = await sealTotp(deps, user, secret, plus(deps.clock.now(), HOUR));
    await changeLogin(deps.db, login, { pendingTotpId });
  }
  const label = `${user.merchantId}/${user.login}`;
  return { secret, uri: generateURI({ issuer: 'PayResort+', label, secret }) };
}

/** The time step of a code that confirms the pending secret. */
export async function confirmsPending(
  deps: TotpDeps,
  { login, user }: Login,
  code: string,
): Promise<number | null> {
  if (login.pendingTotpId === null) return null;
  const secret = await openSecret(deps, ownerOf(user), login.pendingTotpId);
  return secret === null ? null : totpStep(secret, code, deps.clock.now(), null);
}

/** Keeps a user's secret sealed; answers the row's id. */
export function sealTotp(
  deps: TotpDeps,
  user: Pick<UserRow, 'merchantId'>,
  secret: string,
  expiresAt: Date | null,
): Promise<string> {
  return keepSecret(deps, ownerOf(user), secret, expiresAt);
}

/** People log in to both modes: the secret belongs to neither, and its row says `live`. */
function ownerOf({ merchantId }: Pick<UserRow, 'merchantId'>) {
  return { merchantId, mode: 'live', kind: 'totp' } as const;
}
