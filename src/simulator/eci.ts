import type { Brand } from '../lib/card.ts';

/** Electronic commerce indicator by brand and transStatus: Mastercard counts in its own way. */
export function eciOf(brand: Brand, transStatus: string): string {
  const mastercard = brand === 'mastercard';
  if (transStatus === 'Y') return mastercard ? '02' : '05';
  if (transStatus === 'A') return mastercard ? '01' : '06';
  return mastercard ? '00' : '07';
}
