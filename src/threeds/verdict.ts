/**
 * Who bears the loss of a disputed payment: EMV 3DS leaves it to the brands, and each says it by the electronic
 * commerce indicator (ECI) it gives beside the transStatus. Only an indicator that fits the status counts: a
 * cryptogram beside any other status proves nothing.
 */
import type { Brand } from '../lib/card.ts';

export interface Proof {
  brand: Brand;
  transStatus: string | null;
  /** As the brand gave it, never translated. */
  eci: string | null;
  authenticationValue: string | null;
}

/** Whether the issuer bears the loss: authenticated or attempted, with the brand's indicator and a value. */
export function liabilityShift({ brand, transStatus, eci, authenticationValue }: Proof): boolean {
  if (transStatus !== 'Y' && transStatus !== 'A') return false;
  return authenticationValue !== null && authenticationValue !== '' && eci === SHIFTING[brand][transStatus];
}

const COMMON = { Y: '05', A: '06' } as const;

/** The indicator of an authenticated (Y) and of an attempted (A) payment. 07, 00, 04 and 06 elsewhere shift nothing. */
const SHIFTING = {
  visa: COMMON,
  jcb: COMMON,
  amex: COMMON,
  diners: COMMON,
  mastercard: { Y: '02', A: '01' },
} as const satisfies Record<Brand, Record<'Y' | 'A', string>>;
