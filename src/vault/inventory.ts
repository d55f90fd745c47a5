import { asc } from 'drizzle-orm';
import { dataKeys, type KeyPurpose, type KeyState, keyEncryptionKeys } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../lib/clock.ts';
import { sealedKeyId } from '../lib/seal.ts';
import type { SealedTable } from './sealed-table.ts';

/** One key as the inventory shows it (PCI DSS 3.6.1.1). */
export interface KeyRecord {
  id: string;
  purpose: KeyPurpose | 'key_encryption';
  algorithm: 'AES-256-GCM' | 'HMAC-SHA-256';
  state: KeyState;
  createdAt: Date;
  rotatedAt: Date | null;
  retiredAt: Date | null;
  /** How long it may seal; null: for life, since what it made must remain comparable. */
  periodMs: number | null;
  /** How long it has sealed. */
  ageMs: number;
  /** Active beyond its period. */
  overdue: boolean;
  /** The KEK that wraps it; null for a KEK, and for a retired key. */
  wrappedBy: string | null;
  /** Rows, or for a KEK keys, under it; null where they are not counted: active keys. */
  uses: number | null;
}

const PERIODS = {
  key_encryption: 2 * 365 * DAY,
  card: 365 * DAY,
  merchant_secret: 365 * DAY,
  security_code: DAY,
  fingerprint: null,
  idempotency: null,
} as const satisfies Record<KeyRecord['purpose'], number | null>;

/** Every key there is and was, oldest first, key-encryption keys before the others. */
export async function keyInventory(
  deps: Pick<Deps, 'db' | 'clock'>,
  tables: readonly SealedTable[],
): Promise<KeyRecord[]> {
  const [keks, keys] = await Promise.all([
    deps.db.select().from(keyEncryptionKeys).orderBy(asc(keyEncryptionKeys.createdAt)),
    deps.db.select().from(dataKeys).orderBy(asc(dataKeys.createdAt)),
  ]);
  const now = deps.clock.now();
  const wrappers = keys.map(({ state, wrapped }) => (state === 'retired' ? null : sealedKeyId(wrapped)));
  const kekRecords = keks.map((kek) => ({
    ...recordOf({ ...kek, purpose: 'key_encryption' }, now),
    uses: wrappers.filter((id) => id === kek.id).length,
  }));
  const keyRecords = keys.map(async (key, index) => ({
    ...recordOf(key, now),
    wrappedBy: wrappers[index] ?? null,
    uses: key.state === 'retiring' ? await usesOf(deps, key, tables) : null,
  }));
  return [...kekRecords, ...(await Promise.all(keyRecords))];
}

type Row = Pick<KeyRecord, 'id' | 'purpose' | 'state' | 'createdAt' | 'rotatedAt' | 'retiredAt'>;

function recordOf({ id, purpose, state, createdAt, rotatedAt, retiredAt }: Row, now: Date): KeyRecord {
  const periodMs = PERIODS[purpose];
  const ageMs = (rotatedAt ?? now).getTime() - createdAt.getTime();
  const hashing = purpose === 'fingerprint' || purpose === 'idempotency';
  return {
    id,
    purpose,
    algorithm: hashing ? 'HMAC-SHA-256' : 'AES-256-GCM',
    state,
    createdAt,
    rotatedAt,
    retiredAt,
    periodMs,
    ageMs,
    overdue: state === 'active' && periodMs !== null && ageMs > periodMs,
    wrappedBy: null,
    uses: null,
  };
}

async function usesOf(
  { db }: Pick<Deps, 'db'>,
  key: typeof dataKeys.$inferSelect,
  tables: readonly SealedTable[],
): Promise<number> {
  const counts = tables
    .filter(({ purpose }) => purpose === key.purpose)
    .map(({ count }) => count(db, key.id));
  return (await Promise.all(counts)).reduce((sum, rows) => sum + rows, 0);
}
