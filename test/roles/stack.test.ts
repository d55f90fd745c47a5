import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isReleased } from '../../src/roles/ports.ts';
import { type Stack, startStack } from '../support/processes.ts';

/** One machine as `npm start` runs it, with its own PostgreSQL (contract, section 10). */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ embedded: true });
});
afterAll(() => stack?.stop());

test('demo.json tells every key and address, to its owner alone, before the service is ready', () => {
  expect(Object.keys(stack.demo).sort()).toEqual([
    'admin',
    'base_url',
    'console',
    'entry_secret',
    'merchant_id',
    'publishable_key',
    'secret_key',
    'shop_url',
    'simulator_url',
    'token_shop_url',
    'webhook_secret',
  ]);
  expect(stack.demo).toMatchObject({
    base_url: stack.baseUrl,
    merchant_id: expect.stringMatching(/^A1\d{8}$/),
    secret_key: expect.stringMatching(/^sk_test_/),
    publishable_key: expect.stringMatching(/^pk_test_/),
    entry_secret: expect.stringMatching(/^esec_/),
    webhook_secret: expect.stringMatching(/^whsec_/),
  });
  expect(statSync(join(stack.dataDir, 'demo.json')).mode & 0o777).toBe(0o600);
});

test('a newcomer is told where to click, and / and /demo lead there', async () => {
  const told = readFileSync(stack.outputFile, 'utf8');
  expect(told).toContain(stack.demo.shop_url);
  expect(told).toContain(stack.demo.token_shop_url);
  for (const path of ['/', '/demo']) {
    const response = await fetch(`${stack.baseUrl}${path}`);
    expect(response.status).toBe(200);
    expect(new URL(response.url).origin).toBe(stack.demo.shop_url);
  }
});

test('a wrong address is a page for people and a problem for programs', async () => {
  const page = await fetch(`${stack.baseUrl}/nowhere`, { headers: { Accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  const problem = await fetch(`${stack.baseUrl}/nowhere`);
  expect([problem.status, await problem.json()]).toMatchObject([404, { code: 'not_found' }]);
});

test('shop and simulator are on another site than the payment page', () => {
  expect(new URL(stack.demo.base_url).hostname).toBe('localhost');
  for (const url of [stack.demo.shop_url, stack.demo.token_shop_url, stack.demo.simulator_url])
    expect(new URL(url).hostname).toBe('127.0.0.1');
});

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'after %s nothing is left running, and the next start carries on',
  async (signal) => {
    const before = { ...stack.demo };
    expect(await stack.kill(signal)).toBe(signal === 'SIGKILL' ? null : 0);
    for (const url of Object.values(before).filter((value) => String(value).startsWith('http'))) {
      expect(await isReleased(Number(new URL(String(url)).port), 10_000)).toBe(true);
    }
    await stack.restart();
    expect(JSON.parse(readFileSync(join(stack.dataDir, 'demo.json'), 'utf8'))).toEqual(before);
    const merchant = await fetch(`${stack.baseUrl}/v1/payments`, {
      headers: { authorization: `Bearer ${before.secret_key}` },
    });
    expect(merchant.status).toBe(200);
  },
);
