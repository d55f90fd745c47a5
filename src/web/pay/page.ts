import type { Config } from '../../config.ts';
import { formatTime, type Money, moneyParts } from '../../i18n/format.ts';
import { LANGUAGES, TEXTS } from '../../i18n/language.ts';
import { paymentTypeText } from '../../i18n/payment-types.ts';
import type { Language, Message, Texts } from '../../i18n/texts.ts';
import { LUMP_SUM } from '../../lib/payment-type.ts';
import { type Merchant, shopNameOf } from '../../merchants/merchant.ts';
import { paymentTypeOf } from '../../payments/payment-types.ts';
import { attemptInFlight, type Visit } from '../../payments/snapshot.ts';
import { brandHex, brandSheet } from '../brand-style.ts';
import { type Asset, asset } from '../static.ts';

/** What every page of the shopper's has, whatever it shows. Templates find it as `it`. */
export interface Frame {
  t: Texts;
  title: string;
  /** The page's own address, and what its links and forms append to keep a chosen language. */
  path: string;
  query: string;
  languages: { lang: Language; name: string; href: string; current: boolean }[];
  shop: Shop | null;
  testMode: boolean;
  styles: Asset[];
  icon: Asset;
  scripts: Asset[];
  /** For browsers without JavaScript: goes on by itself. Stands in `<noscript>`. */
  refresh: { seconds: number; url: string } | null;
}

export interface Shop {
  name: string;
  logo: string | null;
  /** Style sheet with the merchant's colour. */
  brandStyle: Asset | null;
  email: string | null;
  phone: string | null;
  url: string | null;
  termsUrl: string | null;
}

export interface Summary {
  description: string | null;
  items: { name: string; quantity: number; amount: Money; reduced: boolean }[];
  total: Money;
  orderId: string;
  payBy: string;
  /** How the attempt in flight is to be paid back, where that is not a lump sum. */
  paymentType: string | null;
}

export interface MessagePage extends Frame {
  message: Message;
  /** Where the shopper may go from here, if anywhere. */
  link: { href: string; text: string } | null;
  reference: string | null;
}

/** Where a page stands: its address, and the language that the shopper chose on it, if any. */
export interface Place {
  path: string;
  language: Language;
  chosen: boolean;
}

/** The title is the view's to set. */
export function frame(place: Place, merchant: Merchant | null, config: Config): Frame {
  const t = TEXTS[place.language];
  return {
    t,
    title: t.form.title,
    path: place.path,
    query: place.chosen ? `?lang=${place.language}` : '',
    languages: LANGUAGES.map((lang) => ({
      lang,
      name: TEXTS[lang].languageName,
      href: `${place.path}?lang=${lang}`,
      current: lang === place.language,
    })),
    shop: merchant === null ? null : shopOf(merchant, config),
    testMode: merchant?.mode === 'test',
    styles: [asset('pay.css'), asset('after.css')],
    icon: asset('icon.svg'),
    scripts: [asset('pay.js')],
    refresh: null,
  };
}

export function summaryOf(visit: Visit, language: Language): Summary {
  const { session, merchant } = visit;
  const attempt = attemptInFlight(visit);
  const type = attempt === null ? LUMP_SUM : paymentTypeOf(attempt);
  return {
    description: session.description,
    items: (session.lineItems ?? []).map(({ name, quantity, unit_amount, tax_rate }) => ({
      name,
      quantity,
      amount: moneyParts(language, quantity * unit_amount),
      reduced: tax_rate === 8,
    })),
    total: moneyParts(language, session.amount),
    orderId: session.orderId,
    payBy: formatTime(language, session.expiresAt, merchant.clock.now()),
    paymentType: type.type === 'lump_sum' ? null : paymentTypeText(TEXTS[language], type),
  };
}

export function shopOf(merchant: Merchant, config: Config): Shop {
  const { settings, merchantId } = merchant;
  const hex = brandHex(settings.brandColor);
  const { email, phone, url } = settings.contact;
  return {
    name: shopNameOf(merchant),
    logo: logoOf(settings.logoUrl, config),
    brandStyle: hex === null ? null : brandSheet(hex),
    email,
    phone,
    url: webAddress(url, config),
    termsUrl: webAddress(settings.termsUrl, config) ?? (settings.legalNotice && `/legal/${merchantId}`),
  };
}

/** One that was uploaded is ours to serve. */
function logoOf(url: string | null, config: Config): string | null {
  return url?.startsWith('/logos/') ? `${config.publicUrl}${url}` : webAddress(url, config);
}

/** An address that a page may link to or show; outside production also plain http, for shops on loopback. */
function webAddress(text: string | null, { production }: Config): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const { protocol } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && !production) ? text : null;
}
