import type { FailureCode } from '../db/schema.ts';

/**
 * What a response code comes down to, whatever its number: the failure that the API tells (contract, section 2), and the
 * advice to the merchant. The shopper's sentence belongs to the failure, and is one for every no to a card (`web/pay`).
 */
export interface CodeClass {
  failure: FailureCode;
  advice: RetryAdvice;
}

export type RetryAdvice =
  /** Not with this card: schemes fine repeated tries. */
  | 'never'
  /** The same again, one time. */
  | 'once'
  /** After a while, a few times at most. */
  | 'later'
  /** With the card's data typed correctly. */
  | 'fix_card_data'
  | 'other_card'
  | 'other_payment_type'
  /** With 3-D Secure and a challenge. */
  | 'challenge'
  /** When the cardholder has spoken to the issuer. */
  | 'after_contact'
  /** When we or the merchant have mended something. */
  | 'after_setup';

export const RETRY_ADVICE = {
  never: { ja: '同じカードでは再試行しないでください。', en: 'Do not try this card again.' },
  once: { ja: 'もう一度だけお試しください。', en: 'Try once more.' },
  later: { ja: '時間をおくか、別のカードをご案内ください。', en: 'Wait, or ask for another card.' },
  fix_card_data: {
    ja: 'カード情報の再入力をご案内ください。',
    en: 'Ask the shopper to check what was typed.',
  },
  other_card: {
    ja: '別のカードまたは別の支払方法をご案内ください。',
    en: 'Ask for another card or method.',
  },
  other_payment_type: {
    ja: '1回払いなど、別の支払区分をご案内ください。',
    en: 'Ask for another payment type, such as a lump sum.',
  },
  challenge: {
    ja: '本人認証（チャレンジ）を行って再度お試しください。',
    en: 'Try again with a 3-D Secure challenge.',
  },
  after_contact: {
    ja: '会員ご本人からカード会社へのお問い合わせをご案内ください。',
    en: 'The cardholder should call the issuer.',
  },
  after_setup: { ja: 'PayResort+へご連絡ください。', en: 'Contact PayResort+.' },
} as const satisfies Record<RetryAdvice, Words>;

/** In both languages of the merchants' documents. */
export interface Words {
  ja: string;
  en: string;
}

const of = (failure: FailureCode, advice: RetryAdvice): CodeClass => ({ failure, advice });

export const CODE_CLASSES = {
  generic: of('card_declined', 'other_card'),
  stop: of('card_declined', 'never'),
  suspicion: of('card_declined', 'later'),
  contact: of('contact_issuer', 'after_contact'),
  funds: of('insufficient_funds', 'later'),
  limit: of('limit_exceeded', 'later'),
  number: of('invalid_card', 'fix_card_data'),
  no_issuer: of('invalid_card', 'never'),
  expiry: of('expired_card', 'fix_card_data'),
  csc: of('invalid_csc', 'fix_card_data'),
  card_data: of('card_declined', 'fix_card_data'),
  pin: of('card_declined', 'other_card'),
  payment_type: of('card_declined', 'other_payment_type'),
  authentication: of('card_declined', 'challenge'),
  request: of('card_declined', 'after_setup'),
  issuer_down: of('issuer_unavailable', 'later'),
  network_down: of('issuer_unavailable', 'later'),
  resend: of('issuer_unavailable', 'once'),
  duplicate: of('issuer_unavailable', 'never'),
} as const satisfies Record<string, CodeClass>;

export type CodeClassName = keyof typeof CODE_CLASSES;

/** One row of a table of codes. */
export interface CodeMeaning {
  class: CodeClassName;
  /** What it means, for the merchant. Not for shoppers. */
  reason: Words;
}

export function means(name: CodeClassName, en: string, ja: string): CodeMeaning {
  return { class: name, reason: { ja, en } };
}
