import { createHash } from 'node:crypto';
import type { Brand } from '../lib/card.ts';
import { testRanges } from './test-cards.ts';

/** One item of `cardRangeData` (PRes 2.1.0 and 2.2.0; EMV 3DS table A.6). */
export interface CardRange {
  startRange: string;
  endRange: string;
  actionInd: 'A';
  dsStartProtocolVersion: string;
  dsEndProtocolVersion: string;
  acsStartProtocolVersion: string;
  acsEndProtocolVersion: string;
  threeDSMethodURL?: string;
  acsInfoInd?: string[];
}

/** The scenarios whose ACS wants its 3DS Method run first; 08 never completes it. */
const WITH_METHOD: ReadonlySet<string> = new Set(['01', '08', '10']);

/** The card ranges of a brand as the Directory Server publishes them, and the serial number of that list. */
export function cardRanges(
  brand: Brand,
  version: string,
  methodUrl: (scenario: string) => string,
): { ranges: CardRange[]; serial: string } {
  const ranges = testRanges(brand).map(
    ({ start, end, authentication }): CardRange => ({
      startRange: start,
      endRange: end,
      actionInd: 'A',
      dsStartProtocolVersion: '2.1.0',
      dsEndProtocolVersion: '2.2.0',
      acsStartProtocolVersion: '2.1.0',
      acsEndProtocolVersion: lastVersionOf(authentication),
      ...(WITH_METHOD.has(authentication) ? { threeDSMethodURL: methodUrl(authentication) } : {}),
      ...(version === '2.1.0' ? {} : { acsInfoInd: ['01', '02'] }),
    }),
  );
  const serial = createHash('sha256').update(JSON.stringify(ranges)).digest('hex').slice(0, 16);
  return { ranges, serial };
}

/** The newest version that the issuer of this scenario speaks. */
export function lastVersionOf(scenario: string): string {
  return scenario === '12' ? '2.1.0' : '2.2.0';
}
