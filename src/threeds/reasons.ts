/**
 * Why an issuer did not authenticate: transStatusReason in words for the merchant's developer (EMV 3DS 2.2.0, table A.8).
 * Shoppers get the issuer's own words (cardholderInfo), or none: a reason says too much of a card to whoever holds it.
 */
const REASONS: Readonly<Record<string, string>> = {
  '01': 'Card authentication failed.',
  '02': 'The issuer does not know the device.',
  '03': 'The issuer does not support the device.',
  '04': 'The card was authenticated too often in a short time.',
  '05': 'The card has expired.',
  '06': 'The card number is not valid.',
  '07': 'The issuer does not take this kind of transaction.',
  '08': 'The issuer has no record of the card.',
  '09': 'A security failure at the issuer.',
  '10': 'The card was reported stolen.',
  '11': 'The issuer suspects fraud.',
  '12': 'The cardholder may not make this transaction.',
  '13': 'The cardholder is not enrolled in 3-D Secure.',
  '14': 'The challenge timed out at the issuer.',
  '15': 'The issuer has low confidence.',
  '16': 'The issuer has medium confidence.',
  '17': 'The issuer has high confidence.',
  '18': 'The issuer has very high confidence.',
  '19': 'The issuer allows no more challenges of this card for now.',
  '20': 'The issuer takes no authentication without a payment.',
  '21': 'The issuer takes no authentication without the cardholder.',
  '22': 'A technical problem at the issuer.',
  '23': 'The issuer wanted to authenticate apart from the browser, which was not asked for.',
  '24': 'Authentication apart from the browser took too long.',
  '25': 'Too little time was given for authentication apart from the browser.',
  '26': 'Authentication was attempted, but the cardholder did not take part.',
};

/** Codes from 80 on are a Directory Server's own. Null where there was no reason. */
export function reasonText(code: string | null): string | null {
  return code === null ? null : (REASONS[code] ?? `The issuer gave reason ${code}.`);
}
