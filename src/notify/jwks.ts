import { type Config, MODES, type Mode } from '../config.ts';
import type { PublicJwk, SigningKey } from '../lib/sign.ts';

/** The service's signing key of a mode. */
export function signingKey(config: Config, mode: Mode): SigningKey {
  if (config.keys === null) throw new Error('no signing keys');
  return config.keys.signing[mode];
}

/** `/.well-known/jwks.json`: the public keys that results are signed with (RFC 7517), test and live. */
export function jwks(config: Config): { keys: PublicJwk[] } {
  return { keys: MODES.map((mode) => signingKey(config, mode).jwk) };
}
