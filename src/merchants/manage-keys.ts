import { and, desc, eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { apiKeys } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { HOUR, plus } from '../lib/clock.ts';
import { newCapability } from '../lib/ids.ts';
import { Problem } from '../lib/problem.ts';
import { apiKeyText, type KeyKind, keptOf } from './keys.ts';
import type { Merchant } from './merchant.ts';

export type ApiKeyRow = Omit<typeof apiKeys.$inferSelect, 'hash'>;

/** For how long the key, or the secret, before may go on beside its successor. */
export const LONGEST_OVERLAP_HOURS = 7 * 24;

/** A key's text, told once: `again` when this very key was made before, `ending` when what is replaced ends already. */
export type Made = { text: string } | 'again' | 'ending';

type KeyDeps = Pick<Deps, 'db' | 'clock' | 'config'>;

/** All keys of the mode, newest first, with those that have ended. */
export async function listApiKeys({ db }: Pick<Deps, 'db'>, merchant: Merchant): Promise<ApiKeyRow[]> {
  const rows = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.merchantId, merchant.merchantId), eq(apiKeys.mode, merchant.mode)))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
  return rows.map(({ hash, ...row }) => row);
}

/** One key. Throws `not_found`. */
export async function loadApiKey(
  { db }: Pick<Deps, 'db'> | { db: Tx },
  merchant: Merchant,
  id: string,
): Promise<ApiKeyRow> {
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(
      and(eq(apiKeys.merchantId, merchant.merchantId), eq(apiKeys.mode, merchant.mode), eq(apiKeys.id, id)),
    );
  if (row === undefined) throw new Problem('not_found', `There is no key ${id} in this mode.`);
  const { hash, ...rest } = row;
  return rest;
}

export interface MakeKeyInput {
  /** `key_…`: the same one again makes no second key. */
  workId: string;
  kind: KeyKind;
  label: string | null;
}

/** Makes a key beside the others. */
export async function makeApiKey(deps: KeyDeps, merchant: Merchant, input: MakeKeyInput): Promise<Made> {
  return inTransaction(deps.db, 'merchants.make_key', async (tx) => {
    const made = await insertKey(tx, deps, merchant, input);
    if (made === null) return 'again';
    const details = { kind: input.kind, hint: made.hint };
    await record(tx, deps, merchant, { action: 'key.created', target: input.workId, details });
    return { text: made.text };
  });
}

export interface RotateKeyInput {
  workId: string;
  /** The key that is replaced. */
  id: string;
  /** 0–168: how long it goes on beside the new one. */
  overlapHours: number;
}

/** A new key of the same kind and label now; the old one ends after the overlap. Throws `not_found`. */
export async function rotateApiKey(deps: KeyDeps, merchant: Merchant, input: RotateKeyInput): Promise<Made> {
  const { workId, id, overlapHours } = input;
  return inTransaction(deps.db, 'merchants.rotate_key', async (tx) => {
    const old = await lockKey(tx, merchant, id);
    const known = await tx.select({ id: apiKeys.id }).from(apiKeys).where(sameKey(merchant, workId));
    if (known.length > 0) return 'again';
    if (old.revokedAt !== null) return 'ending';
    const made = await insertKey(tx, deps, merchant, { workId, kind: old.kind, label: old.label });
    if (made === null) return 'again';
    const revokedAt = plus(deps.clock.now(), overlapHours * HOUR);
    await tx.update(apiKeys).set({ revokedAt }).where(sameKey(merchant, id));
    const details = { hint: old.hint, replaced_by: workId, ends_at: revokedAt.toISOString() };
    await record(tx, deps, merchant, { action: 'key.rotated', target: id, details });
    return { text: made.text };
  });
}

/** Ends a key now, everywhere: the next request with it is refused. One that has ended stays as it is. Throws `not_found`. */
export async function revokeApiKey(deps: KeyDeps, merchant: Merchant, id: string): Promise<void> {
  await inTransaction(deps.db, 'merchants.revoke_key', async (tx) => {
    const { revokedAt, hint } = await lockKey(tx, merchant, id);
    const now = deps.clock.now();
    if (revokedAt !== null && revokedAt <= now) return;
    await tx.update(apiKeys).set({ revokedAt: now }).where(sameKey(merchant, id));
    await record(tx, deps, merchant, { action: 'key.revoked', target: id, details: { hint } });
  });
}

async function insertKey(
  tx: Tx,
  { clock }: Pick<Deps, 'clock'>,
  { merchantId, mode }: Merchant,
  { workId, kind, label }: MakeKeyInput,
): Promise<{ text: string; hint: string } | null> {
  const text = apiKeyText(kind, mode, newCapability(merchantId));
  const kept = keptOf(text);
  const rows = await tx
    .insert(apiKeys)
    .values({ merchantId, id: workId, mode, kind, label, ...kept, createdAt: clock.now() })
    .onConflictDoNothing({ target: [apiKeys.merchantId, apiKeys.id] })
    .returning({ id: apiKeys.id });
  return rows.length === 0 ? null : { text, hint: kept.hint };
}

async function lockKey(tx: Tx, merchant: Merchant, id: string): Promise<ApiKeyRow> {
  await tx.select({ id: apiKeys.id }).from(apiKeys).where(sameKey(merchant, id)).for('update');
  return loadApiKey({ db: tx }, merchant, id);
}

function sameKey({ merchantId }: Merchant, id: string) {
  return and(eq(apiKeys.merchantId, merchantId), eq(apiKeys.id, id));
}
