import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { type Config, type Mode, readConfig } from '../../src/config.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { type MerchantSettings, merchants } from '../../src/db/schema.ts';
import { type Deps, openBackground } from '../../src/deps.ts';
import type { Log } from '../../src/lib/log.ts';
import { createApiKey } from '../../src/merchants/keys.ts';
import { findMerchant, type Merchant } from '../../src/merchants/merchant.ts';
import { openKeyProvider } from '../../src/vault/key-provider.ts';
import { openKeyRing } from '../../src/vault/keyring.ts';
import { apiRoutes } from '../../src/web/api/routes.ts';
import { type RequestEnv, requestId } from '../../src/web/request-id.ts';
import { type TestClock, testClock } from './clock.ts';
import { createDatabase } from './database.ts';

export interface World {
  deps: Deps;
  clock: TestClock;
  /** The merchant API. A test of another surface mounts that besides. */
  app: Hono<RequestEnv>;
  /** Every line that was logged, as text. */
  logged: string[];
  /** A merchant of its own, with keys of both kinds and both modes. */
  merchant(settings?: Partial<MerchantSettings>): Promise<TestMerchant>;
  close(): Promise<void>;
}

export interface TestMerchant {
  merchantId: string;
  keys: Record<'sk_test' | 'sk_live' | 'pk_test' | 'pk_live', string>;
  as(mode: Mode): Promise<Merchant>;
}

export interface WorldOptions {
  acquirers?: Deps['acquirers'];
  fetch?: typeof fetch;
  environment?: Record<string, string>;
  clock?: TestClock;
}

/** The service without its network and without a listener, on a database of its own; for one test file. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const database = await createDatabase();
  const opened = openDatabase(database.url, 8);
  const clock = options.clock ?? testClock();
  const logged: string[] = [];
  const deps = buildDeps(opened, clock, logged, options);
  const app = new Hono<RequestEnv>();
  app.use(requestId(deps));
  app.route('/', apiRoutes(deps));
  return {
    deps,
    clock,
    app,
    logged,
    merchant: (settings) => newMerchant(deps, settings),
    close: async () => {
      await deps.background.drained();
      await opened.close();
      await database.drop();
    },
  };
}

/** A world that is closed when the test that opened it has ended. */
export async function worldForTest(options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(options);
  onTestFinished(() => world.close());
  return world;
}

function buildDeps({ db, raw }: Database, clock: TestClock, logged: string[], options: WorldOptions): Deps {
  const config = testConfig(options.environment);
  if (config.keys === null) throw new Error('a world needs keys');
  return {
    config,
    mailer: null,
    db,
    raw,
    clock,
    log: keepingLog(logged),
    keys: openKeyRing(db, clock, openKeyProvider(config.keys.encryption)),
    acquirers: options.acquirers ?? { test: null, live: null },
    vouchers: { test: null, live: null },
    fetch: options.fetch ?? (() => Promise.reject(new Error('a test reached for the network'))),
    background: openBackground((error) => logged.push(String(error))),
    readiness: { ready: true },
  };
}

export function testConfig(environment: Record<string, string> = {}): Config {
  return readConfig({
    NODE_ENV: 'test',
    PUBLIC_URL: 'http://localhost:3000',
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SIGNING_KEY_TEST: randomBytes(32).toString('base64'),
    SIGNING_KEY_LIVE: randomBytes(32).toString('base64'),
    ...environment,
  });
}

function keepingLog(lines: string[]): Log {
  const keep = (fields: Record<string, unknown>, message: string) => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  return { info: keep, warn: keep, error: keep };
}

async function newMerchant(deps: Deps, settings: Partial<MerchantSettings> = {}): Promise<TestMerchant> {
  const merchantId = `A1${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`;
  await deps.db.insert(merchants).values({
    merchantId,
    name: `Shop ${merchantId}`,
    url: 'https://shop.example',
    mcc: '5999',
    acquirerBin: '900001',
    acquirerMerchantId: merchantId,
    settings: {
      methods: ['card'],
      allowedOrigins: [],
      whenAuthenticationUnavailable: 'refuse',
      logoUrl: null,
      brandColor: null,
      contact: { email: null, phone: null, url: null },
      termsUrl: null,
      ...settings,
    },
    createdAt: deps.clock.now(),
  });
  const key = (kind: 'secret' | 'publishable', mode: Mode) => createApiKey(deps, { merchantId, mode, kind });
  const keys = {
    sk_test: await key('secret', 'test'),
    sk_live: await key('secret', 'live'),
    pk_test: await key('publishable', 'test'),
    pk_live: await key('publishable', 'live'),
  };
  const as = async (mode: Mode) => {
    const merchant = await findMerchant(deps, merchantId, mode);
    if (merchant === null) throw new Error('the merchant is gone');
    return merchant;
  };
  return { merchantId, keys, as };
}
