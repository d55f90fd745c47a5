import { createPublicKey, type KeyObject } from 'node:crypto';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { auditEntries } from '../db/schema.ts';
import { thumbprint } from '../lib/sign.ts';
import { type AuditEntry, hashOf, isSignedBy, NOTHING_BEFORE } from './entry.ts';

/** What is wrong with entries of a log, or with an anchor of it. */
export type Fault =
  /** What it says, or whose it is, is not what was hashed. */
  | 'changed'
  /** Hashed anew without the key. */
  | 'false_signature'
  | 'unknown_key'
  /** It does not follow the entry before it. */
  | 'out_of_chain'
  | 'missing'
  /** Told by an anchor. */
  | 'cut_off'
  | 'replaced'
  | 'false_anchor';

/** Entries `from` to `to` of a log have this fault. */
export interface Finding {
  merchantId: string;
  fault: Fault;
  from: number;
  to: number;
}

/** Public halves by key id (RFC 7638). */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

/** Keys that signatures are believed of, by the `x` of each as a JWK. Throws for what is no Ed25519 key. */
export function trustedKeys(publicHalves: readonly string[]): TrustedKeys {
  return new Map(
    publicHalves.map((x) => {
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      return [thumbprint(x), key];
    }),
  );
}

/** What is wrong with an entry by itself; null when it is as it was recorded. */
export function faultOf(entry: AuditEntry, keys: TrustedKeys): Fault | null {
  if (!hashOf(entry).equals(entry.hash)) return 'changed';
  const key = keys.get(entry.keyId);
  if (key === undefined) return 'unknown_key';
  return isSignedBy(key, entry.hash, entry.signature) ? null : 'false_signature';
}

/**
 * What is wrong with a run of entries in ascending order, after `before` (its last entry, or null at the beginning of the
 * log): each by itself, and whether it follows the one before.
 */
export function* faultsOf(
  entries: Iterable<AuditEntry>,
  before: Pick<AuditEntry, 'sequence' | 'hash'> | null,
  keys: TrustedKeys,
): Generator<Finding> {
  let last: Pick<AuditEntry, 'sequence' | 'hash'> = before ?? { sequence: 0, hash: NOTHING_BEFORE };
  for (const entry of entries) {
    const { merchantId, sequence } = entry;
    const next = last.sequence + 1;
    if (sequence > next) yield { merchantId, fault: 'missing', from: next, to: sequence - 1 };
    else if (!last.hash.equals(entry.previousHash))
      yield { merchantId, fault: 'out_of_chain', from: sequence, to: sequence };
    const fault = faultOf(entry, keys);
    if (fault !== null) yield { merchantId, fault, from: sequence, to: sequence };
    last = entry;
  }
}

export interface Verified {
  entries: number;
  last: Pick<AuditEntry, 'sequence' | 'at'> | null;
}

/** Rows read at a time: memory stays flat, however long a log is. */
const SLICE = 1_000;

/** Goes through a whole log, tells what is wrong with it, and in the end how far it went. */
export async function verifyLog(
  db: Queryable,
  merchantId: string,
  keys: TrustedKeys,
  tell: (finding: Finding) => void,
): Promise<Verified> {
  const runs = inRuns(tell);
  let last: AuditEntry | null = null;
  for (let entries = 0; ; ) {
    const rows: AuditEntry[] = await entriesAfter(db, merchantId, last?.sequence ?? 0, SLICE);
    for (const finding of faultsOf(rows, last, keys)) runs.add(finding);
    entries += rows.length;
    last = rows.at(-1) ?? last;
    if (rows.length < SLICE) {
      runs.end();
      return { entries, last };
    }
    // Signatures are checked without a pause: whatever else this process does has its turn here.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Entries in their order, from the one after `sequence` on. */
export function entriesAfter(
  db: Queryable,
  merchantId: string,
  sequence: number,
  limit: number,
): Promise<AuditEntry[]> {
  return db
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.merchantId, merchantId), gt(auditEntries.sequence, sequence)))
    .orderBy(asc(auditEntries.sequence))
    .limit(limit);
}

/** Neighbours with the same fault are told as one: a log that was hashed anew from an entry on makes one line. */
export function inRuns(tell: (finding: Finding) => void): { add(finding: Finding): void; end(): void } {
  const open = new Map<Fault, Finding>();
  const flush = (finding: Finding) => {
    open.delete(finding.fault);
    tell(finding);
  };
  return {
    add: (finding) => {
      const known = open.get(finding.fault);
      if (known?.merchantId === finding.merchantId && known.to === finding.from - 1) known.to = finding.to;
      else {
        if (known !== undefined) flush(known);
        open.set(finding.fault, { ...finding });
      }
    },
    end: () => {
      for (const finding of [...open.values()]) flush(finding);
    },
  };
}
