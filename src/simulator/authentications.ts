import { createHash, randomUUID } from 'node:crypto';
import type { Brand } from '../lib/card.ts';
import type { Journal } from './journal.ts';
import type { AuthenticationScenario, IssuerScenario } from './test-cards.ts';

/**
 * One 3-D Secure transaction as Directory Server and ACS know it. No card number: brand and last four
 * digits.
 */
export interface Authentication {
  acsTransId: string;
  dsTransId: string;
  threeDsServerTransId: string;
  version: string;
  brand: Brand;
  last4: string;
  scenario: AuthenticationScenario;
  issuer: IssuerScenario;
  merchantName: string;
  /** Minor units. */
  amount: number;
  currency: string;
  exponent: number;
  notificationUrl: string;
  threeDsServerUrl: string;
  language: string;
  challenge: Challenge | null;
}

export interface Challenge {
  /** The first CReq came; what it carried besides is given back with the CRes. */
  begun: boolean;
  sessionData: string | null;
  wrongCodes: number;
  result: ChallengeResult | null;
  /** The RReq was sent, or is never to be sent. */
  reported: boolean;
}

export interface ChallengeResult {
  transStatus: 'Y' | 'N';
  reason: string | null;
  cancel: string | null;
}

export interface Authentications {
  open(input: Omit<Authentication, 'acsTransId' | 'dsTransId'>): Authentication;
  byAcsTransId(id: string): Authentication | null;
  byDsTransId(id: string): Authentication | null;
  change(authentication: Authentication, change: Partial<Challenge>): void;
}

/** Opens the memory of transactions from what the journal holds. */
export function openAuthentications(journal: Journal): Authentications {
  const byAcs = new Map<string, Authentication>();
  const byDs = new Map<string, Authentication>();
  const remember = (authentication: Authentication) => {
    byAcs.set(authentication.acsTransId, authentication);
    byDs.set(authentication.dsTransId, authentication);
  };
  for (const record of journal.past) {
    if (!isRecord(record)) continue;
    if (record.record === 'authentication') remember(record.authentication);
    else merge(byAcs.get(record.acsTransId), record.change);
  }
  return {
    open: (input) => {
      const authentication = { ...input, acsTransId: randomUUID(), dsTransId: randomUUID() };
      journal.append({ record: 'authentication', authentication } satisfies JournalRecord);
      remember(authentication);
      return authentication;
    },
    byAcsTransId: (id) => byAcs.get(id.toLowerCase()) ?? null,
    byDsTransId: (id) => byDs.get(id.toLowerCase()) ?? null,
    change: (authentication, change) => {
      const { acsTransId } = authentication;
      journal.append({ record: 'challenge', acsTransId, change } satisfies JournalRecord);
      merge(authentication, change);
    },
  };
}

/**
 * The authentication value (CAVV, AAV, AEVV) of a transaction: 20 bytes, the same whenever it is asked for.
 */
export function authenticationValueOf(authentication: Authentication): string {
  return createHash('sha256').update(authentication.acsTransId).digest().subarray(0, 20).toString('base64');
}

type JournalRecord =
  | { record: 'authentication'; authentication: Authentication }
  | { record: 'challenge'; acsTransId: string; change: Partial<Challenge> };

/** The journal's lines are our own: the mark says which kind. */
function isRecord(record: unknown): record is JournalRecord {
  if (typeof record !== 'object' || record === null || !('record' in record)) return false;
  return record.record === 'authentication' || record.record === 'challenge';
}

function merge(authentication: Authentication | undefined, change: Partial<Challenge>): void {
  if (authentication?.challenge) authentication.challenge = { ...authentication.challenge, ...change };
}
