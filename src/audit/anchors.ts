import { type KeyObject, sign, verify } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { desc, eq, sql } from 'drizzle-orm';
import { inTransaction, type Queryable } from '../db/client.ts';
import { auditAnchors } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus } from '../lib/clock.ts';

export type AuditAnchor = typeof auditAnchors.$inferSelect;
type AnchorContent = Pick<AuditAnchor, 'merchantId' | 'sequence' | 'hash' | 'at'>;

/** What is cut off within this time of being recorded was in no anchor yet. */
const EVERY_MS = 5 * MINUTE;

/**
 * The job that tells the heads of all logs that have grown, signed, outside the database: as log lines, and in a file. What
 * the rows alone cannot show, that the last of them are gone, is seen by comparing them with what was told.
 */
export async function anchorLogs(deps: Deps): Promise<{ again: Date }> {
  const { config, db, log, clock } = deps;
  if (config.keys === null) throw new Error('no signing keys');
  const { privateKey, jwk } = config.keys.signing.live;
  for (const lost of await lostHeads(db)) {
    log.error({ alert: 'audit_log_cut_off', ...lost }, 'an audit log does not hold what was anchored');
  }
  const at = clock.now();
  const anchors = (await grownHeads(db)).map((head) => {
    const content = { ...head, at };
    return { ...content, signature: sign(null, anchorBytes(content), privateKey), keyId: jwk.kid };
  });
  if (anchors.length === 0) return { again: plus(at, EVERY_MS) };
  for (const anchor of anchors) log.info({ audit_anchor: presentAnchor(anchor) }, 'audit anchor');
  if (config.auditAnchorsFile !== null) {
    const lines = anchors.map((anchor) => `${JSON.stringify(presentAnchor(anchor))}\n`);
    mkdirSync(dirname(config.auditAnchorsFile), { recursive: true });
    appendFileSync(config.auditAnchorsFile, lines.join(''), { mode: 0o600 });
  }
  await inTransaction(db, 'audit.anchor', async (tx) => {
    for (let from = 0; from < anchors.length; from += 1_000)
      await tx
        .insert(auditAnchors)
        .values(anchors.slice(from, from + 1_000))
        .onConflictDoNothing();
  });
  return { again: plus(at, EVERY_MS) };
}

/** What was told last of a merchant's log. */
export async function lastAnchor(deps: Pick<Deps, 'db'>, merchantId: string): Promise<AuditAnchor | null> {
  const [anchor] = await newest(deps, merchantId, 1);
  return anchor ?? null;
}

/** The newest thousand: some three days of a busy merchant. */
export function listAnchors(deps: Pick<Deps, 'db'>, merchantId: string): Promise<AuditAnchor[]> {
  return newest(deps, merchantId, 1_000);
}

function newest({ db }: Pick<Deps, 'db'>, merchantId: string, limit: number): Promise<AuditAnchor[]> {
  return db
    .select()
    .from(auditAnchors)
    .where(eq(auditAnchors.merchantId, merchantId))
    .orderBy(desc(auditAnchors.sequence))
    .limit(limit);
}

/** A line of the file, and what the console gives away. */
export function presentAnchor({ merchantId, sequence, hash, at, keyId, signature }: AuditAnchor) {
  return {
    merchant_id: merchantId,
    sequence,
    hash: hash.toString('hex'),
    at: at.toISOString(),
    key_id: keyId,
    signature: signature.toString('base64url'),
  };
}

/** An anchor of a file's line; null when it is none. */
export function parseAnchor(line: string): AuditAnchor | null {
  try {
    const { merchant_id: merchantId, sequence, hash, at, key_id: keyId, signature } = JSON.parse(line);
    const anchor = {
      merchantId: String(merchantId),
      sequence: Number(sequence),
      hash: Buffer.from(hash, 'hex'),
      at: new Date(at),
      keyId: String(keyId),
      signature: Buffer.from(signature, 'base64url'),
    };
    return Number.isSafeInteger(anchor.sequence) && !Number.isNaN(anchor.at.getTime()) ? anchor : null;
  } catch {
    return null;
  }
}

export function isAnchorSignedBy(key: KeyObject, anchor: AuditAnchor): boolean {
  return verify(null, anchorBytes(anchor), key, anchor.signature);
}

/** Signed: what it is on a line of its own, then what it says as JSON. */
function anchorBytes({ merchantId, sequence, hash, at }: AnchorContent): Buffer {
  const said = [merchantId, sequence, hash.toString('hex'), at.toISOString()];
  return Buffer.from(`payresort audit anchor 1\n${JSON.stringify(said)}`);
}

/** Ids of all logs, by one look at the index for each. */
function logsOf(table: 'audit_entries' | 'audit_anchors') {
  const rows = sql.identifier(table);
  return sql`with recursive logs as (
    (select merchant_id from ${rows} order by merchant_id limit 1)
    union all
    select (select e.merchant_id from ${rows} e where e.merchant_id > logs.merchant_id order by e.merchant_id limit 1)
    from logs where logs.merchant_id is not null)`;
}

/** Every log there is, by its merchant; also of those whose entries are all gone, where an anchor tells of them. */
export async function allLogs(db: Queryable): Promise<string[]> {
  const found = new Set<string>();
  for (const table of ['audit_entries', 'audit_anchors'] as const) {
    const rows = await db.execute<{ id: string }>(
      sql`${logsOf(table)} select merchant_id as id from logs where merchant_id is not null`,
    );
    for (const { id } of rows) found.add(id);
  }
  return [...found].sort();
}

async function grownHeads(db: Queryable): Promise<Omit<AnchorContent, 'at'>[]> {
  const rows = await db.execute<{ id: string; sequence: string; hash: Buffer }>(sql`${logsOf('audit_entries')}
    select head.merchant_id as id, head.sequence, head.hash from logs
    cross join lateral (select merchant_id, sequence, hash from audit_entries e
      where e.merchant_id = logs.merchant_id order by e.sequence desc limit 1) head
    left join lateral (select sequence from audit_anchors a
      where a.merchant_id = logs.merchant_id order by a.sequence desc limit 1) anchor on true
    where anchor.sequence is null or head.sequence > anchor.sequence`);
  return rows.map(({ id, sequence, hash }) => ({ merchantId: id, sequence: Number(sequence), hash }));
}

/** Logs that no longer hold the entry that was anchored last. */
async function lostHeads(db: Queryable): Promise<{ merchant_id: string; sequence: number }[]> {
  const rows = await db.execute<{ id: string; sequence: string }>(sql`${logsOf('audit_anchors')}
    select anchor.merchant_id as id, anchor.sequence from logs
    cross join lateral (select merchant_id, sequence, hash from audit_anchors a
      where a.merchant_id = logs.merchant_id order by a.sequence desc limit 1) anchor
    left join audit_entries e on e.merchant_id = anchor.merchant_id and e.sequence = anchor.sequence
    where e.hash is distinct from anchor.hash`);
  return rows.map(({ id, sequence }) => ({ merchant_id: id, sequence: Number(sequence) }));
}
