import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTIONS } from '../../../src/audit/actions.ts';
import { anchorLogs } from '../../../src/audit/anchors.ts';
import { GROUPS } from '../../../src/audit/find.ts';
import { note } from '../../../src/audit/note.ts';
import { inTransaction } from '../../../src/db/client.ts';
import { auditEntries } from '../../../src/db/schema.ts';
import { AUDIT_TEXTS } from '../../../src/i18n/console/audit.ts';
import { AUDIT_ACTIONS } from '../../../src/i18n/console/audit-actions.ts';
import { ROOT } from '../../../src/lib/root.ts';
import { jwks } from '../../../src/notify/jwks.ts';
import { mountConsole, type Visitor, visitor } from '../../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
let world: World;
beforeAll(async () => {
  world = await openWorld({ environment: { AUDIT_ANCHORS_FILE: join(folder, 'anchors.jsonl') } });
  mountConsole(world);
});
afterAll(() => world.close());

const REFUND = {
  action: 'payment.refund',
  target: 'pay_abc',
  details: { amount: 12_800, reason: '=1+1 "返品"' },
} as const;

async function shopWithLog(): Promise<{ shop: TestMerchant; owner: Visitor }> {
  const shop = await world.merchant();
  const owner = await visitor(world, shop);
  const merchant = await shop.as('test');
  const { id, login, role } = owner.user;
  const acting = { actor: { kind: 'user', id, name: login, role }, origin: '192.0.2.7' } as const;
  await note(world.deps, { ...merchant, acting }, REFUND);
  await note(world.deps, merchant, { action: 'payment.cancel', outcome: 'failure', target: 'pay_xyz' });
  return { shop, owner };
}

const entriesOf = ({ merchantId }: Pick<TestMerchant, 'merchantId'>) =>
  world.deps.db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.merchantId, merchantId))
    .orderBy(desc(auditEntries.sequence));

test('every action and every group has its words in both languages', () => {
  for (const language of ['ja', 'en'] as const) {
    const { groups } = AUDIT_TEXTS[language];
    expect(Object.keys(AUDIT_ACTIONS[language]).sort()).toEqual([...ACTIONS].sort());
    expect(Object.keys(groups).sort()).toEqual([...GROUPS].sort());
  }
});

test('the page says in plain words who did what, and that it holds; looking is recorded', async () => {
  const { shop, owner } = await shopWithLog();
  const { status, html } = await owner.get('/console/audit?lang=en');
  expect(status).toBe(200);
  for (const words of ['Refunded a payment', '¥12,800', '192.0.2.7', owner.user.login, 'Made an API key'])
    expect(html).toContain(words);
  expect(html).toContain('/console/payments/pay_abc');
  expect(html).toContain('The 6 entries shown are as they were recorded');
  expect((await entriesOf(shop))[0]).toMatchObject({ action: 'audit.seen', actor: { id: owner.user.id } });
});

describe('filters', () => {
  test.each<[string, (owner: Visitor) => string, string[]]>([
    ['somebody', ({ user }) => `actor=${user.id}`, ['Refunded a payment']],
    ['nobody', () => 'actor=usr_none', []],
    ['a group', () => 'group=payment', ['Canceled a payment', 'Refunded a payment']],
    ['a result', () => 'outcome=failure', ['Canceled a payment']],
    ['a target', () => 'target=pay_abc', ['Refunded a payment']],
    [
      'a day in Japan',
      () => 'from=2026-07-01&until=2026-07-01&group=payment',
      ['Canceled a payment', 'Refunded a payment'],
    ],
    ['another day', () => 'from=2026-07-02', []],
    ['no day at all', () => 'from=2026-02-31', []],
  ])('%s', async (_, query, expected) => {
    const { owner } = await shopWithLog();
    const { status, html } = await owner.get(`/console/audit?lang=en&${query(owner)}`);
    expect(status).toBe(200);
    for (const words of ['Canceled a payment', 'Refunded a payment'])
      expect(html.includes(`<strong>${words}`)).toBe(expected.includes(words));
  });
});

