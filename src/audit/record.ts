import { desc, eq, sql } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import type { Tx } from '../db/client.ts';
import { auditEntries } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Acting } from '../merchants/merchant.ts';
import type { AuditAction } from './actions.ts';
import { type AuditContent, hashOf, NOTHING_BEFORE, signHash } from './entry.ts';

/** Whose log, and who acts there; a merchant is one. Without a mode it concerns both. */
export interface Recording {
  merchantId: string;
  mode: Mode | null;
  acting: Acting;
}

export interface AuditInput {
  action: AuditAction;
  /** Default `success`. */
  outcome?: 'success' | 'failure';
  /** Id of what it was done to. */
  target?: string | null;
  /** Short facts; never a card number, a password, a key, or what a shopper typed. */
  details?: AuditContent['details'];
}

/**
 * Appends to the merchant's audit log who (`merchant.acting`) did what, in the transaction that does it: there is no
 * deed without its entry. Entries of one merchant wait for each other until the transaction ends: record last.
 */
export async function record(
  tx: Tx,
  { config, clock }: Pick<Deps, 'config' | 'clock'>,
  { merchantId, mode, acting }: Recording,
  { action, outcome = 'success', target = null, details = {} }: AuditInput,
): Promise<void> {
  if (config.keys === null) throw new Error('no signing keys');
  const { privateKey, jwk } = config.keys.signing.live;
  await lockLog(tx, merchantId);
  const [last] = await tx
    .select({ sequence: auditEntries.sequence, hash: auditEntries.hash })
    .from(auditEntries)
    .where(eq(auditEntries.merchantId, merchantId))
    .orderBy(desc(auditEntries.sequence))
    .limit(1);
  const content: AuditContent = {
    merchantId,
    sequence: (last?.sequence ?? 0) + 1,
    at: clock.now(),
    mode,
    actor: acting.actor,
    action,
    outcome,
    origin: acting.origin,
    target,
    details,
    previousHash: last?.hash ?? NOTHING_BEFORE,
  };
  const hash = hashOf(content);
  const signature = signHash(hash, privateKey);
  await tx.insert(auditEntries).values({ ...content, hash, signature, keyId: jwk.kid });
}

/** Whoever appends to a log is alone until its transaction ends. */
export async function lockLog(tx: Tx, merchantId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`audit/${merchantId}`}, 2))`);
}
