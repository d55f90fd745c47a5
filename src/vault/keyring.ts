import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { type Db, inTransaction, type Queryable } from '../db/client.ts';
import { dataKeys, type KeyPurpose } from '../db/schema.ts';
import { type Clock, DAY, HOUR, MINUTE, plus } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { type SealingKey, seal, unseal } from '../lib/seal.ts';

/**
 * Data keys by purpose, each stored wrapped by the key-encryption key (KEK) of the environment, which is
 * never stored. A rotation makes a new active key; what the old ones sealed still opens, by the key id in
 * its header. The keys of `fingerprint` and `idempotency` stay for life, since what they made must remain
 * comparable.
 */
export interface KeyRing {
  /**
   * The key to seal or sign with now; made when there is none. May come from a cache of at most 60 seconds.
   */
  active(purpose: KeyPurpose): Promise<DataKey>;
  /** The key that something was sealed with. Throws when there is none of this id (any more). */
  byId(id: string): Promise<DataKey>;
  /**
   * Makes a new active key; the one before is `retiring`: it opens, and seals no more once every cache has
   * expired.
   */
  rotate(purpose: RotatablePurpose): Promise<DataKey>;
}

export type DataKey = SealingKey;
export type RotatablePurpose = Exclude<KeyPurpose, 'fingerprint' | 'idempotency'>;

interface LoadedKey extends DataKey {
  /** Null: kept until it is rotated out and nothing is sealed with it any more. */
  expiresAt: Date | null;
}

/** How long a security-code key exists. */
const SECURITY_CODE_KEY_LIFE_MS = DAY;
/**
 * It stops sealing so long before: more than a cache's life, a code's life and the clocks' difference
 * together.
 */
const SETTLING_MS = HOUR;
const ACTIVE_CACHE_MS = MINUTE;
/** What the header of a wrapped key names: a second key-encryption key will need a second name. */
const KEK_ID = 'kek';

/** Opens the ring. `kekBase64`: 32 bytes. Keys are read, and made, when first asked for. */
export function openKeyRing(db: Db, clock: Clock, kekBase64: string): KeyRing {
  const kek = createSecretKey(Buffer.from(kekBase64, 'base64'));
  if (kek.symmetricKeySize !== 32) throw new Error('the key-encryption key must have 32 bytes');
  const known = new Map<string, LoadedKey>();
  const active = new Map<KeyPurpose, { key: Promise<LoadedKey>; until: Date }>();

  const remember = (key: LoadedKey): LoadedKey => {
    const now = clock.now();
    for (const [id, { expiresAt }] of known) if (expiresAt !== null && expiresAt <= now) known.delete(id);
    known.set(key.id, key);
    return key;
  };
  const cache = (purpose: KeyPurpose, key: Promise<LoadedKey>): Promise<LoadedKey> => {
    const entry = { key: key.then(remember), until: plus(clock.now(), ACTIVE_CACHE_MS) };
    active.set(purpose, entry);
    entry.key.catch(() => {
      if (active.get(purpose) === entry) active.delete(purpose);
    });
    return entry.key;
  };

  return {
    active: async (purpose) => {
      const cached = active.get(purpose);
      if (cached !== undefined && cached.until > clock.now()) return cached.key;
      return cache(purpose, findOrCreate(db, clock, kek, purpose));
    },
    byId: async (id) => {
      const key = known.get(id);
      if (key !== undefined && (key.expiresAt === null || key.expiresAt > clock.now())) return key;
      return remember(await loadById(db, kek, id));
    },
    rotate: (purpose) => cache(purpose, replaceActive(db, clock, kek, purpose)),
  };
}

async function findOrCreate(db: Db, clock: Clock, kek: KeyObject, purpose: KeyPurpose): Promise<LoadedKey> {
  const found = await findActive(db, clock, kek, purpose);
  if (found !== null) return found;
  return inTransaction(db, 'vault.create_key', async (tx) => {
    await lock(tx, purpose);
    return (await findActive(tx, clock, kek, purpose)) ?? insertKey(tx, clock, kek, purpose);
  });
}

function replaceActive(db: Db, clock: Clock, kek: KeyObject, purpose: RotatablePurpose): Promise<LoadedKey> {
  return inTransaction(db, 'vault.rotate_key', async (tx) => {
    await lock(tx, purpose);
    return insertKey(tx, clock, kek, purpose);
  });
}

/**
 * Serialises those who would make a key of this purpose, over all processes, to the end of the transaction.
 */
async function lock(tx: Queryable, purpose: KeyPurpose): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`data_keys ${purpose}`}, 0))`);
}

async function findActive(on: Queryable, clock: Clock, kek: KeyObject, purpose: KeyPurpose) {
  const sealsUntil = plus(clock.now(), SETTLING_MS);
  const [row] = await on
    .select()
    .from(dataKeys)
    .where(
      and(
        eq(dataKeys.purpose, purpose),
        eq(dataKeys.state, 'active'),
        or(isNull(dataKeys.expiresAt), gt(dataKeys.expiresAt, sealsUntil)),
      ),
    );
  return row === undefined ? null : unwrap(kek, row);
}

async function loadById(db: Db, kek: KeyObject, id: string): Promise<LoadedKey> {
  const [row] = await db.select().from(dataKeys).where(eq(dataKeys.id, id));
  if (row === undefined) throw new Error('no such data key');
  return unwrap(kek, row);
}

async function insertKey(
  tx: Queryable,
  clock: Clock,
  kek: KeyObject,
  purpose: KeyPurpose,
): Promise<LoadedKey> {
  const now = clock.now();
  const id = newId('key', now);
  const material = randomBytes(32);
  const key = createSecretKey(material);
  const wrapped = seal({ id: KEK_ID, key: kek }, material, wrapAad(id, purpose));
  material.fill(0);
  const expiresAt = purpose === 'security_code' ? plus(now, SECURITY_CODE_KEY_LIFE_MS) : null;
  await tx
    .update(dataKeys)
    .set({ state: 'retiring' })
    .where(and(eq(dataKeys.purpose, purpose), eq(dataKeys.state, 'active')));
  await tx.insert(dataKeys).values({ id, purpose, wrapped, state: 'active', createdAt: now, expiresAt });
  return { id, key, expiresAt };
}

function unwrap(kek: KeyObject, row: typeof dataKeys.$inferSelect): LoadedKey {
  const material = openWrapped(kek, row);
  const key = createSecretKey(material);
  material.fill(0);
  return { id: row.id, key, expiresAt: row.expiresAt };
}

function openWrapped(kek: KeyObject, row: typeof dataKeys.$inferSelect): Buffer {
  try {
    return unseal({ id: KEK_ID, key: kek }, row.wrapped, wrapAad(row.id, row.purpose));
  } catch {
    throw new Error(`the key-encryption key does not open data key ${row.id} (${row.purpose})`);
  }
}

/** A wrapped key opens only as the key it was made as: neither under another id nor for another purpose. */
function wrapAad(id: string, purpose: KeyPurpose): string {
  return `payresort data key|${id}|${purpose}`;
}
