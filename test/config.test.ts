import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { BRANDS } from '../src/lib/card.ts';

const key = (first: number) =>
  Buffer.from(Array.from({ length: 32 }, (_, i) => (first + i * 7) % 256)).toString('base64');
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://pay.example.jp',
  DATABASE_URL: 'postgres://db.example.jp/payresort',
  SMTP_URL: 'smtps://user:password@mail.example.jp',
  KEY_ENCRYPTION_KEY: key(1),
  SIGNING_KEY_TEST: key(2),
  SIGNING_KEY_LIVE: key(3),
  LIVE_DS_URL: 'https://ds.example.jp/{brand}',
  LIVE_DS_CLIENT_CERT: '/run/tls/{brand}.crt',
  LIVE_DS_CLIENT_KEY: '/run/tls/{brand}.key',
  LIVE_DS_CA: '/run/tls/{brand}-ca.crt',
  LIVE_RESULTS_URL: 'https://results.example.jp:8443/',
  LIVE_RESULTS_PORT: '8443',
  LIVE_RESULTS_CERT: '/run/tls/results.crt',
  LIVE_RESULTS_KEY: '/run/tls/results.key',
  LIVE_ACQUIRER: 'acquirer.example.jp:9000',
};

test('nothing configured is a whole test set on loopback', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    production: false,
    port: 3000,
    publicUrl: 'http://localhost:3000',
    ports: { simulator: 3001, acquirer: 3002, shop: 3003 },
    networks: {
      test: { dsUrl: 'http://127.0.0.1:3001/ds/{brand}', acquirer: { host: '127.0.0.1', port: 3002 } },
      live: null,
    },
  });
});

test('production with everything set starts', () => {
  expect(readConfig(PRODUCTION)).toMatchObject({ production: true, networks: { test: null } });
});

test('each brand may have authorities of its own', () => {
  const { live } = readConfig(PRODUCTION).networks;
  expect(live?.tls?.jcb).toEqual({
    cert: '/run/tls/jcb.crt',
    key: '/run/tls/jcb.key',
    ca: ['/run/tls/jcb-ca.crt'],
  });
  expect(live?.results).toMatchObject({ port: 8443 });
  expect(live?.results?.urls.jcb).toBe('https://results.example.jp:8443/3ds/results');
  const shared = BRANDS.map((brand) => `/run/tls/${brand}-ca.crt`);
  expect(live?.results?.tls.jcb).toEqual({
    cert: '/run/tls/results.crt',
    key: '/run/tls/results.key',
    ca: shared,
  });

  const apart = { LIVE_RESULTS_URL: 'https://{brand}.example.jp', LIVE_RESULTS_CERT: '/run/{brand}.crt' };
  const own = readConfig({ ...PRODUCTION, ...apart }).networks.live?.results;
  expect(own?.urls.jcb).toBe('https://jcb.example.jp/3ds/results');
  expect(own?.tls.jcb).toEqual({
    cert: '/run/jcb.crt',
    key: '/run/tls/results.key',
    ca: ['/run/tls/jcb-ca.crt'],
  });
});

test.each([
  [
    { TEST_DS_URL: 'https://ds.example', TEST_DS_CA: 'ca.crt' },
    ['TEST_DS_CLIENT_CERT: is missing', 'TEST_DS_CLIENT_KEY: is missing'],
  ],
  [
    { TEST_DS_URL: 'http://ds.example', TEST_DS_CA: 'a', TEST_DS_CLIENT_CERT: 'b', TEST_DS_CLIENT_KEY: 'c' },
    ['TEST_DS_URL: must be https'],
  ],
  [{ TEST_DS_CA: 'a', TEST_DS_CLIENT_CERT: 'b', TEST_DS_CLIENT_KEY: 'c' }, ['TEST_DS_URL: must be https']],
  [
    { TEST_RESULTS_PORT: '8443', TEST_RESULTS_URL: 'http://results.example' },
    [
      'TEST_DS_CLIENT_CERT: is missing',
      'TEST_DS_CLIENT_KEY: is missing',
      'TEST_DS_CA: is missing',
      'TEST_RESULTS_CERT: is missing',
      'TEST_RESULTS_KEY: is missing',
      'TEST_DS_URL: must be https',
      'TEST_RESULTS_URL: must be https',
    ],
  ],
  [
    { SIMULATOR_DS_PORT: '4805' },
    ['SIMULATOR_DS_CERT: is missing', 'SIMULATOR_DS_KEY: is missing', 'SIMULATOR_DS_CA: is missing'],
  ],
])('half of mutual TLS is none: %o', (set, faults) => {
  expect(faultsOf(set)).toEqual(faults);
});

