import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { lastCheck, type PageFinding } from '../../../src/integrity/checks.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../src/lib/clock.ts';
import { measureIntegrity } from '../../../src/roles/integrity-metrics.ts';
import { type Listener, listen } from '../../../src/roles/listen.ts';
import { writeBaseline } from '../../../src/web/integrity/baseline.ts';
import { checkPages, checkWeekly } from '../../../src/web/integrity/check.ts';
import { makeCheckToken, readCheckToken, SAMPLES } from '../../../src/web/integrity/check-token.ts';
import { openMetrics } from '../../../src/web/metrics.ts';
import { type Passing, startTamperingProxy, type TamperingProxy } from '../../support/tampering-proxy.ts';
import { openWorld, testConfig, type World } from '../../support/world.ts';

let proxy: TamperingProxy;
let world: World;
let listener: Listener;

beforeAll(async () => {
  proxy = await startTamperingProxy();
  world = await openWorld({ fetch, environment: { PUBLIC_URL: proxy.url } });
  listener = await listen(createApp(world.deps).fetch, '127.0.0.1', 0);
  proxy.target = `http://127.0.0.1:${listener.port}`;
});

afterEach(() => {
  proxy.tamper = () => {};
  world.logged.length = 0;
});

afterAll(async () => {
  await proxy.close();
  await listener.close();
  await world.close();
});

const alerts = () =>
  world.logged.map((line) => JSON.parse(line)).filter(({ alert }) => alert === 'page_changed');

test('pages that arrive as they were built raise no alert, and the check is written down', async () => {
  expect(await checkPages(world.deps)).toEqual([]);
  expect(alerts()).toEqual([]);
  expect(await lastCheck(world.deps)).toMatchObject({ url: proxy.url, findings: [] });
});

const onForm = (change: (passing: Passing) => void) => (passing: Passing) => {
  if (passing.path.startsWith('/p/') && passing.body.includes('id="card"')) change(passing);
};
const onFile = (start: string, change: (passing: Passing) => void) => (passing: Passing) => {
  if (passing.path.startsWith(start)) change(passing);
};
const POLICY = 'content-security-policy';

describe('what was done on the way is named in the alert:', () => {
  const cases: Record<string, { tamper: (passing: Passing) => void; alert: Partial<PageFinding> }> = {
    'a policy removed': {
      tamper: onForm(({ headers }) => headers.delete(POLICY)),
      alert: { code: 'header_missing', where: 'page form', what: POLICY, found: null },
    },
    'a policy widened': {
      tamper: onForm(({ headers }) =>
        headers.set(
          POLICY,
          headers.get(POLICY)?.replace("script-src 'self'", "script-src 'self' https://e.example") ?? '',
        ),
      ),
      alert: {
        code: 'header_changed',
        what: `${POLICY}: script-src`,
        expected: "'self'",
        found: "'self' https://e.example",
      },
    },
    'a header changed': {
      tamper: onForm(({ headers }) => headers.set('X-Frame-Options', 'SAMEORIGIN')),
      alert: { code: 'header_changed', what: 'x-frame-options', expected: 'DENY', found: 'SAMEORIGIN' },
    },
    'a header that loads something added': {
      tamper: onForm(({ headers }) =>
        headers.set('Link', '<https://e.example/x.js>; rel=preload; as=script'),
      ),
      alert: { code: 'header_added', what: 'link', expected: null },
    },
    'one byte of a script': {
      tamper: onFile('/static/card.', (passing) => {
        passing.body = `${passing.body} `;
      }),
      alert: { code: 'file_changed', where: expect.stringMatching(/^\/static\/card\.[0-9a-f]{12}\.js$/) },
    },
    'one byte of the script of shops': {
      tamper: onFile('/js/token.js', (passing) => {
        passing.body = passing.body.replace('const', 'let  ');
      }),
      alert: { code: 'file_changed', where: '/js/token.js' },
    },
    'a style sheet': {
      tamper: onFile('/static/pay.', (passing) => {
        if (passing.path.endsWith('.css')) passing.body += '@import "https://e.example/x.css";';
      }),
      alert: { code: 'file_changed', where: expect.stringMatching(/^\/static\/pay\.[0-9a-f]{12}\.css$/) },
    },
    'a script tag added': {
      tamper: onForm((passing) => {
        passing.body = passing.body.replace(
          '</head>',
          '<script src="https://e.example/x.js"></script></head>',
        );
      }),
      alert: { code: 'part_added', what: 'script', found: '<script src="https://e.example/x.js">' },
    },
    'a script written into the page': {
      tamper: onForm((passing) => {
        passing.body = passing.body.replace('</body>', '<script>steal()</script></body>');
      }),
      alert: { code: 'part_added', what: 'script', found: '<script>steal()' },
    },
    'a tag spelt so that only browsers read it': {
      tamper: onForm((passing) => {
        passing.body = passing.body.replace('</body>', '<svg/onload=steal()></body>');
      }),
      alert: { where: 'page form', found: expect.stringContaining('onload') },
    },
    'an integrity attribute removed': {
      tamper: onForm((passing) => {
        passing.body = passing.body.replace(/(<script defer src="[^"]+") integrity="[^"]+"/, '$1');
      }),
      alert: {
        code: 'part_missing',
        what: 'script',
        expected: expect.stringContaining('integrity="sha384-'),
      },
    },
    'the card form sent elsewhere': {
      tamper: onForm((passing) => {
        passing.body = passing.body.replace(/action="\/p\/\w+\/pay"/, 'action="https://e.example/"');
      }),
      alert: { code: 'part_added', what: 'form', found: expect.stringContaining('https://e.example/') },
    },
    'words changed': {
      tamper: onForm((passing) => {
        passing.body = passing.body.replace('PayResort+</title>', 'PayResort</title>');
      }),
      alert: { code: 'text_changed', where: 'page form' },
    },
    'a page replaced': {
      tamper: onForm((passing) => {
        passing.status = 302;
        passing.headers.set('Location', 'https://e.example/');
      }),
      alert: { code: 'status_changed', expected: '200', found: '302' },
    },
    'the card fields of shops': {
      tamper: onFile('/fields/card', ({ headers }) => headers.set('Access-Control-Allow-Origin', '*')),
      alert: { code: 'header_added', where: 'page fields', what: 'access-control-allow-origin' },
    },
  };

  test.each(Object.entries(cases))('%s', async (_, { tamper, alert }) => {
    proxy.tamper = tamper;
    const findings = await checkPages(world.deps);
    expect(findings).toContainEqual(expect.objectContaining(alert));
    expect(alerts()).toContainEqual(expect.objectContaining({ url: proxy.url, ...alert }));
    // Told apart: nothing else is blamed.
    expect(findings.length).toBeLessThanOrEqual(2);
  });

  test('pages that cannot be reached', async () => {
    const findings = await checkPages(world.deps, { url: 'http://127.0.0.1:1' });
    expect(findings).toMatchObject([{ code: 'not_reached', where: 'http://127.0.0.1:1' }]);
  });
});

test('what stands between cannot know the check by its addresses', async () => {
  const paths: string[] = [];
  proxy.tamper = ({ path }) => paths.push(path);
  await checkPages(world.deps);
  await checkPages(world.deps);
  const tokens = paths.filter((path) => path.startsWith('/p/')).map((path) => path.slice(3));
  expect(tokens.length).toBe(12);
  expect(new Set(tokens).size).toBe(12);
  for (const token of tokens) expect(token).toMatch(/^[0-2][0-9a-hjkmnp-tv-z]{31}$/);
});

test('nobody else can make such an address, and it does not stay good', async () => {
  const token = await makeCheckToken(world.deps, 'form');
  expect(await readCheckToken(world.deps, token)).toBe('form');
  const last = token.endsWith('0') ? '1' : '0';
  expect(await readCheckToken(world.deps, token.slice(0, -1) + last)).toBeNull();
  const later = (ms: number) => ({ ...world.deps, clock: { now: () => plus(world.clock.now(), ms) } });
  expect(await readCheckToken(later(2 * HOUR), token)).toBeNull();
  for (const sample of SAMPLES) {
    expect(await readCheckToken(world.deps, await makeCheckToken(world.deps, sample))).toBe(sample);
  }
  const form = await fetch(`${proxy.url}/p/${token}`);
  expect([form.status, (await form.text()).includes('id="card"')]).toEqual([200, true]);
  const posted = await fetch(`${proxy.url}/p/${token}/card`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'number=1',
  });
  expect(posted.status).toBe(404);
});

