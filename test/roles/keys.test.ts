import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as schema from '../../src/db/schema.ts';
import { DAY, plus } from '../../src/lib/clock.ts';
import { measureKeys } from '../../src/roles/key-metrics.ts';
import { dueOf, inventoryTable } from '../../src/roles/keys-output.ts';
import { SEALED_TABLES } from '../../src/roles/sealed-tables.ts';
import { keyInventory } from '../../src/vault/inventory.ts';
import { openMetrics } from '../../src/web/metrics.ts';
import { createDatabase } from '../support/database.ts';
import { makeDataDir, runMain, type Variables } from '../support/processes.ts';
import { worldForTest } from '../support/world.ts';

let env: Variables;
let folder: string;

beforeAll(async () => {
  folder = makeDataDir(`keys-${process.pid}`);
  const { url } = await createDatabase();
  env = { DATABASE_URL: url, DATA_DIR: folder, KEY_CACHE_MS: '10' };
});

const keys = (args: string, changes: Variables = {}) =>
  runMain(['keys', ...args.split(' ').filter(Boolean)], { ...env, ...changes });

describe('a command of keys', () => {
  test.each([
    ['', 2, 'keys status'],
    ['unknown', 2, 'keys status'],
    ['generate-kek one', 2, 'keys generate-kek SHARE_1 SHARE_2'],
    ['rotate fingerprint', 2, 'The other keys stay'],
    ['status', 0, 'Nothing is due.'],
    ['rotate', 0, 'merchant_secret: key_'],
    ['status', 3, 'retire: nothing is sealed any more with 2 older keys'],
    ['retire --wait', 0, 'retired, its key is destroyed'],
    ['status --json', 0, '"state": "retired"'],
    ['retire', 0, 'There is no older key.'],
    ['reencrypt', 0, 'vault_cards: 0 rows done, 0 left'],
    ['rewrap', 0, 'wraps every key: 0 were wrapped anew'],
  ])('keys %s → %i', async (args, code, text) => {
    const answer = await keys(args);
    expect(answer).toMatchObject({ code, output: expect.stringContaining(text) });
  });

  test('fails with 1, and says why, where its key does not open what is there', async () => {
    const other = { KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    expect(await keys('reencrypt', other)).toMatchObject({ code: 0 });
    const answer = await keys('rotate', other);
    expect(answer).toMatchObject({
      code: 1,
      output: expect.stringContaining('is not given to this process'),
    });
  });

  test("and the service do not start with a key that is not the database's", async () => {
    const other = { ...env, KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'), PORT: '0' };
    const answer = await runMain(['worker'], other);
    expect(answer).toMatchObject({
      code: 1,
      output: expect.stringMatching(/are wrapped by kek-\w{16}, this process was given kek-\w{16}/),
    });
  });

  test('prints no share and no key, overwrites no file, writes for its owner alone', async () => {
    const [one, two, file] = ['one', 'two', 'kek'].map((name) => join(folder, name));
    const drawn = await keys(`generate-kek ${one} ${two}`);
    const again = await keys(`generate-kek ${one} ${two}`);
    const put = await keys(`combine-kek ${one} ${two} ${file}`);
    expect([drawn.code, again.code, put.code]).toEqual([0, 1, 0]);
    for (const path of [one, two, file]) expect(statSync(path ?? '').mode & 0o777).toBe(0o600);
    const share = /^share {2}(.*)$/m.exec(readFileSync(one ?? '', 'utf8'))?.[1] ?? '';
    const kek = readFileSync(file ?? '', 'utf8').trim();
    for (const { output } of [drawn, again, put]) {
      for (const secret of [share, share.replaceAll(' ', ''), kek]) expect(output).not.toContain(secret);
    }
    expect(put.output.split('\n')[0]).toBe(drawn.output.split('\n')[0]);
  });
});

test('every table with sealed rows is gone through by a rotation', () => {
  const sealed = Object.values(schema)
    .filter((table) => table instanceof PgTable)
    .map((table) => getTableConfig(table))
    .filter(({ columns }) => columns.some(({ name }) => name === 'sealed'))
    .map(({ name }) => name);
  expect(SEALED_TABLES.map(({ name }) => name).sort()).toEqual(sealed.sort());
});

test('a key beyond its period is due, in the table and in the metrics', async () => {
  const { deps, clock } = await worldForTest();
  await deps.keys.active('card');
  await deps.keys.active('fingerprint');
  const later = { ...deps, clock: { now: () => plus(clock.now(), 366 * DAY) } };
  const records = await keyInventory(later, SEALED_TABLES);
  const ids = records.filter(({ purpose }) => purpose === 'key_encryption').map(({ id }) => id);
  expect(dueOf(records, ids)).toEqual([expect.stringMatching(/^rotate card: key_\w+ is beyond its period$/)]);
  expect(inventoryTable(records, ids)).toMatch(
    /card +AES-256-GCM +active .* 366 d +365 d +beyond its period/,
  );
  expect(inventoryTable(records, ids)).toMatch(/fingerprint +HMAC-SHA-256 +active .* for life/);
  const metrics = openMetrics();
  measureKeys(later, metrics);
  const text = await metrics.registry.metrics();
  expect(text).toContain(`payresort_key_age_seconds{purpose="card",state="active"} ${366 * 86_400}`);
  expect(text).toContain(`payresort_key_period_seconds{purpose="card",state="active"} ${365 * 86_400}`);
  expect(text).toContain('payresort_keys{purpose="fingerprint",state="active"} 1');
});
