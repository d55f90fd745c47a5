import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { BRANDS, type Brand } from './card.ts';
import type { TlsFiles } from './tls.ts';

export const url = z.url({ protocol: /^https?$/ });
export const port = z.coerce.number().int().min(0).max(65_535);
/** A file or the PEM itself; {brand} in a file's name is replaced. */
export const pem = z.string().optional();
const voucherKey = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be base64 of 32 bytes')
  .optional();
const address = z.string().regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port');

/** The networks' part of the environment: where they are, and what they are shown. */
export const networkVariables = {
  TEST_DS_URL: url.optional().describe('Directory Server of test mode; {brand} is replaced'),
  TEST_ACQUIRER: address.optional().describe('acquirer of test mode, host:port'),
  TEST_DS_CLIENT_CERT: pem.describe(
    'as LIVE_DS_CLIENT_CERT; only where the Directory Server of test mode wants it',
  ),
  TEST_DS_CLIENT_KEY: pem.describe('its private key'),
  TEST_DS_CA: pem.describe('as LIVE_DS_CA'),
  TEST_RESULTS_URL: url.optional().describe('as LIVE_RESULTS_URL; default: the public listener'),
  TEST_RESULTS_PORT: port.optional().describe('as LIVE_RESULTS_PORT'),
  TEST_RESULTS_CERT: pem.describe('as LIVE_RESULTS_CERT'),
  TEST_RESULTS_KEY: pem.describe('its private key'),
  TEST_VOUCHER_URL: url
    .optional()
    .describe('voucher centre of test mode (konbini, Pay-easy, banks); default: the simulator'),
  TEST_VOUCHER_KEY: voucherKey.describe('signs what passes between it and us: base64 of 32 bytes'),
  LIVE_VOUCHER_URL: url.optional().describe('voucher centre of live mode; without it cards are all there is'),
  LIVE_VOUCHER_KEY: voucherKey.describe('as TEST_VOUCHER_KEY'),
  LIVE_DS_URL: url.optional().describe('Directory Server of live mode; {brand} is replaced'),
  LIVE_DS_CLIENT_CERT: pem.describe(
    'our certificate for the Directory Server and its chain: a PEM file, re-read when it changes ({brand} is replaced), or PEM',
  ),
  LIVE_DS_CLIENT_KEY: pem.describe('its private key'),
  LIVE_DS_CA: pem.describe("authorities of the Directory Server's certificates, as server and as client"),
  LIVE_RESULTS_URL: url
    .optional()
    .describe(
      'https address that Directory Servers reach the listener for live results (RReq) at; {brand} is replaced',
    ),
  LIVE_RESULTS_PORT: port
    .optional()
    .describe('port of that listener; it asks for a certificate of LIVE_DS_CA'),
  LIVE_RESULTS_CERT: pem.describe('certificate of that listener and its chain, PEM file or PEM'),
  LIVE_RESULTS_KEY: pem.describe('its private key'),
  LIVE_ACQUIRER: address.optional().describe('acquirer of live mode, host:port'),
};

type Env = z.infer<z.ZodObject<typeof networkVariables>> & SimulatorEnv;

interface SimulatorEnv {
  SIMULATOR_DS_PORT?: number | undefined;
  SIMULATOR_DS_CERT?: string | undefined;
  SIMULATOR_DS_KEY?: string | undefined;
  SIMULATOR_DS_CA?: string | undefined;
}

export interface NetworkAddresses {
  dsUrl: string;
  acquirer: { host: string; port: number };
  /** Null: nothing is paid by number or at a bank. */
  vouchers: { url: string; key: KeyObject } | null;
  /** What we show the Directory Servers, and whom we believe; null: they ask for nothing (test mode). */
  tls: Record<Brand, TlsFiles> | null;
  /** The listener for results with the Directory Servers' certificates; null: the public one (test mode). */
  results: { port: number; urls: Record<Brand, string>; tls: Record<Brand, TlsFiles> } | null;
}

/** Null where something is missing: the mode has no network then. */
export function networkOf(
  env: Env,
  mode: 'TEST' | 'LIVE',
  { dsUrl, acquirer, centre }: Record<'dsUrl' | 'acquirer' | 'centre', string | null>,
): NetworkAddresses | null {
  if (dsUrl === null || acquirer === null) return null;
  const [host = '', portText = ''] = acquirer.split(':');
  const tls = directoryTlsOf(env, mode);
  const results = resultsOf(env, mode, tls);
  const vouchers = centre === null ? null : { url: centre, key: voucherKeyOf(env, mode) };
  return { dsUrl, acquirer: { host, port: Number(portText) }, vouchers, tls, results };
}

/** What the simulator and a service that was given no key share; production refuses to do without one. */
const DEMO_VOUCHER_KEY = createHash('sha256').update('the voucher centre of test mode').digest();

export function voucherKeyOf(env: VoucherEnv, mode: 'TEST' | 'LIVE'): KeyObject {
  const given = env[`${mode}_VOUCHER_KEY`];
  return createSecretKey(given === undefined ? DEMO_VOUCHER_KEY : Buffer.from(given, 'base64'));
}

type VoucherEnv = Partial<Record<'TEST_VOUCHER_KEY' | 'LIVE_VOUCHER_KEY', string | undefined>>;

