/** The voucher centre as the service sees it (docs/voucher-centre.md). Amounts in yen. */

export interface Payer {
  /** What the terminal prints: full-width, at most 10 characters each; `name2` may be empty. */
  name1: string;
  name2: string;
  /** Full-width katakana, at most 15; null where the service prints none. */
  kana: string | null;
  /** Digits, at most 11; null where the service needs none. */
  phone: string | null;
}

export interface NumberRequest {
  /** Ours, unique: the same request again gives the same number. */
  reference: string;
  service: 'konbini' | 'payeasy' | 'bank_link';
  /** Chain or bank. */
  choice: string | null;
  merchantId: string;
  orderId: string;
  amount: number;
  payBy: Date;
  payer: Payer;
  /** What the terminal shows as the thing paid for: full-width, at most 12 characters. */
  content: string;
  /** Where the bank sends the shopper back to. */
  returnUrl: string;
}

/** Money that the centre took. `serial` is its receipt number, unique for all time. */
export interface Deposit {
  serial: string;
  amount: number;
  paidAt: Date;
  place: string;
}

/** How a number stands at the centre. */
export interface Standing {
  status: 'issued' | 'withdrawn' | 'expired' | 'declined' | 'canceled';
  /** By the centre's words for its parts. */
  numbers: Record<string, string>;
  /** 44 digits of a payment slip, or null. */
  barcode: string | null;
  /** The bank's page, or null. */
  url: string | null;
  deposits: Deposit[];
}

/** What came of a call. Only `standing`, `refused` and `not_withdrawable` were said by the centre. */
export type Answer =
  | { kind: 'standing'; standing: Standing }
  /** For good; the error is the centre's word. */
  | { kind: 'refused'; error: string }
  | { kind: 'not_withdrawable' }
  /** An inquiry for a reference that the centre never heard of. */
  | { kind: 'unheard' }
  /** It certainly never left. */
  | { kind: 'not_sent'; reason: string }
  | { kind: 'unknown'; reason: string };

export interface Notice {
  reference: string;
  kind: 'paid' | 'expired' | 'declined' | 'canceled';
  deposit: Deposit | null;
}

export interface VoucherCentre {
  issue(request: NumberRequest): Promise<Answer>;
  inquire(reference: string): Promise<Answer>;
  withdraw(reference: string): Promise<Answer>;
  /** Test mode: lets the simulated centre take money or let a number expire. */
  control(reference: string, verb: 'pay' | 'expire'): Promise<boolean>;
  /** Reads a notice; null where its signature or its form is wrong. */
  readNotice(request: { url: string; headers: Headers; body: string }): Notice | null;
}
