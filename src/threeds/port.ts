import type { Account, Address, AttemptBrowser, ChallengePreference, Risk } from '../db/schema.ts';
import type { Brand } from '../lib/card.ts';

/** What the browser told us about itself (EMV 3DS 2.2.0 table A.1, browser elements). */
export type BrowserData = AttemptBrowser;
export type PostalAddress = Address;

export interface Shopper {
  cardholderName: string;
  email: string | null;
  /** E.164, e.g. `+819012345678`. */
  phone: string | null;
  /** The shop's own name for the customer. */
  reference: string | null;
  account: Account | undefined;
  billingAddress: PostalAddress | null;
  shippingAddress: PostalAddress | null;
}

export interface Requestor {
  merchantId: string;
  merchantName: string;
  url: string;
  mcc: string;
  /** ISO 3166-1 numeric. */
  countryCode: string;
  acquirerBin: string;
  acquirerMerchantId: string;
}

/** What the card range cache says about a card, before anything is sent. */
export type Enrolment =
  | { enrolled: false }
  | { enrolled: true; version: '2.1.0' | '2.2.0'; methodUrl: string | null }
  | { enrolled: 'unknown'; reason: string };

export interface AuthenticationRequest {
  mode: 'test' | 'live';
  transId: string;
  version: '2.1.0' | '2.2.0';
  card: { merchantId: string; cardId: string };
  brand: Brand;
  /** Y: 3DS Method done, N: not done in time, U: the range has none. */
  compInd: 'Y' | 'N' | 'U';
  /** What we ask of the issuer: a challenge, none, or whatever it thinks right. */
  challenge: ChallengePreference;
  requestor: Requestor;
  shopper: Shopper;
  risk: Risk | null;
  browser: BrowserData;
  /** Minor units. */
  amount: number;
  currency: 'JPY';
  /** Number of payments that the cardholder pays back in; absent or null where there is just one, or no number. */
  installments?: number | null;
  purchasedAt: Date;
}

/** The ARes as a verdict. `proof` stands where the payment may be authorised with it. */
export type AuthenticationResult =
  | {
      kind: 'authenticated';
      transStatus: 'Y' | 'A';
      ids: TransIds;
      eci: string | null;
      authenticationValue: string;
    }
  /** For information only, as was asked: authorised without liability shift. */
  | {
      kind: 'informational';
      transStatus: 'I';
      ids: TransIds;
      eci: string | null;
      authenticationValue: string | null;
    }
  | { kind: 'challenge'; ids: TransIds; acsUrl: string; cardholderInfo: string | null }
  | {
      kind: 'refused';
      transStatus: 'N' | 'R';
      ids: TransIds;
      eci: string | null;
      reason: string | null;
      cardholderInfo: string | null;
    }
  /** U, not enrolled, Erro, no answer, or an answer that cannot be trusted. */
  | {
      kind: 'unavailable';
      transStatus: string | null;
      ids: TransIds | null;
      eci: string | null;
      detail: string;
      /** Who holds the browser brought it about: no policy of the merchant goes on then. */
      byBrowser?: true;
    };

export interface TransIds {
  acsTransId: string;
  dsTransId: string;
}
