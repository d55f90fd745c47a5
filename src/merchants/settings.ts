import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { inTransaction } from '../db/client.ts';
import { type MerchantSettings, merchants } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { LANGUAGES } from '../i18n/language.ts';
import { BONUS_COUNTS, COUNTS } from '../lib/payment-type.ts';
import { isCorporate, readRegistrationNumber } from '../lib/registration-number.ts';

const Count = (known: readonly number[]) =>
  z.int().refine((count) => known.includes(count), `must be one of ${known.join(', ')}`);
const HttpsUrl = z.url({ protocol: /^https$/, error: 'must be an https address' });

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
    logoUrl: HttpsUrl.nullable(),
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
  deps: Pick<Deps, 'db'>,
  merchantId: string,
  name: SettingName,
  value: unknown,
): Promise<boolean> {
  return inTransaction(deps.db, 'merchants.change_setting', async (tx) => {
    const [row] = await tx.select().from(merchants).where(eq(merchants.merchantId, merchantId)).for('update');
    if (row === undefined) return false;
    const { [name]: _, ...others } = row.settings;
    const settings = value === undefined ? others : { ...others, ...Settings.parse({ [name]: value }) };
    await tx.update(merchants).set({ settings }).where(eq(merchants.merchantId, merchantId));
    return true;
  });
}
