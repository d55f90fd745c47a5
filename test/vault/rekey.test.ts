import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq, ne } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { dataKeys, keyEncryptionKeys, vaultCards } from '../../src/db/schema.ts';
import { DAY, HOUR, MINUTE } from '../../src/lib/clock.ts';
import { seal, sealedKeyId } from '../../src/lib/seal.ts';
import { openCard, sealCard, sealedCards } from '../../src/vault/cards.ts';
import { activeKek } from '../../src/vault/data-keys.ts';
import { openKeyProvider } from '../../src/vault/key-provider.ts';
import { openKeyRing } from '../../src/vault/keyring.ts';
import { purgeVault } from '../../src/vault/purge.ts';
import { type Progress, resealTable, rowsLeft } from '../../src/vault/reseal.ts';
import { retireKeys } from '../../src/vault/retire.ts';
import { rewrapKeys, wrappedBy } from '../../src/vault/rewrap.ts';
import { sealedSecurityCodes } from '../../src/vault/security-codes.ts';
import { testConfig } from '../support/world.ts';
import { newKek, openVaultWorld, providerOf, secondProcess, tokenFor, type VaultWorld } from './world.ts';

const ALICE = 'A100000001';
const PAN = '4000000000000002';
const TABLES = [sealedCards, sealedSecurityCodes];
const config = testConfig();

const open: VaultWorld[] = [];
let world: VaultWorld;

beforeEach(async () => {
  world = await openVaultWorld();
  open.push(world);
});

afterAll(async () => {
  for (const each of open) await each.close();
});

const retire = () => retireKeys({ ...world, config }, TABLES);
const reseal = (of: VaultWorld = world) => resealTable(of, sealedCards, () => {});
const stateOf = async (id: string) =>
  (await world.db.select().from(dataKeys).where(eq(dataKeys.id, id)))[0]?.state;

async function cards(count: number): Promise<{ merchantId: string; cardId: string }[]> {
  const made = await Promise.all(Array.from({ length: count }, () => tokenFor(world, ALICE)));
  return made.map(({ cardId }) => ({ merchantId: ALICE, cardId }));
}

describe('re-encryption', () => {
  test('every card is sealed with the new key, opens in any process, and its progress was told', async () => {
    const kept = await cards(250);
    const fresh = await world.keys.rotate('card');
    const told: Progress[] = [];
    const end = await resealTable(world, sealedCards, (progress) => told.push(progress));
    expect([told[0]?.left, end.left, end.done]).toEqual([250, 0, 250]);
    const rows = await world.db.select().from(vaultCards);
    expect(new Set(rows.map((row) => [row.keyId, sealedKeyId(row.sealed)].join()))).toEqual(
      new Set([`${fresh.id},${fresh.id}`]),
    );
    const other = secondProcess(world);
    for (const card of kept.slice(0, 20)) expect((await openCard(other, card)).pan.reveal()).toBe(PAN);
    await other.raw.end();
  });

  test('two processes at once and one that broke off do every row once', async () => {
    await cards(230);
    await world.keys.rotate('card');
    const breaking = resealTable(world, sealedCards, () => {
      throw new Error('unplugged');
    });
    await expect(breaking).rejects.toThrow('unplugged');
    const [mine, theirs] = await Promise.all([reseal(), reseal(secondProcess(world))]);
    expect(mine.done + theirs.done).toBe(230);
    expect(await rowsLeft(world, sealedCards)).toBe(0);
  });

  test('a row that a payment holds is passed over, and done once it is let go', async () => {
    const [held] = await cards(3);
    await world.keys.rotate('card');
    let running: Promise<Progress> | null = null;
    await world.db.transaction(async (tx) => {
      await tx
        .select()
        .from(vaultCards)
        .where(eq(vaultCards.id, held?.cardId ?? ''))
        .for('update');
      await new Promise<void>((done) => {
        running = resealTable(secondProcess(world), sealedCards, () => {});
        const look = setInterval(async () => {
          if ((await rowsLeft(world, sealedCards)) > 1) return;
          clearInterval(look);
          done();
        }, 5);
      });
    });
    expect(await running).toMatchObject({ left: 0, done: 3 });
  });
});

