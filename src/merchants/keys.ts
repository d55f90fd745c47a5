import { createHash } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
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
    .values({ merchantId, id: newId('key', now), mode, kind, hash: hashOf(key), createdAt: now })
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
): Promise<{ merchant: Merchant; kind: KeyKind } | null> {
  const [, prefix, modeText, capability = ''] = API_KEY.exec(key) ?? [];
  const merchantId = merchantOfCapability(capability);
  if (merchantId === null) return null;
  const mode = modeText === 'live' ? 'live' : 'test';
  const kind = prefix === 'sk' ? 'secret' : 'publishable';
  const known = { merchantId, mode, kind, key } as const;
  const [valid, merchant] = await Promise.all([isValid(deps, known), findMerchant(deps, merchantId, mode)]);
  return valid && merchant !== null ? { merchant, kind } : null;
}

async function isValid(
  { db }: Pick<Deps, 'db'>,
  { merchantId, mode, kind, key }: Required<NewApiKey>,
): Promise<boolean> {
  const rows = await db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.merchantId, merchantId),
        eq(apiKeys.hash, hashOf(key)),
        eq(apiKeys.mode, mode),
        eq(apiKeys.kind, kind),
        isNull(apiKeys.revokedAt),
      ),
    );
  return rows.length === 1;
}

/** A plain hash is enough: a key holds 130 random bits, so there is nothing to guess. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