test('a signed baseline is compared with; one that was changed, or signed by another, is an alert', async () => {
  const path = join(inject('tempDir'), `baseline-${process.pid}.json`);
  const text = await writeBaseline(world.deps);
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  expect(await checkPages(world.deps, { baseline: path })).toEqual([]);
  writeFileSync(path, text.replace("script-src 'self'", "script-src 'self' https:"));
  expect(await checkPages(world.deps, { baseline: path })).toMatchObject([{ code: 'baseline_invalid' }]);
  const other = { ...world.deps, config: { ...testConfig(), publicUrl: proxy.url } };
  writeFileSync(path, await writeBaseline(other));
  expect(await checkPages(world.deps, { baseline: path })).toMatchObject([{ code: 'baseline_invalid' }]);
  expect(readFileSync(path, 'utf8')).not.toContain('privateKey');
});

test('the weekly check runs soon after the first start, then every week, then hourly while something is wrong', async () => {
  const fresh = await openWorld({ fetch, environment: { PUBLIC_URL: proxy.url } });
  const app = await listen(createApp(fresh.deps).fetch, '127.0.0.1', 0);
  proxy.target = `http://127.0.0.1:${app.port}`;
  const job = { createdAt: fresh.clock.now() };
  try {
    const { again: first } = await checkWeekly(fresh.deps, job);
    expect(first).toEqual(plus(job.createdAt, 5 * MINUTE));
    fresh.clock.advance(5 * MINUTE);
    expect(await checkWeekly(fresh.deps, job)).toEqual({ again: plus(fresh.clock.now(), 7 * DAY) });
    fresh.clock.advance(DAY);
    // Started again: the job was put to now, the check is not due.
    expect(await checkWeekly(fresh.deps, job)).toEqual({ again: plus(fresh.clock.now(), 6 * DAY) });
    fresh.clock.advance(6 * DAY);
    proxy.tamper = onForm(({ headers }) => headers.delete(POLICY));
    expect(await checkWeekly(fresh.deps, job)).toEqual({ again: plus(fresh.clock.now(), HOUR) });
    const metrics = openMetrics();
    measureIntegrity(fresh.deps, metrics);
    const text = await metrics.registry.metrics();
    expect(text).toContain('payresort_page_findings 1');
    expect(text).toContain('payresort_page_check_age_seconds 0');
  } finally {
    proxy.target = `http://127.0.0.1:${listener.port}`;
    await app.close();
    await fresh.close();
  }
});
