import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actionItems, auditEntries, operations, payments } from '../../../src/db/schema.ts';
import { newId } from '../../../src/lib/ids.ts';
import { indexPayments } from '../../../src/payments/index-payments.ts';
import type { PaidOrder } from '../../receipts/paid-orders.ts';
import { mountConsole, type Seen, type Visitor, visitor } from '../../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';
import { cardOrder, fieldsOf, saidAcquirer } from './card-order.ts';

let world: World;
let merchant: TestMerchant;
let order: PaidOrder;
let people: Record<'operator' | 'viewer' | 'developer', Visitor>;
const acquirer = saidAcquirer();

const CUSTOMER = { name: '佐藤 花子', email: 'hanako@example.com', phone: '+819012345678' };

beforeAll(async () => {
  world = await openWorld({ acquirers: { test: acquirer, live: null } });
  mountConsole(world);
  merchant = await world.merchant();
  order = await cardOrder(world, merchant, { body: { customer: CUSTOMER } });
  while (await indexPayments(world.deps)) expect(true).toBe(true);
  people = {
    operator: await visitor(world, merchant, 'operator'),
    viewer: await visitor(world, merchant, 'viewer'),
    developer: await visitor(world, merchant, 'developer'),
  };
});
beforeEach(() => {
  acquirer.sent.length = 0;
  acquirer.answers.length = 0;
});
afterAll(() => world.close());

const path = (of: PaidOrder, rest = '') => `/console/payments/${of.paymentId}${rest}`;
const place = ({ headers }: Seen) => headers.get('Location') ?? '';

describe('personal data', () => {
  test('the list shows first characters alone, to everybody', async () => {
    const { html } = await people.operator.get('/console/payments');
    expect(html).toContain('佐＊ 花＊');
    expect(html).not.toContain('花子');
  });

  test('a name finds nothing for who may not see names', async () => {
    const search = `/console/payments?q=${encodeURIComponent('佐藤')}`;
    expect((await people.operator.get(search)).html).toContain(order.orderId);
    expect((await people.viewer.get(search)).html).not.toContain(order.orderId);
  });

  test.each(['viewer', 'developer'] as const)('a %s sees it masked, whatever is asked for', async (role) => {
    const { html } = await people[role].get(path(order, '?personal=1'));
    for (const secret of ['花子', 'hanako@', '12345678']) expect(html).not.toContain(secret);
    expect(html).toContain('h＊＊＊@example.com');
  });

  test('it is shown to an operator who asks, and that is recorded', async () => {
    expect((await people.operator.get(path(order))).html).not.toContain('花子');
    expect(await entries('payment.seen')).toHaveLength(0);
    const { html } = await people.operator.get(path(order, '?personal=1'));
    for (const shown of ['佐藤 花子', 'hanako@example.com']) expect(html).toContain(shown);
    const [seen] = await entries('payment.seen');
    expect(seen).toMatchObject({ target: order.paymentId, actor: { role: 'operator' } });
  });
});

async function entries(action: string) {
  return world.deps.db
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.merchantId, merchant.merchantId), eq(auditEntries.action, action)));
}

/** Goes from the payment to the second look, as the forms lead. */
async function secondLook(of: PaidOrder, act: string, fields: Record<string, string> = {}): Promise<Seen> {
  return people.operator.get(path(of, `/${act}?${new URLSearchParams(fields)}`));
}

async function paymentOf({ paymentId }: PaidOrder) {
  const [row] = await world.deps.db.select().from(payments).where(eq(payments.id, paymentId));
  return row;
}

