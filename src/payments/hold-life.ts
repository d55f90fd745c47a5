import type { MerchantSettings } from '../db/schema.ts';
import type { Brand } from '../lib/card.ts';
import { DAY, plus } from '../lib/clock.ts';

/**
 * For how many days a hold may be captured, by brand. The schemes let a hold that was marked as a pre-authorisation stand
 * for 30 days; cards issued in Japan are commonly captured within 60, which is JCB's case. Longer ones exist (up to 90),
 * but a capture that the issuer no longer knows of is one that the cardholder can dispute (docs/authorisations.md).
 */
export const HOLD_DAYS = {
  visa: 30,
  mastercard: 30,
  jcb: 60,
  amex: 30,
  diners: 30,
} as const satisfies Record<Brand, number>;

/** The merchant is told so long before a hold lapses; of a hold shorter than twice that, at its half. */
const WARN_BEFORE_MS = 3 * DAY;

/** How long a hold may be captured: the brand's figure, or what the merchant's contract says if that is less. */
export function holdLifeMs(settings: MerchantSettings, brand: Brand | null): number {
  return DAY * Math.min(HOLD_DAYS[brand ?? 'visa'], settings.captureWithinDays ?? Number.POSITIVE_INFINITY);
}

/** When to say that a hold is about to lapse. */
export function warnAt(hold: { authorizedAt: Date; captureBefore: Date }): Date {
  const life = hold.captureBefore.getTime() - hold.authorizedAt.getTime();
  return plus(hold.captureBefore, -Math.min(WARN_BEFORE_MS, life / 2));
}
