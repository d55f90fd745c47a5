/** To the shopper, or (`staff_…`) to people of the merchant's. */
export const MAIL_KINDS = [
  'number_issued',
  'number_reminder',
  'number_paid',
  'number_expired',
  'card_paid',
  'refunded',
  'payment_request',
  'payment_request_reminder',
  'payment_request_canceled',
  'user_invited',
  'user_reset',
  'user_password_changed',
  'user_factor_changed',
  'staff_paid',
  'staff_late',
  'staff_duplicate',
  'staff_endpoint_failing',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** The words of mails. */
export interface MailTexts {
  /** The subject in test mode. */
  test: (subject: string) => string;
  /** Whom it comes from: the shop, by way of us. */
  from: (shop: string) => string;
  kinds: Record<MailKind, KindOfMail>;
  /** Before a value. */
  labels: Record<
    | 'shop'
    | 'order'
    | 'amount'
    | 'refunded'
    | 'method'
    | 'place'
    | 'payBy'
    | 'endpoint'
    | 'about'
    | 'loginId'
    | 'until',
    string
  >;
  /** Before a mail with the shop's own words. */
  dear: (name: string) => string;
  foot: {
    /** How to find out whether a request is genuine; the address is to be typed, not followed. */
    check: (address: string) => string;
    /** Why this came, and whom to ask; to shoppers. */
    shopper: (shop: string) => string;
    staff: string;
    /** To somebody who may log in to the console. */
    user: string;
    /** In addition, where it has a link that works once. */
    userLink: string;
    /** In test mode. */
    test: string;
  };
}

export interface KindOfMail {
  subject: (shop: string) => string;
  /** What happened. */
  heading: string;
  /** Whether money moved, and what to do now. */
  text: string;
  /** On the one button, where there is one. */
  action?: string;
}