describe('retirement', () => {
  test('a key is destroyed only when it is old enough and nothing is sealed with it', async () => {
    const before = await world.keys.active('card');
    await cards(2);
    await world.keys.rotate('card');
    expect(await retire()).toMatchObject([{ id: before.id, outcome: 'too_young' }]);
    world.clock.advance(2 * MINUTE);
    expect(await retire()).toMatchObject([{ id: before.id, outcome: 'in_use', rows: 2 }]);
    await reseal();
    expect(await retire()).toMatchObject([{ id: before.id, outcome: 'retired' }]);
    const [row] = await world.db.select().from(dataKeys).where(eq(dataKeys.id, before.id));
    expect(row?.wrapped.length).toBe(0);
    expect(row?.retiredAt).toEqual(world.clock.now());
    world.clock.advance(MINUTE);
    await expect(world.keys.byId(before.id)).rejects.toThrow(`data key ${before.id} is retired`);
    expect(await retire()).toEqual([]);
  });

  test('who still seals with a retired key is refused by the database and seals with the new one', async () => {
    const frozen = { ...secondProcess(world), clock: { ...world.clock, now: () => START_OF_CACHE } };
    const START_OF_CACHE = world.clock.now();
    const late = { ...frozen, keys: openKeyRing(frozen.db, frozen.clock, world.provider) };
    const before = await late.keys.active('card');
    await world.keys.rotate('card');
    world.clock.advance(2 * MINUTE);
    expect(await retire()).toMatchObject([{ outcome: 'retired' }]);
    expect((await late.keys.active('card')).id).toBe(before.id);

    const { cardId } = await tokenFor(late, ALICE);
    const opened = await openCard(world, { merchantId: ALICE, cardId });
    expect(opened.pan.reveal()).toBe(PAN);
    const [row] = await world.db.select().from(vaultCards).where(eq(vaultCards.id, cardId));
    expect(row?.keyId).toBe((await world.keys.active('card')).id);
  });

  test('a card that is being stored with the old key is waited for and keeps that key alive', async () => {
    const before = await world.keys.active('card');
    await cards(1);
    await world.keys.rotate('card');
    await reseal();
    world.clock.advance(2 * MINUTE);
    const [row] = await world.db.select().from(vaultCards);
    if (row === undefined) throw new Error('no card');
    const late = { merchantId: ALICE, cardId: 'card_late' };
    const opened = await openCard(world, { ...late, cardId: row.id });
    const sealed = sealCard(before, opened, late);
    const other = secondProcess(world);
    let retiring: ReturnType<typeof retire> | null = null;
    await world.db.transaction(async (tx) => {
      await tx.insert(vaultCards).values({ ...row, id: 'card_late', keyId: before.id, sealed });
      retiring = retireKeys({ ...other, config }, TABLES);
      await expect(Promise.race([retiring, tick()])).resolves.toBeUndefined();
    });
    expect(await retiring).toMatchObject([{ id: before.id, outcome: 'in_use', rows: 1 }]);
    expect(await stateOf(before.id)).toBe('retiring');
  });

  test('a security-code key is kept for an hour, since a code may be in flight', async () => {
    const before = await world.keys.active('security_code');
    await world.keys.rotate('security_code');
    world.clock.advance(HOUR - MINUTE);
    expect(await retire()).toMatchObject([{ id: before.id, outcome: 'too_young' }]);
    world.clock.advance(MINUTE);
    expect(await retire()).toMatchObject([{ id: before.id, outcome: 'retired' }]);
  });

  test('a reader that was overtaken by re-encryption and retirement reads again', async () => {
    const [card] = await cards(1);
    if (card === undefined) throw new Error('no card');
    const before = await world.keys.active('card');
    let overtaken = false;
    const slow = {
      ...secondProcess(world),
      keys: {
        ...openKeyRing(world.db, world.clock, world.provider),
        byId: async (id: string) => {
          if (!overtaken) {
            overtaken = true;
            await world.keys.rotate('card');
            await reseal();
            world.clock.advance(2 * MINUTE);
            expect(await retire()).toMatchObject([{ id: before.id, outcome: 'retired' }]);
          }
          return openKeyRing(world.db, world.clock, world.provider).byId(id);
        },
      },
    };
    expect((await openCard(slow, card)).pan.reveal()).toBe(PAN);
  });
});

