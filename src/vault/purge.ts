import { and, eq, lte, notExists, sql } from 'drizzle-orm';
import { type Db, inTransaction, type Queryable } from '../db/client.ts';
import { dataKeys, tokens, vaultCards, vaultSecurityCodes } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY, plus } from '../lib/clock.ts';

export interface Purged {
  cards: number;
  securityCodes: number;
  tokens: number;
  keys: number;
}

/** For so long after its end a token still answers `token_used` or `token_expired`. */
const ENDED_TOKEN_LIFE_MS = DAY;
const BATCH = 1_000;

/**
 * Removes what is past its time: security codes, cards, tokens, and the security-code keys that nothing is
 * sealed with any more. For a job that runs every minute or so, on the wall clock. Says how much it removed.
 */
export async function purgeVault({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<Purged> {
  const now = clock.now();
  return {
    securityCodes: await inBatches(() => purgeSecurityCodes(db, now)),
    cards: await inBatches(() => purgeCards(db, now)),
    tokens: await inBatches(() => purgeTokens(db, plus(now, -ENDED_TOKEN_LIFE_MS))),
    keys: await purgeKeys(db, now),
  };
}

async function inBatches(purgeOne: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await purgeOne();
    total += count;
    if (count < BATCH) return total;
  }
}

/** Rows that a transaction holds are left for the next time, so that a purge never waits for a payment. */
function purgeSecurityCodes(db: Db, now: Date): Promise<number> {
  const { merchantId, cardId, expiresAt } = vaultSecurityCodes;
  return inTransaction(db, 'vault.purge_security_codes', async (tx) => {
    const due = tx
      .select({ merchantId, cardId })
      .from(vaultSecurityCodes)
      .where(lte(expiresAt, now))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    return rowsOf(
      tx.delete(vaultSecurityCodes).where(sql`(${merchantId}, ${cardId}) in ${due}`).returning({ cardId }),
    );
  });
}

function purgeCards(db: Db, now: Date): Promise<number> {
  const { merchantId, id, purgeAt } = vaultCards;
  return inTransaction(db, 'vault.purge_cards', async (tx) => {
    const due = tx
      .select({ merchantId, id })
      .from(vaultCards)
      .where(lte(purgeAt, now))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    return rowsOf(tx.delete(vaultCards).where(sql`(${merchantId}, ${id}) in ${due}`).returning({ id }));
  });
}

function purgeTokens(db: Db, endedBy: Date): Promise<number> {
  const { merchantId, id, expiresAt } = tokens;
  return inTransaction(db, 'vault.purge_tokens', async (tx) => {
    const due = tx
      .select({ merchantId, id })
      .from(tokens)
      .where(lte(expiresAt, endedBy))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    return rowsOf(tx.delete(tokens).where(sql`(${merchantId}, ${id}) in ${due}`).returning({ id }));
  });
}

/** With its key, whatever copy of a security code may be left anywhere is gone for good. */
function purgeKeys(db: Db, now: Date): Promise<number> {
  return inTransaction(db, 'vault.purge_keys', async (tx) => {
    const due = and(
      eq(dataKeys.purpose, 'security_code'),
      lte(dataKeys.expiresAt, now),
      notExists(codesSealedWith(tx)),
    );
    return rowsOf(tx.delete(dataKeys).where(due).returning({ id: dataKeys.id }));
  });
}

function codesSealedWith(tx: Queryable) {
  return tx
    .select({ keyId: vaultSecurityCodes.keyId })
    .from(vaultSecurityCodes)
    .where(eq(vaultSecurityCodes.keyId, dataKeys.id));
}

async function rowsOf(deleted: PromiseLike<unknown[]>): Promise<number> {
  return (await deleted).length;
}