test('older entries are a page away, and the links go on', async () => {
  const { shop, owner } = await shopWithLog();
  const merchant = await shop.as('test');
  for (let index = 0; index < 50; index += 1) await note(world.deps, merchant, { action: 'payment.seen' });
  const { html } = await owner.get('/console/audit');
  const older = /href="(\/console\/audit\?[^"]*before=\d+)"/.exec(html)?.[1] ?? '';
  expect(html).not.toContain('返金した');
  expect((await owner.get(older)).html).toContain('返金した');
});

test('an entry that was changed is called out on the page', async () => {
  const { shop, owner } = await shopWithLog();
  await inTransaction(world.deps.db, 'test.tamper', async (tx) => {
    await tx.execute(sql`alter table audit_entries disable trigger user`);
    await tx.execute(
      sql`update audit_entries set target = 'pay_other' where merchant_id = ${shop.merchantId} and sequence = 5`,
    );
    await tx.execute(sql`alter table audit_entries enable trigger user`);
  });
  for (const query of ['', '&group=payment']) {
    const { html } = await owner.get(`/console/audit?lang=en${query}`);
    expect(html).toContain('These entries are not as they were recorded');
    expect(html).toContain('Entry 5: it was changed');
  }
});

const check = (...files: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'docs/audit-check.mjs'), ...files]).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, said: error.stdout }),
  );

test('an export holds outside, by the checker of the documents alone; a changed one does not', async () => {
  const { shop, owner } = await shopWithLog();
  await anchorLogs(world.deps);
  const [jsonl, anchors, keys] = ['export.jsonl', 'own.jsonl', 'jwks.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const exported = await owner.get('/console/audit/export?format=jsonl');
  expect(exported.headers.get('Content-Disposition')).toContain(`audit-${shop.merchantId}-2026-07-01.jsonl`);
  writeFileSync(jsonl, exported.html);
  writeFileSync(anchors, (await owner.get('/console/audit/anchors')).html);
  writeFileSync(keys, JSON.stringify(jwks(world.deps.config)));
  expect(await check(jsonl, keys, anchors)).toEqual({ code: 0, said: '7 entries, 1 anchors: all hold\n' });

  const lines = exported.html.trimEnd().split('\n');
  const changed: [string, string[]][] = [
    ['entry 5: changed', lines.map((line) => line.replace('12800', '99999'))],
    ['entry 6: does not follow entry 4', lines.filter((_, index) => index !== 4)],
    ['entry 1: does not follow', lines.toReversed()],
    ['cut off', lines.slice(0, 4)],
  ];
  for (const [said, text] of changed) {
    writeFileSync(jsonl, `${text.join('\n')}\n`);
    expect(await check(jsonl, keys, anchors)).toMatchObject({ code: 1, said: expect.stringContaining(said) });
  }
  const recorded = (await entriesOf(shop)).map(({ action, details }) => [action, details.format]);
  expect(recorded.slice(0, 2)).toEqual([
    ['audit.exported', 'anchors'],
    ['audit.exported', 'jsonl'],
  ]);
});

test('a spreadsheet gets the words beside the facts', async () => {
  const { owner } = await shopWithLog();
  const { html, headers } = await owner.get('/console/audit/export?format=csv&group=payment&lang=en');
  expect(headers.get('Content-Type')).toContain('text/csv');
  const [head, refund] = html.split('\r\n');
  expect(head).toContain('"in words"');
  expect(refund).toContain('"payment.refund","Refunded a payment","success","192.0.2.7","pay_abc"');
  expect(html.split('\r\n').length).toBe(4);
});

test('a manager reads and does not export; another merchant sees nothing of it', async () => {
  const { shop } = await shopWithLog();
  const manager = await visitor(world, shop, 'manager');
  const seen = await manager.get('/console/audit');
  expect(seen.status).toBe(200);
  expect(seen.html).not.toContain('/console/audit/export');
  expect((await manager.get('/console/audit/export')).status).toBe(403);
  const stranger = await visitor(world, await world.merchant());
  expect((await stranger.get('/console/audit?target=pay_abc')).html).not.toContain('返金した');
  expect((await stranger.get('/console/audit/export')).html).not.toContain(shop.merchantId);
});
