import type { CardConsent, CardPurpose } from '../db/schema.ts';
import type { Visit } from './snapshot.ts';

/**
 * Version of the words by which the page asks (`keeping` in the texts). It is kept with every agreement: whoever changes
 * what they say makes a new one. A test holds the two together.
 */
export const CONSENT_VERSION = '1';

/** What a session asks the shopper: to keep the card, and to let the merchant charge it for what it describes. */
export function asksToKeep({ session }: Pick<Visit, 'session'>): { mandate: string | null } | null {
  const { save, mandate } = session.card;
  return save === 'ask' && session.customer.reference ? { mandate: mandate?.description ?? null } : null;
}

/** The agreement, of what was ticked and had been asked; null where that is nothing. */
export function consentOf(
  visit: Visit,
  ticked: { save: boolean; charge: boolean },
  language: string,
): CardConsent | null {
  const asked = asksToKeep(visit);
  if (asked === null) return null;
  const charge = ticked.charge && asked.mandate !== null;
  const purposes: CardPurpose[] = [
    ...(ticked.save ? (['next_time'] as const) : []),
    ...(charge ? (['merchant_charges'] as const) : []),
  ];
  if (purposes.length === 0) return null;
  return {
    purposes,
    description: charge ? asked.mandate : null,
    textVersion: CONSENT_VERSION,
    language,
    agreedAt: visit.merchant.clock.now().toISOString(),
  };
}
