import { createSecretKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type NetworkAddresses,
  networkFaults,
  networkOf,
  networkVariables,
  pem,
  port,
  simulatorTlsOf,
  url,
  voucherKeyOf,
} from './lib/network-settings.ts';
import { productionFaults } from './lib/production-faults.ts';
import { ed25519Key, type SigningKey } from './lib/sign.ts';
import type { TlsFiles } from './lib/tls.ts';

/**
 * The only reader of the environment. Every fault is reported at once; production refuses what is missing, what is a
 * demo value, and live addresses that point at the test set or at loopback (contract, section 10).
 */
const key = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be base64 of 32 bytes');
const milliseconds = z.coerce.number().int().min(10).max(600_000);

/** Every environment variable, with what it means. The README's table is held against these. */
export const Environment = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('production refuses demo values and private notification targets'),
  PORT: port.default(3000).describe('port of the public listener'),
  HOST: z.string().default('127.0.0.1').describe('address the public listener binds to'),
  PUBLIC_URL: url
    .optional()
    .describe('address shoppers and merchants reach us at; default http://localhost:PORT'),
  DATA_DIR: z
    .string()
    .default('.data')
    .describe('where the embedded database, demo.json and the simulator keep their files'),
  DATABASE_URL: z
    .string()
    .optional()
    .describe('PostgreSQL 15 or later; without it an embedded one is started under DATA_DIR'),
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(8).describe('connections per process'),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info').describe('log threshold'),
  TRUST_PROXY: z
    .union([z.stringbool().transform(Number), z.coerce.number().int().min(0).max(9)])
    .default(0)
    .describe(
      "proxies in front whose word is taken for the shopper's address: `true` or 1 takes the last X-Forwarded-For entry, 2 the one before",
    ),
  KEY_ENCRYPTION_KEY: key.optional().describe('wraps every stored key: base64 of 32 bytes'),
  KEY_ENCRYPTION_KEY_PREVIOUS: key
    .optional()
    .describe('while it is changed: the one before, which still opens'),
  KEY_ENCRYPTION_KEY_FILE: z
    .string()
    .optional()
    .describe('file (mode 0600) of that key instead, on a second line the one before'),
  KEY_CACHE_MS: milliseconds
    .default(60_000)
    .describe('how long a process may go on with a data key after its rotation'),
  SIGNING_KEY_TEST: key.optional().describe('Ed25519 seed that signs test results: base64 of 32 bytes'),
  SIGNING_KEY_LIVE: key.optional().describe('Ed25519 seed that signs live results: base64 of 32 bytes'),
  INTEGRITY_BASELINE: z
    .string()
    .optional()
    .describe('file of the signed baseline that our pages are compared with; default: this build'),
  AUDIT_ANCHORS_FILE: z
    .string()
    .optional()
    .describe(
      'file that a worker appends the signed heads of audit logs to; default outside production audit-anchors.jsonl in DATA_DIR',
    ),
  METRICS_PORT: port.default(0).describe('port of the private listener for /metrics in production; 0 = none'),
  SIMULATOR_PORT: port.optional().describe('HTTP port of the simulated network (default PORT + 1)'),
  SIMULATOR_ACQUIRER_PORT: port.optional().describe('TCP port of the simulated acquirer (default PORT + 2)'),
  SIMULATOR_DS_PORT: port
    .optional()
    .describe(
      'with the next three: port of the simulated Directory Servers, by https with client certificates',
    ),
  SIMULATOR_DS_CERT: pem.describe('their certificate, as server and as client'),
  SIMULATOR_DS_KEY: pem.describe('its private key'),
  SIMULATOR_DS_CA: pem.describe('authorities of whom they talk to'),
  SHOP_PORT: port.optional().describe('port of the demo shop (default PORT + 3)'),
  TOKEN_SHOP_PORT: port
    .optional()
    .describe('port of the demo shop with card fields of its own page (default PORT + 4)'),
  ...networkVariables,
  ACQUIRER_TIMEOUT_MS: milliseconds.default(15_000).describe('how long an acquirer answer is waited for'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s/]+/i, 'must begin with smtp:// or smtps://')
    .optional()
    .describe(
      'the mail server, `smtp://user:password@host:587` or `smtps://…`; without it mail is caught in `DATA_DIR/inbox`',
    ),
  MAIL_FROM: z
    .email()
    .optional()
    .describe('the address that mails come from; default `no-reply@` and the host of PUBLIC_URL'),
  REQUEST_MAILS_PER_SECOND: z.coerce
    .number()
    .min(0.1)
    .max(1000)
    .default(10)
    .describe('how many mails of payment requests leave in a second, of all processes together'),
  VOUCHER_TIMEOUT_MS: milliseconds
    .default(10_000)
    .describe('how long an answer of the voucher centre is waited for'),
  DS_TIMEOUT_MS: milliseconds.default(10_000).describe('how long a Directory Server answer is waited for'),
  METHOD_TIMEOUT_MS: milliseconds.default(10_000).describe('how long the 3DS Method may take'),
  RESULTS_TIMEOUT_MS: milliseconds.default(10_000).describe('how long an RReq is waited for after the CRes'),
  LEASE_MS: milliseconds
    .default(30_000)
    .describe('after this long without an answer, work of a process is taken over by another'),
  OLDER_SERVICE_URL: url
    .optional()
    .describe('where merchants whose ID begins with D1 log in: the older PayResort service'),
  KILL_AT: z.string().optional().describe('tests only: the seam at which this process dies'),
});

