import { DAY, HOUR, MINUTE, SECOND } from '../lib/clock.ts';

/**
 * The limits against card testing: trying many numbers to find those that pay. They count what was declined, by the
 * issuer or in 3-D Secure, since honest shoppers behind one address of a mobile carrier mostly succeed.
 * Figures: docs/card-testing.md, from Visa's and Mastercard's retry rules and the Japanese security guideline.
 */
export const LIMITS = {
  /** Declines of one card, at any merchant: then it is refused before the network is asked. */
  card: [
    { declines: 5, withinMs: HOUR },
    { declines: 10, withinMs: DAY },
  ],
  /** Declines from one address (an IPv6 one is its /64), at any merchant: answers slow down, then it is refused. */
  address: { slowFrom: 5, refuseFrom: 10, withinMs: 10 * MINUTE, cards: 20, cardsWithinMs: DAY },
  /** Declines within one BIN at one merchant: then everybody with such a card is challenged. */
  bin: { declines: 30, withinMs: 10 * MINUTE },
  /** Share of declines among a merchant's attempts: then everybody there is challenged, for `openMs` at least. */
  merchant: { attempts: 50, rate: 0.8, withinMs: HOUR, openMs: HOUR },
} as const;

/** Declines so far, each within the time of its limit. */
export interface Counts {
  card: readonly number[];
  address: number;
  /** Different cards declined from the address. */
  addressCards: number;
  bin: number;
  breakerOpen: boolean;
}

export type LimitName = 'card' | 'address' | 'bin' | 'merchant';

export type Verdict =
  | { kind: 'allow' }
  /** The network is asked only after this time. */
  | { kind: 'slow'; reason: LimitName; delayMs: number }
  /** Only a challenge that the shopper passes may lead to an authorisation. */
  | { kind: 'step_up'; reason: LimitName; delayMs: number }
  /** The network is not asked. */
  | { kind: 'refuse'; reason: LimitName };

/** The longest that a shopper is made to wait. */
const LONGEST_DELAY_MS = 8 * SECOND;

/** What the counts say of the next attempt. Pure. */
export function judge(counts: Counts): Verdict {
  const { card, address, bin } = LIMITS;
  if (card.some(({ declines }, index) => (counts.card[index] ?? 0) >= declines)) {
    return { kind: 'refuse', reason: 'card' };
  }
  if (counts.address >= address.refuseFrom || counts.addressCards >= address.cards) {
    return { kind: 'refuse', reason: 'address' };
  }
  const over = counts.address - address.slowFrom;
  const delayMs = over < 0 ? 0 : Math.min(SECOND * 2 ** over, LONGEST_DELAY_MS);
  if (counts.bin >= bin.declines) return { kind: 'step_up', reason: 'bin', delayMs };
  if (counts.breakerOpen) return { kind: 'step_up', reason: 'merchant', delayMs };
  return delayMs > 0 ? { kind: 'slow', reason: 'address', delayMs } : { kind: 'allow' };
}

/** Whether a merchant's last hour looks like card testing. */
export function breaks({ trials, declines }: { trials: number; declines: number }): boolean {
  return trials >= LIMITS.merchant.attempts && declines >= trials * LIMITS.merchant.rate;
}
