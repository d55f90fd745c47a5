import { lookup as dnsLookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Why a delivery did not get an answer. */
export type DeliveryFault = 'dns_failed' | 'private_address' | 'connection_failed' | 'tls_failed' | 'timeout';

export type PostResult =
  | { kind: 'answer'; status: number; retryAfter: string | null; body: Buffer }
  | { kind: 'fault'; fault: DeliveryFault };

export interface PostOptions {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** For the whole exchange, ms. */
  timeoutMs: number;
  /** Whether private and loopback addresses are allowed: never in production. */
  allowPrivate: boolean;
  /** For tests; resolves a name to all its addresses. */
  resolve?: (host: string) => Promise<string[]>;
}

/**
 * Posts to an address that somebody else chose. The name is resolved once; every address must be public; the
 * connection goes to that very address, so that a second answer of the name server changes nothing. Redirects are
 * answers like any other. Never throws for what the network does.
 */
export async function postSafely(options: PostOptions): Promise<PostResult> {
  const target = new URL(options.url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const startedAt = performance.now();
  const addresses = await inTime(options.timeoutMs, (options.resolve ?? resolveAll)(host)).catch(() => []);
  const [address] = addresses;
  if (address === undefined) return { kind: 'fault', fault: 'dns_failed' };
  if (!options.allowPrivate && addresses.some(isPrivate)) return { kind: 'fault', fault: 'private_address' };
  const leftMs = options.timeoutMs - (performance.now() - startedAt);
  return exchange(target, address, options, leftMs);
}

/** A slow name server is no better than a slow endpoint. */
async function inTime<T>(withinMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), withinMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const MAX_BODY_BYTES = 64 * 1024;
/** What is kept of a body, for people to read. */
export const KEPT_BODY_BYTES = 1_024;
const BODY_MS = 1_000;

function exchange(target: URL, address: string, options: PostOptions, withinMs: number): Promise<PostResult> {
  const family = isIP(address);
  const pinned: LookupFunction = (_host, wanted, done) => {
    if (wanted.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return new Promise((resolve) => {
    const finish = (result: PostResult) => {
      clearTimeout(timer);
      resolve(result);
      request.destroy();
    };
    const timer = setTimeout(() => finish({ kind: 'fault', fault: 'timeout' }), withinMs);
    const client = target.protocol === 'https:' ? https : http;
    const request = client.request(target, {
      method: 'POST',
      agent: false,
      lookup: pinned,
      headers: { ...options.headers, 'Content-Length': String(Buffer.byteLength(options.body)) },
    });
    request.on('error', (error) => finish({ kind: 'fault', fault: faultOf(error) }));
    // The status is the answer. A body is let in so far as good manners ask, and decides nothing.
    request.on('response', (response) => {
      const retryAfter = response.headers['retry-after'] ?? null;
      const chunks: Buffer[] = [];
      let size = 0;
      const finished = () => {
        const body = Buffer.concat(chunks).subarray(0, KEPT_BODY_BYTES);
        finish({ kind: 'answer', status: response.statusCode ?? 0, retryAfter, body });
      };
      response.on('data', (chunk: Buffer) => {
        if (size < KEPT_BODY_BYTES) chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_BODY_BYTES) finished();
      });
      response.on('close', finished);
      response.on('error', finished);
      setTimeout(finished, BODY_MS).unref();
    });
    request.end(options.body);
  });
}

async function resolveAll(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  return (await dnsLookup(host, { all: true })).map(({ address }) => address);
}

function faultOf(error: Error): DeliveryFault {
  const code = 'code' in error ? String(error.code) : '';
  return /^(ERR_TLS|ERR_SSL|EPROTO|CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)
    ? 'tls_failed'
    : 'connection_failed';
}

/** Special-purpose addresses (IANA registries for IPv4 and IPv6): nothing of a merchant's is there. */
const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const PRIVATE_V6 = [
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const blocked = new BlockList();
for (const [list, family] of [
  [PRIVATE_V4, 'ipv4'],
  [PRIVATE_V6, 'ipv6'],
] as const) {
  for (const range of list) {
    const [network = '', bits = ''] = range.split('/');
    blocked.addSubnet(network, Number(bits), family);
  }
}

/** Whether an address is anything but public. IPv4 written as IPv6 is looked at as the IPv4 address it is. */
export function isPrivate(address: string): boolean {
  const mapped = /^::(?:ffff:(?:0:)?)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPrivate(mapped);
  const family = isIP(address);
  if (family === 0) return true;
  return blocked.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
