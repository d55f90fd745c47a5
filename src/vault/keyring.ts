import { type Db, violates } from '../db/client.ts';
import type { KeyPurpose } from '../db/schema.ts';
import { type Clock, MINUTE, plus } from '../lib/clock.ts';
import type { SealingKey } from '../lib/seal.ts';
import {
  activeRow,
  createKey,
  type DataKeyRow,
  type LoadedKey,
  RetiredKey,
  replaceKey,
  rowById,
  unwrapRow,
} from './data-keys.ts';
import type { KeyProvider } from './key-provider.ts';

/**
 * Data keys by purpose, each stored wrapped by a key-encryption key (KEK), which is never stored. A rotation
 * makes a new active key; what the old ones sealed still opens, by the key id in its header, until it is sealed
 * anew (`reseal.ts`) and they are retired (`retire.ts`). The keys of `fingerprint` and `idempotency` stay for
 * life, since what they made must remain comparable.
 */
export interface KeyRing {
  /** The key to seal or sign with now; made when there is none. Cached for `cacheMs`. */
  active(purpose: KeyPurpose): Promise<DataKey>;
  /** The key that something was sealed with. Throws when there is none of this id (any more). */
  byId(id: string): Promise<DataKey>;
  /**
   * Makes a new active key; the one before is `retiring`: it opens, and seals no more once every cache has
   * expired.
   */
  rotate(purpose: RotatablePurpose): Promise<DataKey>;
  /** Forgets which keys are active, so that the next to seal asks again. */
  forget(): void;
}

export type DataKey = SealingKey;
export type RotatablePurpose = Exclude<KeyPurpose, 'fingerprint' | 'idempotency'>;

interface Known {
  key: LoadedKey;
  until: Date;
}

/** Opens the ring. Keys are read, and made, when first asked for; one that is not used any more is forgotten. */
export function openKeyRing(db: Db, clock: Clock, provider: KeyProvider, cacheMs: number = MINUTE): KeyRing {
  const store = { db, clock, provider };
  const known = new Map<string, Known>();
  const active = new Map<KeyPurpose, { key: Promise<LoadedKey>; until: Date }>();

  const remember = (key: LoadedKey): LoadedKey => {
    const now = clock.now();
    for (const [id, { until }] of known) if (plus(until, cacheMs) <= now) known.delete(id);
    known.set(key.id, { key, until: plus(now, cacheMs) });
    return key;
  };
  // A key that is at hand is not unwrapped again: it goes on even where its new KEK is not known yet.
  const load = async (row: DataKeyRow): Promise<LoadedKey> =>
    remember(known.get(row.id)?.key ?? (await unwrapRow(store, row)));
  const cache = (purpose: KeyPurpose, key: Promise<LoadedKey>): Promise<LoadedKey> => {
    const entry = { key, until: plus(clock.now(), cacheMs) };
    active.set(purpose, entry);
    key.catch(() => {
      if (active.get(purpose) === entry) active.delete(purpose);
    });
    return key;
  };
  const findOrCreate = async (purpose: KeyPurpose): Promise<LoadedKey> => {
    const row = await activeRow(db, clock, purpose);
    return row === null ? remember(await createKey(store, purpose)) : load(row);
  };

  return {
    active: async (purpose) => {
      const cached = active.get(purpose);
      if (cached !== undefined && cached.until > clock.now()) return cached.key;
      return cache(purpose, findOrCreate(purpose));
    },
    byId: async (id) => {
      const cached = known.get(id);
      if (cached !== undefined && isFresh(cached, clock.now())) return cached.key;
      const row = await rowById(db, id).catch((error) => {
        known.delete(id);
        throw error;
      });
      return load(row);
    },
    rotate: (purpose) => cache(purpose, replaceKey(store, purpose).then(remember)),
    forget: () => active.clear(),
  };
}

/**
 * Reads something sealed and opens it; once more when its key was retired between the two, since then the row
 * has been sealed anew.
 */
export async function rereading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RetiredKey)) throw error;
    return work();
  }
}

/**
 * Seals something and stores it; once more when the database has refused it because the key was retired: this
 * process then knew the old one for longer than it should have.
 */
export async function resealing<T>(keys: KeyRing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!violates(error, 'sealed_with_usable_key')) throw error;
    keys.forget();
    return work();
  }
}

function isFresh({ key, until }: Known, now: Date): boolean {
  return until > now && (key.expiresAt === null || key.expiresAt > now);
}
