import { and, count, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Queryable } from '../db/client.ts';
import { vaultCards } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { type Pan, parsePan } from '../lib/card.ts';
import { type SealingKey, seal, unseal } from '../lib/seal.ts';
import type { Secret } from '../lib/secret.ts';
import { rereading } from './keyring.ts';
import type { ResealStep, RowKey, SealedTable } from './sealed-table.ts';

export interface OpenedCard {
  pan: Secret<Pan>;
  /** 1–12. */
  expMonth: number;
  /** Four digits. */
  expYear: number;
}

export interface CardKey {
  merchantId: string;
  cardId: string;
}

/**
 * Opens a kept card. Only `threeds` and `acquirer` call this, inside the function that writes the wire
 * message. Throws when the card is gone (purged) or its bytes do not belong to this merchant and card.
 */
export async function openCard(deps: Pick<Deps, 'db' | 'keys'>, card: CardKey): Promise<OpenedCard> {
  return rereading(async () => {
    const [row] = await deps.db
      .select()
      .from(vaultCards)
      .where(isCard(card))
      .prepare('vault_open_card')
      .execute();
    if (row === undefined) throw new Error('the card is not kept any more');
    return unsealCard(await deps.keys.byId(row.keyId), row.sealed, card);
  });
}

/** Seals a card for one record of one merchant. */
export function sealCard(key: SealingKey, opened: OpenedCard, card: CardKey): Buffer {
  const { pan, expMonth, expYear } = opened;
  return seal(key, JSON.stringify({ pan: pan.reveal(), expMonth, expYear }), aadOf(card));
}

function unsealCard(key: SealingKey, sealed: Buffer, card: CardKey): OpenedCard {
  return SealedCard.parse(JSON.parse(unseal(key, sealed, aadOf(card)).toString()));
}

/** What a kept card is recognised by without opening it. Null when it is gone. */
export async function marksOf(
  on: Queryable,
  card: CardKey,
): Promise<{ fingerprint: Buffer; bin: string | null } | null> {
  const { fingerprint, bin } = vaultCards;
  const [row] = await on
    .select({ fingerprint, bin })
    .from(vaultCards)
    .where(isCard(card))
    .prepare('vault_marks')
    .execute();
  return row ?? null;
}

/**
 * Keeps a card at least until then, never shorter than before: called when a payment is authorised, so that
 * its capture and refunds can name the number. Without it a card goes one day after it was given.
 */
export async function keepCardUntil(
  tx: Queryable,
  { until, ...card }: CardKey & { until: Date },
): Promise<void> {
  await tx
    .update(vaultCards)
    .set({ purgeAt: sql`greatest(${vaultCards.purgeAt}, ${until.toISOString()}::timestamptz)` })
    .where(isCard(card));
}

/** Lets a card go then, whatever it was kept for before: the caller knows what still needs it. */
export async function releaseCard(
  tx: Queryable,
  { until, ...card }: CardKey & { until: Date },
): Promise<void> {
  await tx.update(vaultCards).set({ purgeAt: until }).where(isCard(card));
}

/** By which the same number is known again, for one merchant or several. Throws when the card is gone. */
export async function fingerprintOf(tx: Queryable, card: CardKey): Promise<Buffer> {
  const [row] = await tx.select({ fingerprint: vaultCards.fingerprint }).from(vaultCards).where(isCard(card));
  if (row === undefined) throw new Error('the card is not kept any more');
  return row.fingerprint;
}

export const sealedCards: SealedTable = {
  name: 'vault_cards',
  purpose: 'card',
  count: async (on, keyId) => {
    const [row] = await on.select({ rows: count() }).from(vaultCards).where(eq(vaultCards.keyId, keyId));
    return row?.rows ?? 0;
  },
  reseal: resealCards,
};

async function resealCards(tx: Queryable, { from, to, after, limit }: ResealStep): Promise<RowKey[]> {
  const { merchantId, id, keyId, sealed } = vaultCards;
  const rows = await tx
    .select({ merchantId, id, sealed })
    .from(vaultCards)
    .where(and(eq(keyId, from.id), sql`(${merchantId}, ${id}) > (${after.merchantId}, ${after.id})`))
    .orderBy(merchantId, id)
    .limit(limit)
    .for('update', { skipLocked: true });
  const anew = rows.map((row) => {
    const card = { merchantId: row.merchantId, cardId: row.id };
    const plain = unseal(from, row.sealed, aadOf(card));
    const values = { keyId: to.id, sealed: seal(to, plain, aadOf(card)) };
    plain.fill(0);
    return tx.update(vaultCards).set(values).where(isCard(card));
  });
  await Promise.all(anew);
  return rows;
}

const SealedCard = z
  .object({ pan: z.string(), expMonth: z.int(), expYear: z.int() })
  .transform(({ pan, ...expiry }, context): OpenedCard => {
    const parsed = parsePan(pan);
    if ('pan' in parsed) return { pan: parsed.pan, ...expiry };
    context.addIssue('not a card number');
    return z.NEVER;
  });

function isCard(card: CardKey) {
  return and(eq(vaultCards.merchantId, card.merchantId), eq(vaultCards.id, card.cardId));
}

function aadOf(card: CardKey): string {
  return `vault_cards|${card.merchantId}|${card.cardId}`;
}
