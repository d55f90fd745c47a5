import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { AuditEntry } from './entry.ts';
import { type AuditSearch, nextEntries } from './find.ts';
import { note } from './note.ts';

/** Entries that are read at a time: what an export holds in memory, however long it is. */
const BATCH = 1_000;

/** How entries become lines: what stands above them, and each. */
export interface Lines {
  format: 'jsonl' | 'csv';
  head: string;
  lineOf(entry: AuditEntry): string;
}

/**
 * All that a search finds, oldest first, as it can be verified outside: read as fast as it is taken, and recorded before
 * the first byte leaves.
 */
export async function exportEntries(
  deps: Pick<Deps, 'db' | 'config' | 'clock'>,
  merchant: Merchant,
  search: AuditSearch,
  { format, head, lineOf }: Lines,
): Promise<ReadableStream<Uint8Array>> {
  const details = { format, ...filtersOf(search) };
  await note(deps, merchant, { action: 'audit.exported', details });
  const encoder = new TextEncoder();
  let after = 0;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        if (head !== '') controller.enqueue(encoder.encode(head));
      },
      async pull(controller) {
        const entries = await nextEntries(deps, merchant, search, { after, limit: BATCH });
        after = entries.at(-1)?.sequence ?? after;
        if (entries.length > 0) controller.enqueue(encoder.encode(entries.map(lineOf).join('')));
        if (entries.length < BATCH) controller.close();
      },
    },
    { highWaterMark: 1 },
  );
}

/** What was asked for, as the log says of whoever looked into it. */
export function filtersOf({ from, until, ...rest }: AuditSearch): Record<string, string> {
  const filters = { ...rest, from: from?.toISOString() ?? null, until: until?.toISOString() ?? null };
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** An entry as JSON: all that its hash is made of, its hash and its signature. docs/audit.md says how it is checked. */
export function presentEntry({ actor, ...entry }: AuditEntry) {
  return {
    merchant_id: entry.merchantId,
    sequence: entry.sequence,
    at: entry.at.toISOString(),
    mode: entry.mode,
    actor: { kind: actor.kind, id: actor.id, name: actor.name, role: actor.role },
    action: entry.action,
    outcome: entry.outcome,
    origin: entry.origin,
    target: entry.target,
    details: entry.details,
    previous_hash: entry.previousHash.toString('hex'),
    hash: entry.hash.toString('hex'),
    signature: entry.signature.toString('base64url'),
    key_id: entry.keyId,
  };
}
