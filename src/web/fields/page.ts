import { TEXTS } from '../../i18n/language.ts';
import type { Language, Texts } from '../../i18n/texts.ts';
import { BRAND_NAMES, BRANDS, type Brand } from '../../lib/card.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { brandHex, brandSheet } from '../brand-style.ts';
import { type Asset, asset } from '../static.ts';

/** What a shop's page asks for when it frames the card fields. */
export interface FieldsWish {
  key: string;
  language: Language;
  askName: boolean;
}

/** The document in the frame. Templates find it as `it`. */
export interface FieldsPage {
  t: Texts;
  styles: Asset[];
  scripts: Asset[];
  /** Style sheet with the merchant's colour. */
  brandStyle: Asset | null;
  brands: { id: Brand; name: string }[];
  key: string;
  askName: boolean;
  /** The key is none of a merchant's: there is nothing to type into, and the shop is told. */
  refused: boolean;
  /** For our scripts, as JSON: texts of faults and hints, where the shop is at home, what can go wrong. */
  fieldTexts: string;
  hints: string;
  origins: string;
  says: string;
}

/** `merchant`: null when the key is not usable. */
export function fieldsPage({ key, language, askName }: FieldsWish, merchant: Merchant | null): FieldsPage {
  const t = TEXTS[language];
  const { invalidKey, rateLimited, unavailable } = t.cardFields;
  const hex = brandHex(merchant?.settings.brandColor ?? null);
  return {
    t,
    styles: [asset('pay.css'), asset('fields.css')],
    scripts: [asset('card.js'), asset('fields.js')],
    brandStyle: hex === null ? null : brandSheet(hex),
    brands: BRANDS.map((id) => ({ id, name: BRAND_NAMES[id] })),
    key: merchant === null ? '' : key,
    askName,
    refused: merchant === null,
    fieldTexts: JSON.stringify({ ...t.form.fields, all: t.form.errorTitle }),
    hints: JSON.stringify([t.form.cscBack, t.form.cscFront, t.form.cscEither]),
    origins: JSON.stringify(ancestorsOf(merchant)),
    says: JSON.stringify({
      invalid_fields: t.form.errorTitle,
      invalid_key: invalidKey,
      rate_limited: rateLimited,
      unavailable,
    }),
  };
}

/** The origins that a merchant has registered: its pages, and no others, may frame the fields. None = any. */
export function ancestorsOf(merchant: Merchant | null): string[] {
  return (merchant?.settings.allowedOrigins ?? []).map((origin) => new URL(origin).origin);
}
