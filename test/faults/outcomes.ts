/** The contract's table of section 8: what becomes of an attempt, by 3DS scenario (TT) and issuer scenario (AA). */
export const BY_AA = ['00', '01', '04', '08', '10', '12'] as const;

export const BY_TT = {
  '02': 'authentication_failed',
  '03': 'authentication_rejected',
  '05': 'authentication_unavailable',
  '06': 'authentication_unavailable',
  '07': 'authentication_unavailable',
  '09': 'authentication_unavailable',
  '11': 'authentication_unavailable',
  '14': 'abandoned',
} as const;

export const OUTCOME_OF_AA = {
  '00': null,
  '05': 'card_declined',
  '51': 'insufficient_funds',
  '54': 'expired_card',
  '57': 'card_declined',
  '61': 'limit_exceeded',
  '65': 'limit_exceeded',
  '82': 'invalid_csc',
  '91': 'issuer_unavailable',
  '96': 'issuer_unavailable',
  '20': 'outcome_reversed',
  '21': 'outcome_reversed',
  '22': null,
  '27': 'outcome_reversed',
  '28': 'network_unavailable',
  '25': null,
  '26': null,
} as const;

export type Aa = keyof typeof OUTCOME_OF_AA;

export interface Case {
  tt: string;
  aa: Aa;
  capture: 'automatic' | 'manual';
  /** Null = the attempt succeeds. */
  failure: string | null;
}

export function allCases(): Case[] {
  const aas = Object.keys(OUTCOME_OF_AA) as Aa[];
  const captures = ['automatic', 'manual'] as const;
  const each = (tt: string, failureOf: (aa: Aa) => string | null): Case[] =>
    aas.flatMap((aa) => captures.map((capture) => ({ tt, aa, capture, failure: failureOf(aa) })));
  return [
    ...BY_AA.flatMap((tt) => each(tt, (aa) => OUTCOME_OF_AA[aa])),
    ...Object.entries(BY_TT).flatMap(([tt, failure]) => each(tt, () => failure)),
  ];
}
