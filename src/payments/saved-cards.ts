import { and, desc, eq, isNull, lt, lte, max, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { inTransaction, type Queryable, type Tx } from '../db/client.ts';
import { attempts, type CardPurpose, operations, savedCards } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { cardExpiry } from '../lib/card.ts';
import { DAY, plus } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { fingerprintOf, keepCardUntil, releaseCard } from '../vault/cards.ts';
import { type Page, type PageRequest, pageOf } from './queries.ts';
import type { AttemptRow, OperationRow, SessionRow, Snapshot } from './snapshot.ts';

export type SavedCardRow = typeof savedCards.$inferSelect;

/** A card may be named to the network for captures and refunds this long after its authorisation. */
export const KEEP_CARD_MS = 400 * DAY;

/**
 * Keeps the card of an attempt that succeeded, as its shopper agreed: once for a customer reference, however often it
 * is agreed to. Null when the stored card that was paid by was deleted meanwhile: that is not undone.
 */
export async function saveCard(
  tx: Tx,
  merchant: Merchant,
  { session, authentication }: Snapshot,
  attempt: AttemptRow,
  { rrn }: OperationRow,
): Promise<string | null> {
  const { reference } = session.customer;
  const { consent, cardId, brand, last4, expMonth, expYear } = attempt;
  if (!reference || !consent || !cardId || !brand || !last4 || !expMonth || !expYear) return null;
  const { merchantId, mode } = merchant;
  const fingerprint = await fingerprintOf(tx, { merchantId, cardId });
  if (attempt.savedCardId !== null && !(await isKept(tx, merchantId, attempt.savedCardId))) return null;
  const expiresAt = cardExpiry(expYear, expMonth);
  const proof = authentication?.attemptId === attempt.id ? authentication : null;
  const now = merchant.clock.now();
  const renewed = {
    ...{ cardId, brand, last4, expMonth, expYear, expiresAt },
    cardholderName: attempt.cardholderName ?? '',
    paymentId: attempt.paymentId,
    firstRrn: rrn,
    firstDsTransId: proof?.dsTransId ?? null,
    firstEci: proof?.eci ?? null,
  };
  const consents = [{ ...consent, sessionId: session.id }];
  const id = newId('sc', now);
  const row = { ...renewed, merchantId, mode, id, customerReference: reference, fingerprint, consents };
  const [saved] = await tx
    .insert(savedCards)
    .values({ ...row, createdAt: now })
    .onConflictDoUpdate({
      target: [savedCards.merchantId, savedCards.mode, savedCards.customerReference, savedCards.fingerprint],
      targetWhere: isNull(savedCards.deletedAt),
      set: { ...renewed, consents: sql`${savedCards.consents} || excluded.consents` },
    })
    .returning({ id: savedCards.id });
  await keepCardUntil(tx, { merchantId, cardId, until: expiresAt });
  return saved?.id ?? null;
}

async function isKept(tx: Tx, merchantId: string, id: string): Promise<boolean> {
  const [row] = await tx
    .select({ deletedAt: savedCards.deletedAt })
    .from(savedCards)
    .where(and(eq(savedCards.merchantId, merchantId), eq(savedCards.id, id)))
    .for('update');
  return row !== undefined && row.deletedAt === null;
}

export interface SavedCardFilter extends PageRequest {
  customerReference: string | null;
  /** Those that expire then or earlier. */
  expiresBefore: Date | null;
}

export async function listSavedCards(
  deps: Deps,
  merchant: Merchant,
  filter: SavedCardFilter,
): Promise<Page<SavedCardRow>> {
  const { customerReference, expiresBefore, cursor, limit } = filter;
  const rows = await deps.db
    .select()
    .from(savedCards)
    .where(
      and(
        keptBy(merchant),
        customerReference === null ? undefined : eq(savedCards.customerReference, customerReference),
        expiresBefore === null ? undefined : lte(savedCards.expiresAt, expiresBefore),
        cursor === null ? undefined : lt(savedCards.id, cursor),
      ),
    )
    .orderBy(desc(savedCards.id))
    .limit(limit + 1);
  return pageOf(rows, limit);
}

/** One that is kept. Throws `not_found`. */
export function loadSavedCard(deps: Deps, merchant: Merchant, id: string): Promise<SavedCardRow> {
  return findSavedCard(deps.db, merchant, id);
}

/** The same, for transactions that only look. */
export async function findSavedCard(db: Queryable, merchant: Merchant, id: string): Promise<SavedCardRow> {
  const [row] = await db
    .select()
    .from(savedCards)
    .where(and(keptBy(merchant), eq(savedCards.id, id)));
  if (row === undefined) throw noSuchCard(id);
  return row;
}

/** The same, held until the transaction ends: a deletion comes before or after what is done with it. */
export async function lockSavedCard(tx: Tx, merchant: Merchant, id: string): Promise<SavedCardRow> {
  const [row] = await tx
    .select()
    .from(savedCards)
    .where(and(keptBy(merchant), eq(savedCards.id, id)))
    .for('update');
  if (row === undefined) throw noSuchCard(id);
  return row;
}

/** What a session's page offers: the cards its customer keeps for next time, newest first. Other sessions have none. */
export async function offeredCards(db: Queryable, session: SessionRow): Promise<SavedCardRow[]> {
  const { reference } = session.customer;
  if (session.card.save !== 'ask' || !reference || session.status !== 'open') return [];
  const rows = await db
    .select()
    .from(savedCards)
    .where(and(keptBy(session), eq(savedCards.customerReference, reference)))
    .orderBy(desc(savedCards.id))
    .limit(MOST_OFFERED);
  return rows.filter((row) => purposesOf(row).includes('next_time'));
}

const MOST_OFFERED = 10;

/** Takes a card away: its number is purged as soon as no payment needs it. Throws `not_found`. */
export async function deleteSavedCard(
  deps: Deps,
  merchant: Merchant,
  id: string,
  deletedBy: 'shopper' | 'merchant',
): Promise<void> {
  await inTransaction(deps.db, 'payments.delete_saved_card', async (tx) => {
    const { cardId, merchantId } = await lockSavedCard(tx, merchant, id);
    await tx
      .update(savedCards)
      .set({ deletedAt: merchant.clock.now(), deletedBy })
      .where(and(eq(savedCards.merchantId, merchantId), eq(savedCards.id, id)));
    const until = await neededUntil(tx, merchantId, cardId);
    await releaseCard(tx, { merchantId, cardId, until: until ?? deps.clock.now() });
    if (deletedBy === 'merchant')
      await record(tx, deps, merchant, { action: 'saved_card.deleted', target: id });
  });
}

/** Until when captures and refunds may name the card; null when nothing was paid by it. */
async function neededUntil(tx: Tx, merchantId: string, cardId: string): Promise<Date | null> {
  const [paid] = await tx
    .select({ last: max(operations.createdAt) })
    .from(operations)
    .innerJoin(
      attempts,
      and(eq(attempts.merchantId, operations.merchantId), eq(attempts.id, operations.attemptId)),
    )
    .where(and(eq(operations.merchantId, merchantId), eq(attempts.cardId, cardId)));
  return paid?.last == null ? null : plus(paid.last, KEEP_CARD_MS);
}

/** What its cardholder agreed to, over all agreements. */
export function purposesOf({ consents }: SavedCardRow): CardPurpose[] {
  return PURPOSES.filter((purpose) => consents.some(({ purposes }) => purposes.includes(purpose)));
}

const PURPOSES: readonly CardPurpose[] = ['next_time', 'merchant_charges'];

export function isExpired({ expiresAt }: SavedCardRow, merchant: Merchant): boolean {
  return merchant.clock.now() >= expiresAt;
}

export function presentSavedCard(merchant: Merchant, row: SavedCardRow) {
  const { brand, last4, expMonth, expYear } = row;
  return {
    id: row.id,
    object: 'saved_card' as const,
    mode: row.mode,
    customer_reference: row.customerReference,
    status: isExpired(row, merchant) ? ('expired' as const) : ('active' as const),
    card: { brand, last4, exp_month: expMonth, exp_year: expYear },
    purposes: purposesOf(row),
    agreements: row.consents.map((consent) => ({
      purposes: consent.purposes,
      description: consent.description,
      text_version: consent.textVersion,
      language: consent.language,
      session_id: consent.sessionId,
      agreed_at: consent.agreedAt,
    })),
    payment_id: row.paymentId,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
  };
}

function keptBy({ merchantId, mode }: Pick<Merchant, 'merchantId' | 'mode'>) {
  return and(eq(savedCards.merchantId, merchantId), eq(savedCards.mode, mode), isNull(savedCards.deletedAt));
}

function noSuchCard(id: string): Problem {
  return new Problem('not_found', `There is no saved card ${id} in this mode.`);
}
