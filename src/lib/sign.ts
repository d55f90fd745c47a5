/**
 * Standard Webhooks 1.0.0: the signed bytes are `id.timestamp.payload`. `v1,` + base64 of HMAC-SHA256 with a secret of
 * 24 to 64 bytes (`whsec_` or `esec_` + base64); `v1a,` + base64 of Ed25519. Several signatures stand side by side,
 * separated by spaces: during a rotation old and new both sign, and a verifier takes the first that holds.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  randomBytes,
  sign as signBytes,
  timingSafeEqual,
  verify as verifyBytes,
} from 'node:crypto';

/** What is signed: `timestamp` in Unix seconds, `payload` exactly as sent. */
export interface SignedContent {
  id: string;
  timestamp: string | number;
  payload: string;
}

/** A new secret with its prefix: 32 random bytes. */
export function newSecret(prefix: 'whsec' | 'esec'): string {
  return `${prefix}_${randomBytes(32).toString('base64')}`;
}

/** The bytes of a secret. Throws when it is not prefix + base64 of 24 to 64 bytes. */
export function secretKey(secret: string): KeyObject {
  const body = /^(?:whsec|esec)_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  if (bytes.length < 24 || bytes.length > 64) throw new Error('not a signing secret');
  return createSecretKey(bytes);
}

/** `v1,…` */
export function signHmac(secret: string, content: SignedContent): string {
  return `v1,${hmac(secretKey(secret), content).toString('base64')}`;
}

/** Whether one of the listed signatures is a `v1` of this secret. Time is not looked at. */
export function verifyHmac(secret: string, content: SignedContent, signatures: string): boolean {
  const expected = hmac(secretKey(secret), content);
  return listed(signatures, 'v1').some(
    (given) => given.length === expected.length && timingSafeEqual(given, expected),
  );
}

/** `v1a,…` */
export function signEd25519(key: KeyObject, content: SignedContent): string {
  return `v1a,${signBytes(null, bytesOf(content), key).toString('base64')}`;
}

export function verifyEd25519(key: KeyObject, content: SignedContent, signatures: string): boolean {
  return listed(signatures, 'v1a').some((given) => verifyBytes(null, bytesOf(content), key, given));
}

/** Both directions of the clock count. `timestamp` and `nowSeconds` in Unix seconds. */
export function isFresh(timestamp: string, nowSeconds: number, toleranceSeconds = 300): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) - nowSeconds) <= toleranceSeconds;
}

export interface PublicJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  kid: string;
  use: 'sig';
  alg: 'EdDSA';
}

export interface SigningKey {
  privateKey: KeyObject;
  jwk: PublicJwk;
}

/** The key pair of a 32-byte seed (RFC 8032), its public half as a JWK with the RFC 7638 thumbprint as `kid`. */
export function ed25519Key(seed: Buffer): SigningKey {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  pkcs8.fill(0);
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x, kid: thumbprint(x), use: 'sig', alg: 'EdDSA' } };
}

/** RFC 7638 over the required members of an OKP key, in their order. */
export function thumbprint(x: string): string {
  return createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url');
}

function hmac(key: KeyObject, content: SignedContent): Buffer {
  return createHmac('sha256', key).update(bytesOf(content)).digest();
}

function bytesOf({ id, timestamp, payload }: SignedContent): Buffer {
  return Buffer.from(`${id}.${timestamp}.${payload}`, 'utf8');
}

function listed(signatures: string, scheme: 'v1' | 'v1a'): Buffer[] {
  return signatures
    .split(' ')
    .filter((item) => item.startsWith(`${scheme},`))
    .map((item) => Buffer.from(item.slice(scheme.length + 1), 'base64'));
}
