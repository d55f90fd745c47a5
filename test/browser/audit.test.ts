import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anchorLogs } from '../../src/audit/anchors.ts';
import { note } from '../../src/audit/note.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { launchBrowser } from '../support/browser.ts';
import { mountConsole, type Visitor, visitor } from '../support/console.ts';
import { openWorld, type World } from '../support/world.ts';

/** The audit log as people use it: on a phone, without JavaScript, with a screen reader. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let world: World;
let listener: Listener;
let owner: Visitor;

beforeAll(async () => {
  const AUDIT_ANCHORS_FILE = join(mkdtempSync(join(tmpdir(), 'audit-')), 'anchors.jsonl');
  [browser, world] = await Promise.all([launchBrowser(), openWorld({ environment: { AUDIT_ANCHORS_FILE } })]);
  mountConsole(world);
  listener = await listen(world.app.fetch, '127.0.0.1', 0);
  const shop = await world.merchant();
  owner = await visitor(world, shop);
  const merchant = await shop.as('test');
  const target = `pay_${'0123456789'.repeat(4)}`;
  const details = { amount: 12_800, operation: `re_${'0123456789'.repeat(4)}` };
  for (let refunds = 0; refunds < 60; refunds += 1)
    await note(world.deps, merchant, { action: 'payment.refund', target, details });
  const origin = '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff';
  const actor = { kind: 'visitor', id: null, name: 'sk_live_…zzzz', role: null } as const;
  const denied = { reason: 'unknown_key', route: 'POST /v1/payments/{id}/refunds' };
  await note(
    world.deps,
    { ...merchant, acting: { actor, origin } },
    { action: 'access.denied', outcome: 'failure', details: denied },
  );
  await anchorLogs(world.deps);
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  await world?.close();
});

async function opened(javaScriptEnabled: boolean) {
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 390, height: 800 } });
  const [name = '', value = ''] = owner.cookie.split('=');
  const url = `http://127.0.0.1:${listener.port}`;
  await context.addCookies([{ name, value, url }]);
  return { page: await context.newPage(), url: `${url}/console/audit` };
}

test.each(['ja', 'en'])('it has no fault of accessibility and fits a phone: %s', async (language) => {
  const { page, url } = await opened(true);
  const faults: Record<string, unknown> = {};
  for (const query of ['', 'outcome=failure', 'target=nothing', 'from=2026-02-31']) {
    await page.goto(`${url}?lang=${language}&${query}`);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (over > 0) faults[`${query} at ${width}`] = `${over} px too wide`;
    }
    await page.evaluate(AXE);
    const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
      'axe.run()',
    );
    for (const { id, nodes } of violations) faults[`${query}: ${id}`] = nodes.map(({ html }) => html);
  }
  expect(faults).toEqual({});
});

test('without JavaScript it is filtered, gone through and exported', async () => {
  const { page, url } = await opened(false);
  await page.goto(url);
  await page.locator('a[rel=next]').click();
  expect(await page.locator('main').innerText()).toContain('APIキーを作った');
  await page.selectOption('#outcome', 'failure');
  await page.locator('.filters button').click();
  expect(await page.locator('.audit-table tbody tr').count()).toBe(1);
  expect(await page.locator('.audit-table').innerText()).toContain('アクセスを拒否した');
  await page.locator('details.csv summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('details.csv button').click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(['access.denied']);
});
