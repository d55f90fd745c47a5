import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { KeySource } from '../config.ts';
import { seal, sealedKeyId, unseal } from '../lib/seal.ts';

/**
 * Who holds the key-encryption keys (KEKs) and uses them for us. Here: the environment, or a file. A key
 * management service is another implementation: `wrap` and `unwrap` are then calls to it, with `record` as its
 * encryption context, and the key itself never comes here. What is wrapped begins with the header of
 * `lib/seal.ts`, which names the KEK.
 */
export interface KeyProvider {
  /** The KEKs it can use. The first is the one that is to wrap; it does so once `rewrapKeys` has run. */
  readonly ids: readonly string[];
  /** `record` names what is wrapped: with another one it does not open. Throws for a KEK it does not have. */
  wrap(kekId: string, material: Uint8Array, record: string): Promise<Buffer>;
  /** Throws when it does not have the KEK that the header names, or when the bytes are not its work. */
  unwrap(wrapped: Uint8Array, record: string): Promise<Buffer>;
}

/** Before KEKs had ids of their own every header named this; such a key opens with whichever KEK made it. */
const NAMELESS = 'kek';
const KEK_LENGTH = 32;
const OTHERS_MAY = 0o077;

/** Opens the keys that the configuration names. Throws when there is none or one is not usable. */
export function openKeyProvider(source: KeySource): KeyProvider {
  const given = source.from === 'environment' ? source.keys : readKeyFile(source.path);
  const keks = new Map(given.map((kek) => [kekIdOf(kek), kek]));
  const withId = (id: string) => {
    const key = keks.get(id);
    if (key === undefined) throw new Error(`the key-encryption key ${id} is not given to this process`);
    return { id, key };
  };
  return {
    ids: [...keks.keys()],
    wrap: async (kekId, material, record) => seal(withId(kekId), material, record),
    unwrap: async (wrapped, record) => {
      const id = sealedKeyId(wrapped);
      if (id !== NAMELESS) return unseal(withId(id), wrapped, record);
      return firstToOpen([...keks.values()], wrapped, record);
    },
  };
}

/** The id follows from the key, so that one cannot be put in another's place. Says nothing of the key. */
export function kekIdOf(kek: KeyObject): string {
  if (kek.symmetricKeySize !== KEK_LENGTH) throw new Error('the key-encryption key must have 32 bytes');
  const digest = createHmac('sha256', kek).update('payresort key-encryption key').digest('hex');
  return `kek-${digest.slice(0, 16)}`;
}

function firstToOpen(keks: KeyObject[], wrapped: Uint8Array, record: string): Buffer {
  for (const key of keks) {
    try {
      return unseal({ id: NAMELESS, key }, wrapped, record);
    } catch {
      // The next one, then.
    }
  }
  throw new Error('none of the key-encryption keys opens it');
}

/** One key a line, base64: the first is to wrap, the second opens. Only its owner may read the file. */
function readKeyFile(path: string): KeyObject[] {
  const file = openSync(path, 'r');
  try {
    const { mode, uid } = fstatSync(file);
    const us = process.getuid?.() ?? uid;
    if ((mode & OTHERS_MAY) !== 0 || (uid !== us && uid !== 0)) {
      throw new Error(`${path}: a key file must be ours and of mode 0600 or 0400`);
    }
    const text = readFileSync(file);
    const keys = keysIn(text);
    text.fill(0);
    if (keys.length < 1 || keys.length > 2) throw new Error(`${path}: one key is expected, or two`);
    return keys;
  } finally {
    closeSync(file);
  }
}

function keysIn(text: Buffer): KeyObject[] {
  const lines = text.toString('latin1').split(/\s+/);
  return lines.filter((line) => line !== '').map(keyOf);
}

/** The bytes are overwritten as soon as the key object has its copy. */
function keyOf(base64: string): KeyObject {
  const bytes = Buffer.from(base64, 'base64');
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
