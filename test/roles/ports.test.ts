import { mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { demoKeys } from '../../src/roles/demo-keys.ts';
import { choosePorts } from '../../src/roles/ports.ts';
import { prepareConfig } from '../../src/roles/prepare-config.ts';
import { consecutivePorts, makeDataDir } from '../support/processes.ts';

let dataDir: string;
let base: number;
beforeEach(async () => {
  base = await consecutivePorts(5);
  dataDir = makeDataDir(`ports-${base}`);
});

test('without a setting the neighbours of PORT are taken', async () => {
  expect(await choosePorts(base, {}, dataDir)).toEqual({
    PORT: String(base),
    SIMULATOR_PORT: String(base + 1),
    SIMULATOR_ACQUIRER_PORT: String(base + 2),
    SHOP_PORT: String(base + 3),
    TOKEN_SHOP_PORT: String(base + 4),
  });
});

test('a port that is taken is replaced, and the choice stays over restarts', async () => {
  const release = await occupy(base + 2);
  const first = await choosePorts(base, {}, dataDir);
  expect(first).toMatchObject({ SIMULATOR_PORT: String(base + 1), SHOP_PORT: String(base + 3) });
  expect(first.SIMULATOR_ACQUIRER_PORT).not.toBe(String(base + 2));
  await release();
  expect(await choosePorts(base, {}, dataDir)).toEqual(first);
});

test('a port that the last start still holds for a moment is waited for', async () => {
  const first = await choosePorts(base, {}, dataDir);
  const release = await occupy(base + 3);
  const again = choosePorts(base, {}, dataDir);
  await release();
  expect(await again).toEqual(first);
});

test('a port that is set is used as it is', async () => {
  const fixed = await choosePorts(base, { SHOP_PORT: '18080' }, dataDir);
  expect(fixed).toMatchObject({ SHOP_PORT: '18080', SIMULATOR_PORT: String(base + 1) });
});

test('PORT 0 means any port, the same at every start, and every address follows it', async () => {
  const first = await prepareConfig('all', { PORT: '0', DATA_DIR: dataDir });
  expect(first.port).toBeGreaterThan(0);
  expect(first.publicUrl).toBe(`http://localhost:${first.port}`);
  expect(first.networks.test?.acquirer.port).toBe(first.ports.acquirer);
  expect(await prepareConfig('all', { PORT: '0', DATA_DIR: dataDir })).toEqual(first);
});

test('keys are drawn once, readable by us alone', () => {
  mkdirSync(join(dataDir, 'keys'));
  const keys = demoKeys(join(dataDir, 'keys'));
  expect(demoKeys(join(dataDir, 'keys'))).toEqual(keys);
  expect(new Set(Object.values(keys)).size).toBe(3);
  expect(statSync(join(dataDir, 'keys', 'keys.json')).mode & 0o777).toBe(0o600);
});

async function occupy(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise<void>((bound) => server.listen(port, '127.0.0.1', bound));
  const release = () => new Promise<void>((closed) => server.close(() => closed()));
  onTestFinished(() => (server.listening ? release() : undefined));
  return release;
}
