import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { expect, test } from 'vitest';
import { brandHex, brandStyle, contrast, parseHex } from '../../src/web/brand-style.ts';
import { acceptedEncoding } from '../../src/web/encoding.ts';
import { isSameOrigin } from '../../src/web/same-origin.ts';
import { type PageKind, pageHeaders } from '../../src/web/security.ts';

const LIVE = { publicUrl: 'https://pay.example.jp', production: true };
const LOCAL = { publicUrl: 'http://localhost:3000', production: false };
const KINDS: PageKind[] = ['card', 'three_ds', 'return', 'plain', 'fields'];

function directive(kind: PageKind, name: string, origins = LIVE): string {
  const all = pageHeaders(kind, origins)['Content-Security-Policy'].split('; ');
  return all.find((each) => each.startsWith(`${name} `)) ?? '';
}

test.each(KINDS)('the policy of a %s page has no serious finding', (kind) => {
  const policy = pageHeaders(kind, LIVE)['Content-Security-Policy'];
  const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
  // `'self'` for scripts is a "maybe": it would matter if we served somebody else's scripts.
  const serious = findings.filter(({ severity }) => severity <= Severity.MEDIUM);
  expect(serious.map(({ directive, description }) => `${directive}: ${description}`)).toEqual([]);
});

test('the card form posts to us alone and frames nothing', () => {
  expect(directive('card', 'form-action')).toBe("form-action 'self'");
  expect(directive('card', 'frame-src')).toBe("frame-src 'none'");
});

test('issuers and shops are met by https, on loopback also by http outside production', () => {
  expect(directive('three_ds', 'frame-src')).toBe("frame-src 'self' https:");
  expect(directive('return', 'form-action')).toBe('form-action https:');
  expect(directive('return', 'form-action', LOCAL)).toContain('http://127.0.0.1:*');
});

test('browsers are told where to report a breach, in both ways over https', () => {
  expect(directive('card', 'report-uri', LOCAL)).toBe('report-uri /csp-reports');
  expect(directive('card', 'report-to', LOCAL)).toBe('');
  expect(directive('card', 'report-to')).toBe('report-to csp');
  const endpoints = { 'Reporting-Endpoints': 'csp="https://pay.example.jp/csp-reports"' };
  expect(pageHeaders('card', LIVE)).toMatchObject(endpoints);
});

test('HSTS and upgrades only where the public address is https', () => {
  expect(pageHeaders('card', LIVE)).toHaveProperty('Strict-Transport-Security');
  expect(pageHeaders('card', LOCAL)).not.toHaveProperty('Strict-Transport-Security');
  expect(pageHeaders('card', LOCAL)['Content-Security-Policy']).not.toContain('upgrade-insecure-requests');
});

test.each([
  { secFetchSite: 'same-origin', origin: undefined, ok: true },
  { secFetchSite: 'none', origin: undefined, ok: true },
  { secFetchSite: undefined, origin: 'https://pay.example.jp', ok: true },
  { secFetchSite: undefined, origin: undefined, ok: true },
  { secFetchSite: 'cross-site', origin: undefined, ok: false },
  { secFetchSite: 'same-site', origin: 'https://evil.example.jp', ok: false },
  { secFetchSite: undefined, origin: 'https://evil.example', ok: false },
  { secFetchSite: undefined, origin: 'null', ok: false },
])('a post with $secFetchSite and $origin is ours: $ok', ({ ok, ...headers }) => {
  expect(isSameOrigin(headers, LIVE.publicUrl)).toBe(ok);
});

test.each(['000000', 'ffffff', 'f2c14e', '777777', '0000ff', '00704a', 'ff0000', '7f7f00'])(
  'a brand of #%s can be read on light and dark pages',
  (hex) => {
    const [light = '', dark = ''] = brandStyle(hex).split('@media');
    for (const [style, ground] of [
      [light, 'f5f8f6'],
      [dark, '17211d'],
    ] as const) {
      const token = (name: string) => parseHex(new RegExp(`--${name}:#([0-9a-f]{6})`).exec(style)?.[1] ?? '');
      expect(contrast(token('brand'), parseHex(ground))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(token('on-button'), token('button'))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(token('on-button'), token('button-dark'))).toBeGreaterThanOrEqual(4.5);
    }
  },
);

test('only a colour is a colour', () => {
  expect(brandHex('#F2C14E')).toBe('f2c14e');
  expect([null, 'red', '#fff', '#12345g', 'red}body{'].map(brandHex)).toEqual([null, null, null, null, null]);
});

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=1.0, br;q=0', 'gzip'],
  ['identity', null],
  [undefined, null],
])('of %s we send %s', (header, encoding) => {
  expect(acceptedEncoding(header)).toBe(encoding);
});
