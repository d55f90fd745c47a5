import { eq } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import type { Queryable } from '../db/client.ts';
import { type Actor, type MerchantSettings, merchants, type PaymentTypeContract } from '../db/schema.ts';
import { type Clock, shifted } from '../lib/clock.ts';
import { BONUS_COUNTS, COUNTS } from '../lib/payment-type.ts';

/** Who acts in a merchant's name, and from which address; what the audit log says of it. */
export interface Acting {
  actor: Actor;
  origin: string | null;
}

/** The service itself: jobs, notices of networks. */
export const SERVICE: Acting = {
  actor: { kind: 'service', id: null, name: null, role: null },
  origin: null,
};

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
  acting: Acting;
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
    settings: { ...defaultSettings(mode), ...row.settings },
    acting: SERVICE,
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

/** What holds where a merchant's row says nothing. */
export function defaultSettings(mode: Mode): MerchantSettings {
  return {
    methods: ['card'],
    allowedOrigins: [],
    whenAuthenticationUnavailable: 'refuse',
    challengePreference: 'no_preference',
    logoUrl: null,
    shopName: null,
    offered: null,
    legalNotice: null,
    brandColor: null,
    contact: { email: null, phone: null, url: null },
    termsUrl: null,
    captureWithinDays: null,
    limitsInTestMode: false,
    registrationNumber: null,
    taxRounding: 'floor',
    issuer: null,
    shopperMail: true,
    staffMail: { to: [], language: 'ja' },
    paymentTypes: mode === 'test' ? EVERY_TYPE : LUMP_SUM_ONLY,
  };
}

/** Other payment types need a contract with the acquirer; until there is one they can be tried, but not charged. */
const EVERY_TYPE: PaymentTypeContract = {
  installments: COUNTS,
  revolving: true,
  bonus: true,
  bonusInstallments: BONUS_COUNTS,
};
const LUMP_SUM_ONLY: PaymentTypeContract = {
  installments: [],
  revolving: false,
  bonus: false,
  bonusInstallments: [],
};

/** The name that shoppers know: on pages, in mails. Networks and receipts have the merchant's own. */
export function shopNameOf({ name, settings }: Pick<Merchant, 'name' | 'settings'>): string {
  return settings.shopName ?? name;
}

/** What is offered where nobody says otherwise, in the merchant's order. */
export function offeredBy({ methods, offered }: Pick<MerchantSettings, 'methods' | 'offered'>): string[] {
  const wanted = (offered ?? methods).filter((id) => methods.includes(id));
  return wanted.length > 0 ? wanted : methods;
}
