import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dataKeys, type KeyPurpose } from '../../src/db/schema.ts';
import { DAY, HOUR, MINUTE } from '../../src/lib/clock.ts';
import { seal, sealedKeyId, unseal } from '../../src/lib/seal.ts';
import { type DataKey, openKeyRing } from '../../src/vault/keyring.ts';
import { newKek, openVaultWorld, providerOf, secondProcess, type VaultWorld } from './world.ts';

const PURPOSES: KeyPurpose[] = ['card', 'security_code', 'fingerprint', 'merchant_secret', 'idempotency'];

let world: VaultWorld;
let other: VaultWorld;

beforeAll(async () => {
  world = await openVaultWorld();
  other = secondProcess(world);
});

afterAll(async () => {
  await Promise.all([world.close(), other.close()]);
});

const ringOf = (of: VaultWorld) => openKeyRing(of.db, of.clock, of.provider);
const material = (key: DataKey) => key.key.export().toString('hex');

describe('a first key', () => {
  test.each(PURPOSES)('%s: processes that ask at the same moment agree on one', async (purpose) => {
    const rings = Array.from({ length: 12 }, (_, index) => ringOf(index % 2 === 0 ? world : other));
    const keys = await Promise.all(rings.flatMap((ring) => [ring.active(purpose), ring.active(purpose)]));
    expect(new Set(keys.map((key) => key.id)).size).toBe(1);
    expect(new Set(keys.map(material)).size).toBe(1);
    const rows = await world.db.select().from(dataKeys).where(eq(dataKeys.purpose, purpose));
    expect(rows.map((row) => row.state)).toEqual(['active']);
  });

  test('every purpose has a key of its own, of 256 bits', async () => {
    const keys = await Promise.all(PURPOSES.map((purpose) => world.keys.active(purpose)));
    expect(new Set(keys.map(material)).size).toBe(PURPOSES.length);
    for (const key of keys) expect(key.key.symmetricKeySize).toBe(32);
  });

  test('survives a restart', async () => {
    const before = await world.keys.active('card');
    const after = await ringOf(world).active('card');
    expect([after.id, material(after)]).toEqual([before.id, material(before)]);
  });
});

describe('wrapping', () => {
  test('no key is stored as it is, and none prints', async () => {
    const keys = await Promise.all(PURPOSES.map((purpose) => world.keys.active(purpose)));
    const stored = JSON.stringify(await world.db.select().from(dataKeys));
    const rows = await world.db.select().from(dataKeys);
    for (const key of keys) {
      for (const row of rows) expect(row.wrapped.includes(key.key.export())).toBe(false);
      expect(stored).not.toContain(key.key.export().toString('base64'));
      expect(inspect([key, world.keys], { depth: 9, showHidden: true })).not.toContain(material(key));
    }
  });

  test('another key-encryption key opens nothing; the error names only key and purpose', async () => {
    const stranger = openKeyRing(world.db, world.clock, providerOf(newKek()));
    const { id } = await world.keys.active('card');
    await expect(stranger.active('card')).rejects.toThrow(
      `the key-encryption key does not open data key ${id} (card)`,
    );
    await expect(stranger.byId(id)).rejects.toThrow('does not open');
  });

  test('a wrapped key does not open as another id or for another purpose', async () => {
    const card = await world.keys.active('card');
    const [row] = await world.db.select().from(dataKeys).where(eq(dataKeys.id, card.id));
    if (row === undefined) throw new Error('no row');
    await world.db.insert(dataKeys).values({ ...row, id: 'key_moved', state: 'retiring' });
    await world.db
      .insert(dataKeys)
      .values({ ...row, id: 'key_purpose', state: 'retiring', purpose: 'merchant_secret' });
    await expect(world.keys.byId('key_moved')).rejects.toThrow('does not open');
    await expect(world.keys.byId('key_purpose')).rejects.toThrow('does not open');
  });

  test.each([0, 16, 33])('a key-encryption key of %i bytes is refused', (length) => {
    expect(() => providerOf(createSecretKey(randomBytes(length)))).toThrow('32 bytes');
  });

  test('there is no key of an unknown id', async () => {
    await expect(world.keys.byId('key_nobody')).rejects.toThrow('no such data key');
  });
});

describe('rotation', () => {
  test('the old key opens, the new one seals, and another process finds both', async () => {
    const [mine, theirs] = [ringOf(world), ringOf(other)];
    const before = await mine.active('merchant_secret');
    await theirs.active('merchant_secret');
    const sealed = seal(before, 'whsec', 'row');

    const after = await mine.rotate('merchant_secret');
    expect(after.id).not.toBe(before.id);
    expect((await mine.active('merchant_secret')).id).toBe(after.id);

    const opened = unseal(await theirs.byId(sealedKeyId(sealed)), sealed, 'row');
    expect(opened.toString()).toBe('whsec');
    expect(material(await theirs.byId(after.id))).toBe(material(after));

    world.clock.advance(MINUTE);
    expect((await theirs.active('merchant_secret')).id).toBe(after.id);
    const rows = await world.db.select().from(dataKeys).where(eq(dataKeys.id, before.id));
    expect(rows.map((row) => row.state)).toEqual(['retiring']);
  });

  test('any number of rotations at once leave one active key', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => ringOf(n % 2 === 0 ? world : other).rotate('card')),
    );
    const rows = await world.db.select().from(dataKeys).where(eq(dataKeys.purpose, 'card'));
    expect(rows.filter((row) => row.state === 'active').length).toBe(1);
    const [mine, theirs] = await Promise.all([ringOf(world).active('card'), ringOf(other).active('card')]);
    expect(mine.id).toBe(theirs.id);
  });

  test('a security-code key seals for less than a day, then there is another', async () => {
    const ring = ringOf(world);
    const first = await ring.active('security_code');
    world.clock.advance(22 * HOUR);
    expect((await ring.active('security_code')).id).toBe(first.id);
    world.clock.advance(HOUR + MINUTE);
    const second = await ring.active('security_code');
    expect(second.id).not.toBe(first.id);
    expect(material(await ring.byId(first.id))).toBe(material(first));
    world.clock.advance(DAY);
    expect((await ring.active('security_code')).id).not.toBe(second.id);
  });

  test('the other keys do not age', async () => {
    const before = await ringOf(world).active('fingerprint');
    world.clock.advance(1_000 * DAY);
    expect((await ringOf(world).active('fingerprint')).id).toBe(before.id);
  });
});

test('a failed look-up is not remembered', async () => {
  const fragile = secondProcess(world);
  await fragile.close();
  await expect(fragile.keys.active('card')).rejects.toThrow();
  await expect(fragile.keys.active('card')).rejects.toThrow();
  expect((await world.keys.active('card')).id).toBeDefined();
});
