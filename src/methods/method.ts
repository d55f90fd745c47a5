import type { Language } from '../i18n/texts.ts';

/** What a payment method is. Page, API, console and documents read these descriptions; no other room knows one. */

/** The words of the contract, section 7. Those that have a description can be offered: `methods.ts`. */
export const METHOD_IDS = [
  'card',
  'konbini',
  'payeasy',
  'netbank',
  'paypay',
  'rakuten_pay',
  'd_payment',
  'au_pay',
  'merpay',
  'alipay_plus',
  'unionpay',
] as const;
export type MethodId = (typeof METHOD_IDS)[number];

export type Words = Record<Language, string>;

/** What the shopper is asked for besides a choice. `name` and `kana` are mapped to what a terminal prints. */
export type Input = 'name' | 'kana' | 'phone' | 'email';

export interface Method {
  id: MethodId;
  /**
   * `card`: token, 3-D Secure, authorisation. `number`: the shopper gets a number and pays with it elsewhere, later.
   * `redirect`: the shopper is handed over to a page of somebody else's and mostly comes back.
   */
  flow: 'card' | 'number' | 'redirect';
  /** Yen, both included. */
  limits: { least: number; most: number };
  /** The service of the voucher centre behind it; null = none. */
  service: 'konbini' | 'payeasy' | 'bank_link' | null;
  /** What the shopper chooses among first; null = nothing. */
  choice: { name: 'chain' | 'bank'; label: Words; of: readonly Choice[] } | null;
  inputs: readonly Input[];
  /** Whether money can be held and captured later. */
  holds: boolean;
  /** What can be taken back before money has moved: a hold, a number, or nothing. */
  voids: 'hold' | 'number' | 'never';
  /** `network`: given back the way it came. `transfer`: only outside, by a bank transfer from merchant to shopper. */
  refunds: 'network' | 'transfer';
  /** When it lapses: with the attempt, or at the end of the day that the session names. */
  expires: 'attempt' | 'number_day';
  name: Words;
  /** One line below the name, null = none. */
  hint: Words | null;
  /** The number's parts in the order in which they are typed, where there is no choice that has its own. */
  numbers: readonly NumberPart[];
}

export interface Choice {
  id: string;
  name: Words;
  /** Inputs that only this choice asks for. */
  inputs: readonly Input[];
  /** False where the centre cannot take a number of this choice back. */
  withdrawable: boolean;
  numbers: readonly NumberPart[];
}

/** A part of a number, by the centre's word for it. */
export interface NumberPart {
  key: string;
  label: Words;
  /** How many digits stand together, for reading aloud. */
  groups: readonly number[];
}
