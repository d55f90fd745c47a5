import { expect, test } from 'vitest';
import { merchantSecrets, merchants } from '../../src/db/schema.ts';
import { authenticate } from '../../src/merchants/keys.ts';
import { activeSecrets } from '../../src/merchants/secrets.ts';
import { seedDemo } from '../../src/merchants/seed-demo.ts';
import { seedDemoOwner } from '../../src/users/seed-demo-owner.ts';
import { mountConsole } from '../support/console.ts';
import { Browsing, codeAt } from '../support/people.ts';
import { worldForTest } from '../support/world.ts';

test('the demo merchant and its credentials are the same after every start, and they work', async () => {
  const { deps } = await worldForTest();
  const first = await seedDemo(deps);
  expect(await seedDemo(deps)).toEqual(first);
  expect(first).toEqual({
    merchant_id: expect.stringMatching(/^A1\d{8}$/),
    secret_key: expect.stringMatching(/^sk_test_[0-9a-z]{32}$/),
    publishable_key: expect.stringMatching(/^pk_test_[0-9a-z]{32}$/),
    entry_secret: expect.stringMatching(/^esec_[A-Za-z0-9+/]{43}=$/),
    webhook_secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
  });
  expect(await authenticate(deps, first.secret_key)).toMatchObject({ kind: 'secret' });
  expect(await authenticate(deps, first.publishable_key)).toMatchObject({ kind: 'publishable' });
  expect(await activeSecrets(deps, first.merchant_id, 'test', 'entry')).toEqual([first.entry_secret]);
  expect(await activeSecrets(deps, first.merchant_id, 'test', 'signing')).toEqual([first.webhook_secret]);
  expect(await deps.db.select().from(merchants)).toHaveLength(1);
  expect(await deps.db.select().from(merchantSecrets)).toHaveLength(2);
});

test('another machine has other credentials', async () => {
  const [one, two] = [await worldForTest(), await worldForTest()];
  const [first, second] = [await seedDemo(one.deps), await seedDemo(two.deps)];
  for (const name of ['secret_key', 'publishable_key', 'entry_secret', 'webhook_secret'] as const) {
    expect(second[name]).not.toBe(first[name]);
  }
});

test('production has no demo merchant', async () => {
  const { deps } = await worldForTest();
  const production = { ...deps, config: { ...deps.config, production: true } };
  await expect(seedDemo(production)).rejects.toThrow();
  expect(await deps.db.select().from(merchants)).toEqual([]);
});

test('the demo owner is the same after every start, and logs in with what demo.json says', async () => {
  const world = await worldForTest();
  mountConsole(world);
  await seedDemo(world.deps);
  const owner = await seedDemoOwner(world.deps);
  expect(await seedDemoOwner(world.deps)).toEqual(owner);
  const browser = new Browsing(world);
  const first = { login_id: owner.login_id, password: owner.password };
  expect((await browser.post('/console/login', first)).status).toBe(303);
  const code = codeAt(world.clock.now(), owner.totp_secret);
  expect((await browser.post('/console/login/code', { code })).headers.get('Location')).toBe('/console');
});
