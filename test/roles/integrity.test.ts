import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiClient, sessionBody } from '../support/api.ts';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { runMain } from '../support/processes.ts';
import { startTamperingProxy, type TamperingProxy } from '../support/tampering-proxy.ts';

let proxy: TamperingProxy;
let fleet: Fleet;

beforeAll(async () => {
  proxy = await startTamperingProxy();
  fleet = await startFleet({ webs: 1, workers: 0 }, { PUBLIC_URL: proxy.url });
  proxy.target = fleet.webs[0]?.baseUrl ?? '';
});

afterAll(async () => {
  await fleet?.stop();
  await proxy?.close();
});

/** Another process, with the same database, keys and public address. */
const integrity = (...args: string[]) =>
  runMain(['integrity', ...args], {
    DATABASE_URL: fleet.databaseUrl,
    DATA_DIR: fleet.dataDir,
    PUBLIC_URL: proxy.url,
  });

test('the command tells intact pages from changed ones, by its words and its exit code', async () => {
  expect(await integrity()).toMatchObject({ code: 2, output: expect.stringContaining('integrity check') });
  expect(await integrity('status')).toMatchObject({ code: 3, output: 'The pages were never checked.\n' });
  expect(await integrity('check')).toMatchObject({ code: 0, output: `${proxy.url}: intact.\n` });

  proxy.tamper = ({ path, headers }) => {
    if (path.startsWith('/p/')) headers.delete('X-Frame-Options');
  };
  const changed = await integrity('check');
  expect(changed.code).toBe(3);
  expect(changed.output).toContain('header_missing  page form  x-frame-options');
  expect(changed.output).toContain('6 differences.');
  expect(await integrity('status')).toMatchObject({
    code: 3,
    output: expect.stringContaining('6 differences.'),
  });

  const file = join(fleet.dataDir, 'baseline.json');
  expect(await integrity('baseline', file)).toMatchObject({ code: 0 });
  expect(await integrity('check', '--baseline', file)).toMatchObject({ code: 3 });
  const past = await integrity('check', '--url', proxy.target, '--baseline', file);
  expect(past).toMatchObject({ code: 0, output: `${proxy.target}: intact.\n` });
});

test('a script that something writes into the page does not run, and the browser tells us', async () => {
  const api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  const { body: session } = await api('POST', '/v1/sessions', sessionBody());
  proxy.tamper = (passing) => {
    passing.body = passing.body.replace('</body>', '<script>document.title = "stolen"</script></body>');
  };
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(session.url);
    expect(await page.title()).not.toBe('stolen');
    const told = await eventually('the report has come', async () => {
      const { output } = await integrity('reports');
      return output.includes('script-src-elem') ? output : null;
    });
    expect(told).toMatch(/1 × {2}\/p\/\{token\} {2}script-src-elem {2}blocked: inline/);
  } finally {
    await browser.close();
  }
});
