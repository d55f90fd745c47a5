import type { FailureCode } from '../db/schema.ts';

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
} as const satisfies Record<FailureCode, string>;

export function presentFailure(code: FailureCode | null): { code: FailureCode; message: string } | null {
  return code === null ? null : { code, message: FAILURES[code] };
}
