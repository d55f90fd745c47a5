import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Mode } from '../../src/config.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { type Clock, plus } from '../../src/lib/clock.ts';
import { type KeyProvider, openKeyProvider } from '../../src/vault/key-provider.ts';
import { openKeyRing } from '../../src/vault/keyring.ts';
import { type CardFields, type CardInput, parseCard } from '../../src/vault/parse-card.ts';
import { createToken } from '../../src/vault/tokens.ts';
import { createDatabase } from '../support/database.ts';

/** A vault on a database of its own, with a clock that a test moves. Two of them may share one database. */
export interface VaultWorld extends Database {
  url: string;
  provider: KeyProvider;
  clock: TestClock;
  keys: ReturnType<typeof openKeyRing>;
}

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export const START = new Date('2026-07-01T00:00:00.000Z');

/** A process of its own on the same database: own pool, own key ring; provider and clock are the first one's. */
export function secondProcess(world: VaultWorld): VaultWorld {
  const database = openDatabase(world.url, 4);
  return { ...world, ...database, keys: openKeyRing(database.db, world.clock, world.provider) };
}

export async function openVaultWorld(): Promise<VaultWorld> {
  const { url, drop } = await createDatabase();
  const database = openDatabase(url, 8);
  const clock = testClock(START);
  const provider = providerOf(newKek());
  const close = async () => {
    await database.close();
    await drop();
  };
  return { ...database, url, provider, clock, keys: openKeyRing(database.db, clock, provider), close };
}

export function newKek(): KeyObject {
  return createSecretKey(randomBytes(32));
}

/** The first one is to wrap, the others only open. */
export function providerOf(...keys: KeyObject[]): KeyProvider {
  return openKeyProvider({ from: 'environment', keys });
}

export function testClock(start: Date): TestClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now = plus(now, ms);
    },
  };
}

export const FIELDS: CardFields = {
  number: '4000000000000002',
  exp: '12/30',
  csc: '737',
  name: 'TARO YAMADA',
};

export function testCard(fields: Partial<CardFields> = {}): CardInput {
  const parsed = parseCard({ ...FIELDS, ...fields }, { mode: 'test', now: START });
  if (!parsed.ok) throw new Error(`not a card: ${JSON.stringify(parsed.faults)}`);
  return parsed.card;
}

export function tokenFor(
  world: VaultWorld,
  merchantId: string,
  fields: Partial<CardFields> = {},
  mode: Mode = 'test',
) {
  return createToken(world, { merchantId, mode, card: testCard(fields) });
}