/** Each scheme may have authorities of its own: {brand} in a name. */
function directoryTlsOf(env: Env, mode: 'TEST' | 'LIVE'): NetworkAddresses['tls'] {
  const cert = env[`${mode}_DS_CLIENT_CERT`];
  const key = env[`${mode}_DS_CLIENT_KEY`];
  const ca = env[`${mode}_DS_CA`];
  if (cert === undefined || key === undefined || ca === undefined) return null;
  return forBrands((brand) => ({
    cert: cert.replace('{brand}', brand),
    key: key.replace('{brand}', brand),
    ca: [ca.replace('{brand}', brand)],
  }));
}

/** At an address that several brands share, the authorities of all of them are believed. */
function resultsOf(
  env: Env,
  mode: 'TEST' | 'LIVE',
  directory: NetworkAddresses['tls'],
): NetworkAddresses['results'] {
  const url = env[`${mode}_RESULTS_URL`]?.replace(/\/$/, '');
  const port = env[`${mode}_RESULTS_PORT`];
  const cert = env[`${mode}_RESULTS_CERT`];
  const key = env[`${mode}_RESULTS_KEY`];
  if (directory === null || !url || port === undefined || !cert || !key) return null;
  const urls = forBrands((brand) => `${url.replace('{brand}', brand)}/3ds/results`);
  const tls = forBrands((brand) => {
    const sharing = BRANDS.filter((other) => urls[other] === urls[brand]);
    return {
      cert: cert.replace('{brand}', brand),
      key: key.replace('{brand}', brand),
      ca: [...new Set(sharing.flatMap((other) => directory[other].ca))],
    };
  });
  return { port, urls, tls };
}

function forBrands<T>(of: (brand: Brand) => T): Record<Brand, T> {
  const [visa, mastercard, jcb] = [of('visa'), of('mastercard'), of('jcb')];
  return { visa, mastercard, jcb, amex: of('amex'), diners: of('diners') };
}

export function simulatorTlsOf(env: Env): { port: number; files: TlsFiles } | null {
  const {
    SIMULATOR_DS_PORT: port,
    SIMULATOR_DS_CERT: cert,
    SIMULATOR_DS_KEY: key,
    SIMULATOR_DS_CA: ca,
  } = env;
  if (port === undefined || !cert || !key || !ca) return null;
  return { port, files: { cert, key, ca: [ca] } };
}

const SIMULATOR = ['SIMULATOR_DS_PORT', 'SIMULATOR_DS_CERT', 'SIMULATOR_DS_KEY', 'SIMULATOR_DS_CA'] as const;

/**
 * Settings of the networks that say one thing without the other. Mutual TLS is all or nothing: what is set is used,
 * and nothing falls back to a weaker way.
 */
export function networkFaults(env: Env, production: boolean): string[] {
  return [
    ...voucherFaults(env, production),
    ...modeFaults(env, 'TEST', false),
    ...modeFaults(env, 'LIVE', production),
    ...(isAnySet(env, SIMULATOR) ? missing(env, SIMULATOR) : []),
  ];
}

function voucherFaults(env: Env, production: boolean): string[] {
  return (['TEST', 'LIVE'] as const).flatMap((mode) => {
    const [url, key] = [`${mode}_VOUCHER_URL`, `${mode}_VOUCHER_KEY`] as const;
    const needed = (production || mode === 'LIVE') && isAnySet(env, [url, key]);
    const plain = mode === 'LIVE' && production && env[url]?.startsWith('http:');
    return [...(needed ? missing(env, [url, key]) : []), ...(plain ? [`${url}: must be https`] : [])];
  });
}

/** `required`: in production, live mode has mutual TLS both ways. */
function modeFaults(env: Env, mode: 'TEST' | 'LIVE', required: boolean): string[] {
  const directory = [`${mode}_DS_CLIENT_CERT`, `${mode}_DS_CLIENT_KEY`, `${mode}_DS_CA`] as const;
  const results = [
    `${mode}_RESULTS_URL`,
    `${mode}_RESULTS_PORT`,
    `${mode}_RESULTS_CERT`,
    `${mode}_RESULTS_KEY`,
  ] as const;
  const wantsResults = required || isAnySet(env, results);
  const wantsDirectory = wantsResults || isAnySet(env, directory);
  const { [`${mode}_DS_URL` as const]: dsUrl, [`${mode}_RESULTS_URL` as const]: resultsUrl } = env;
  // Without an address test mode goes to the simulator by HTTP; live mode's is asked for with the rest.
  const isPlain = dsUrl === undefined ? !required : dsUrl.startsWith('http:');
  return [
    ...(wantsDirectory ? missing(env, directory) : []),
    ...(wantsResults ? missing(env, results) : []),
    ...(wantsDirectory && isPlain ? [`${mode}_DS_URL: must be https`] : []),
    ...(resultsUrl?.startsWith('http:') ? [`${mode}_RESULTS_URL: must be https`] : []),
    ...(env[`${mode}_RESULTS_CERT`]?.includes('{brand}') && resultsUrl?.includes('{brand}') === false
      ? [`${mode}_RESULTS_URL: must have {brand} where the certificate has`]
      : []),
  ];
}

function isAnySet(env: Env, names: readonly (keyof Env)[]): boolean {
  return names.some((name) => env[name] !== undefined);
}

function missing(env: Env, names: readonly (keyof Env)[]): string[] {
  return names.filter((name) => env[name] === undefined).map((name) => `${name}: is missing`);
}
