import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import type { Deps } from '../../deps.ts';
import { HOUR } from '../../lib/clock.ts';
import { newCapability, textOf } from '../../lib/ids.ts';

/**
 * Addresses for the self-check: to whoever stands between us and the browser such a token looks like any session's,
 * so that what is done to shoppers' pages is done to these too. The page behind it is a sample of its kind; nobody can
 * make one without our key, and it is good for an hour or two.
 */
export const SAMPLES = ['form', 'preparing', 'challenge', 'waiting', 'ended', 'number', 'fields'] as const;
export type SampleName = (typeof SAMPLES)[number];

type Keys = Pick<Deps, 'keys' | 'clock'>;

const MERCHANT_LENGTH = 6;
const MAC_LENGTH = 26;

export async function makeCheckToken(deps: Keys, sample: SampleName): Promise<string> {
  const merchant = `A1${String(randomInt(100_000_000)).padStart(8, '0')}`;
  const start = newCapability(merchant).slice(0, MERCHANT_LENGTH);
  return start + (await macOf(deps))(start, sample, hourOf(deps));
}

/** What a token was made for, or null. Only asked for tokens that are no session's. */
export async function readCheckToken(deps: Keys, token: string): Promise<SampleName | null> {
  if (!/^[0-9a-z]{32}$/.test(token)) return null;
  const [start, given] = [token.slice(0, MERCHANT_LENGTH), Buffer.from(token.slice(MERCHANT_LENGTH))];
  const mac = await macOf(deps);
  const isMac = (sample: SampleName, hour: number) =>
    timingSafeEqual(Buffer.from(mac(start, sample, hour)), given);
  const hour = hourOf(deps);
  return SAMPLES.find((sample) => isMac(sample, hour) || isMac(sample, hour - 1)) ?? null;
}

async function macOf({ keys }: Keys): Promise<(start: string, sample: SampleName, hour: number) => string> {
  const { key } = await keys.active('idempotency');
  const own = createHmac('sha256', key).update('page check 1').digest();
  return (start, sample, hour) => {
    const digest = createHmac('sha256', own).update(`${start}|${sample}|${hour}`).digest();
    return textOf(digest.subarray(0, MAC_LENGTH));
  };
}

function hourOf({ clock }: Keys): number {
  return Math.floor(clock.now().getTime() / HOUR);
}