export type Mode = 'test' | 'live';
export const MODES = ['test', 'live'] as const satisfies readonly Mode[];

/** Where the key-encryption keys are: the first one is to wrap, a second one only opens. */
export type KeySource = { from: 'environment'; keys: KeyObject[] } | { from: 'file'; path: string };

export interface Config {
  production: boolean;
  port: number;
  host: string;
  publicUrl: string;
  dataDir: string;
  databaseUrl: string | null;
  databasePool: number;
  logLevel: string;
  /** How many proxies in front add to `X-Forwarded-For`. */
  trustProxy: number;
  keys: { encryption: KeySource; signing: Record<Mode, SigningKey> } | null;
  keyCacheMs: number;
  integrityBaseline: string | null;
  /** Null: anchors are log lines only. */
  auditAnchorsFile: string | null;
  metricsPort: number;
  /** Null: the simulated Directory Servers are reached by plain HTTP. */
  simulatorTls: { port: number; files: TlsFiles } | null;
  simulatorVoucherKey: KeyObject;
  ports: { simulator: number; acquirer: number; shop: number; tokenShop: number };
  /** Null where the mode has no network: its payments are refused. */
  networks: Record<Mode, NetworkAddresses | null>;
  acquirerTimeoutMs: number;
  voucherTimeoutMs: number;
  /** Null: this process sends no mail. */
  smtpUrl: string | null;
  mailFrom: string;
  /** For the whole service. */
  requestMailsPerSecond: number;
  dsTimeoutMs: number;
  methodTimeoutMs: number;
  resultsTimeoutMs: number;
  leaseMs: number;
  /** Null: they are told to ask. */
  olderServiceUrl: string | null;
  killAt: string | null;
}

/** Thrown by `readConfig`; `faults` names every variable that is missing or wrong. */
export class ConfigError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Reads and checks the environment. Throws `ConfigError` with every fault. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const env = parsed.data;
  const production = env.NODE_ENV === 'production';
  const faults = [...(production ? productionFaults(env) : []), ...networkFaults(env, production)];
  if (faults.length > 0) throw new ConfigError(faults);
  return toConfig(env);
}

