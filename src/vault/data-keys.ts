import { createSecretKey, randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, ne, or, sql } from 'drizzle-orm';
import { type Db, inTransaction, type Queryable } from '../db/client.ts';
import { dataKeys, type KeyPurpose, keyEncryptionKeys } from '../db/schema.ts';
import { type Clock, DAY, HOUR, plus } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { SealingKey } from '../lib/seal.ts';
import type { KeyProvider } from './key-provider.ts';

/** The rows of the key ring. No key is wrapped or unwrapped in a transaction: a provider may be far away. */
export interface KeyStore {
  db: Db;
  clock: Clock;
  provider: KeyProvider;
}

export type DataKeyRow = typeof dataKeys.$inferSelect;

/** A key and the row it stands in. */
export interface LoadedKey extends SealingKey {
  /** Null: kept until it is retired. */
  expiresAt: Date | null;
}

/** How long a security-code key exists. */
const SECURITY_CODE_KEY_LIFE_MS = DAY;
/**
 * It stops sealing so long before: more than a cache's life, a code's life and the clocks' difference
 * together.
 */
export const SETTLING_MS = HOUR;

/** Thrown for a key that was destroyed. Who has read a row a moment too early reads it again. */
export class RetiredKey extends Error {
  constructor(id: string) {
    super(`data key ${id} is retired`);
    this.name = 'RetiredKey';
  }
}

/** The row of the key that seals now, if there is one. */
export async function activeRow(
  on: Queryable,
  clock: Clock,
  purpose: KeyPurpose,
): Promise<DataKeyRow | null> {
  const [row] = await on
    .select()
    .from(dataKeys)
    .where(
      and(
        eq(dataKeys.purpose, purpose),
        eq(dataKeys.state, 'active'),
        or(isNull(dataKeys.expiresAt), gt(dataKeys.expiresAt, plus(clock.now(), SETTLING_MS))),
      ),
    );
  return row ?? null;
}

/** Throws when there is no key of this id (any more). */
export async function rowById(db: Db, id: string): Promise<DataKeyRow> {
  const [row] = await db.select().from(dataKeys).where(eq(dataKeys.id, id));
  if (row === undefined) throw new Error('no such data key');
  if (row.state === 'retired') throw new RetiredKey(id);
  return row;
}

/** The active key of a purpose, made when there is none. Processes that ask at once agree on one. */
export async function createKey(store: KeyStore, purpose: KeyPurpose): Promise<LoadedKey> {
  for (;;) {
    const fresh = await drawKey(store, purpose);
    const row = await inTransaction(store.db, 'vault.create_key', async (tx) => {
      await lock(tx, purpose);
      return (await activeRow(tx, store.clock, purpose)) ?? insertKey(tx, fresh);
    });
    if (row !== null) return row.id === fresh.key.id ? fresh.key : unwrapRow(store, row);
  }
}

/** Makes a new active key; the one before only opens from now on. */
export async function replaceKey(store: KeyStore, purpose: KeyPurpose): Promise<LoadedKey> {
  for (;;) {
    const fresh = await drawKey(store, purpose);
    const row = await inTransaction(store.db, 'vault.rotate_key', async (tx) => {
      await lock(tx, purpose);
      return insertKey(tx, fresh);
    });
    if (row !== null) return fresh.key;
  }
}

export async function unwrapRow({ provider }: KeyStore, row: DataKeyRow): Promise<LoadedKey> {
  const material = await openWrapped(provider, row);
  const key = createSecretKey(material);
  material.fill(0);
  return { id: row.id, key, expiresAt: row.expiresAt };
}

/** The bytes of a key; the caller overwrites them. The error names only key and purpose. */
export async function openWrapped(provider: KeyProvider, row: DataKeyRow): Promise<Buffer> {
  try {
    return await provider.unwrap(row.wrapped, wrapRecord(row));
  } catch (error) {
    const why = error instanceof Error ? `: ${error.message}` : '';
    throw new Error(`the key-encryption key does not open data key ${row.id} (${row.purpose})${why}`);
  }
}

/** A wrapped key opens only as the key it was made as: neither under another id nor for another purpose. */
export function wrapRecord({ id, purpose }: Pick<DataKeyRow, 'id' | 'purpose'>): string {
  return `payresort data key|${id}|${purpose}`;
}

/**
 * Throws where this process was not given the KEK that wraps: for the start, so that a wrong key is found before the
 * first card is.
 */
export async function confirmKek(store: KeyStore): Promise<void> {
  const kekId = await activeKek(store);
  if (store.provider.ids.includes(kekId)) return;
  throw new Error(
    `the keys of this database are wrapped by ${kekId}, this process was given ${store.provider.ids.join(', ')}`,
  );
}

/** The KEK that wraps; the provider's first one where there was none before and it opens what there is. */
export async function activeKek({ db, clock, provider }: KeyStore): Promise<string> {
  const read = () =>
    db.select().from(keyEncryptionKeys).where(eq(keyEncryptionKeys.state, 'active')).limit(1);
  const [known] = await read();
  if (known !== undefined) return known.id;
  const [first] = provider.ids;
  if (first === undefined) throw new Error('there is no key-encryption key');
  const [nameless] = await db.select().from(dataKeys).where(ne(dataKeys.state, 'retired')).limit(1);
  if (nameless !== undefined) (await openWrapped(provider, nameless)).fill(0);
  const row = { id: first, state: 'active', createdAt: clock.now() } as const;
  await db.insert(keyEncryptionKeys).values(row).onConflictDoNothing();
  const [active] = await read();
  if (active === undefined) throw new Error(`the key-encryption key ${first} is retired`);
  return active.id;
}

interface Drawn {
  kekId: string;
  row: typeof dataKeys.$inferInsert;
  key: LoadedKey;
}

async function drawKey(store: KeyStore, purpose: KeyPurpose): Promise<Drawn> {
  const now = store.clock.now();
  const kekId = await activeKek(store);
  const id = newId('key', now);
  const material = randomBytes(32);
  const key = createSecretKey(material);
  const wrapped = await store.provider.wrap(kekId, material, wrapRecord({ id, purpose }));
  material.fill(0);
  const expiresAt = purpose === 'security_code' ? plus(now, SECURITY_CODE_KEY_LIFE_MS) : null;
  const row = { id, purpose, wrapped, state: 'active', createdAt: now, expiresAt } as const;
  return { kekId, row, key: { id, key, expiresAt } };
}

/** Null when another KEK has become the active one since: nothing is to be wrapped with the old one any more. */
async function insertKey(tx: Queryable, { kekId, row }: Drawn): Promise<DataKeyRow | null> {
  const [kek] = await tx
    .select({ id: keyEncryptionKeys.id })
    .from(keyEncryptionKeys)
    .where(and(eq(keyEncryptionKeys.id, kekId), eq(keyEncryptionKeys.state, 'active')))
    .for('share');
  if (kek === undefined) return null;
  await tx
    .update(dataKeys)
    .set({ state: 'retiring', rotatedAt: row.createdAt })
    .where(and(eq(dataKeys.purpose, row.purpose), eq(dataKeys.state, 'active')));
  const [inserted] = await tx.insert(dataKeys).values(row).returning();
  return inserted ?? null;
}

/**
 * Serialises those who would make a key of this purpose, over all processes, to the end of the transaction.
 */
async function lock(tx: Queryable, purpose: KeyPurpose): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`data_keys ${purpose}`}, 0))`);
}
