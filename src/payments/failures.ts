import { classify, type Decline } from '../acquirer/response-codes.ts';
import type { FailureCode } from '../db/schema.ts';
import { reasonText } from '../threeds/reasons.ts';
import type { AttemptRow, Snapshot } from './snapshot.ts';

/** Why an attempt failed, in words for the merchant's developer. Shoppers read their own texts (`i18n/`). */
export const FAILURES = {
  card_declined: 'The issuer declined the card.',
  insufficient_funds: 'The card has not enough funds.',
  limit_exceeded: 'The card is over its amount or frequency limit.',
  expired_card: 'The card has expired.',
  invalid_card: 'The card number or its data is not valid.',
  invalid_csc: 'The security code is wrong.',
  contact_issuer: 'The cardholder must contact the issuer.',
  authentication_failed: '3-D Secure: the cardholder was not authenticated.',
  authentication_rejected: '3-D Secure: the issuer rejected the payment.',
  authentication_unavailable: '3-D Secure could not be performed.',
  authentication_canceled: '3-D Secure: the cardholder cancelled.',
  authentication_timeout: '3-D Secure was not finished in time.',
  issuer_unavailable: 'The issuer cannot be reached at the moment.',
  network_unavailable: 'The payment was not sent: the network is not reachable. Nothing was charged.',
  outcome_reversed: 'No answer came in time; whatever was authorised has been reversed.',
  abandoned: 'The shopper chose another way to pay or left.',
  blocked: 'Blocked by a limit against card testing.',
  number_refused: 'The voucher centre gave out no number.',
  bank_declined: 'The bank declined the payment.',
  bank_canceled: "The shopper cancelled at the bank's page.",
  bank_timeout: 'The payment at the bank was not finished in time.',
} as const satisfies Record<FailureCode, string>;

/** What the network said when it declined an attempt; null where it was not the network that ended it. */
export function declineOf({ operations }: Pick<Snapshot, 'operations'>, attempt: AttemptRow): Decline | null {
  const declined = operations.find(
    ({ kind, attemptId, status }) =>
      attemptId === attempt.id && status === 'failed' && (kind === 'sale' || kind === 'authorize'),
  );
  if (declined === undefined || declined.responseCode === null) return null;
  return classify(declined.responseCode, declined.japanCode);
}

/** The API's words: `reason` and `advice` are there where the network gave a code. */
export function presentFailure(snapshot: Snapshot, attempt: AttemptRow | null) {
  if (attempt === null || attempt.failure === null) return null;
  const decline = declineOf(snapshot, attempt);
  const { authentication } = snapshot;
  const reason = authentication?.attemptId === attempt.id ? reasonText(authentication.reason) : null;
  const told = {
    code: attempt.failure,
    message: FAILURES[attempt.failure],
    ...(reason === null ? {} : { reason }),
  };
  return decline === null ? told : { ...told, reason: decline.reason.en, advice: decline.advice };
}
