import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../../src/lib/root.ts';
import { fieldsRoutes } from '../../../src/web/fields/routes.ts';
import { TOKEN_SCRIPTS, tokenScriptRoutes } from '../../../src/web/fields/script.ts';
import { pageHeaders } from '../../../src/web/security.ts';
import { call } from '../../support/call.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

let world: World;
let shop: TestMerchant;
beforeAll(async () => {
  world = await openWorld();
  world.app.route('/', tokenScriptRoutes());
  world.app.route('/', fieldsRoutes(world.deps));
  shop = await world.merchant();
});
afterAll(() => world?.close());

const guide = readFileSync(join(ROOT, 'docs/token.md'), 'utf8');
const frame = (key: string, more = '') => call(world, `GET /fields/card?key=${key}${more}`);

function ancestorsIn(policy: string | null): string | undefined {
  return /frame-ancestors ([^;]+)/.exec(policy ?? '')?.[1];
}

test('the newest script is for any origin, looked up again soon, and not sent twice', async () => {
  const first = await call(world, 'GET /js/token.js');
  expect(first.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
  expect(first.headers.get('Access-Control-Allow-Origin')).toBe('*');
  expect(first.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
  expect(first.headers.get('Cache-Control')).toBe('public, max-age=300');
  const headers = { 'If-None-Match': first.headers.get('ETag') ?? '' };
  expect((await call(world, 'GET /js/token.js', { headers })).status).toBe(304);
});

test('every release is at its own address for ever, with the hash that the guide names', async () => {
  for (const { href, integrity } of TOKEN_SCRIPTS) {
    const { text, headers } = await call(world, `GET ${href}`);
    expect(`sha384-${createHash('sha384').update(text).digest('base64')}`).toBe(integrity);
    expect(headers.get('Cache-Control')).toContain('immutable');
    const version = /token-([\d.]+)\.js/.exec(href)?.[1];
    // A release that was changed is no release: make a new one beside it.
    expect(guide).toContain(`| ${version} | \`${integrity}\` |`);
  }
  const newest = TOKEN_SCRIPTS.at(-1);
  expect(guide).toContain(`${newest?.href}" crossorigin="anonymous" integrity="${newest?.integrity}"`);
  expect((await call(world, 'GET /js/token-0.0.1.js')).status).toBe(404);
});

test('the samples of the guide fit the types that are served beside the script', () => {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  const samples = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(samples.length).toBeGreaterThan(0);
  copyFileSync(join(ROOT, 'views/js/token.d.ts'), join(folder, 'token.d.ts'));
  samples.forEach((sample, index) => {
    writeFileSync(join(folder, `sample-${index}.ts`), `${sample}\nexport {};\n`);
  });
  // What the types refuse: each of these lines must be an error, and nothing else.
  const wrong = [
    "PayResort('pk_test_x').cardFields({ style: { css: 'body{}' } });",
    "PayResort('pk_test_x').cardFields({ locale: 'fr' });",
    "PayResort('pk_test_x').cardFields().on('keydown', () => {});",
    "PayResort('pk_test_x').cardFields().on('change', ({ number }) => number);",
    "PayResort('pk_test_x').cardFields().createToken().then(({ card }) => card);",
  ];
  writeFileSync(join(folder, 'wrong.ts'), `${wrong.join('\n')}\nexport {};\n`);
  const options = {
    strict: true,
    noEmit: true,
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: [],
    target: 'es2022',
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  const faulty = [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error/gm)].map(
    ([, file, line]) => `${file}:${line}`,
  );
  expect(faulty.map((place) => place.replace(/^.*\//, ''))).toEqual(
    wrong.map((_, index) => `wrong.ts:${index + 1}`),
  );
});

test('the frame may be shown by any shop until the merchant has registered its own origins', async () => {
  const open = await frame(shop.keys.pk_test);
  expect(open.status).toBe(200);
  expect(ancestorsIn(open.headers.get('Content-Security-Policy'))).toBe(
    'https: http://localhost:* http://127.0.0.1:*',
  );
  const registered = await world.merchant({ allowedOrigins: ['https://a.example', 'https://b.example'] });
  const closed = await frame(registered.keys.pk_test);
  expect(ancestorsIn(closed.headers.get('Content-Security-Policy'))).toBe(
    'https://a.example https://b.example',
  );
  expect(closed.text).toContain('data-origins="[&quot;https://a.example&quot;');
  const live = pageHeaders('fields', { publicUrl: 'https://pay.example.jp', production: true });
  expect(ancestorsIn(live['Content-Security-Policy'])).toBe('https:');
});

test('the frame is not kept, sets no cookie, posts nowhere, has nothing inline and nobody else’s', async () => {
  const { headers, text } = await frame(shop.keys.pk_live, '&lang=en');
  const policy = headers.get('Content-Security-Policy');
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("connect-src 'self'; form-action 'none'; frame-src 'none'");
  expect(headers.get('Set-Cookie')).toBeNull();
  expect(headers.get('X-Frame-Options')).toBeNull();
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
  expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(text).not.toMatch(/undefined|<style|\sstyle=|\son\w+=|<script(?![^>]* src=)|https?:\/\//);
  for (const [tag] of text.matchAll(/<script[^>]*>|<link rel="stylesheet"[^>]*>/g)) {
    expect(tag).toMatch(/integrity="sha384-/);
  }
  for (const name of ['number', 'exp', 'csc', 'name']) {
    expect(text).toMatch(
      new RegExp(`<label for="${name}">[\\s\\S]*<input id="${name}"[^>]* autocomplete="cc-${name}"`),
    );
  }
});

test.each(['sk_test', 'none', 'markup'])(
  'a key that may not make tokens (%s) opens no fields',
  async (kind) => {
    const keys: Record<string, string> = { sk_test: shop.keys.sk_test, none: '', markup: '"><script>' };
    const { status, text } = await frame(encodeURIComponent(keys[kind] ?? ''));
    expect([status, text.includes('data-refused')]).toEqual([403, true]);
    expect(text).not.toContain('sk_test');
    expect(text).not.toContain('"><script>');
  },
);

test('only layouts and parts get into the frame unescaped', () => {
  const folder = join(ROOT, 'views/fields');
  const raw = readdirSync(folder).flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/<%~([^%]*)%>/g)]
      .map(([, code = '']) => code.trim())
      .filter((code) => !/^include\('\.\.\/pay\/[a-z]+'/.test(code)),
  );
  expect(raw).toEqual([]);
});
