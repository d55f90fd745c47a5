import type { CardConsent } from '../../db/schema.ts';
import { paymentTypeText } from '../../i18n/payment-types.ts';
import type { Texts } from '../../i18n/texts.ts';
import { BRAND_NAMES, type Brand, brandOf, normaliseDigits } from '../../lib/card.ts';
import { brandTakes, LUMP_SUM, type PaymentType, wordOf } from '../../lib/payment-type.ts';
import type { Secret } from '../../lib/secret.ts';
import { consentOf } from '../../payments/consent.ts';
import { offeredTypes } from '../../payments/payment-types.ts';
import type { SavedCardRow } from '../../payments/saved-cards.ts';
import type { Visit } from '../../payments/snapshot.ts';
import {
  type CardFault,
  type CardFaults,
  type CardFields,
  type CardInput,
  parseCard,
  readSecurityCode,
} from '../../vault/parse-card.ts';
import { chosenCard, NEW_CARD } from './kept-cards.ts';

export type CardField = 'number' | 'exp' | 'csc' | 'name' | 'payment_type' | 'email';

export interface FieldFault {
  /** The machine's word for it: `check_digit`, `expired`, … */
  code: string;
  text: string;
}

/** What a form shows again: never the number and the security code. */
export interface Kept {
  exp: string;
  name: string;
  email: string;
  /** The word of the payment type that was chosen. */
  paymentType: string;
  /** Id of the stored card that was chosen, or `new`; empty before any choice. */
  use: string;
  save: boolean;
  charge: boolean;
}

export const NOTHING_KEPT: Kept = {
  exp: '',
  name: '',
  email: '',
  paymentType: '',
  use: '',
  save: false,
  charge: false,
};

/** A card that was typed, or a stored one with its security code. */
export type Paying = { card: CardInput } | { saved: SavedCardRow; securityCode: Secret<string> };

export type ReadCardForm =
  | {
      ok: true;
      paying: Paying;
      paymentType: PaymentType;
      email: string | null;
      consent: CardConsent | null;
    }
  | { ok: false; faults: Partial<Record<CardField, FieldFault>>; kept: Kept };

export type ReadEmail =
  | { ok: true; email: string | null }
  | { ok: false; faults: { email: FieldFault }; kept: Kept };

/** Reads the one field of a form that asks for an address and nothing else. */
export function readEmailForm(form: URLSearchParams, askEmail: boolean, t: Texts): ReadEmail {
  if (!askEmail) return { ok: true, email: null };
  const typed = (form.get('email') ?? '').slice(0, 300).normalize('NFKC').trim();
  const fault = faultOfEmail(typed);
  if (fault === null) return { ok: true, email: typed };
  return {
    ok: false,
    faults: { email: { code: fault, text: t.form.fields.email[fault] } },
    kept: { ...NOTHING_KEPT, email: kept(typed, 10) },
  };
}

/** Reads the posted card form, all faults at once. `askEmail`: whether the form asked for an address. */
export function readCardForm(form: URLSearchParams, visit: Visit, askEmail: boolean, t: Texts): ReadCardForm {
  const field = (name: CardField) => (form.get(name) ?? '').slice(0, 300);
  const fields = { number: field('number'), exp: field('exp'), csc: field('csc'), name: field('name') };
  const saved = chosenCard(form.get('use'), visit);
  const parsed = readPaying(fields, saved, visit);
  const typed = field('email').normalize('NFKC').trim();
  const emailFault = askEmail ? faultOfEmail(typed) : null;
  const chosen = readPaymentType(
    field('payment_type'),
    visit,
    saved?.brand ?? brandOf(normaliseDigits(fields.number)),
    t,
  );
  const ticked = { save: saved === null && form.has('save'), charge: form.has('charge') };
  if (parsed.ok && emailFault === null && chosen.fault === null) {
    return {
      ok: true,
      paying: parsed.paying,
      paymentType: chosen.type,
      email: askEmail ? typed : null,
      consent: consentOf(visit, ticked, t.lang),
    };
  }
  const faults: Partial<Record<CardField, FieldFault>> = {};
  for (const name of ['number', 'exp', 'csc', 'name'] as const) {
    const fault = parsed.ok ? undefined : parsed.faults[name];
    if (fault !== undefined) faults[name] = { code: fault, text: textOf(t, name, fault) };
  }
  if (chosen.fault !== null) faults.payment_type = chosen.fault;
  if (emailFault !== null) faults.email = { code: emailFault, text: t.form.fields.email[emailFault] };
  return {
    ok: false,
    faults,
    kept: {
      exp: keptExp(fields.exp),
      name: kept(fields.name, 2),
      email: kept(typed, 10),
      paymentType: wordOf(chosen.type),
      use: saved?.id ?? NEW_CARD,
      ...ticked,
    },
  };
}

function readPaying(
  fields: CardFields & { exp: string },
  saved: SavedCardRow | null,
  { merchant }: Visit,
): { ok: true; paying: Paying } | { ok: false; faults: CardFaults } {
  if (saved === null) {
    const parsed = parseCard(fields, { mode: merchant.mode, now: merchant.clock.now() });
    return parsed.ok ? { ok: true, paying: { card: parsed.card } } : parsed;
  }
  const code = readSecurityCode(fields.csc, saved.brand);
  return 'fault' in code
    ? { ok: false, faults: { csc: code.fault } }
    : { ok: true, paying: { saved, securityCode: code.value } };
}

/** Nothing chosen is a lump sum. The brand is null where the number belongs to none. */
function readPaymentType(
  word: string,
  visit: Visit,
  brand: Brand | null,
  t: Texts,
): { type: PaymentType; fault: FieldFault | null } {
  const type = word === '' ? LUMP_SUM : offeredTypes(visit).find((each) => wordOf(each) === word);
  if (type === undefined) {
    return { type: LUMP_SUM, fault: { code: 'invalid', text: t.paymentTypes.chooseAgain } };
  }
  if (brand === null || brandTakes(brand, type)) return { type, fault: null };
  const text = t.paymentTypes.notForBrand(BRAND_NAMES[brand], paymentTypeText(t, type));
  return { type, fault: { code: 'not_for_brand', text } };
}

export function faultOfEmail(typed: string): 'missing' | 'invalid' | null {
  if (typed === '') return 'missing';
  return typed.length <= 254 && /^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;.]+$/.test(typed)
    ? null
    : 'invalid';
}

/** Every fault of a field has words; one that is new to us reads as the field's missing one. */
function textOf(t: Texts, name: Exclude<CardField, 'email' | 'payment_type'>, fault: CardFault): string {
  const texts: Partial<Record<string, string>> = t.form.fields[name];
  return texts[fault] ?? texts.invalid ?? t.form.fields[name].missing;
}

/** A card number or a code typed into the wrong field is not shown again either, whatever stands between its digits. */
function kept(typed: string, mostDigits: number): string {
  const digits = typed.normalize('NFKC').replace(/\D/g, '').length;
  return digits > mostDigits ? '' : typed.slice(0, 254);
}

function keptExp(typed: string): string {
  const text = typed.normalize('NFKC').trim();
  return /^(\d{1,4}\s*[/.-]\s*\d{1,4}|(0[1-9]|1[0-2])\d{2}(\d{2})?)$/.test(text) ? text : '';
}
