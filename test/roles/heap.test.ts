import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { dataKeys } from '../../src/db/schema.ts';
import { wallClock } from '../../src/lib/clock.ts';
import { openKeyProvider } from '../../src/vault/key-provider.ts';
import { openKeyRing } from '../../src/vault/keyring.ts';
import { apiClient, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { startFleet } from '../support/fleet.ts';
import { makeDataDir } from '../support/processes.ts';
import { pay } from '../support/shopper.ts';
import { testConfig } from '../support/world.ts';

/** A KeyObject's bytes are outside the heap; what this looks for is text and buffers that were left behind. */
test('a heap snapshot of a process that has sealed and opened cards holds no key', async () => {
  const given = {
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SIGNING_KEY_TEST: randomBytes(32).toString('base64'),
    SIGNING_KEY_LIVE: randomBytes(32).toString('base64'),
  };
  const folder = makeDataDir(`heap-${process.pid}`);
  const NODE_OPTIONS = `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`;
  const fleet = await startFleet({ webs: 1, workers: 0, role: 'serve' }, { ...given, NODE_OPTIONS });
  try {
    const service = fleet.webs[0];
    const api = apiClient(service?.baseUrl ?? '', fleet.demo.secret_key);
    const { body: session } = await api('POST', '/v1/sessions', sessionBody());
    await pay(session.url, { number: testPan() }, { javascript: false });
    await eventually('it is paid', async () => {
      const { body } = await api('GET', `/v1/sessions/${session.id}`);
      return body.payment_status === 'paid';
    });
    const needles = [...Object.values(given), ...(await dataKeysOf(fleet.databaseUrl, given))];
    process.kill(service?.pid ?? 0, 'SIGUSR2');
    const heap = await snapshotIn(folder);
    expect(heap.includes(fleet.demo.base_url), 'the search finds what is there').toBe(true);
    for (const needle of needles) {
      for (const form of formsOf(needle)) expect(heap.includes(form)).toBe(false);
    }
  } finally {
    await fleet.stop();
  }
});

async function dataKeysOf(databaseUrl: string, environment: Record<string, string>): Promise<string[]> {
  const { db, close } = openDatabase(databaseUrl, 2);
  const { keys } = testConfig(environment);
  if (keys === null) throw new Error('no keys');
  const ring = openKeyRing(db, wallClock, openKeyProvider(keys.encryption));
  const rows = await db.select().from(dataKeys);
  const opened = await Promise.all(rows.map(({ id }) => ring.byId(id)));
  await close();
  expect(opened.length).toBeGreaterThan(3);
  return opened.map(({ key }) => key.export().toString('base64'));
}

/** The file is written while the process stands still: it is whole once it ends as JSON does. */
async function snapshotIn(folder: string): Promise<Buffer> {
  return eventually('the snapshot is written', async () => {
    const name = readdirSync(folder).find((entry) => entry.endsWith('.heapsnapshot'));
    if (name === undefined) return null;
    const text = readFileSync(join(folder, name));
    return text.subarray(-10).toString().trimEnd().endsWith(']}') ? text : null;
  });
}

function formsOf(base64: string): string[] {
  const bytes = Buffer.from(base64, 'base64');
  return [base64.replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')];
}
