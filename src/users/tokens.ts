import { createHash, sign } from 'node:crypto';
import { and, eq, gt, isNull } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { users, userTokens } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { HOUR, MINUTE, plus } from '../lib/clock.ts';
import { merchantOfCapability, newCapability, randomText, textOf } from '../lib/ids.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { UserRow } from './logins.ts';

export type LinkKind = 'invitation' | 'reset';

/** How long a link works. */
export const LASTS_MS = { invitation: 72 * HOUR, reset: 30 * MINUTE } as const satisfies Record<
  LinkKind,
  number
>;

type TokenDeps = Pick<Deps, 'config' | 'clock'>;

/** What a link is made of again when its mail leaves: neither jobs nor mails nor users' rows hold one that works. */
export interface IssuedLink {
  kind: LinkKind;
  seed: string;
  expiresAt: Date;
}

/** A new one-time link for a user; the ones of its kind before it work no more. */
export async function issueLink(
  tx: Queryable,
  { config, clock }: TokenDeps,
  user: Pick<UserRow, 'merchantId' | 'id'>,
  kind: LinkKind,
): Promise<IssuedLink> {
  const { merchantId, id: userId } = user;
  const now = clock.now();
  const expiresAt = plus(now, LASTS_MS[kind]);
  const seed = randomText(26);
  await tx
    .update(userTokens)
    .set({ usedAt: now })
    .where(and(allOf(user, kind), isNull(userTokens.usedAt)));
  const hash = hashOf(tokenOf(config, merchantId, kind, seed));
  await tx.insert(userTokens).values({ merchantId, userId, kind, hash, createdAt: now, expiresAt });
  return { kind, seed, expiresAt };
}

/** Owes the mail with the link, in the transaction that issues it. */
export async function mailLink(
  tx: Queryable,
  { clock }: TokenDeps,
  { merchantId, id }: Pick<UserRow, 'merchantId' | 'id'>,
  { kind, seed, expiresAt }: IssuedLink,
): Promise<void> {
  const now = clock.now();
  await enqueue(tx, {
    name: 'mail_user',
    key: seed,
    payload: { merchant_id: merchantId, user_id: id, kind, seed, until: expiresAt.toISOString() },
    runAt: now,
    clock: 'wall',
    merchantId,
    mode: 'live',
    now,
  });
}

/** The address that works once. A signature of ours over the seed stands in it, which the database cannot make. */
export function linkOf(config: Deps['config'], merchantId: string, kind: LinkKind, seed: string): string {
  const way = kind === 'invitation' ? 'join' : 'reset';
  return `${config.publicUrl}/console/${way}/${tokenOf(config, merchantId, kind, seed)}`;
}

/** Whose link this is, while it works. Looking changes nothing: scanners of mails look too. */
export async function findLink(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  kind: LinkKind,
  token: string,
): Promise<UserRow | null> {
  const merchantId = merchantOfCapability(token);
  if (merchantId === null) return null;
  const [row] = await db
    .select({ user: users })
    .from(userTokens)
    .innerJoin(users, and(eq(users.merchantId, userTokens.merchantId), eq(users.id, userTokens.userId)))
    .where(and(eq(userTokens.merchantId, merchantId), workingLink(kind, token, clock.now())));
  return row?.user ?? null;
}

/** Uses a link up. False: another did. */
export async function useLink(
  tx: Queryable,
  user: UserRow,
  kind: LinkKind,
  token: string,
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(userTokens)
    .set({ usedAt: now })
    .where(and(allOf(user, kind), workingLink(kind, token, now)))
    .returning({ usedAt: userTokens.usedAt });
  return rows.length > 0;
}

/** How many links of a kind a user was sent since. */
export async function countLinks(tx: Queryable, user: UserRow, kind: LinkKind, since: Date): Promise<number> {
  const rows = await tx
    .select({ createdAt: userTokens.createdAt })
    .from(userTokens)
    .where(and(allOf(user, kind), gt(userTokens.createdAt, since)));
  return rows.length;
}

function workingLink(kind: LinkKind, token: string, now: Date) {
  return and(
    eq(userTokens.kind, kind),
    eq(userTokens.hash, hashOf(token)),
    isNull(userTokens.usedAt),
    gt(userTokens.expiresAt, now),
  );
}

function allOf({ merchantId, id }: Pick<UserRow, 'merchantId' | 'id'>, kind: LinkKind) {
  return and(eq(userTokens.merchantId, merchantId), eq(userTokens.userId, id), eq(userTokens.kind, kind));
}

function tokenOf({ keys }: Deps['config'], merchantId: string, kind: LinkKind, seed: string): string {
  if (keys === null) throw new Error('no signing keys');
  const said = Buffer.from(`payresort user link|${kind}|${merchantId}|${seed}`);
  const digest = createHash('sha256')
    .update(sign(null, said, keys.signing.live.privateKey))
    .digest();
  return newCapability(merchantId).slice(0, 6) + textOf(digest.subarray(0, 26));
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
