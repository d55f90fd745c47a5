import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKeys } from '../../src/db/schema.ts';
import { authenticate, createApiKey } from '../../src/merchants/keys.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

let world: World;
let shop: TestMerchant;

beforeAll(async () => {
  world = await openWorld();
  shop = await world.merchant();
});
afterAll(() => world.close());

test('a key speaks for its merchant, in its mode, as its kind', async () => {
  for (const [name, key] of Object.entries(shop.keys)) {
    const known = await authenticate(world.deps, key);
    expect({ ...known, merchant: known?.merchant.merchantId, mode: known?.merchant.mode }, name).toEqual({
      merchant: shop.merchantId,
      mode: name.slice(3),
      kind: name.startsWith('sk') ? 'secret' : 'publishable',
    });
  }
});

describe('what is no key speaks for nobody', () => {
  const forgeries: [string, (key: string) => string][] = [
    ['nothing', () => ''],
    ['another kind', (key) => key.replace('sk_', 'pk_')],
    ['another mode', (key) => key.replace('_test_', '_live_')],
    ['one character changed', (key) => key.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['one character more', (key) => `${key}0`],
    ['upper case', (key) => key.toUpperCase()],
    ["another merchant's number", (key) => key.replace(/_([0-9a-z]{6})/, '_000000')],
    ['a NUL', (key) => `${key.slice(0, -1)}\u0000`],
  ];
  test.each(forgeries)('%s', async (_, forge) => {
    expect(await authenticate(world.deps, forge(shop.keys.sk_test))).toBeNull();
  });
});

test('a revoked key speaks for nobody, the others go on', async () => {
  const other = await world.merchant();
  await world.deps.db.update(apiKeys).set({ revokedAt: world.clock.now() });
  const { merchantId } = other;
  const fresh = await createApiKey(world.deps, { merchantId, mode: 'test', kind: 'secret' });
  expect(await authenticate(world.deps, other.keys.sk_test)).toBeNull();
  expect(await authenticate(world.deps, fresh)).not.toBeNull();
});

test('a key is kept as a hash only', async () => {
  const rows = JSON.stringify(await world.deps.db.select().from(apiKeys));
  for (const key of Object.values(shop.keys)) {
    expect(rows).not.toContain(key);
    expect(rows).not.toContain(key.slice(8));
  }
});
