import { createHmac } from 'node:crypto';
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import { inTransaction, type Queryable } from '../db/client.ts';
import { tokens, vaultCards, vaultSecurityCodes } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Brand } from '../lib/card.ts';
import { DAY, MINUTE, plus } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import type { Secret } from '../lib/secret.ts';
import { openCard, sealCard } from './cards.ts';
import { resealing } from './keyring.ts';
import type { CardInput } from './parse-card.ts';
import { SECURITY_CODE_LIFE_MS, sealSecurityCode } from './security-codes.ts';

/** One use of one card, within 15 minutes. Says nothing that may not be shown. */
export interface Token {
  id: string;
  mode: Mode;
  cardId: string;
  brand: Brand;
  last4: string;
  /** 1–12. */
  expMonth: number;
  /** Four digits. */
  expYear: number;
  cardholderName: string;
  expiresAt: Date;
  usedAt: Date | null;
}

export interface CreateTokenInput {
  merchantId: string;
  mode: Mode;
  card: CardInput;
  /** The merchant's own time, which the token's expiry follows; default the wall clock. */
  now?: Date;
}

export interface TokenKey {
  merchantId: string;
  mode: Mode;
  tokenId: string;
}

export interface UseTokenInput extends TokenKey {
  /** Of the clock that the token was created by. */
  now: Date;
}

type VaultDeps = Pick<Deps, 'db' | 'clock' | 'keys'>;

const TOKEN_LIFE_MS = 15 * MINUTE;
/** Long enough for any attempt; a card that is authorised is kept longer (`keepCardUntil`). */
const UNUSED_CARD_LIFE_MS = DAY;

/**
 * Puts a card and its security code into the vault, each sealed for its own record, and gives a token for
 * one use.
 */
export function createToken(deps: VaultDeps, input: CreateTokenInput): Promise<Token> {
  return resealing(deps.keys, () => keepCard(deps, input));
}

export interface CopyCardInput {
  merchantId: string;
  mode: Mode;
  /** The kept card that is paid by again. */
  cardId: string;
  brand: Brand;
  cardholderName: string;
  securityCode: Secret<string>;
  now: Date;
}

/** A token for one more use of a kept card, with a security code of its own: the same as if it were typed again. */
export async function createTokenOfKept(deps: VaultDeps, input: CopyCardInput): Promise<Token> {
  const { merchantId, mode, now, cardId, ...rest } = input;
  const opened = await openCard(deps, { merchantId, cardId });
  return createToken(deps, { merchantId, mode, now, card: { ...opened, ...rest } });
}

async function keepCard(deps: VaultDeps, { merchantId, mode, card, now }: CreateTokenInput): Promise<Token> {
  const wallNow = deps.clock.now();
  const createdAt = now ?? wallNow;
  const key = { merchantId, cardId: newId('card', createdAt) };
  const [cardKey, codeKey, fingerprintKey] = await Promise.all([
    deps.keys.active('card'),
    deps.keys.active('security_code'),
    deps.keys.active('fingerprint'),
  ]);
  const pan = card.pan.reveal();
  const token = {
    id: newId('tok', createdAt),
    mode,
    cardId: key.cardId,
    brand: card.brand,
    last4: pan.slice(-4),
    expMonth: card.expMonth,
    expYear: card.expYear,
    cardholderName: card.cardholderName,
    expiresAt: plus(createdAt, TOKEN_LIFE_MS),
    usedAt: null,
  } satisfies Token;
  const cardRow = {
    merchantId,
    id: key.cardId,
    keyId: cardKey.id,
    sealed: sealCard(cardKey, card, key),
    fingerprint: createHmac('sha256', fingerprintKey.key).update(pan).digest(),
    bin: pan.slice(0, pan.length < 16 ? 6 : 8),
    createdAt: wallNow,
    purgeAt: plus(wallNow, UNUSED_CARD_LIFE_MS),
  };
  const codeRow = {
    ...key,
    keyId: codeKey.id,
    sealed: sealSecurityCode(codeKey, card.securityCode, key),
    expiresAt: plus(wallNow, SECURITY_CODE_LIFE_MS),
  };
  await inTransaction(deps.db, 'vault.create_token', async (tx) => {
    await tx.insert(vaultCards).values(cardRow).prepare('vault_insert_card').execute();
    await tx.insert(vaultSecurityCodes).values(codeRow).prepare('vault_insert_code').execute();
    await tx
      .insert(tokens)
      .values({ merchantId, createdAt, ...token })
      .prepare('vault_insert_token')
      .execute();
  });
  return token;
}

/**
 * Uses a token up: of any number of concurrent calls exactly one succeeds, and only if its transaction
 * commits. Throws `not_found` (also for another merchant's or mode's), `token_used`, `token_expired`.
 */
export async function useToken(tx: Queryable, input: UseTokenInput): Promise<Token> {
  const [row] = await tx
    .update(tokens)
    .set({ usedAt: input.now })
    .where(and(isToken(input), isNull(tokens.usedAt), gt(tokens.expiresAt, input.now)))
    .returning()
    .prepare('vault_use_token')
    .execute();
  if (row === undefined) throw await whyNot(tx, input);
  await keepSecurityCodeForAttempt(tx, row);
  return toToken(row);
}

/** Looks at a token without using it. Null when this merchant has none of this id in this mode. */
export async function findToken(on: Queryable, token: TokenKey): Promise<Token | null> {
  const [row] = await on.select().from(tokens).where(isToken(token)).prepare('vault_find_token').execute();
  return row === undefined ? null : toToken(row);
}

/** The token as the API shows it (contract, section 2). */
export function presentToken(token: Token) {
  return {
    id: token.id,
    object: 'token' as const,
    mode: token.mode,
    card: {
      brand: token.brand,
      last4: token.last4,
      exp_month: token.expMonth,
      exp_year: token.expYear,
    },
    expires_at: token.expiresAt.toISOString(),
  };
}

type TokenRow = typeof tokens.$inferSelect;

async function whyNot(tx: Queryable, input: UseTokenInput): Promise<Problem> {
  const found = await findToken(tx, input);
  if (found === null) return new Problem('not_found', 'There is no such token.');
  if (found.usedAt !== null) return new Problem('token_used', 'Make a new token: each is good for one use.');
  return new Problem('token_expired', 'Make a new token: each is good for 15 minutes.');
}

/**
 * The attempt that now begins may take as long again; counted from the row, so that no clock comes into it.
 */
async function keepSecurityCodeForAttempt(tx: Queryable, row: TokenRow): Promise<void> {
  const minutes = SECURITY_CODE_LIFE_MS / MINUTE;
  const longer = sql`${vaultSecurityCodes.expiresAt} + ${minutes} * interval '1 minute'`;
  await tx
    .update(vaultSecurityCodes)
    .set({ expiresAt: longer })
    .where(and(eq(vaultSecurityCodes.merchantId, row.merchantId), eq(vaultSecurityCodes.cardId, row.cardId)));
}

function isToken({ merchantId, mode, tokenId }: TokenKey) {
  return and(eq(tokens.merchantId, merchantId), eq(tokens.id, tokenId), eq(tokens.mode, mode));
}

function toToken({ merchantId: _, createdAt: __, ...token }: TokenRow): Token {
  return token;
}
