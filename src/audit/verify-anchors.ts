import { and, asc, eq, gt, inArray, or, sql } from 'drizzle-orm';
import type { Queryable } from '../db/client.ts';
import { auditAnchors, auditEntries } from '../db/schema.ts';
import { groupBy } from '../lib/group.ts';
import { type AuditAnchor, isAnchorSignedBy, parseAnchor } from './anchors.ts';
import type { Finding, TrustedKeys } from './verify.ts';

/** Anchors compared at a time. */
const SLICE = 500;

/** Compares a few anchors with the rows they tell of: at most one finding for each. */
export async function anchorFindings(
  db: Queryable,
  anchors: readonly AuditAnchor[],
  keys: TrustedKeys,
): Promise<Finding[]> {
  const rows = await entriesAt(db, anchors);
  const findings: Finding[] = [];
  for (const anchor of anchors) {
    const { merchantId, sequence } = anchor;
    const key = keys.get(anchor.keyId);
    const here = { merchantId, from: sequence, to: sequence };
    if (key === undefined || !isAnchorSignedBy(key, anchor)) {
      findings.push({ ...here, fault: 'false_anchor' });
      continue;
    }
    const hash = rows.get(`${merchantId}/${sequence}`);
    if (hash === undefined) findings.push(await absence(db, anchor));
    else if (!hash.equals(anchor.hash)) findings.push({ ...here, fault: 'replaced' });
  }
  return findings;
}

/** The same for every anchor in the database, a slice at a time; of one merchant, or of all. */
export async function* storedAnchorFindings(
  db: Queryable,
  merchantId: string | null,
  keys: TrustedKeys,
): AsyncGenerator<Finding> {
  let after = { merchantId: '', sequence: 0 };
  for (;;) {
    const anchors = await db
      .select()
      .from(auditAnchors)
      .where(
        and(
          merchantId === null ? undefined : eq(auditAnchors.merchantId, merchantId),
          or(
            gt(auditAnchors.merchantId, after.merchantId),
            and(eq(auditAnchors.merchantId, after.merchantId), gt(auditAnchors.sequence, after.sequence)),
          ),
        ),
      )
      .orderBy(asc(auditAnchors.merchantId), asc(auditAnchors.sequence))
      .limit(SLICE);
    yield* await anchorFindings(db, anchors, keys);
    const last = anchors.at(-1);
    if (last === undefined || anchors.length < SLICE) return;
    after = last;
  }
}

/** And for the lines of a file. A line that is no anchor throws: a file that was spoilt must not pass as one that holds. */
export async function* toldAnchorFindings(
  db: Queryable,
  lines: AsyncIterable<string>,
  merchantId: string | null,
  keys: TrustedKeys,
): AsyncGenerator<Finding> {
  let slice: AuditAnchor[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const anchor = parseAnchor(line);
    if (anchor === null) throw new Error(`line ${number} is no anchor`);
    if (merchantId !== null && anchor.merchantId !== merchantId) continue;
    slice.push(anchor);
    if (slice.length < SLICE) continue;
    yield* await anchorFindings(db, slice, keys);
    slice = [];
  }
  yield* await anchorFindings(db, slice, keys);
}

async function entriesAt(db: Queryable, anchors: readonly AuditAnchor[]): Promise<Map<string, Buffer>> {
  const byMerchant = groupBy(anchors, ({ merchantId }) => merchantId);
  const found = new Map<string, Buffer>();
  for (const [merchantId, own] of byMerchant) {
    const rows = await db
      .select({ sequence: auditEntries.sequence, hash: auditEntries.hash })
      .from(auditEntries)
      .where(
        and(
          eq(auditEntries.merchantId, merchantId),
          inArray(
            auditEntries.sequence,
            own.map(({ sequence }) => sequence),
          ),
        ),
      );
    for (const { sequence, hash } of rows) found.set(`${merchantId}/${sequence}`, hash);
  }
  return found;
}

/** An anchored entry is not there: cut off with all that followed the last one that is. */
async function absence(db: Queryable, { merchantId, sequence }: AuditAnchor): Promise<Finding> {
  const [row] = await db
    .select({ head: sql<string | null>`max(${auditEntries.sequence})` })
    .from(auditEntries)
    .where(eq(auditEntries.merchantId, merchantId));
  const head = Number(row?.head ?? 0);
  return head < sequence
    ? { merchantId, fault: 'cut_off', from: head + 1, to: sequence }
    : { merchantId, fault: 'missing', from: sequence, to: sequence };
}
