import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import type { auditEntries } from '../db/schema.ts';

export type AuditEntry = typeof auditEntries.$inferSelect;

/** What an entry says: all of it but its own hash and signature. */
export type AuditContent = Omit<AuditEntry, 'hash' | 'signature' | 'keyId'>;

/** What stands before a merchant's first entry. */
export const NOTHING_BEFORE = Buffer.alloc(32);

/** SHA-256 over the entry as JSON, its members in this order and those of `details` by name. */
export function hashOf(content: AuditContent): Buffer {
  const { actor, details } = content;
  const said = [
    'payresort audit 1',
    content.merchantId,
    content.sequence,
    content.at.toISOString(),
    content.mode,
    [actor.kind, actor.id, actor.name, actor.role],
    content.action,
    content.outcome,
    content.origin,
    content.target,
    Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1)),
    Buffer.from(content.previousHash).toString('hex'),
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest();
}

/** The bytes that are signed begin with what they are: nothing else that is signed with the same key looks like it. */
export function signHash(hash: Uint8Array, key: KeyObject): Buffer {
  return sign(null, signedBytes(hash), key);
}

export function isSignedBy(key: KeyObject, hash: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, signedBytes(hash), key, signature);
}

function signedBytes(hash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('payresort audit 1\n'), hash]);
}
