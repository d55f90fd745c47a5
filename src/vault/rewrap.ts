import { createSecretKey } from 'node:crypto';
import { and, eq, ne } from 'drizzle-orm';
import { type Db, inTransaction } from '../db/client.ts';
import { dataKeys, keyEncryptionKeys } from '../db/schema.ts';
import { sealedKeyId } from '../lib/seal.ts';
import { activeKek, type DataKeyRow, type KeyStore, openWrapped, wrapRecord } from './data-keys.ts';

export interface Rewrapped {
  /** The KEK that wraps now. */
  kekId: string;
  rewrapped: number;
  /** KEKs that wrap nothing any more: to be destroyed where they are kept. */
  retired: string[];
}

/**
 * Changes over to the provider's first KEK, while payments go on: from the first transaction on every process
 * wraps new keys with it, then each key is wrapped anew. May be killed and run again at any point. Every process
 * must have been given the new KEK before; one that was not goes on with the keys it holds, and no longer.
 */
export async function rewrapKeys(store: KeyStore): Promise<Rewrapped> {
  const [kekId] = store.provider.ids;
  if (kekId === undefined) throw new Error('there is no key-encryption key');
  await changeOver(store, kekId);
  let rewrapped = 0;
  for (const row of await liveKeys(store.db)) {
    if (sealedKeyId(row.wrapped) === kekId) continue;
    if (await rewrap(store, row, kekId)) rewrapped += 1;
  }
  return { kekId, rewrapped, retired: await retireKeks(store) };
}

/** Data keys by the KEK that their header names. */
export async function wrappedBy(db: Db): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { wrapped } of await liveKeys(db)) {
    const id = sealedKeyId(wrapped);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** The row of the active KEK is locked by whoever stores a new key: none is wrapped with the old one after this. */
async function changeOver(store: KeyStore, kekId: string): Promise<void> {
  if ((await activeKek(store)) === kekId) return;
  const now = store.clock.now();
  await inTransaction(store.db, 'vault.change_kek', async (tx) => {
    await tx
      .update(keyEncryptionKeys)
      .set({ state: 'retiring', rotatedAt: now })
      .where(and(eq(keyEncryptionKeys.state, 'active'), ne(keyEncryptionKeys.id, kekId)));
    await tx
      .insert(keyEncryptionKeys)
      .values({ id: kekId, state: 'active', createdAt: now })
      .onConflictDoUpdate({
        target: keyEncryptionKeys.id,
        set: { state: 'active', rotatedAt: null, retiredAt: null },
      });
  });
}

/** What was wrapped anew is opened once before it takes the old one's place. False when another was faster. */
async function rewrap({ db, provider }: KeyStore, row: DataKeyRow, kekId: string): Promise<boolean> {
  const material = await openWrapped(provider, row);
  const wrapped = await provider.wrap(kekId, material, wrapRecord(row));
  const again = await provider.unwrap(wrapped, wrapRecord(row));
  const same = createSecretKey(again).equals(createSecretKey(material));
  material.fill(0);
  again.fill(0);
  if (!same) throw new Error(`data key ${row.id} did not survive its rewrapping: nothing was changed`);
  return inTransaction(db, 'vault.rewrap_key', async (tx) => {
    const written = await tx
      .update(dataKeys)
      .set({ wrapped })
      .where(and(eq(dataKeys.id, row.id), eq(dataKeys.wrapped, row.wrapped)))
      .returning({ id: dataKeys.id });
    return written.length === 1;
  });
}

async function retireKeks({ db, clock }: KeyStore): Promise<string[]> {
  const inUse = await wrappedBy(db);
  const former = await db.select().from(keyEncryptionKeys).where(eq(keyEncryptionKeys.state, 'retiring'));
  const unused = former.map(({ id }) => id).filter((id) => !inUse.has(id));
  for (const id of unused) {
    await db
      .update(keyEncryptionKeys)
      .set({ state: 'retired', retiredAt: clock.now() })
      .where(and(eq(keyEncryptionKeys.id, id), eq(keyEncryptionKeys.state, 'retiring')));
  }
  return unused;
}

function liveKeys(db: Db): Promise<DataKeyRow[]> {
  return db.select().from(dataKeys).where(ne(dataKeys.state, 'retired')).orderBy(dataKeys.createdAt);
}
