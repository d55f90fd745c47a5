import { createCipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { kekIdOf } from './key-provider.ts';

/**
 * A key-encryption key in two shares (PCI DSS 3.7.6, split knowledge): each is 32 random bytes, the key is their
 * exclusive or. One share alone says nothing whatever about the key. Check values are the first five bytes of the
 * AES-CMAC (NIST SP 800-38B) of a block of zeros: they tell a typing fault, and nothing of the key.
 */
export interface Share {
  bytes: Buffer;
  /** Id of the whole key, so that shares of two keys are not mixed up. */
  kekId: string;
}

const LENGTH = 32;
const BLOCK = 16;

/** Draws a key and splits it. The key itself is not kept; `wipe` both shares after use. */
export function drawShares(): { kekId: string; checkValue: string; shares: [Share, Share] } {
  const [first, second] = [randomBytes(LENGTH), randomBytes(LENGTH)];
  const kek = keyOf(first, second);
  const kekId = kekIdOf(kek);
  const shares: [Share, Share] = [
    { bytes: first, kekId },
    { bytes: second, kekId },
  ];
  return { kekId, checkValue: checkValueOf(kek), shares };
}

/** Puts two shares together. Throws when they are the same one, or not of one key. */
export function combineShares(first: Share, second: Share): KeyObject {
  if (first.bytes.equals(second.bytes)) throw new Error('the two shares are one and the same');
  const kek = keyOf(first.bytes, second.bytes);
  const id = kekIdOf(kek);
  if (id !== first.kekId || id !== second.kekId) throw new Error('these are not two shares of one key');
  return kek;
}

/** As a custodian keeps it: to be printed, or typed from paper. */
export function writeShare(share: Share, number: 1 | 2): string {
  const groups = share.bytes.toString('hex').match(/.{4}/g) ?? [];
  return [
    `PayResort+ key-encryption key: share ${number} of 2. For one custodian only.`,
    `key    ${share.kekId}`,
    `share  ${groups.slice(0, 8).join(' ')}`,
    `       ${groups.slice(8).join(' ')}`,
    `check  ${checkValueOf(createSecretKey(share.bytes))}`,
    '',
  ].join('\n');
}

/** Reads what `writeShare` wrote. Throws, without a digit of it, when anything is missing or mistyped. */
export function readShare(text: string): Share {
  const kekId = /^key\s+(kek-[0-9a-f]{16})$/m.exec(text)?.[1];
  const digits = /^share\s+([0-9a-fA-F\s]+?)\s*^check/m.exec(text)?.[1]?.replace(/\s/g, '');
  const check = /^check\s+([0-9a-fA-F]{10})$/m.exec(text)?.[1];
  if (kekId === undefined || check === undefined || digits?.length !== 2 * LENGTH) {
    throw new Error('this is not a share: key, share (64 hexadecimal digits) and check are expected');
  }
  const bytes = Buffer.from(digits, 'hex');
  if (checkValueOf(createSecretKey(bytes)) !== check.toLowerCase()) {
    bytes.fill(0);
    throw new Error('the share does not fit its check value: a digit is wrong');
  }
  return { bytes, kekId };
}

export function wipe(...shares: Share[]): void {
  for (const { bytes } of shares) bytes.fill(0);
}

/** Ten hexadecimal digits. */
export function checkValueOf(key: KeyObject): string {
  const encrypt = (block: Buffer) =>
    createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block);
  // For one whole block of zeros the CMAC is the encryption of its first subkey.
  return encrypt(doubled(encrypt(Buffer.alloc(BLOCK)))).toString('hex', 0, 5);
}

/** Multiplied by x in GF(2^128). */
function doubled(block: Buffer): Buffer {
  const value = (BigInt(`0x${block.toString('hex')}`) << 1n) & ((1n << 128n) - 1n);
  const carry = ((block[0] ?? 0) & 0x80) === 0 ? 0n : 0x87n;
  return Buffer.from((value ^ carry).toString(16).padStart(2 * BLOCK, '0'), 'hex');
}

function keyOf(first: Buffer, second: Buffer): KeyObject {
  const bytes = Buffer.from(first.map((byte, index) => byte ^ (second[index] ?? 0)));
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