test('a key file takes the place of the key', () => {
  const { KEY_ENCRYPTION_KEY: _, ...rest } = PRODUCTION;
  const { keys } = readConfig({ ...rest, KEY_ENCRYPTION_KEY_FILE: '/run/kek' });
  expect(keys?.encryption).toEqual({ from: 'file', path: '/run/kek' });
});

test('production names everything that is missing at once', () => {
  expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
    'PUBLIC_URL: is missing',
    'DATABASE_URL: is missing',
    'SMTP_URL: is missing',
    'KEY_ENCRYPTION_KEY: is missing',
    'SIGNING_KEY_TEST: is missing',
    'SIGNING_KEY_LIVE: is missing',
    'LIVE_DS_URL: is missing',
    'LIVE_ACQUIRER: is missing',
    'LIVE_DS_CLIENT_CERT: is missing',
    'LIVE_DS_CLIENT_KEY: is missing',
    'LIVE_DS_CA: is missing',
    'LIVE_RESULTS_URL: is missing',
    'LIVE_RESULTS_PORT: is missing',
    'LIVE_RESULTS_CERT: is missing',
    'LIVE_RESULTS_KEY: is missing',
  ]);
});

describe('production refuses', () => {
  test.each([
    [{ PUBLIC_URL: 'http://pay.example.jp' }, 'PUBLIC_URL: must be https in production'],
    [{ KILL_AT: 'payments.pay:before' }, 'KILL_AT: is for tests, not for production'],
    [{ LIVE_DS_URL: 'https://127.0.0.1:3001/ds/{brand}' }, 'LIVE_DS_URL: points at loopback'],
    [{ LIVE_DS_URL: 'https://localhost:3001/ds/{brand}' }, 'LIVE_DS_URL: points at loopback'],
    [{ LIVE_DS_URL: 'http://ds.example.jp' }, 'LIVE_DS_URL: must be https'],
    [
      { LIVE_RESULTS_CERT: '/run/{brand}.crt' },
      'LIVE_RESULTS_URL: must have {brand} where the certificate has',
    ],
    [{ LIVE_RESULTS_URL: 'http://results.example.jp' }, 'LIVE_RESULTS_URL: must be https'],
    [{ LIVE_ACQUIRER: 'localhost:3002' }, 'LIVE_ACQUIRER: points at loopback'],
    [{ LIVE_ACQUIRER: '127.0.0.1:3002' }, 'LIVE_ACQUIRER: points at loopback'],
    [{ TEST_ACQUIRER: PRODUCTION.LIVE_ACQUIRER }, 'LIVE_ACQUIRER: is the same as the test network'],
    [{ TEST_DS_URL: PRODUCTION.LIVE_DS_URL }, 'LIVE_DS_URL: is the same as the test network'],
    [
      { KEY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') },
      'KEY_ENCRYPTION_KEY: is a demo value, make a random one',
    ],
    [
      { KEY_ENCRYPTION_KEY_PREVIOUS: Buffer.alloc(32, 7).toString('base64') },
      'KEY_ENCRYPTION_KEY_PREVIOUS: is a demo value, make a random one',
    ],
    [
      { KEY_ENCRYPTION_KEY_FILE: '/run/kek' },
      'KEY_ENCRYPTION_KEY_FILE: is instead of KEY_ENCRYPTION_KEY and KEY_ENCRYPTION_KEY_PREVIOUS',
    ],
    [
      { SIGNING_KEY_LIVE: PRODUCTION.SIGNING_KEY_TEST },
      'SIGNING_KEY_LIVE: must differ from SIGNING_KEY_TEST',
    ],
  ])('%o', (change, fault) => {
    expect(faultsOf({ ...PRODUCTION, ...change })).toEqual([fault]);
  });
});

test('every value that cannot be read is named, in any environment', () => {
  const names = faultsOf({ PORT: 'http', LOG_LEVEL: 'loud', LIVE_ACQUIRER: 'nowhere' }).map(
    (fault) => fault.split(':')[0],
  );
  expect(names).toEqual(['PORT', 'LOG_LEVEL', 'LIVE_ACQUIRER']);
});

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
