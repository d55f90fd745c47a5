import { BRAND_NAMES, type Brand } from '../../lib/card.ts';
import { shopNameOf } from '../../merchants/merchant.ts';
import { asksToKeep } from '../../payments/consent.ts';
import { isExpired, type SavedCardRow } from '../../payments/saved-cards.ts';
import type { Visit } from '../../payments/snapshot.ts';
import type { Kept } from './card-form.ts';
import type { Frame } from './page.ts';

/** A card that the shopper kept, as the page offers it. */
export interface KeptCard {
  id: string;
  brand: Brand;
  /** Brand and last four digits. */
  name: string;
  expiry: string;
  expired: boolean;
  chosen: boolean;
}

/** What the page asks along with the card: unticked until the shopper ticks it. */
export interface Asked {
  charge: { title: string; description: string } | null;
}

export const NEW_CARD = 'new';

/** The stored card that the form chose. Null: a new one, also where the stored one cannot be paid by any more. */
export function chosenCard(use: string | null, { savedCards, merchant }: Visit): SavedCardRow | null {
  return savedCards.find((card) => card.id === use && !isExpired(card, merchant)) ?? null;
}

/** The newest that is good is chosen, unless the shopper chose otherwise. */
export function keptCards({ t }: Frame, visit: Visit, { use }: Kept): KeptCard[] {
  const { savedCards, merchant } = visit;
  const good = savedCards.filter((card) => !isExpired(card, merchant));
  const chosen = use === NEW_CARD ? null : (good.find(({ id }) => id === use) ?? good[0] ?? null);
  return savedCards.map((card) => ({
    id: card.id,
    brand: card.brand,
    name: t.receipt.cardEnding(BRAND_NAMES[card.brand], card.last4),
    expiry: `${String(card.expMonth).padStart(2, '0')}/${String(card.expYear % 100).padStart(2, '0')}`,
    expired: isExpired(card, merchant),
    chosen: card.id === chosen?.id,
  }));
}

export function askedToKeep({ t }: Frame, visit: Visit): Asked | null {
  const asked = asksToKeep(visit);
  if (asked === null) return null;
  const { mandate } = asked;
  const title = t.keeping.charge(shopNameOf(visit.merchant));
  return { charge: mandate === null ? null : { title, description: mandate } };
}
