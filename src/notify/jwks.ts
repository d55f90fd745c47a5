import { type Config, MODES, type Mode } from '../config.ts';
import { ed25519Key, type PublicJwk, type SigningKey } from '../lib/sign.ts';

const cache = new Map<string, SigningKey>();

/** The service's signing key of a mode. */
export function signingKey(config: Config, mode: Mode): SigningKey {
  const seed = config.keys?.signing[mode];
  if (seed === undefined) throw new Error('no signing keys');
  const known = cache.get(seed);
  if (known !== undefined) return known;
  const key = ed25519Key(Buffer.from(seed, 'base64'));
  cache.set(seed, key);
  return key;
}

/** `/.well-known/jwks.json`: the public keys that results are signed with (RFC 7517), test and live. */
export function jwks(config: Config): { keys: PublicJwk[] } {
  return { keys: MODES.map((mode) => signingKey(config, mode).jwk) };
}
