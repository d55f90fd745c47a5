import { randomBytes } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { and, asc, eq, lt, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Queryable, Tx } from '../db/client.ts';
import { passkeys } from '../db/schema.ts';
import type { Scene } from './change.ts';
import type { LogInDeps } from './log-in.ts';
import { changeLogin, type Login, type UserRow } from './logins.ts';
import { passFactor, type SecondFactor } from './second-factor.ts';

/**
 * WebAuthn (Level 3) beside a password: that the device is there is what counts, its own check of the person is asked
 * for and not demanded. The options travel in the page, the answer in a form.
 */
export type PasskeyRow = typeof passkeys.$inferSelect;
export type NewPasskey = Pick<PasskeyRow, 'id' | 'publicKey' | 'counter' | 'transports'>;

export async function passkeysOf(
  { db }: { db: Queryable },
  { merchantId, id }: Pick<UserRow, 'merchantId' | 'id'>,
): Promise<PasskeyRow[]> {
  return db
    .select()
    .from(passkeys)
    .where(and(eq(passkeys.merchantId, merchantId), eq(passkeys.userId, id)))
    .orderBy(asc(passkeys.createdAt));
}

/** What the browser is asked for (JSON); null for a user without passkeys. */
export async function askForPasskey(deps: LogInDeps, known: Login): Promise<string | null> {
  const keys = await passkeysOf(deps, known.user);
  if (keys.length === 0) return null;
  const options = await generateAuthenticationOptions({
    rpID: siteOf(deps).id,
    challenge: await challengeOf(deps, known),
    allowCredentials: keys.map(({ id, transports }) => ({ id, transports })),
    userVerification: 'preferred',
  });
  return JSON.stringify(options);
}

/** The second factor by passkey: the browser's answer, as JSON. */
export async function passPasskey(
  deps: LogInDeps,
  scene: Scene,
  known: Login,
  answer: string,
): Promise<SecondFactor> {
  const proven = await provenBy(deps, known, answer);
  await changeLogin(deps.db, known.login, { challenge: null });
  return passFactor(deps, scene, known, 'passkey', async (tx) => {
    if (proven === null) return false;
    const { counter } = passkeys;
    // Copies of a key count on their own: one that falls behind is refused. Many count nothing and say 0.
    const ahead = or(lt(counter, proven.counter), and(eq(counter, 0), sql`${proven.counter} = 0`));
    const rows = await tx
      .update(passkeys)
      .set({ counter: proven.counter, lastUsedAt: deps.clock.now() })
      .where(and(oneOf(known.user, proven.id), ahead))
      .returning({ id: passkeys.id });
    return rows.length > 0;
  });
}

/** What the browser is asked to make (JSON). */
export async function offerPasskey(deps: LogInDeps, known: Login): Promise<string> {
  const { user } = known;
  const options = await generateRegistrationOptions({
    rpName: 'PayResort+',
    rpID: siteOf(deps).id,
    userName: `${user.merchantId}/${user.login}`,
    userDisplayName: user.name,
    userID: new Uint8Array(Buffer.from(user.id)),
    challenge: await challengeOf(deps, known),
    attestationType: 'none',
    excludeCredentials: (await passkeysOf(deps, user)).map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
  return JSON.stringify(options);
}

/** The passkey that a browser says it made; null when it did not, or not for us. Its challenge is used up. */
export async function readNewPasskey(
  deps: LogInDeps,
  known: Login,
  answer: string,
): Promise<NewPasskey | null> {
  const { challenge } = known.login;
  await changeLogin(deps.db, known.login, { challenge: null });
  const response = read(Registration, answer);
  if (challenge === null || response === null) return null;
  try {
    const { id, origin } = siteOf(deps);
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: false,
    });
    if (!verified) return null;
    const { credential } = registrationInfo;
    return {
      id: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
    };
  } catch {
    return null;
  }
}

export async function addPasskey(
  tx: Tx,
  { merchantId, id: userId }: UserRow,
  made: NewPasskey & { name: string },
  now: Date,
): Promise<void> {
  await tx
    .insert(passkeys)
    .values({ merchantId, userId, ...made, createdAt: now })
    .onConflictDoNothing();
}

export async function namePasskey(db: Queryable, user: UserRow, id: string, name: string): Promise<boolean> {
  const rows = await db.update(passkeys).set({ name }).where(oneOf(user, id)).returning({ id: passkeys.id });
  return rows.length > 0;
}

export async function removePasskey(db: Queryable, user: UserRow, id: string): Promise<boolean> {
  const rows = await db.delete(passkeys).where(oneOf(user, id)).returning({ id: passkeys.id });
  return rows.length > 0;
}

async function provenBy(
  deps: LogInDeps,
  { login, user }: Login,
  answer: string,
): Promise<{ id: string; counter: number } | null> {
  const response = read(Authentication, answer);
  if (response === null || login.challenge === null) return null;
  const key = (await passkeysOf(deps, user)).find(({ id }) => id === response.id);
  if (key === undefined) return null;
  try {
    const { id, origin } = siteOf(deps);
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: login.challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: false,
      credential: { id: key.id, publicKey: new Uint8Array(key.publicKey), counter: key.counter },
    });
    return verified ? { id: key.id, counter: authenticationInfo.newCounter } : null;
  } catch {
    return null;
  }
}

/** One challenge per login until it is answered: a page that is loaded again goes on working. */
async function challengeOf(deps: LogInDeps, { login }: Login): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = login.challenge ?? randomBytes(32).toString('base64url');
  if (login.challenge === null) await changeLogin(deps.db, login, { challenge });
  return new Uint8Array(Buffer.from(challenge, 'base64url'));
}

/** Passkeys belong to the host of the console. */
function siteOf({ config }: Pick<LogInDeps, 'config'>): { id: string; origin: string } {
  const { hostname, origin } = new URL(config.publicUrl);
  return { id: hostname, origin };
}

const Credential = { id: z.string(), rawId: z.string(), type: z.literal('public-key') };
const Authentication = z.object({
  ...Credential,
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    signature: z.string(),
    userHandle: z.string().optional(),
  }),
});
const Registration = z.object({
  ...Credential,
  response: z.object({
    clientDataJSON: z.string(),
    attestationObject: z.string(),
    transports: z.array(z.string()).optional(),
  }),
});

function read<T>(schema: z.ZodType<T>, answer: string): T | null {
  try {
    return schema.parse(JSON.parse(answer));
  } catch {
    return null;
  }
}

function oneOf({ merchantId, id: userId }: UserRow, id: string) {
  return and(eq(passkeys.merchantId, merchantId), eq(passkeys.userId, userId), eq(passkeys.id, id));
}
