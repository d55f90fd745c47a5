import type { Fault } from '../../lib/problem.ts';
import { field } from '../body.ts';

/** A card is kept for somebody: without a reference there is nobody to keep it for, nor to ask. */
export function savedCardFaults(body: unknown): Fault[] {
  const card = field(body, 'card') ?? {};
  const asks = field(card, 'save') === 'ask';
  const faults: Fault[] = [];
  if (asks && field(field(body, 'customer') ?? {}, 'reference') === undefined) {
    const detail = 'is required with card.save ask: your own lasting id of the customer who keeps the card';
    faults.push({ pointer: '#/customer/reference', code: 'required', detail });
  }
  if (!asks && field(card, 'mandate') !== undefined) {
    const detail = 'needs card.save ask: only a card that is kept can be charged later';
    faults.push({ pointer: '#/card/mandate', code: 'not_supported', detail });
  }
  return faults;
}
