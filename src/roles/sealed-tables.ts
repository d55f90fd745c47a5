import { sealedSecrets } from '../merchants/secrets.ts';
import { sealedCards } from '../vault/cards.ts';
import type { SealedTable } from '../vault/sealed-table.ts';
import { sealedSecurityCodes } from '../vault/security-codes.ts';

/** Every table of sealed rows: what a rotation has to go through. A test looks for one that is missing. */
export const SEALED_TABLES: readonly SealedTable[] = [sealedCards, sealedSecurityCodes, sealedSecrets];
