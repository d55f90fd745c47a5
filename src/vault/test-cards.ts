import type { Mode } from '../config.ts';
import type { Brand, Pan } from '../lib/card.ts';
import type { Secret } from '../lib/secret.ts';

/**
 * The cards that exist in test mode, and only there: contract, section 8. Six digits name the brand, two the
 * 3DS scenario, two the issuer's; zeros and the check digit (which `parsePan` has verified) fill the rest.
 */
const SCENARIO_CARDS = {
  visa: /^400000\d{4}00000\d$/,
  mastercard: /^555555\d{4}00000\d$/,
  jcb: /^353011\d{4}00000\d$/,
  amex: /^378282\d{4}0000\d$/,
  diners: /^360000\d{4}000\d$/,
} as const satisfies Record<Brand, RegExp>;

/** Numbers known from every gateway's documentation; here they approve without a challenge. */
const FAMILIAR_CARDS = {
  visa: '4111111111111111',
  mastercard: '5555555555554444',
  jcb: '3530111333300000',
  amex: '378282246310005',
  diners: '36006666333344',
} as const satisfies Record<Brand, string>;

/** Whether a card belongs to the other mode: live mode refuses test cards, test mode everything else. */
export function modeFault(
  mode: Mode,
  card: { pan: Secret<Pan>; brand: Brand },
): 'not_a_test_card' | 'test_card' | null {
  const isTestCard = isTest(card.pan.reveal(), card.brand);
  if (mode === 'test') return isTestCard ? null : 'not_a_test_card';
  return isTestCard ? 'test_card' : null;
}

function isTest(pan: Pan, brand: Brand): boolean {
  return SCENARIO_CARDS[brand].test(pan) || FAMILIAR_CARDS[brand] === pan;
}
