import { and, count, eq } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { vaultSecurityCodes } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE } from '../lib/clock.ts';
import { type SealingKey, seal, unseal } from '../lib/seal.ts';
import { Secret } from '../lib/secret.ts';
import type { CardKey } from './cards.ts';
import type { SealedTable } from './sealed-table.ts';

/**
 * Card security codes (PCI DSS 3.3: never kept after authorisation, encrypted before it). A code lives 15
 * minutes, and 15 more once its token is used, since that is how long an attempt may take; whichever comes
 * first of its being taken and the purge ends it. All on the wall clock: a test merchant's clock does not
 * lengthen its life.
 */
export const SECURITY_CODE_LIFE_MS = 15 * MINUTE;

/** A code that is in no table any more: whoever holds this sends it once, or it is lost. */
export interface SealedSecurityCode extends CardKey {
  keyId: string;
  sealed: Buffer;
}

/** Seals a code for one record of one merchant. */
export function sealSecurityCode(key: SealingKey, code: Secret<string>, card: CardKey): Buffer {
  return seal(key, code.reveal(), aadOf(card));
}

/**
 * Takes a card's code out of the vault: the row is deleted with `tx`, which is the transaction that records
 * the intent to authorise. Null when it was taken before, is past its life or purged; then the payment is not
 * authorised.
 */
export async function takeSecurityCode(
  tx: Queryable,
  card: CardKey,
  now: Date,
): Promise<SealedSecurityCode | null> {
  const [row] = await tx
    .delete(vaultSecurityCodes)
    .where(isCode(card))
    .returning()
    .prepare('vault_take_code')
    .execute();
  if (row === undefined || row.expiresAt <= now) return null;
  return { merchantId: row.merchantId, cardId: row.cardId, keyId: row.keyId, sealed: row.sealed };
}

/** Opens a taken code. Only `acquirer` calls this, inside the function that writes the wire message. */
export async function openSecurityCode(
  deps: Pick<Deps, 'keys'>,
  code: SealedSecurityCode,
): Promise<Secret<string>> {
  const key = await deps.keys.byId(code.keyId);
  return new Secret(unseal(key, code.sealed, aadOf(code)).toString());
}

/** Codes do not live long enough to be sealed anew: with them their key goes. */
export const sealedSecurityCodes: SealedTable = {
  name: 'vault_security_codes',
  purpose: 'security_code',
  count: async (on, keyId) => {
    const [row] = await on
      .select({ rows: count() })
      .from(vaultSecurityCodes)
      .where(eq(vaultSecurityCodes.keyId, keyId));
    return row?.rows ?? 0;
  },
  reseal: null,
};

function isCode(card: CardKey) {
  return and(eq(vaultSecurityCodes.merchantId, card.merchantId), eq(vaultSecurityCodes.cardId, card.cardId));
}

function aadOf(card: CardKey): string {
  return `vault_security_codes|${card.merchantId}|${card.cardId}`;
}
