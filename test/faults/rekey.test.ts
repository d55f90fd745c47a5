import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { dataKeys, keyEncryptionKeys, vaultCards } from '../../src/db/schema.ts';
import { wallClock } from '../../src/lib/clock.ts';
import { unseal } from '../../src/lib/seal.ts';
import { openCard, sealCard } from '../../src/vault/cards.ts';
import { type KeyProvider, openKeyProvider } from '../../src/vault/key-provider.ts';
import { openKeyRing } from '../../src/vault/keyring.ts';
import { apiClient } from '../support/api.ts';
import { type Balancer, startBalancer } from '../support/balancer.ts';
import { createDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { expectBooksEqual } from '../support/ledger.ts';
import { startLoad } from '../support/load.ts';
import { makeDataDir, runMain, type Variables } from '../support/processes.ts';
import { randomOf } from '../support/random.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { newKek, testCard } from '../vault/world.ts';

/**
 * The vault is re-keyed, key-encryption key and data keys, by the commands of docs/keys.md while shoppers pay. Every
 * command is killed at each of its seams and run again. `npm run rekey` is the long run: more rows, more shoppers,
 * several ceremonies in a row, kills at random.
 */
const CAMPAIGN = process.env.REKEY_ROUNDS !== undefined;
const ROUNDS = Number(process.env.REKEY_ROUNDS ?? 1);
const ROWS = Number(process.env.REKEY_ROWS ?? 4_000);
const SHOPPERS = Number(process.env.REKEY_SHOPPERS ?? 6);
const SEED = Number(process.env.REKEY_SEED ?? Date.now() % 1_000_000);

const MERCHANT = 'A199999999';
const PAN = '4000000000000002';

let balancer: Balancer;
let fleet: Fleet;
let database: Database;
let receiver: Receiver;
let folder: string;
let env: Variables;

beforeAll(async () => {
  folder = makeDataDir(`rekey-${process.pid}`);
  writeFileSync(keyFile(), `${newKek().export().toString('base64')}\n`, { mode: 0o600 });
  balancer = await startBalancer();
  env = { PUBLIC_URL: balancer.url, KEY_ENCRYPTION_KEY_FILE: keyFile(), KEY_CACHE_MS: '1000' };
  fleet = await startFleet({ webs: 2, workers: 1 }, env);
  for (const { baseUrl } of fleet.webs) balancer.add(baseUrl);
  database = openDatabase(fleet.databaseUrl, 4);
  receiver = await startReceiver(() => fleet.demo.webhook_secret);
  env = { ...env, DATABASE_URL: fleet.databaseUrl, DATA_DIR: makeDataDir(`rekey-cli-${process.pid}`) };
});

afterAll(async () => {
  await database?.close();
  await fleet?.stop();
  await receiver?.close();
  await balancer?.close();
});

const keyFile = () => join(folder, 'kek');
const keys = (args: string, changes: Variables = {}) =>
  runMain(['keys', ...args.split(' ')], { ...env, ...changes });

test('the vault is re-keyed while shoppers pay, and none of them notices', {
  timeout: CAMPAIGN ? 3_600_000 : 240_000,
}, async () => {
  await fillVault(ROWS);
  const api = apiClient(balancer.url, fleet.demo.secret_key);
  const random = randomOf(SEED);
  await api('POST', '/v1/webhook-endpoints', { url: receiver.url, events: ['payment.captured'] });
  const load = startLoad(api, SHOPPERS);
  for (let round = 1; round <= ROUNDS; round += 1) await ceremony(round, random);
  const rate = await load.stop();
  const done = `${load.paid.length} payments, ${rate.toFixed(1)} a second`;
  process.stdout.write(`rekey: ${done}, ${ROWS} rows more, ${ROUNDS} ceremonies, seed ${SEED}\n`);
  expect(load.faults).toEqual([]);
  expect(load.paid.length).toBeGreaterThan(20);
  await expectBooksEqual(fleet, api);
  await eventually('every payment was told, signed', async () => {
    const told = new Set(receiver.received.map(({ event }) => event.data.payment.id));
    return load.paid.every((id) => told.has(id));
  });
  expect(receiver.refused).toBe(0);
});

/** One whole change of every key, with what must hold at each step. */
async function ceremony(round: number, random: () => number): Promise<void> {
  const backup = await takeBackup(round);
  const shares = [join(folder, `share-1-${round}`), join(folder, `share-2-${round}`)];
  expect(await keys(`generate-kek ${shares.join(' ')}`)).toMatchObject({ code: 0 });
  expect(await keys(`combine-kek ${shares.join(' ')} ${keyFile()}`)).toMatchObject({ code: 0 });
  const early = await keys('rewrap');
  expect(early).toMatchObject({ code: 1, output: expect.stringContaining('3 running processes') });
  await restartAll();

  await killedAt('rewrap', ['vault.change_kek', 'vault.rewrap_key'], 0);
  await killedAt('rotate', ['vault.rotate_key'], 0);
  expect(await keys('status')).toMatchObject({ code: 3, output: expect.stringContaining('reencrypt: ') });
  await reencrypt(random);
  await killedAt('retire --wait', ['vault.retire_key'], 0);
  expect(await keys('status')).toMatchObject({ code: 0, output: expect.stringContaining('Nothing is due.') });

  const [first = ''] = readFileSync(keyFile(), 'utf8').split('\n');
  writeFileSync(keyFile(), `${first}\n`, { mode: 0o600 });
  await restartAll();
  await expectOldKeysGone(backup);
}

/** Runs a command that dies at each point of its seams, before and after, and then once more to its end. */
async function killedAt(command: string, seams: string[], code: number): Promise<void> {
  for (const point of seams.flatMap((seam) => [`${seam}:before`, `${seam}:after`])) {
    const { code: killed, output } = await keys(command, { KILL_AT: point });
    // What a killed run has completed is not there to be done again.
    if (killed !== null) expect([killed, output]).toEqual([code, expect.anything()]);
  }
  expect(await keys(command)).toMatchObject({ code });
}

async function reencrypt(random: () => number): Promise<void> {
  const points = [1, 2, 3].map(() => Math.ceil(random() * Math.max(ROWS / 500, 4)));
  for (const [index, pass] of points.entries()) {
    const point = `vault.reseal:${index === 1 ? 'after' : 'before'}#${pass}`;
    expect(await keys('reencrypt', { KILL_AT: point }), point).toMatchObject({ code: null });
  }
  const { code, output } = await keys('reencrypt');
  const left = [...output.matchAll(/^vault_cards: \d+ rows done, (\d+) left, \d+ a second/gm)];
  expect(code, output).toBe(0);
  expect(left.length).toBeGreaterThan(1);
  expect(Number(left[0]?.[1])).toBeGreaterThan(ROWS / 4);
  expect(Number(left.at(-1)?.[1])).toBe(0);
}

/** One after the other, each out of the balancer's reach while it is away. */
async function restartAll(): Promise<void> {
  for (const web of fleet.webs) {
    await balancer.takeOut(web.baseUrl);
    await web.kill('SIGTERM');
    await web.restart();
    balancer.add(web.baseUrl);
  }
  for (const worker of fleet.workers) {
    await worker.kill('SIGTERM');
    await worker.restart();
  }
}

interface Backup {
  keyFile: string;
  dataKeys: (typeof dataKeys.$inferSelect)[];
  keks: (typeof keyEncryptionKeys.$inferSelect)[];
  cards: (typeof vaultCards.$inferSelect)[];
}

async function takeBackup(round: number): Promise<Backup> {
  const copy = join(folder, `kek-before-${round}`);
  copyFileSync(keyFile(), copy);
  const { db } = database;
  return {
    keyFile: copy,
    dataKeys: await db.select().from(dataKeys),
    keks: await db.select().from(keyEncryptionKeys),
    cards: await db.select().from(vaultCards).limit(50),
  };
}

/** Nothing of before opens what there is now, and nothing of now opens what there was before. */
async function expectOldKeysGone(backup: Backup): Promise<void> {
  const { db } = database;
  const [now, before] = [providerOf(keyFile()), providerOf(backup.keyFile)];
  const sampled = backup.cards.map(({ id }) => id);
  const rows = await db.select().from(vaultCards).where(inArray(vaultCards.id, sampled));
  const rekeyed = backup.dataKeys.filter(
    ({ purpose }) => purpose === 'card' || purpose === 'merchant_secret',
  );
  const left = await db.select().from(dataKeys);
  for (const old of rekeyed) {
    const row = left.find(({ id }) => id === old.id);
    expect([row?.state, row?.wrapped.length]).toEqual(['retired', 0]);
  }
  expect(left.filter(({ state, purpose }) => state === 'retiring' && purpose !== 'security_code')).toEqual(
    [],
  );

  await withRestored(backup, before, async ({ oldRing, restored }) => {
    // The old key ring, and even the old key-encryption key, with the rows of today.
    for (const card of rows) {
      for (const { id } of rekeyed.filter(({ state }) => state !== 'retired')) {
        const key = await oldRing.byId(id);
        const aad = `vault_cards|${card.merchantId}|${card.id}`;
        expect(() => unseal({ ...key, id: card.keyId }, card.sealed, aad)).toThrow('did not open');
      }
      await expect(oldRing.byId(card.keyId)).rejects.toThrow('no such data key');
    }
    // The whole backup with the key-encryption key of today.
    const ring = openKeyRing(restored.db, wallClock, now);
    const [card] = backup.cards;
    if (card === undefined) throw new Error('the backup has no card');
    const opening = openCard(
      { db: restored.db, keys: ring },
      { merchantId: card.merchantId, cardId: card.id },
    );
    await expect(opening).rejects.toThrow('is not given to this process');
  });
  const ring = openKeyRing(db, wallClock, now);
  const [seeded] = rows.filter(({ merchantId }) => merchantId === MERCHANT);
  const opened = await openCard({ db, keys: ring }, { merchantId: MERCHANT, cardId: seeded?.id ?? '' });
  expect(opened.pan.reveal()).toBe(PAN);
}

async function withRestored(
  backup: Backup,
  before: KeyProvider,
  work: (of: { oldRing: ReturnType<typeof openKeyRing>; restored: Database }) => Promise<void>,
): Promise<void> {
  const { url, drop } = await createDatabase();
  const restored = openDatabase(url, 2);
  try {
    await restored.db.insert(keyEncryptionKeys).values(backup.keks);
    await restored.db.insert(dataKeys).values(backup.dataKeys);
    await restored.db.insert(vaultCards).values(backup.cards);
    await work({ oldRing: openKeyRing(restored.db, wallClock, before), restored });
  } finally {
    await restored.close();
    await drop();
  }
}

function providerOf(path: string): KeyProvider {
  return openKeyProvider({ from: 'file', path });
}

/** Cards that were kept before: sealed as the service seals them, for a merchant of their own. */
async function fillVault(count: number): Promise<void> {
  const ring = openKeyRing(database.db, wallClock, providerOf(keyFile()));
  const [key, opened] = [await ring.active('card'), testCard({ number: PAN })];
  const [createdAt, purgeAt] = [wallClock.now(), new Date(wallClock.now().getTime() + 86_400_000)];
  for (let from = 0; from < count; from += 1_000) {
    const rows = Array.from({ length: Math.min(1_000, count - from) }, (_, index) => {
      const id = `card_${String(from + index).padStart(9, '0')}`;
      const sealed = sealCard(key, opened, { merchantId: MERCHANT, cardId: id });
      const fingerprint = Buffer.alloc(32, index);
      return { merchantId: MERCHANT, id, keyId: key.id, sealed, fingerprint, createdAt, purgeAt };
    });
    await database.db.insert(vaultCards).values(rows);
  }
}
