import type { Fault } from '../../lib/problem.ts';
import { field } from '../body.ts';

/**
 * A mandate is for a card that is kept, and a card is kept for somebody. Asking to save without a reference is allowed:
 * there is nobody to keep a card for then, and nobody is asked.
 */
export function savedCardFaults(body: unknown): Fault[] {
  const card = field(body, 'card') ?? {};
  if (field(card, 'mandate') === undefined) return [];
  const faults: Fault[] = [];
  if (field(field(body, 'customer') ?? {}, 'reference') === undefined) {
    const detail = 'is required with card.mandate: your own lasting id of the customer whose card is charged';
    faults.push({ pointer: '#/customer/reference', code: 'required', detail });
  }
  if (field(card, 'save') !== 'ask') {
    const detail = 'needs card.save ask: only a card that is kept can be charged later';
    faults.push({ pointer: '#/card/mandate', code: 'not_supported', detail });
  }
  return faults;
}
