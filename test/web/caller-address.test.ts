import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { callerAddress } from '../../src/web/caller-address.ts';

/** Whose address is believed: only what a proxy of ours has written. */
let listener: Listener;
beforeAll(async () => {
  const app = new Hono();
  app.get('/:proxies', (c) => c.text(String(callerAddress(c, Number(c.req.param('proxies'))))));
  listener = await listen(app.fetch, '127.0.0.1', 0);
});
afterAll(() => listener?.close());

test.each([
  [0, '192.0.2.1', '127.0.0.1'],
  [1, '203.0.113.9, 192.0.2.1', '192.0.2.1'],
  [1, '2001:db8::1', '2001:db8::1'],
  [2, '203.0.113.9, 192.0.2.1, 198.51.100.7', '192.0.2.1'],
  [2, '198.51.100.7', '127.0.0.1'],
  [1, "' or 1=1", '127.0.0.1'],
  [1, '', '127.0.0.1'],
])('behind %i proxies X-Forwarded-For "%s" is %s', async (proxies, forwarded, address) => {
  const headers = { 'X-Forwarded-For': forwarded };
  const told = await fetch(`http://127.0.0.1:${listener.port}/${proxies}`, { headers });
  expect(await told.text()).toBe(address);
});

test.each([
  [undefined, 0],
  ['false', 0],
  ['true', 1],
  ['1', 1],
  ['2', 2],
])('TRUST_PROXY=%s is %i', (text, proxies) => {
  expect(readConfig({ TRUST_PROXY: text }).trustProxy).toBe(proxies);
});

test('anything else is refused', () => {
  expect(() => readConfig({ TRUST_PROXY: 'perhaps' })).toThrow(/TRUST_PROXY/);
});
