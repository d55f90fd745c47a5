/**
 * A merchant's own sites: the same shop, connected in both ways, in one program that knows PayResort+ by its public
 * interfaces alone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { createTokenShop } from '../token-shop/routes.ts';
import { createShop } from './app.ts';
import { modeOf, readCredentials } from './credentials.ts';
import { openOrderBook } from './order-book.ts';
import { registerEndpoint } from './payresort.ts';
import { publishedKeys } from './published-keys.ts';
import type { Account } from './shop.ts';

const url = address('SHOP_URL');
const tokenShopUrl = address('TOKEN_SHOP_URL');
const stopping = new AbortController();
let account: Account | null = null;

const book = openOrderBook(setting('DATA_DIR'));
const common = { book, account: () => account, now: () => new Date() };
const servers = [
  open(createShop({ ...common, url, pattern: 'link', sister: tokenShopUrl }), 'SHOP_PORT'),
  open(
    createTokenShop({ ...common, url: tokenShopUrl, pattern: 'token', sister: url }, tellOperator),
    'TOKEN_SHOP_PORT',
  ),
];
process.once('SIGTERM', stop).once('SIGINT', stop);
await openAccount().catch((error: unknown) => {
  if (!stopping.signal.aborted) throw error;
});

/** Credentials when they are there, then the address for notifications, until the service has taken it. */
async function openAccount(): Promise<void> {
  const credentials = await readCredentials(setting('SHOP_CREDENTIALS'), stopping.signal);
  const trust = {
    merchantId: credentials.merchant_id,
    mode: modeOf(credentials),
    secrets: [credentials.webhook_secret],
    publishedKeys: publishedKeys(`${credentials.base_url}/.well-known/jwks.json`),
  };
  account = { credentials, trust };
  for (let waitMs = 100; !stopping.signal.aborted; waitMs = Math.min(waitMs * 1.5, 5_000)) {
    try {
      return await registerEndpoint(credentials, `${url}/webhooks`);
    } catch {
      await sleep(waitMs, null, { signal: stopping.signal });
    }
  }
}

function open({ fetch }: Hono, port: string) {
  return serve({ fetch, hostname: '127.0.0.1', port: Number(setting(port)) });
}

/** The shop's own log, of what a customer's browser sent. */
function tellOperator(line: Record<string, string>): void {
  process.stdout.write(`${JSON.stringify({ program: 'shop', ...line })}\n`);
}

function stop(): void {
  stopping.abort();
  let left = servers.length;
  for (const server of servers) {
    server.close(() => {
      left -= 1;
      if (left === 0) process.exit(0);
    });
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  }
  // What is being answered gets a moment; everything known is on disk already. Browsers open connections ahead of
  // need, which never count as idle: they must not hold us up.
  setTimeout(() => process.exit(0), 1_000).unref();
}

function address(name: string): string {
  return setting(name).replace(/\/$/, '');
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    process.stderr.write(`${name} is missing\n`);
    process.exit(1);
  }
  return value;
}
