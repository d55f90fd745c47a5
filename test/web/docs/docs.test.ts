import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY } from '../../../src/lib/clock.ts';
import { PROBLEMS } from '../../../src/lib/problem.ts';
import { API_ROUTES } from '../../../src/web/api/routes.ts';
import { docsRoutes } from '../../../src/web/docs/routes.ts';
import { call } from '../../support/call.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  world.app.route('/', docsRoutes(world.deps));
});
afterAll(() => world.close());

test('the document is served to anyone, from any origin', async () => {
  const { status, body, headers } = await call(world, 'GET /openapi.json');
  expect([status, body.openapi]).toEqual([200, '3.1.0']);
  expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
  expect(body.servers).toEqual([{ url: 'http://localhost:3000' }]);
});

test('/docs shows every route, and the place that the type of every problem points to', async () => {
  const { text, headers } = await call(world, 'GET /docs');
  for (const { method, path } of API_ROUTES) expect(text).toContain(`${method.toUpperCase()} ${path}</code>`);
  for (const code of Object.keys(PROBLEMS)) expect(text).toContain(`id="${code}"`);
  for (const [, anchor] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${anchor}"`);
  expect(headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  expect(text).not.toMatch(/undefined|\[object|NaN/);
});

test('/docs loads nothing: no script, no picture, no other origin', async () => {
  const { text, headers } = await call(world, 'GET /docs');
  expect(text).not.toMatch(/<script|<img|<link|@import|url\(/);
  expect(headers.get('Content-Security-Policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri/,
  );
});

test('security.txt has what RFC 9116 asks for, and does not go stale', async () => {
  const { text, headers } = await call(world, 'GET /.well-known/security.txt');
  expect(headers.get('Content-Type')?.toLowerCase()).toBe('text/plain; charset=utf-8');
  expect(text).toMatch(/^Contact: mailto:\S+@\S+$/m);
  const expires = Date.parse(/^Expires: (.+)$/m.exec(text)?.[1] ?? '') - world.clock.now().getTime();
  expect(expires).toBeGreaterThan(90 * DAY);
  expect(expires).toBeLessThan(365 * DAY);
});

test('the signing keys are published without their secret half', async () => {
  const { status, body, headers } = await call(world, 'GET /.well-known/jwks.json');
  expect([status, headers.get('Access-Control-Allow-Origin')]).toEqual([200, '*']);
  expect(Array.isArray(body.keys)).toBe(true);
  for (const key of body.keys) expect(key).not.toHaveProperty('d');
});
