import { createHash } from 'node:crypto';
import { and, eq, gt, isNull, lte, or } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Mode } from '../config.ts';
import { inTransaction } from '../db/client.ts';
import { apiKeys } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { MINUTE, plus } from '../lib/clock.ts';
import { merchantOfCapability, newCapability, newId } from '../lib/ids.ts';
import { type Acting, findMerchant, type Merchant, SERVICE } from './merchant.ts';

/** `secret` keys do everything and stay on servers; `publishable` ones only make tokens. */
export type KeyKind = 'secret' | 'publishable';

export interface NewApiKey {
  merchantId: string;
  mode: Mode;
  kind: KeyKind;
  /** The key's text, where it is known beforehand; default a random one. */
  key?: string;
  /** Who makes it; default the service itself. */
  acting?: Acting;
}

const PREFIXES = { secret: 'sk', publishable: 'pk' } as const satisfies Record<KeyKind, string>;
const API_KEY = /^(sk|pk)_(test|live)_([0-9a-z]{32})$/;

/** Makes a key, `sk_test_…`, whose text is shown here and never again: only its hash is kept. */
export async function createApiKey(
  deps: Pick<Deps, 'db' | 'clock' | 'config'>,
  input: NewApiKey,
): Promise<string> {
  const { merchantId, mode, kind, acting = SERVICE } = input;
  const key = input.key ?? apiKeyText(kind, mode, newCapability(merchantId));
  const now = deps.clock.now();
  const row = { merchantId, id: newId('key', now), mode, kind, ...keptOf(key), createdAt: now };
  await inTransaction(deps.db, 'merchants.create_key', async (tx) => {
    const made = await tx
      .insert(apiKeys)
      .values(row)
      .onConflictDoNothing({ target: [apiKeys.merchantId, apiKeys.hash] })
      .returning({ id: apiKeys.id });
    if (made.length === 0) return;
    const details = { kind, hint: row.hint };
    await record(tx, deps, { merchantId, mode, acting }, { action: 'key.created', target: row.id, details });
  });
  return key;
}

/** What is kept of a key: its hash, and what it is recognised by. */
export function keptOf(key: string): { hash: Buffer; hint: string } {
  return { hash: hashOf(key), hint: hintOf(key) };
}

export function apiKeyText(kind: KeyKind, mode: Mode, capability: string): string {
  return `${PREFIXES[kind]}_${mode}_${capability}`;
}

/** Whom a key speaks for, or null when it is none or was revoked. */
export async function authenticate(
  deps: Pick<Deps, 'db' | 'clock' | 'background'>,
  key: string,
  origin: string | null = null,
): Promise<{ merchant: Merchant; kind: KeyKind } | null> {
  const claimed = claimedBy(key);
  if (claimed === null) return null;
  const { merchantId, mode, kind, hint } = claimed;
  const known = { merchantId, mode, kind, key } as const;
  const [row, merchant] = await Promise.all([workingKey(deps, known), findMerchant(deps, merchantId, mode)]);
  if (row === null || merchant === null) return null;
  noteUse(deps, { merchantId, ...row });
  const actor = { kind: 'key', id: row.id, name: hint, role: null } as const;
  return { merchant: { ...merchant, acting: { actor, origin } }, kind };
}

/** Whose a key says it is, by its form alone; null of what is none. */
export function claimedBy(key: string): (Omit<NewApiKey, 'key' | 'acting'> & { hint: string }) | null {
  const [, prefix, modeText, capability = ''] = API_KEY.exec(key) ?? [];
  const merchantId = merchantOfCapability(capability);
  if (merchantId === null) return null;
  const mode = modeText === 'live' ? 'live' : 'test';
  return { merchantId, mode, kind: prefix === 'sk' ? 'secret' : 'publishable', hint: hintOf(key) };
}

/** Null of a key that does not work. */
async function workingKey(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { merchantId, mode, kind, key }: Required<Omit<NewApiKey, 'acting'>>,
): Promise<{ id: string; lastUsedAt: Date | null } | null> {
  const [row] = await db
    .select({ id: apiKeys.id, lastUsedAt: apiKeys.lastUsedAt })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.merchantId, merchantId),
        eq(apiKeys.hash, hashOf(key)),
        eq(apiKeys.mode, mode),
        eq(apiKeys.kind, kind),
        or(isNull(apiKeys.revokedAt), gt(apiKeys.revokedAt, clock.now())),
      ),
    );
  return row ?? null;
}

/** At most once a minute, and the request does not wait for it. */
function noteUse(
  { db, clock, background }: Pick<Deps, 'db' | 'clock' | 'background'>,
  { merchantId, id, lastUsedAt }: { merchantId: string; id: string; lastUsedAt: Date | null },
): void {
  const now = clock.now();
  const before = plus(now, -MINUTE);
  if (lastUsedAt !== null && lastUsedAt > before) return;
  const stale = or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, before));
  const work = db
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.merchantId, merchantId), eq(apiKeys.id, id), stale));
  background.run(Promise.resolve(work));
}

/** What a key is recognised by: kind, mode, and the first four characters after the merchant's number. */
export function hintOf(key: string): string {
  return `${key.slice(0, 'sk_test_'.length)}…${key.slice(14, 18)}`;
}

/** A plain hash is enough: a key holds 130 random bits, so there is nothing to guess. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
