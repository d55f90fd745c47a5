import { createHash } from 'node:crypto';
import { and, eq, gt, isNull, or } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import { apiKeys } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { merchantOfCapability, newCapability, newId } from '../lib/ids.ts';
import { findMerchant, type Merchant } from './merchant.ts';

/** `secret` keys do everything and stay on servers; `publishable` ones only make tokens. */
export type KeyKind = 'secret' | 'publishable';

export interface NewApiKey {
  merchantId: string;
  mode: Mode;
  kind: KeyKind;
  /** The key's text, where it is known beforehand; default a random one. */
  key?: string;
}

const PREFIXES = { secret: 'sk', publishable: 'pk' } as const satisfies Record<KeyKind, string>;
const API_KEY = /^(sk|pk)_(test|live)_([0-9a-z]{32})$/;

/** Makes a key, `sk_test_…`, whose text is shown here and never again: only its hash is kept. */
export async function createApiKey(deps: Pick<Deps, 'db' | 'clock'>, input: NewApiKey): Promise<string> {
  const { merchantId, mode, kind } = input;
  const key = input.key ?? apiKeyText(kind, mode, newCapability(merchantId));
  const now = deps.clock.now();
  await deps.db
    .insert(apiKeys)
    .values({
      merchantId,
      id: newId('key', now),
      mode,
      kind,
      hash: hashOf(key),
      hint: hintOf(key),
      createdAt: now,
    })
    .onConflictDoNothing({ target: [apiKeys.merchantId, apiKeys.hash] });
  return key;
}

export function apiKeyText(kind: KeyKind, mode: Mode, capability: string): string {
  return `${PREFIXES[kind]}_${mode}_${capability}`;
}

/** Whom a key speaks for, or null when it is none or was revoked. */
export async function authenticate(
  deps: Pick<Deps, 'db' | 'clock'>,
  key: string,
  origin: string | null = null,
): Promise<{ merchant: Merchant; kind: KeyKind } | null> {
  const [, prefix, modeText, capability = ''] = API_KEY.exec(key) ?? [];
  const merchantId = merchantOfCapability(capability);
  if (merchantId === null) return null;
  const mode = modeText === 'live' ? 'live' : 'test';
  const kind = prefix === 'sk' ? 'secret' : 'publishable';
  const known = { merchantId, mode, kind, key } as const;
  const [id, merchant] = await Promise.all([idOf(deps, known), findMerchant(deps, merchantId, mode)]);
  if (id === null || merchant === null) return null;
  const actor = { kind: 'key', id, name: hintOf(key), role: null } as const;
  return { merchant: { ...merchant, acting: { actor, origin } }, kind };
}

/** Of a key that works; null of any other. */
async function idOf(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { merchantId, mode, kind, key }: Required<NewApiKey>,
): Promise<string | null> {
  const [row] = await db
    .select({ id: apiKeys.id })
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
  return row?.id ?? null;
}

/** What a key is recognised by: kind, mode, and the first four characters after the merchant's number. */
export function hintOf(key: string): string {
  return `${key.slice(0, 'sk_test_'.length)}…${key.slice(14, 18)}`;
}

/** A plain hash is enough: a key holds 130 random bits, so there is nothing to guess. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
