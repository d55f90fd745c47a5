/** What a requestor asks of the issuer about a challenge (EMV 3DS 2.2.0, threeDSRequestorChallengeInd). */
import type { ChallengePreference } from '../db/schema.ts';
import type { Version } from './field-rule.ts';

/** 08 and 09 speak of a trust list, which we keep none of. */
const INDICATOR = {
  no_preference: '01',
  no_challenge: '02',
  challenge_preferred: '03',
  challenge_mandated: '04',
  risk_analysed: '05',
  data_share_only: '06',
  strongly_authenticated: '07',
} as const satisfies Record<ChallengePreference, string>;

/** 2.1.0 knows only the first four: who asks for no challenge for a reason asks there for none. */
export function challengeIndicator(preference: ChallengePreference, version: Version): string {
  const indicator = INDICATOR[preference];
  return version === '2.1.0' && indicator > '04' ? INDICATOR.no_challenge : indicator;
}

/** Whether the issuer may answer I, "for your information": the payment then goes on without liability shift. */
export function mayInform(preference: ChallengePreference): boolean {
  return INFORMED.includes(preference);
}

const INFORMED: readonly ChallengePreference[] = [
  'risk_analysed',
  'data_share_only',
  'strongly_authenticated',
];
