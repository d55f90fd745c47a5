import type { Brand } from '../lib/card.ts';
import type { PaymentType } from '../lib/payment-type.ts';
import type { SealedSecurityCode } from '../vault/security-codes.ts';

/** What can be asked of the acquirer. `sale` authorises and captures in one; `authorize` only holds. */
export type OperationKind = 'sale' | 'authorize' | 'capture' | 'void' | 'refund' | 'reversal';

/**
 * The answer to one message, one of four. Only `approved` and `declined` say anything about money: `not_sent`
 * means that not a byte left, `unknown` that it may have been processed or not.
 */
export type Outcome =
  | { kind: 'approved'; responseCode: string; approvalCode: string | null }
  /** `japanCode`: the Japanese code (G.., C..) beside DE39, where there is one. */
  | { kind: 'declined'; responseCode: string; japanCode: string | null }
  | { kind: 'not_sent'; reason: string }
  | { kind: 'unknown'; reason: string };

/** The ids a message is known by on the network, chosen before it is sent and kept with the intent. */
export interface NetworkIds {
  /** DE41, the terminal of the link that first sends it (8 characters). */
  terminal: string;
  /** DE11, 6 digits. */
  stan: string;
  /** DE37, 12 characters. */
  rrn: string;
  /** DE7, UTC; seconds matter, milliseconds are dropped. */
  transmittedAt: Date;
}

/** Proof of authentication that travels with an authorisation (DE48). */
export interface ThreeDsProof {
  version: string;
  eci: string | null;
  authenticationValue: string | null;
  dsTransId: string;
}

/** The payment in which the cardholder let the card be stored. */
export interface FirstPayment {
  rrn: string;
  /** Of its 3-D Secure, when there was one. */
  dsTransId: string | null;
  eci: string | null;
}

/** `first`: this payment stores the card; else it pays by a stored one, at the cardholder's or the merchant's wish. */
export type StoredCard = { use: 'first' } | { use: 'cardholder' | 'merchant'; first: FirstPayment };

export interface OperationMessage extends NetworkIds {
  kind: OperationKind;
  /**
   * After this it must not leave any more, for its reversal may have left by then: a sale or authorisation. Null for
   * what is repeated until it is answered.
   */
  sendBy: Date | null;
  /** True when the same message (same STAN and RRN) was sent before: 0221, 0401, 0201. */
  repeat: boolean;
  /** DE42: the merchant's id at the acquirer. */
  acquirerMerchantId: string;
  mcc: string;
  merchantName: string;
  orderId: string;
  /** Minor units. A void or reversal carries the original's amount. */
  amount: number;
  currency: 'JPY';
  brand: Brand;
  /** The sealed card; the connector opens it only while it writes the message. */
  card: { merchantId: string; cardId: string };
  /** Only on `sale` and `authorize`; taken out of the vault by the transaction that recorded the intent. */
  securityCode: SealedSecurityCode | null;
  threeDs: ThreeDsProof | null;
  /** DE63; like its details it travels on `sale` and `authorize` alone. */
  paymentType: PaymentType;
  /** YYMM of the bonus that `bonus` and `bonus_installments` are charged to. */
  bonusMonth: string | null;
  /** Like the payment type it travels on `sale` and `authorize` alone. */
  storedCard: StoredCard | null;
  /** The operation this one refers to (DE90): for capture, void, refund and reversal. */
  original: (NetworkIds & { kind: OperationKind; approvalCode: string | null }) | null;
}

/** The acquirer's link as the rest of the house sees it. */
export interface Acquirer {
  /** Sends one message and waits for its answer, at most the configured time. Never throws for what the network does. */
  send(message: OperationMessage): Promise<Outcome>;
  /** The terminal id (DE41) of this process's link. */
  readonly terminal: string;
  /** Signed on and able to send. */
  ready(): boolean;
  /** Lets what is in flight finish (at most the configured time), signs off, closes. */
  close(): Promise<void>;
}
