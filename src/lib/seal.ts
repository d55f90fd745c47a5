import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/**
 * Sealed bytes: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce and a 128-bit tag.
 *
 *   version (1) | length of the key's id (1) | key's id (ASCII) | nonce (12) | ciphertext | tag (16)
 *
 * Authenticated besides the ciphertext: everything before the nonce, and the caller's `aad`, which names the
 * record the bytes belong to. Random nonces allow 2^32 seals with one key; keys are rotated long before.
 */
export interface SealingKey {
  id: string;
  /** 32 bytes. Held as a `KeyObject`: raw buffers are several times slower, and this one does not print. */
  key: KeyObject;
}

const VERSION = 1;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** Seals `plaintext` for the record that `aad` names. The same `aad` is needed to open it. */
export function seal(key: SealingKey, plaintext: string | Uint8Array, aad: string): Buffer {
  const header = headerOf(key.id);
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key.key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(Buffer.concat([header, Buffer.from(aad)]));
  const body = cipher.update(typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext);
  return Buffer.concat([header, nonce, body, cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` made. Throws one and the same error for a wrong key, a wrong `aad` and changed bytes. */
export function unseal(key: SealingKey, sealed: Uint8Array, aad: string): Buffer {
  const header = headerOf(key.id);
  const bytes = Buffer.from(sealed);
  const nonceEnd = header.length + NONCE_LENGTH;
  if (bytes.length < nonceEnd + TAG_LENGTH || !bytes.subarray(0, header.length).equals(header))
    throw notOpened();
  try {
    const nonce = bytes.subarray(header.length, nonceEnd);
    const decipher = createDecipheriv('aes-256-gcm', key.key, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAAD(Buffer.concat([header, Buffer.from(aad)]));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_LENGTH));
    const body = decipher.update(bytes.subarray(nonceEnd, bytes.length - TAG_LENGTH));
    // GCM gives everything in `update`; one buffer is one copy of a secret less.
    decipher.final();
    return body;
  } catch {
    throw notOpened();
  }
}

/** The id of the key that sealed these bytes, so that it can be looked up. Throws as `unseal` does. */
export function sealedKeyId(sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const length = bytes[1] ?? 0;
  if (bytes[0] !== VERSION || bytes.length < 2 + length + NONCE_LENGTH + TAG_LENGTH) throw notOpened();
  return bytes.subarray(2, 2 + length).toString('latin1');
}

function headerOf(keyId: string): Buffer {
  if (!/^[\x21-\x7e]{1,64}$/.test(keyId)) throw new Error('a key id is 1 to 64 printable ASCII characters');
  return Buffer.concat([Buffer.from([VERSION, keyId.length]), Buffer.from(keyId, 'latin1')]);
}

function notOpened(): Error {
  return new Error('sealed bytes did not open');
}