describe('a refund', () => {
  test('is shown with amount and order before it moves money, and told afterwards', async () => {
    const paid = await cardOrder(world, merchant, { body: { order_id: 'refund-1' } });
    const asked = await people.operator.get(path(paid, '/refund'));
    expect(asked.status).toBe(200);
    const look = await secondLook(paid, 'refund', { amount: '1,000', reason: '破損' });
    for (const shown of ['1,000円', 'refund-1', 'Visa •••• 0002', '破損']) expect(look.html).toContain(shown);
    expect(acquirer.sent).toHaveLength(0);
    const done = await people.operator.post(path(paid, '/refund'), fieldsOf(look.html));
    expect(done.status).toBe(303);
    expect(acquirer.sent).toMatchObject([{ kind: 'refund', amount: 1_000 }]);
    const told = await people.operator.get(place(done));
    expect(told.html).toContain('1,000円を返金しました。');
    expect(told.html).toContain('一部返金');
    expect(told.html).toContain('破損');
    expect(told.html).toContain(`操作: ${people.operator.user.login}`);
  });

  test('sent twice by a double click, it happens once', async () => {
    const paid = await cardOrder(world, merchant);
    const fields = fieldsOf((await secondLook(paid, 'refund', { amount: '500' })).html);
    const send = () => people.operator.post(path(paid, '/refund'), fields);
    const both = await Promise.all([send(), send()]);
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    expect(await paymentOf(paid)).toMatchObject({ amountRefunded: 500, amountRefunding: 0 });
    expect(new Set(acquirer.sent.map(({ rrn }) => rrn)).size).toBe(1);
  });

  test('of a second tab that asks for more than is left says so, and moves nothing', async () => {
    const paid = await cardOrder(world, merchant, { payment: { amount: 1_000, amountCaptured: 1_000 } });
    const [first, second] = [
      fieldsOf((await secondLook(paid, 'refund', { amount: '800' })).html),
      fieldsOf((await secondLook(paid, 'refund', { amount: '800' })).html),
    ];
    await people.operator.post(path(paid, '/refund'), first);
    const refused = await people.operator.post(path(paid, '/refund'), second);
    expect(refused.status).toBe(409);
    expect(refused.html).toContain('残りの金額を超えています');
    expect(await paymentOf(paid)).toMatchObject({ amountRefunded: 800 });
  });

  test('that is declined says why, and that nothing moved', async () => {
    const paid = await cardOrder(world, merchant);
    acquirer.answers.push({ kind: 'declined', responseCode: '54', japanCode: null });
    const look = await secondLook(paid, 'refund', { amount: '500' });
    const done = await people.operator.post(path(paid, '/refund'), fieldsOf(look.html));
    const told = await people.operator.get(place(done));
    expect(told.html).toContain('要求は拒否されました。お金は動いていません。');
    expect(told.html).toContain('回答コード 54');
    expect(await paymentOf(paid)).toMatchObject({ amountRefunded: 0, amountRefunding: 0 });
  });

  test('whose answer does not come is told as not known yet, and as done once it is', async () => {
    const paid = await cardOrder(world, merchant);
    acquirer.answers.push({ kind: 'unknown', reason: 'no answer' });
    const look = await secondLook(paid, 'refund', { amount: '500' });
    const done = await people.operator.post(path(paid, '/refund'), fieldsOf(look.html));
    expect((await people.operator.get(place(done))).html).toContain('まだ回答がありません');
    await people.operator.post(path(paid, '/refund'), fieldsOf(look.html));
    expect((await people.operator.get(place(done))).html).toContain('500円を返金しました。');
  });

  test.each(['0', '-1', '12801', '1e3', 'あ', ''])('of %j is asked for again', async (amount) => {
    const paid = await cardOrder(world, merchant, { payment: { amount: 12_800, amountCaptured: 12_800 } });
    const look = await secondLook(paid, 'refund', { amount });
    expect(look.status).toBe(422);
    expect(look.html).toContain('aria-invalid="true"');
    const forced = await people.operator.post(path(paid, '/refund'), {
      amount,
      work: newId('re', new Date()),
    });
    const refused = amount === '12801' ? 409 : 422;
    expect([forced.status, acquirer.sent.length]).toEqual([refused, 0]);
  });

  test('is offered to nobody who may not', async () => {
    const { html } = await people.viewer.get(path(order));
    expect(html).not.toContain(`${order.paymentId}/refund`);
    expect((await people.viewer.post(path(order, '/refund'), { amount: '1' })).status).toBe(403);
  });
});

