import { type PayPlace, PLACES } from '../../i18n/number/texts.ts';
import type { Choice, Method } from '../../methods/method.ts';

/** Our own small drawings, `views/pay/drawings.eta`. */
export type Drawing = 'show' | 'say' | 'machine' | 'type' | 'check' | 'voucher' | 'cash' | 'bank';

/** What each step shows, as many as it has sentences. */
export const STEP_DRAWINGS: Record<PayPlace, readonly Drawing[]> = {
  seven_eleven: ['show', 'say', 'cash'],
  familymart: ['machine', 'type', 'voucher', 'cash'],
  lawson: ['machine', 'type', 'voucher', 'cash'],
  ministop: ['machine', 'type', 'voucher', 'cash'],
  seicomart: ['machine', 'type', 'voucher', 'cash'],
  daily_yamazaki: ['say', 'type', 'cash'],
  atm: ['machine', 'type', 'cash'],
  net_banking: ['bank', 'type', 'check'],
};

/** Where a number can be paid: at its chain, or at an ATM and in net banking. */
export function placesOf(method: Method, choice: Choice | null): PayPlace[] {
  if (method.id !== 'konbini') return ['atm', 'net_banking'];
  return PLACES.filter((place) => place === choice?.id);
}
