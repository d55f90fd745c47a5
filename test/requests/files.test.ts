import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Merchant } from '../../src/merchants/merchant.ts';
import { readRequestFile } from '../../src/requests/read-rows.ts';
import { openWorld, type World } from '../support/world.ts';

/** Files as people save them, and what is wrong with them. */
let world: World;
let merchant: Merchant;
let due: string;
beforeAll(async () => {
  world = await openWorld();
  merchant = await (await world.merchant()).as('test');
  due = new Date(merchant.clock.now().getTime() + 10 * 86_400_000).toISOString().slice(0, 10);
});
afterAll(() => world.close());

function read(bytes: Uint8Array | string) {
  const dueAt = new Date(merchant.clock.now().getTime() + 14 * 86_400_000);
  const defaults = { language: 'ja' as const, dueAt, template: null, remindDays: [3] };
  return readRequestFile(merchant, typeof bytes === 'string' ? Buffer.from(bytes) : bytes, defaults);
}

const TEXT = '注文番号,金額,お名前\r\nA-1,"12,800円",髙橋 花子\r\n';
/** The same as Windows writes it: 髙 is one of NEC's and IBM's characters. */
const SHIFT_JIS = Buffer.from(
  '928d95b694d48d862c8be08a7a2c82a896bc914f0d0a412d312c2231322c383030897e222cfbfc8bb42089d48e710d0a',
  'hex',
);

test.each<[string, () => Uint8Array, string]>([
  ['UTF-8', () => Buffer.from(TEXT), 'utf-8'],
  ['UTF-8 with BOM', () => Buffer.from(`\uFEFF${TEXT}`), 'utf-8'],
  ['Shift_JIS', () => SHIFT_JIS, 'shift_jis'],
  [
    'UTF-16 with tabs',
    () => utf16(TEXT.replaceAll('"', '').replace('12,800', '12800').replaceAll(',', '\t')),
    'utf-16le',
  ],
  ['line feeds alone', () => Buffer.from(TEXT.replaceAll('\r', '')), 'utf-8'],
  ['carriage returns alone, no last one', () => Buffer.from(TEXT.replaceAll('\n', '').slice(0, -1)), 'utf-8'],
])('%s is read', (_, bytes, encoding) => {
  expect(read(bytes())).toMatchObject({
    kind: 'rows',
    encoding,
    faults: [],
    rows: [{ orderId: 'A-1', amount: 12_800, name: '髙橋 花子', remindDays: [3] }],
  });
});

function utf16(text: string): Uint8Array {
  return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
}

test.each([
  [
    'full-width digits and letters',
    'order_id,amount,email\nＡ－１,１２，８００円,ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ',
    { orderId: 'A-1', amount: 12_800, email: 'taro@example.com' },
  ],
  ['a yen sign', 'order_id,amount\nA-1,¥12800', { amount: 12_800 }],
  ['the yen sign of Shift_JIS', 'order_id,amount\nA-1,\\12800', { amount: 12_800 }],
  [
    'columns in another order, English or Japanese',
    '金額,ORDER_ID \n100,A-1',
    { orderId: 'A-1', amount: 100 },
  ],
  [
    'quotes, commas and line breaks in a cell',
    'order_id,amount,message\nA-1,100,"a ""b"", c\nd"',
    { message: 'a "b", c\nd' },
  ],
  ['empty rows between', 'order_id,amount\n\n,\nA-1,100\n\n', { orderId: 'A-1' }],
  ['a language by its region', 'order_id,amount,language\nA-1,100,zh-TW', { language: 'zh-Hant' }],
])('%s', (_, text, row) => {
  expect(read(text)).toMatchObject({ kind: 'rows', faults: [], rows: [row] });
});

test('days and times, as they are written in Japan', () => {
  const [year, month, day] = due.split('-').map(Number);
  for (const written of [due, `${year}/${month}/${day}`, `${year}年${month}月${day}日`]) {
    const found = read(`order_id,amount,due_date,send_at\nA-1,100,${written},${written} 09:30`);
    expect(found).toMatchObject({
      faults: [],
      rows: [{ dueAt: `${due}T14:59:59.000Z`, sendAt: `${due}T00:30:00.000Z` }],
    });
  }
  expect(read(`order_id,amount,send_at\nA-1,100,${due}`)).toMatchObject({
    rows: [{ sendAt: `${due}T01:00:00.000Z` }],
  });
});

describe('every bad cell is told with its row and column', () => {
  test.each([
    ['order_id,amount\n,100', 'order', 'required'],
    ['order_id,amount\nA 1,100', 'order', 'order'],
    ['order_id,amount\nA-1,', 'amount', 'required'],
    ['order_id,amount\nA-1,0', 'amount', 'amount'],
    ['order_id,amount\nA-1,12.5', 'amount', 'amount'],
    ['order_id,amount\nA-1,100000000', 'amount', 'amount'],
    ['order_id,amount,email\nA-1,100,taro@', 'email', 'email'],
    ['order_id,amount,email\nA-1,100,taro@example', 'email', 'email'],
    ['order_id,amount,email\nA-1,100,a@b.jp c@d.jp', 'email', 'email'],
    ['order_id,amount,due_date\nA-1,100,2026-02-30', 'due', 'date'],
    ['order_id,amount,due_date\nA-1,100,2020-01-01', 'due', 'in_past'],
    ['order_id,amount,due_date\nA-1,100,2099-01-01', 'due', 'too_far'],
    ['order_id,amount,send_at\nA-1,100,tomorrow', 'sendAt', 'time'],
    ['order_id,amount,send_at\nA-1,100,2020-01-01', 'sendAt', 'in_past'],
    ['order_id,amount,send_at\nA-1,100,2099-01-01', 'sendAt', 'after_due'],
    ['order_id,amount,language\nA-1,100,fr', 'language', 'language'],
    [`order_id,amount,name\nA-1,100,${'名'.repeat(101)}`, 'name', 'too_long'],
    ['order_id,amount,name\nA-1,100,a\u0007b', 'name', 'characters'],
  ])('%j', (text, column, code) => {
    expect(read(text)).toMatchObject({ kind: 'rows', faults: [{ line: 2, column, code }] });
  });

  test('an order that stands twice, by the row of the spreadsheet', () => {
    expect(read('order_id,amount\nA-1,100\n\nＡ-1,100')).toMatchObject({
      faults: [{ line: 4, column: 'order', code: 'twice', value: 'Ａ-1' }],
    });
  });
});

test.each<[string, Uint8Array | string, object]>([
  ['nothing', '', { kind: 'unreadable', fault: 'empty' }],
  ['only a header', 'order_id,amount\n', { kind: 'unreadable', fault: 'no_rows' }],
  ['an open quote', 'order_id,amount\n"A-1,100', { kind: 'unreadable', fault: 'quote' }],
  [
    'a picture',
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0xff, 0xfd, 0x80),
    { kind: 'unreadable', fault: 'encoding' },
  ],
  ['a column too few', 'order_id\nA-1', { kind: 'columns', missing: ['amount'] }],
  ['an unknown column', 'order_id,amount,price\nA-1,1,1', { kind: 'columns', unknown: ['price'] }],
  ['a column twice', 'order_id,amount,金額\nA-1,1,1', { kind: 'columns', double: ['amount'] }],
  [
    'too many rows',
    `order_id,amount\n${'A-1,100\n'.repeat(10_001)}`,
    { kind: 'unreadable', fault: 'too_many' },
  ],
])('%s is refused as a whole', (_, bytes, found) => {
  expect(read(bytes)).toMatchObject(found);
});
