import type { Message } from '../texts.ts';

/** Where a number is paid: a chain, or for Pay-easy an ATM or the bank's own page. */
export const PLACES = [
  'seven_eleven',
  'familymart',
  'lawson',
  'ministop',
  'seicomart',
  'daily_yamazaki',
  'atm',
  'net_banking',
] as const;
export type PayPlace = (typeof PLACES)[number];

/** The texts around a number: how to pay with it, step by step, and what is told of it. */
export interface NumberTexts {
  /** Heading of the steps; the place as its method calls it. */
  howTo: (place: string) => string;
  atm: string;
  netBanking: string;
  /** One sentence a step. What stands on the machine is in Japanese and quoted. */
  steps: Record<PayPlace, readonly string[]>;
  notes: {
    konbini: readonly string[];
    payeasy: readonly string[];
    /** Where the amount is more than an ATM takes in cash. */
    noCash: string;
  };
  /** When the steps were compared with the chains' own. */
  asOf: (day: string) => string;
  /** The page is still there later. */
  keep: string;
  /** How to pay otherwise, now that there is a number. */
  change: string;
  /** Money that came after the deadline. */
  late: Message;
  form: {
    /** Before the name as it will be printed. */
    printed: string;
    /** Why a method is not offered for this amount. */
    upTo: (amount: string) => string;
    /** After an attempt failed: the other ways, by their names. */
    otherWays: (names: string) => string;
  };
}
