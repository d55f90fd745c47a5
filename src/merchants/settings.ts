import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { record } from '../audit/record.ts';
import { inTransaction } from '../db/client.ts';
import { type LegalField, type MerchantSettings, merchants } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { LANGUAGES } from '../i18n/language.ts';
import { BONUS_COUNTS, COUNTS } from '../lib/payment-type.ts';
import { isCorporate, readRegistrationNumber } from '../lib/registration-number.ts';
import type { Merchant } from './merchant.ts';

const Count = (known: readonly number[]) =>
  z.int().refine((count) => known.includes(count), `must be one of ${known.join(', ')}`);
const HttpsUrl = z.url({ protocol: /^https$/, error: 'must be an https address' });

/** One that was uploaded, as it is served. */
const LOGO_PATH = /^\/logos\/A1\d{8}\/[0-9a-f]{64}$/;

/** In the order in which they are shown. */
export const LEGAL_FIELDS = [
  'seller',
  'manager',
  'address',
  'phone',
  'email',
  'price',
  'extra_costs',
  'payment',
  'delivery',
  'returns',
] as const satisfies LegalField[];

/** What may be set for a merchant, and how it must look. What is not set has the default of `defaultSettings`. */
export const Settings = z
  .strictObject({
    methods: z.array(z.string()).min(1),
    allowedOrigins: z.array(
      HttpsUrl.refine((url) => new URL(url).origin === url, 'must be an origin, no path'),
    ),
    whenAuthenticationUnavailable: z.enum(['refuse', 'proceed']),
    challengePreference: z.enum([
      'no_preference',
      'no_challenge',
      'challenge_preferred',
      'challenge_mandated',
      'risk_analysed',
      'data_share_only',
      'strongly_authenticated',
    ]),
    logoUrl: z.union([HttpsUrl, z.string().regex(LOGO_PATH, 'must be an https address')]).nullable(),
    shopName: z.string().trim().min(1).max(50).nullable(),
    offered: z.array(z.string()).min(1).nullable(),
    legalNotice: z.partialRecord(z.enum(LEGAL_FIELDS), z.string().trim().min(1).max(1_000)).nullable(),
    brandColor: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'must be #rrggbb')
      .nullable(),
    contact: z.strictObject({
      email: z.email().nullable(),
      phone: z.string().nullable(),
      url: HttpsUrl.nullable(),
    }),
    termsUrl: HttpsUrl.nullable(),
    paymentTypes: z.strictObject({
      installments: z.array(Count(COUNTS)),
      revolving: z.boolean(),
      bonus: z.boolean(),
      bonusInstallments: z.array(Count(BONUS_COUNTS)),
    }),
    captureWithinDays: z.int().min(1).nullable(),
    limitsInTestMode: z.boolean(),
    registrationNumber: z
      .string()
      .transform((typed, context) => {
        const number = readRegistrationNumber(typed);
        if (number === null) context.addIssue('must be T and 13 digits, the first not 0');
        return number;
      })
      .nullable(),
    taxRounding: z.enum(['floor', 'half_up', 'ceil']),
    shopperMail: z.boolean(),
    staffMail: z.strictObject({ to: z.array(z.email().max(254)).max(10), language: z.enum(LANGUAGES) }),
    issuer: z
      .strictObject({
        name: z.string().trim().min(1).max(100),
        address: z.string().trim().min(1).max(200).nullable(),
      })
      .nullable(),
  } satisfies Record<keyof MerchantSettings, z.ZodType>)
  .partial();

export type SettingName = keyof MerchantSettings;

export const SETTING_NAMES = Object.keys(Settings.shape) as SettingName[];

/** What is worth a second look although it may be right; null when nothing is. */
export function doubtAbout(name: SettingName, value: unknown): string | null {
  if (name !== 'registrationNumber' || typeof value !== 'string') return null;
  return isCorporate(readRegistrationNumber(value) ?? '')
    ? null
    : 'The check digit is not that of a corporate number. Right for a sole proprietor; else please check the number.';
}

/**
 * Sets one setting of a merchant, or takes it back to its default (`undefined`). Throws `ZodError` for a value that does
 * not fit; false when there is no such merchant.
 */
export async function changeSetting(
  deps: Pick<Deps, 'db' | 'config' | 'clock'>,
  { merchantId, acting }: Pick<Merchant, 'merchantId' | 'acting'>,
  name: SettingName,
  value: unknown,
): Promise<boolean> {
  return inTransaction(deps.db, 'merchants.change_setting', async (tx) => {
    const [row] = await tx.select().from(merchants).where(eq(merchants.merchantId, merchantId)).for('update');
    if (row === undefined) return false;
    const { [name]: _, ...others } = row.settings;
    const settings = value === undefined ? others : { ...others, ...Settings.parse({ [name]: value }) };
    await tx.update(merchants).set({ settings }).where(eq(merchants.merchantId, merchantId));
    const details = { settings: name, ...(value === undefined && { to: 'default' }) };
    const whose = { merchantId, mode: null, acting };
    await record(tx, deps, whose, { action: 'settings.changed', target: merchantId, details });
    return true;
  });
}

/** Sets several at once, and records which, in the merchant's audit log. Throws `ZodError` for a value that does not fit. */
export async function changeSettings(
  deps: Pick<Deps, 'db' | 'config' | 'clock'>,
  merchant: Merchant,
  changes: Partial<MerchantSettings>,
): Promise<void> {
  const parsed = Settings.parse(changes);
  await inTransaction(deps.db, 'merchants.change_settings', async (tx) => {
    const own = eq(merchants.merchantId, merchant.merchantId);
    const [row] = await tx.select().from(merchants).where(own).for('update');
    if (row === undefined) throw new Error(`no merchant ${merchant.merchantId}`);
    const changed = SETTING_NAMES.filter(
      (name) => name in parsed && JSON.stringify(parsed[name]) !== JSON.stringify(row.settings[name]),
    );
    if (changed.length === 0) return;
    await tx
      .update(merchants)
      .set({ settings: { ...row.settings, ...parsed } })
      .where(own);
    const details = { settings: changed.join(', ') };
    await record(tx, deps, merchant, { action: 'settings.changed', target: merchant.merchantId, details });
  });
}
