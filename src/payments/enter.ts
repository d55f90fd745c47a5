import { and, eq } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { entries } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../lib/ids.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { type CreateSessionInput, openSession } from './create-session.ts';
import { loadSession, type Snapshot } from './snapshot.ts';

/** A signed entry (contract, section 3): its nonce, and a digest of its payload. */
export interface Entry {
  nonce: string;
  payloadHash: Buffer;
}

export type Entered =
  | { kind: 'session'; snapshot: Snapshot }
  | { kind: 'other_payload' }
  | { kind: 'unknown' };

/** Where an entry's nonce led before. The same payload always leads to the same session, whatever its age. */
export async function findEntered(deps: Deps, merchant: Merchant, entry: Entry): Promise<Entered> {
  const [known] = await deps.db
    .select()
    .from(entries)
    .where(
      and(
        eq(entries.merchantId, merchant.merchantId),
        eq(entries.mode, merchant.mode),
        eq(entries.nonce, entry.nonce),
      ),
    );
  if (known === undefined) return { kind: 'unknown' };
  if (!known.payloadHash.equals(entry.payloadHash)) return { kind: 'other_payload' };
  return { kind: 'session', snapshot: await loadSession(deps, merchant, known.sessionId) };
}

/**
 * Opens the session of an entry, once: of two at the same time the second finds the first one's. Throws as
 * `createSession` does.
 */
export async function enter(
  deps: Deps,
  merchant: Merchant,
  entry: Entry,
  input: CreateSessionInput,
): Promise<Entered> {
  const { merchantId, mode } = merchant;
  const sessionId = newId('cs', merchant.clock.now());
  const made = await inTransaction(deps.db, 'payments.enter', async (tx) => {
    const inserted = await tx
      .insert(entries)
      .values({ merchantId, mode, ...entry, sessionId, createdAt: deps.clock.now() })
      .onConflictDoNothing()
      .returning({ nonce: entries.nonce });
    if (inserted.length === 0) return null;
    return openSession(tx, merchant, deps.clock.now(), input, sessionId);
  });
  return made === null ? findEntered(deps, merchant, entry) : { kind: 'session', snapshot: made };
}
