import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lineOf } from '../../src/books/export-payments.ts';
import { auditEntries } from '../../src/db/schema.ts';
import { toShiftJis } from '../../src/lib/shift-jis.ts';
import { paidOrder } from '../receipts/paid-orders.ts';
import { mountConsole, visitor } from '../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

let world: World;
let merchant: TestMerchant;

beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
  merchant = await world.merchant();
  world.clock.advance(Date.parse('2026-11-20T15:00:00Z') - world.clock.now().getTime());
  const orders = [
    ['plain', '髙橋 "太郎"様', 'taro@example.com'],
    ['formula', '=HYPERLINK("http://evil.example")', '+81@example.com'],
    ['rare', '𠮷野 〜', 'rare@example.com'],
  ] as const;
  for (const [order, name, email] of orders) {
    await paidOrder(world, merchant, { body: { order_id: order, customer: { name, email } } });
    world.clock.advance(1_000);
  }
  await paidOrder(world, await world.merchant());
});
afterAll(() => world.close());

async function fetched(query: string): Promise<{ bytes: Uint8Array; headers: Headers }> {
  const { cookie } = await visitor(world, merchant, 'operator');
  const answer = await world.app.request(`/console/payments/export?${query}`, {
    headers: { Cookie: cookie },
  });
  expect(answer.status).toBe(200);
  return { bytes: new Uint8Array(await answer.arrayBuffer()), headers: answer.headers };
}

test('UTF-8 begins with its mark; quotes and line ends are kept, formulas are text, numbers are numbers', async () => {
  const { bytes, headers } = await fetched('columns=ja');
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(headers.get('Content-Disposition')).toContain('payments-test-2026-11-21.csv');
  const text = new TextDecoder('utf-8').decode(bytes);
  const rows = text.split('\r\n');
  expect(rows[0]).toMatch(/^"決済ID","注文番号","状態"/);
  expect(rows).toHaveLength(5);
  expect(rows[1]).toMatch(
    /^"pay_\w+","rare","支払い済み","クレジットカード","Visa","0002",\d+,\d+,0,"2026\/11\/21 00:00:02"/,
  );
  expect(rows[2]).toContain(`"'=HYPERLINK(""http://evil.example"")","'+81@example.com"`);
  expect(rows[3]).toContain('"髙橋 ""太郎""様"');
  expect(text).toContain('𠮷野 〜');
});

test('Shift_JIS is what Windows reads, and a character that it lacks is 〓', async () => {
  const { bytes } = await fetched('columns=ja&charset=shift_jis');
  const text = new TextDecoder('shift_jis', { fatal: true }).decode(bytes);
  expect(text).toMatch(/^"決済ID"/);
  expect(text).toContain('髙橋 ""太郎""');
  expect(text).toContain('〓野 ～');
});

test('a cell with a line end, a tab or a full-width sign at its beginning is one cell of text', () => {
  expect(lineOf(['a\nb', '\t1', '＝1', '-1', -1, null])).toBe(`"a\nb","'\t1","'＝1","'-1",-1,\r\n`);
});

test('every character of Shift_JIS comes back from it', () => {
  const all = 'ｱｲｳ①㈱﨑纊〒Ωяあア亜黑\\~';
  expect(new TextDecoder('shift_jis').decode(toShiftJis(all))).toBe(all);
});

test('an export has the filters of the list, and its columns in English', async () => {
  const { bytes } = await fetched('columns=en&q=formula');
  const rows = new TextDecoder('utf-8').decode(bytes).split('\r\n');
  expect(rows[0]).toContain('"Payment ID","Order","Status"');
  // A search finds what was indexed: these were put beside the way that indexes.
  expect(rows.length).toBeLessThanOrEqual(3);
});

test('it is recorded with what was asked for, and without a name that was searched', async () => {
  await fetched('q=%E9%AB%99%E6%A9%8B&status=captured&least=1');
  const [entry] = await world.deps.db
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.merchantId, merchant.merchantId), eq(auditEntries.action, 'payment.exported')))
    .orderBy(desc(auditEntries.sequence))
    .limit(1);
  expect(entry?.details).toMatchObject({ text: true, statuses: 'captured', least: 1, charset: 'utf-8' });
  expect(entry?.actor).toMatchObject({ kind: 'user', role: 'operator' });
  expect(JSON.stringify(entry)).not.toContain('髙橋');
});