describe('a change of the key-encryption key', () => {
  test('rewraps every key while another process goes on, and names the old one as unused', async () => {
    const [old, fresh] = [newKek(), newKek()];
    const [before, both, after] = [providerOf(old), providerOf(fresh, old), providerOf(fresh)];
    const ring = openKeyRing(world.db, world.clock, before);
    const keys = await Promise.all([ring.active('card'), ring.active('fingerprint')]);
    const store = { ...world, provider: both };
    // A process that has both goes on with the old one until it is told.
    await openKeyRing(world.db, world.clock, both).rotate('merchant_secret');
    expect([...(await wrappedBy(world.db)).keys()]).toEqual(before.ids);

    expect(await rewrapKeys(store)).toEqual({ kekId: after.ids[0], rewrapped: 3, retired: before.ids });
    expect([...(await wrappedBy(world.db)).keys()]).toEqual(after.ids);
    const later = openKeyRing(world.db, world.clock, after);
    for (const key of keys) expect((await later.byId(key.id)).key.equals(key.key)).toBe(true);
    await expect(openKeyRing(world.db, world.clock, before).active('card')).rejects.toThrow(
      `the key-encryption key ${after.ids[0]} is not given to this process`,
    );
    const rows = await world.db.select().from(keyEncryptionKeys);
    expect(Object.fromEntries(rows.map(({ id, state }) => [id, state]))).toEqual({
      [before.ids[0] ?? '']: 'retired',
      [after.ids[0] ?? '']: 'active',
    });
    expect(await rewrapKeys(store)).toMatchObject({ rewrapped: 0, retired: [] });
  });

  test('a process that was not given the new one goes on with the keys that it holds', async () => {
    const [old, fresh] = [newKek(), newKek()];
    const forgotten = openKeyRing(world.db, world.clock, providerOf(old));
    const key = await forgotten.active('card');
    await rewrapKeys({ ...world, provider: providerOf(fresh, old) });
    for (let minute = 0; minute < 5; minute += 1) {
      world.clock.advance(MINUTE);
      expect((await forgotten.active('card')).id).toBe(key.id);
    }
    await expect(forgotten.active('merchant_secret')).rejects.toThrow('not given to this process');
  });

  test('keys made while it is changed are never left under the old one', async () => {
    const [old, fresh] = [newKek(), newKek()];
    const ring = openKeyRing(world.db, world.clock, providerOf(fresh, old));
    await openKeyRing(world.db, world.clock, providerOf(old)).active('card');
    const store = { ...world, provider: providerOf(fresh, old) };
    const rotations = Array.from({ length: 12 }, () => ring.rotate('card'));
    await Promise.all([...rotations, rewrapKeys(store)]);
    await rewrapKeys(store);
    expect([...(await wrappedBy(world.db)).keys()]).toEqual([store.provider.ids[0]]);
    const rows = await world.db.select().from(dataKeys).where(ne(dataKeys.state, 'retired'));
    expect(rows.length).toBe(13);
  });

  test('a key wrapped before key-encryption keys had names opens, and gets the name', async () => {
    const old = newKek();
    const material = Buffer.alloc(32, 7);
    const id = 'key_first';
    const wrapped = seal({ id: 'kek', key: old }, material, `payresort data key|${id}|card`);
    await world.db
      .insert(dataKeys)
      .values({ id, purpose: 'card', wrapped, state: 'active', createdAt: world.clock.now() });
    const stranger = { ...world, provider: providerOf(newKek()) };
    await expect(activeKek(stranger)).rejects.toThrow('does not open data key key_first');
    const fresh = providerOf(newKek(), old);
    const ring = openKeyRing(world.db, world.clock, fresh);
    expect((await ring.active('card')).key.export()).toEqual(material);
    await rewrapKeys({ ...world, provider: fresh });
    expect([...(await wrappedBy(world.db)).keys()]).toEqual([fresh.ids[0]]);
  });
});

describe('a key file', () => {
  const write = (mode: number, text: string) => {
    const path = join(mkdtempSync(join(inject('tempDir'), 'kek-')), 'kek');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return openKeyProvider.bind(null, { from: 'file', path });
  };
  const line = () => newKek().export().toString('base64');

  test('of one key or two is read, the first one wraps', () => {
    const [first, second] = [line(), line()];
    expect(write(0o600, `${first}\n${second}\n`)().ids.length).toBe(2);
    expect(write(0o400, `${first}\n`)().ids[0]).toBe(write(0o600, `${first}\n${second}`)().ids[0]);
  });

  test.each([
    ['others may read', 0o640, line(), '0600'],
    ['everybody may read', 0o604, line(), '0600'],
    ['is empty', 0o600, '\n', 'one key is expected'],
    ['has three keys', 0o600, [line(), line(), line()].join('\n'), 'one key is expected'],
    ['has a short key', 0o600, 'c2hvcnQ=', '32 bytes'],
  ])('that %s is refused', (_, mode, text, message) => {
    expect(write(mode, text)).toThrow(message);
  });
});

test('old security-code keys go by themselves, whatever became of the rest', async () => {
  await world.keys.active('security_code');
  world.clock.advance(DAY);
  expect(await purgeVault(world)).toMatchObject({ keys: 1 });
});

/** Long enough for a lock to be met, short enough for a test. */
function tick(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, 50, undefined));
}