function toConfig(env: z.infer<typeof Environment>): Config {
  const ports = {
    simulator: env.SIMULATOR_PORT ?? env.PORT + 1,
    acquirer: env.SIMULATOR_ACQUIRER_PORT ?? env.PORT + 2,
    shop: env.SHOP_PORT ?? env.PORT + 3,
    tokenShop: env.TOKEN_SHOP_PORT ?? env.PORT + 4,
  };
  const testDefaults = env.NODE_ENV === 'production' ? null : ports;
  return {
    production: env.NODE_ENV === 'production',
    port: env.PORT,
    host: env.HOST,
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/$/, ''),
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL ?? null,
    databasePool: env.DATABASE_POOL,
    logLevel: env.LOG_LEVEL,
    trustProxy: env.TRUST_PROXY,
    keys: keysOf(env),
    keyCacheMs: env.KEY_CACHE_MS,
    integrityBaseline: env.INTEGRITY_BASELINE ?? null,
    auditAnchorsFile:
      env.AUDIT_ANCHORS_FILE ??
      (env.NODE_ENV === 'production' ? null : join(env.DATA_DIR, 'audit-anchors.jsonl')),
    metricsPort: env.METRICS_PORT,
    ports,
    simulatorTls: simulatorTlsOf(env),
    simulatorVoucherKey: voucherKeyOf(env, 'TEST'),
    networks: {
      test: networkOf(env, 'TEST', {
        dsUrl: env.TEST_DS_URL ?? (testDefaults && `http://127.0.0.1:${testDefaults.simulator}/ds/{brand}`),
        acquirer: env.TEST_ACQUIRER ?? (testDefaults && `127.0.0.1:${testDefaults.acquirer}`),
        centre: env.TEST_VOUCHER_URL ?? (testDefaults && `http://127.0.0.1:${testDefaults.simulator}/centre`),
      }),
      live: networkOf(env, 'LIVE', {
        dsUrl: env.LIVE_DS_URL ?? null,
        acquirer: env.LIVE_ACQUIRER ?? null,
        centre: env.LIVE_VOUCHER_URL ?? null,
      }),
    },
    acquirerTimeoutMs: env.ACQUIRER_TIMEOUT_MS,
    voucherTimeoutMs: env.VOUCHER_TIMEOUT_MS,
    smtpUrl: env.SMTP_URL ?? null,
    mailFrom: env.MAIL_FROM ?? `no-reply@${new URL(env.PUBLIC_URL ?? 'http://localhost').hostname}`,
    requestMailsPerSecond: env.REQUEST_MAILS_PER_SECOND,
    dsTimeoutMs: env.DS_TIMEOUT_MS,
    methodTimeoutMs: env.METHOD_TIMEOUT_MS,
    resultsTimeoutMs: env.RESULTS_TIMEOUT_MS,
    leaseMs: env.LEASE_MS,
    olderServiceUrl: env.OLDER_SERVICE_URL ?? null,
    killAt: env.KILL_AT ?? null,
  };
}

function keysOf(env: z.infer<typeof Environment>): Config['keys'] {
  const encryption = keySourceOf(env);
  if (encryption === null || !env.SIGNING_KEY_TEST || !env.SIGNING_KEY_LIVE) return null;
  return {
    encryption,
    signing: { test: signingKeyOf(env.SIGNING_KEY_TEST), live: signingKeyOf(env.SIGNING_KEY_LIVE) },
  };
}

/** From here on keys are `KeyObject`s: what stays of their text is garbage, and no snapshot of the heap has it. */
function keySourceOf(env: z.infer<typeof Environment>): KeySource | null {
  if (env.KEY_ENCRYPTION_KEY_FILE !== undefined) return { from: 'file', path: env.KEY_ENCRYPTION_KEY_FILE };
  if (env.KEY_ENCRYPTION_KEY === undefined) return null;
  const given = [env.KEY_ENCRYPTION_KEY, env.KEY_ENCRYPTION_KEY_PREVIOUS ?? ''].filter((text) => text !== '');
  return { from: 'environment', keys: given.map((text) => withBytes(text, createSecretKey)) };
}

function signingKeyOf(text: string): SigningKey {
  return withBytes(text, ed25519Key);
}

/** The bytes are overwritten after their one use. */
function withBytes<T>(text: string, use: (bytes: Buffer) => T): T {
  const bytes = Buffer.from(text, 'base64');
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}
