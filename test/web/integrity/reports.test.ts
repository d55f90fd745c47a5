import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { purgeReports, recentReports } from '../../../src/integrity/reports.ts';
import { DAY, MINUTE } from '../../../src/lib/clock.ts';
import { readReports } from '../../../src/web/integrity/read-report.ts';
import { openWorld, type World } from '../../support/world.ts';

const OURS = 'https://pay.example.jp';
const PAGE = `${OURS}/p/00000103kq7f9x2m5n8p4r6t0v1w3y5z?lang=ja`;
const PAN = '4000000000000002';

let world: World;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  world = await openWorld({ environment: { PUBLIC_URL: OURS } });
  app = createApp(world.deps);
});

afterAll(() => world.close());

const old = (changes: Record<string, unknown> = {}) => ({
  'csp-report': {
    'document-uri': PAGE,
    'effective-directive': 'script-src-elem',
    'blocked-uri': 'https://e.example/x.js?card=1',
    'source-file': `${OURS}/static/pay.0123456789ab.js`,
    'line-number': 12,
    'script-sample': PAN,
    'original-policy': "default-src 'none'",
    ...changes,
  },
});
const READ = {
  page: '/p/{token}',
  directive: 'script-src-elem',
  blocked: 'https://e.example',
  source: '/static/pay.0123456789ab.js:12',
};

function send(body: unknown, type = 'application/csp-report', raw?: string) {
  return app.request('/csp-reports', {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: raw ?? JSON.stringify(body),
  });
}

describe('a report', () => {
  test('is read in the older form and in the newer one', () => {
    const body = {
      documentURL: PAGE,
      effectiveDirective: 'script-src-elem',
      blockedURL: 'https://e.example/x.js',
      sourceFile: `${OURS}/static/pay.0123456789ab.js`,
      lineNumber: 12,
    };
    expect(readReports(old(), OURS)).toEqual([READ]);
    expect(readReports([{ type: 'csp-violation', body }, { type: 'other' }, null, 7], OURS)).toEqual([READ]);
  });

  test.each([
    ['inline script', { 'blocked-uri': 'inline' }, { blocked: 'inline' }],
    ['an extension', { 'blocked-uri': 'chrome-extension://abc/x.js' }, { blocked: 'extension' }],
    [
      'a number in a host name',
      { 'blocked-uri': `https://${PAN}.e.example/` },
      { blocked: 'https://….e.example' },
    ],
    ['a number as an address', { 'blocked-uri': PAN }, { blocked: 'unreadable' }],
    ['a number in a file', { 'source-file': `${OURS}/p/${PAN}` }, { source: OURS }],
    ['a number as a line', { 'line-number': Number(PAN) }, { source: '/static/pay.0123456789ab.js' }],
    ['a page elsewhere', { 'document-uri': `https://x.example/${PAN}` }, { page: 'elsewhere' }],
  ])('of %s keeps nothing that could be data', (_, changes, kept) => {
    const [report] = readReports(old(changes), OURS);
    expect(report).toEqual({ ...READ, ...kept });
    expect(JSON.stringify(report)).not.toContain(PAN);
  });

  test.each([[{}], [[]], ['text'], [null], [{ 'csp-report': 'x' }], [old({ 'effective-directive': PAN })]])(
    'that is none is passed over: %j',
    (body) => expect(readReports(body, OURS)).toEqual([]),
  );
});

describe('POST /csp-reports', () => {
  test('counts alike reports in one row, logs the first, and forgets them after a month', async () => {
    for (let times = 0; times < 3; times += 1) expect((await send(old())).status).toBe(204);
    expect(await recentReports(world.deps, 7)).toMatchObject([{ ...READ, count: 3 }]);
    const told = world.logged.filter((line) => line.includes('page_policy_breached'));
    expect(told.map((line) => JSON.parse(line))).toMatchObject([READ]);
    world.clock.advance(31 * DAY);
    await purgeReports(world.deps);
    expect(await recentReports(world.deps, 100)).toEqual([]);
  });

  test.each([
    ['another type', 'text/plain', '{}', 415],
    ['no JSON', 'application/csp-report', '{', 400],
    ['too much', 'application/csp-report', 'x'.repeat(17_000), 413],
  ])('refuses %s', async (_, type, raw, status) => {
    world.clock.advance(MINUTE);
    const answer = await app.request('/csp-reports', {
      method: 'POST',
      headers: { 'Content-Type': type, 'Content-Length': String(raw.length) },
      body: raw,
    });
    expect(answer.status).toBe(status);
  });

  test('of one address takes 30 a minute', async () => {
    world.clock.advance(MINUTE);
    const answers = await Promise.all(Array.from({ length: 40 }, () => send(old())));
    expect(answers.filter(({ status }) => status === 204).length).toBe(30);
    expect(answers.find(({ status }) => status === 429)?.headers.get('Retry-After')).toBe('60');
    world.clock.advance(MINUTE);
    expect((await send(old())).status).toBe(204);
  });
});
