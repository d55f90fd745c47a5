/** RFC 7517 (JWKS) and RFC 8037 (Ed25519 as a JWK): the keys that PayResort+ signs results with. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

export interface PublishedKey {
  kid: string;
  key: KeyObject;
}

export interface PublishedKeys {
  /** As fetched in the last ten minutes. */
  known(): Promise<PublishedKey[]>;
  /** Fetched again, for a signature by a key we have not met; at most every five seconds. */
  refreshed(): Promise<PublishedKey[]>;
}

/** The keys could not be fetched: not a verdict about any message. */
export class KeysUnavailable extends Error {}

const KeySetShape = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
const Ed25519Shape = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
});
const KEEP_MS = 600_000;
const AGAIN_MS = 5_000;

export function publishedKeys(url: string, now: () => number = Date.now): PublishedKeys {
  let keys: PublishedKey[] = [];
  let fetchedAt = Number.NEGATIVE_INFINITY;
  const atMostAged = async (ageMs: number) => {
    if (now() - fetchedAt <= ageMs) return keys;
    keys = await fetchKeys(url);
    fetchedAt = now();
    return keys;
  };
  return { known: () => atMostAged(KEEP_MS), refreshed: () => atMostAged(AGAIN_MS) };
}

async function fetchKeys(url: string): Promise<PublishedKey[]> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return readKeys(await response.json());
  } catch (cause) {
    throw new KeysUnavailable(`no keys from ${url}`, { cause });
  }
}

/** The Ed25519 keys of a set; others are skipped. */
export function readKeys(set: unknown): PublishedKey[] {
  return KeySetShape.parse(set).keys.flatMap((candidate) => {
    const parsed = Ed25519Shape.safeParse(candidate);
    if (!parsed.success) return [];
    const { kid, ...key } = parsed.data;
    return [{ kid, key: createPublicKey({ key, format: 'jwk' }) }];
  });
}