describe('a hold', () => {
  const HELD = { status: 'authorized', amountCaptured: 0, capturedAt: null, capture: 'manual' } as const;

  test('is captured in part, and the rest is said to be released', async () => {
    const held = await cardOrder(world, merchant, { payment: { ...HELD, amount: 9_000 } });
    const look = await secondLook(held, 'capture', { amount: '６０００' });
    expect(look.html).toContain('3,000円');
    const done = await people.operator.post(path(held, '/capture'), fieldsOf(look.html));
    expect((await people.operator.get(place(done))).html).toContain('6,000円の売上を確定しました。');
    expect(await paymentOf(held)).toMatchObject({ status: 'captured', amountCaptured: 6_000 });
  });

  test('is cancelled after a second look', async () => {
    const held = await cardOrder(world, merchant, { payment: { ...HELD, amount: 9_000 } });
    const look = await secondLook(held, 'cancel');
    expect(look.html).toContain('9,000円のお支払いを取り消す');
    const done = await people.operator.post(path(held, '/cancel'), fieldsOf(look.html));
    expect((await people.operator.get(place(done))).html).toContain('取り消しました。');
    const late = await people.operator.get(path(held, '/capture?amount=1'));
    expect([late.status, late.html.includes('状態が変わっている')]).toEqual([409, true]);
  });
});

describe('an action item', () => {
  async function withItem() {
    const paid = await cardOrder(world, merchant, { payment: { late: true } });
    const id = newId('act', world.clock.now());
    await world.deps.db.insert(actionItems).values({
      ...{
        merchantId: merchant.merchantId,
        id,
        mode: 'test',
        kind: 'late_payment',
        subject: id,
        amount: 12_800,
      },
      ...{ sessionId: paid.sessionId, paymentId: paid.paymentId, createdAt: world.clock.now() },
    });
    return { paid, id };
  }

  test('is resolved with a note, by name', async () => {
    const { paid, id } = await withItem();
    expect((await people.operator.get(path(paid))).html).toContain('対応が必要です');
    const form = { resolution: 'returned', note: '8/1 振込' };
    const done = await people.operator.post(path(paid, `/items/${id}`), form);
    const { html } = await people.operator.get(place(done));
    for (const said of ['対応済みにしました', '8/1 振込', people.operator.user.login])
      expect(html).toContain(said);
    const [row] = await world.deps.db.select().from(actionItems).where(eq(actionItems.id, id));
    expect(row).toMatchObject({ resolution: 'returned', resolvedBy: { id: people.operator.user.id } });
    const again = await people.operator.post(path(paid, `/items/${id}`), { resolution: 'kept' });
    expect(place(again)).toContain('done=already');
  });

  test('needs a decision', async () => {
    const { paid, id } = await withItem();
    const asked = await people.operator.post(path(paid, `/items/${id}`), { note: 'x' });
    expect([asked.status, asked.html.includes('選んでください')]).toEqual([422, true]);
  });
});

test('a failed attempt says its cause and what helps, by the code that the network gave', async () => {
  const failed = await cardOrder(world, merchant, {
    payment: { status: 'failed', amountCaptured: 0, capturedAt: null },
  });
  await world.deps.db
    .update(operations)
    .set({ status: 'failed', responseCode: '51', approvalCode: null })
    .where(eq(operations.paymentId, failed.paymentId));
  const { html } = await people.viewer.get(path(failed, '?lang=en'));
  expect(html).toContain('response code 51');
});

test.each([
  ['?from=2026-13-01', '日付を確かめてください。'],
  ['?least=abc', '金額は数字で入力してください。'],
  ['?q=x', '英数字は2文字から'],
  ['?q=%E4%BA%94%E5%8D%81%E5%B5%90', '条件に合う決済はありません'],
])('the list says what is wrong with %s', async (query, said) => {
  expect((await people.operator.get(`/console/payments${query}`)).html).toContain(said);
});

test('a merchant without payments is told how to get the first', async () => {
  const fresh = await visitor(world, await world.merchant());
  const { html } = await fresh.get('/console/payments');
  for (const link of ['/console/links', '/console/requests', '/docs'])
    expect(html).toContain(`href="${link}"`);
});
