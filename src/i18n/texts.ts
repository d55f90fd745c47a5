/** The texts of the shopper's pages. Plain, polite, short: what happened, whether money moved, what to do now. */
export type Language = 'ja' | 'en' | 'zh-Hans' | 'zh-Hant' | 'ko';

/** What a shopper reads as a heading and below it. */
export interface Message {
  title: string;
  text: string;
}

/** Faults of the card form, by field. */
export interface FieldTexts {
  number: Record<
    | 'missing'
    | 'invalid'
    | 'invalid_characters'
    | 'wrong_length'
    | 'unknown_brand'
    | 'check_digit'
    | 'not_a_test_card'
    | 'test_card',
    string
  >;
  exp: Record<'missing' | 'invalid' | 'expired', string>;
  csc: Record<'missing' | 'invalid_characters' | 'wrong_length', string>;
  name: Record<'missing' | 'invalid' | 'invalid_characters' | 'wrong_length', string>;
  email: Record<'missing' | 'invalid', string>;
}

/** Why an attempt failed, in the shopper's words. */
export type FailureText =
  | 'card_declined'
  /** The same, of an attempt that was not to be a lump sum. */
  | 'plan_declined'
  | 'authentication_failed'
  | 'authentication_rejected'
  | 'authentication_unavailable'
  | 'authentication_canceled'
  | 'authentication_timeout'
  | 'issuer_unavailable'
  | 'network_unavailable'
  | 'outcome_reversed'
  | 'abandoned';

export interface Texts {
  /** `lang` of the page. */
  lang: Language;
  languageName: string;
  languageNav: string;
  testMode: string;
  summary: {
    heading: string;
    total: string;
    taxIncluded: string;
    order: string;
    items: (count: number) => string;
    reducedTax: string;
    payBy: string;
  };
  form: {
    title: string;
    heading: string;
    number: string;
    exp: string;
    expExample: string;
    csc: string;
    cscBack: string;
    cscFront: string;
    cscEither: string;
    name: string;
    nameHint: string;
    email: string;
    emailHint: string;
    pay: (amount: string) => string;
    paying: string;
    secure: string;
    leave: string;
    faults: (count: number) => string;
    retypeCard: string;
    errorTitle: string;
    attemptsLeft: (count: number) => string;
    fromIssuer: string;
    fields: FieldTexts;
  };
  /** The fields in a shop's own page. */
  cardFields: { title: string; invalidKey: string; rateLimited: string; unavailable: string };
  /** Cards that are kept. Whoever changes what is agreed to changes `CONSENT_VERSION`. */
  keeping: {
    choose: string;
    another: string;
    expires: (date: string) => string;
    expired: (date: string) => string;
    remove: string;
    removeHint: string;
    removeNow: (card: string) => string;
    save: string;
    saveHint: string;
    charge: (shop: string) => string;
    chargeHint: string;
  };
  /** How the cardholder pays the issuer back. */
  paymentTypes: {
    label: string;
    hint: string;
    lumpSum: string;
    installments: (count: number) => string;
    revolving: string;
    bonus: string;
    bonusInstallments: (count: number) => string;
    chooseAgain: string;
    notForBrand: (brand: string, type: string) => string;
  };
  failures: Record<FailureText, Message>;
  threeDs: {
    preparing: Message;
    /** The same page when 3-D Secure lacks an address. */
    askingEmail: Message;
    continue: string;
    waiting: Message;
    challenge: Message;
    openChallenge: string;
    challengeFrame: string;
    fullPage: string;
    fullPageHint: string;
    anotherWay: string;
    returned: Message;
    goBack: string;
  };
  /** The hand-over to a bank. */
  bank: { title: string; text: string; open: string; check: string };
  /** Numbers that are paid elsewhere. `by`: a moment, for brackets. */
  numbers: {
    requesting: Message;
    issued: (by: string) => Message;
    expired: (by: string) => Message;
    withdrawn: Message;
    payBy: string;
    amount: string;
    printed: string;
    copy: string;
    copied: string;
    slip: string;
    print: string;
  };
  confirming: Message;
  checkAgain: string;
  results: Record<
    | 'paid'
    | 'alreadyPaid'
    | 'accepted'
    | 'voided'
    | 'refunded'
    | 'shopperCanceled'
    | 'merchantCanceled'
    | 'merchantExpired'
    | 'attemptsUsed'
    | 'replaced',
    Message
  > & { timedOut: (time: string) => Message };
  receipt: {
    heading: string;
    shop: string;
    item: string;
    order: string;
    ordered: string;
    refunded: string;
    card: string;
    cardEnding: (brand: string, last4: string) => string;
    paidAt: string;
  };
  toShop: string;
  toShopSoon: string;
  stay: string;
  staying: string;
  notFound: Message;
  busy: Message;
  refused: Message;
  tooLarge: Message;
  /** An entry by `/pay` that leads nowhere. */
  entry: Record<'refused' | 'stale' | 'paid' | 'inProgress' | 'ours', Message>;
  backToPage: string;
  reference: string;
  footer: { by: string; terms: string; contact: string };
}
