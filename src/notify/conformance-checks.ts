import { HOUR, plus } from '../lib/clock.ts';
import { newSecret, signEd25519, signHmac } from '../lib/sign.ts';
import type { Signers } from './conformance.ts';
import { idOf, NOBODY, type SyntheticEvent, syntheticPayload } from './conformance-events.ts';
import { unixSeconds } from './sign-event.ts';

/** One request of a check. A missing `signature` is a header that is not sent. */
export interface Shot {
  id: string;
  timestamp: string;
  signature: string | null;
  payload: string;
}

/** A check: what is sent, in this order, and whether each must be taken (2xx) or refused. */
export interface Check {
  name: CheckName;
  expects: 'taken' | 'refused';
  shots(aim: Aim): Shot[];
}

/** Where all checks of a run take aim from. */
export interface Aim {
  merchantId: string;
  /** Names the run's orders. */
  run: string;
  now: Date;
  signers: Signers;
}

export const CHECK_NAMES = [
  'valid',
  'duplicate',
  'out_of_order',
  'unknown_type',
  'rotated',
  'unknown_scheme',
  'big',
  'late',
  'future',
  'tampered',
  'wrong_secret',
  'missing_signature',
  'foreign_merchant',
  'speed',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** docs/webhooks.md says what a receiver does with each; `speed` is read from the answers to the others. */
export const CHECKS: readonly Check[] = [
  { name: 'valid', expects: 'taken', shots: (aim) => [good(aim, 'valid')] },
  // The same event once more, as after an answer that was lost: acknowledged, so that it stops coming.
  { name: 'duplicate', expects: 'taken', shots: (aim) => [good(aim, 'valid')] },
  {
    name: 'out_of_order',
    expects: 'taken',
    shots: (aim) => [
      good(aim, 'order', { type: 'session.completed', sequence: 2 }, 'second'),
      good(aim, 'order', { sequence: 1 }, 'first'),
    ],
  },
  {
    name: 'unknown_type',
    expects: 'taken',
    shots: (aim) => [good(aim, 'type', { type: 'payment.conformance_unknown' })],
  },
  {
    name: 'rotated',
    expects: 'taken',
    shots: (aim) => {
      const shot = good(aim, 'rotated');
      return [{ ...shot, signature: `${signHmac(newSecret('whsec'), shot)} ${shot.signature}` }];
    },
  },
  {
    name: 'unknown_scheme',
    expects: 'taken',
    shots: (aim) => {
      const shot = good(aim, 'scheme');
      return [{ ...shot, signature: `v9,AAAA ${shot.signature}` }];
    },
  },
  { name: 'big', expects: 'taken', shots: (aim) => [good(aim, 'big', { metadata: BULK })] },
  { name: 'late', expects: 'refused', shots: (aim) => [good(moved(aim, -HOUR), 'late')] },
  { name: 'future', expects: 'refused', shots: (aim) => [good(moved(aim, HOUR), 'future')] },
  {
    name: 'tampered',
    expects: 'refused',
    shots: (aim) => {
      const shot = good(aim, 'tampered');
      return [{ ...shot, payload: shot.payload.replaceAll('"amount":1000', '"amount":9000') }];
    },
  },
  {
    name: 'wrong_secret',
    expects: 'refused',
    shots: (aim) => {
      const shot = good(aim, 'secret');
      return [{ ...shot, signature: signHmac(newSecret('whsec'), shot) }];
    },
  },
  {
    name: 'missing_signature',
    expects: 'refused',
    shots: (aim) => [{ ...good(aim, 'missing'), signature: null }],
  },
  {
    // As it would be in truth: not with this merchant's secret, but with our key, which signs for every merchant.
    name: 'foreign_merchant',
    expects: 'refused',
    shots: (aim) => {
      const shot = good(aim, 'foreign', { merchantId: NOBODY });
      const ours = signEd25519(aim.signers.ed25519, shot);
      return [{ ...shot, signature: `${signHmac(newSecret('whsec'), shot)} ${ours}` }];
    },
  },
];

/** Thrice in an event, some 30 KB: one with many attempts and full metadata is no bigger. */
const BULK = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key_${index}`, 'x'.repeat(480)]));

function moved(aim: Aim, ms: number): Aim {
  return { ...aim, now: plus(aim.now, ms) };
}

/** Signed as it ought to be. `order` keeps the checks of a run apart, `name` the events of an order. */
function good(aim: Aim, order: string, event: SyntheticEvent = {}, name = order): Shot {
  const run = `${aim.run}-${order}`;
  const payload = syntheticPayload(aim, run, aim.now, event);
  const content = { id: idOf('evt', `${aim.run}-${name}`), timestamp: unixSeconds(aim.now), payload };
  return { ...content, signature: aim.signers.sign(content) };
}
