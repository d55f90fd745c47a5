import { eq } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import type { Queryable } from '../db/client.ts';
import { type MerchantSettings, merchants } from '../db/schema.ts';
import { type Clock, shifted } from '../lib/clock.ts';

/** A merchant in one mode: whom every verb acts for. */
export interface Merchant {
  merchantId: string;
  mode: Mode;
  name: string;
  url: string;
  mcc: string;
  acquirerBin: string;
  acquirerMerchantId: string;
  settings: MerchantSettings;
  /** The merchant's own time: in test mode it may run ahead of the wall clock. */
  clock: Clock;
}

/** Where merchants are read from: the pool, or a transaction (which must not wait for a second connection). */
export interface MerchantSource {
  db: Queryable;
  clock: Clock;
}

/** The merchant, or null when there is none of this id. */
export async function findMerchant(
  deps: MerchantSource,
  merchantId: string,
  mode: Mode,
): Promise<Merchant | null> {
  const [row] = await deps.db.select().from(merchants).where(eq(merchants.merchantId, merchantId));
  if (row === undefined) return null;
  return {
    merchantId: row.merchantId,
    mode,
    name: row.name,
    url: row.url,
    mcc: row.mcc,
    acquirerBin: row.acquirerBin,
    acquirerMerchantId: row.acquirerMerchantId,
    settings: row.settings,
    clock: mode === 'test' ? shifted(deps.clock, row.testClockOffsetMs) : deps.clock,
  };
}

/** The merchant of a row that names it. Its absence is our fault, not the caller's. */
export async function merchantOf(
  deps: MerchantSource,
  row: { merchantId: string; mode: Mode },
): Promise<Merchant> {
  const merchant = await findMerchant(deps, row.merchantId, row.mode);
  if (merchant === null) throw new Error(`no merchant ${row.merchantId}`);
  return merchant;
}
