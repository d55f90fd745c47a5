import type { CardConsent, StoredCredential } from '../db/schema.ts';
import type { Language } from '../i18n/texts.ts';
import { MINUTE, plus } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { PaymentType } from '../lib/payment-type.ts';
import type { MethodId } from '../methods/method.ts';
import type { BrowserData, Enrolment } from '../threeds/port.ts';
import type { Token } from '../vault/tokens.ts';
import type { SavedCardRow } from './saved-cards.ts';
import type { AttemptRow, Snapshot } from './snapshot.ts';

/** An attempt ends within this of its start (contract, section 9). */
const ATTEMPT_MS = 15 * MINUTE;

/** What an attempt starts from. */
export interface Start {
  card: PaidCard;
  enrolled: Enrolment;
  paymentType: PaymentType;
  email: string | null;
  /** Of the page; null when there was none. */
  language: Language | null;
  /** Null when no browser has been met yet (a token by API). */
  browser: BrowserData | null;
  /** The stored card that is paid by. */
  saved: SavedCardRow | null;
  /** What the shopper agreed to along with it. */
  consent: CardConsent | null;
}

/** The card as far as it may be shown. */
export interface PaidCard
  extends Pick<Token, 'cardId' | 'brand' | 'last4' | 'expMonth' | 'expYear' | 'cardholderName'> {
  tokenId: string | null;
}

/** Only what an attempt has of it, whatever else its row holds. */
export function paidCard(from: Omit<PaidCard, 'tokenId'>, tokenId: string | null): PaidCard {
  const { cardId, brand, last4, expMonth, expYear, cardholderName } = from;
  return { tokenId, cardId, brand, last4, expMonth, expYear, cardholderName };
}

export function attemptRow(locked: Snapshot, start: Start, now: Date): AttemptRow {
  const { card, enrolled, paymentType, email, language, browser, saved, consent } = start;
  const runsMethod = enrolled.enrolled === true && enrolled.methodUrl !== null && browser?.javascriptEnabled;
  return {
    ...startedAttempt(locked, 'card', now),
    phase: browser === null || runsMethod ? 'preparing' : 'authenticating',
    ...card,
    paymentType: paymentType.type,
    installments: paymentType.count,
    savedCardId: saved?.id ?? null,
    consent,
    storedCredential: storedCredential(locked, saved, consent),
    email,
    language,
    browser,
  };
}

/** An attempt by a number or at a bank: the voucher centre is asked first. */
export function numberAttemptRow(
  locked: Snapshot,
  { method, email, language }: { method: MethodId; email: string | null; language: Language },
  now: Date,
): AttemptRow {
  return { ...startedAttempt(locked, method, now), phase: 'requesting', email, language };
}

function startedAttempt({ session, payment, attempts }: Snapshot, method: MethodId, now: Date): AttemptRow {
  return {
    merchantId: session.merchantId,
    id: newId('att', now),
    sessionId: session.id,
    paymentId: payment?.id ?? '',
    ordinal: attempts.length + 1,
    method,
    status: 'in_progress',
    phase: null,
    failure: null,
    failureDetail: null,
    counts: true,
    tokenId: null,
    cardId: null,
    brand: null,
    last4: null,
    expMonth: null,
    expYear: null,
    cardholderName: null,
    paymentType: null,
    installments: null,
    savedCardId: null,
    consent: null,
    storedCredential: null,
    email: null,
    language: null,
    browser: null,
    createdAt: now,
    deadlineAt: plus(now, ATTEMPT_MS),
    endedAt: null,
  };
}

/** Where the shopper agrees anew, that is the payment which later ones refer to. */
function storedCredential(
  { session }: Snapshot,
  saved: SavedCardRow | null,
  consent: CardConsent | null,
): StoredCredential | null {
  if (consent !== null) return { use: 'first' };
  if (saved === null) return null;
  const { firstRrn: rrn, firstDsTransId: dsTransId, firstEci: eci } = saved;
  return {
    use: session.origin === 'charge' ? 'merchant' : 'cardholder',
    first: { rrn, dsTransId, eci },
  };
}
