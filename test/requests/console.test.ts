import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEntries, jobs, paymentRequests, requestBatches } from '../../src/db/schema.ts';
import { importSlice } from '../../src/requests/import.ts';
import { newOrderId } from '../support/api.ts';
import { call } from '../support/call.ts';
import { mountConsole, type Visitor, visitor } from '../support/console.ts';
import { recorded } from '../support/transcript.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** Links by e-mail at the console, as people without code make them. */
let world: World;
let shop: TestMerchant;
let operator: Visitor;
beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
  shop = await world.merchant();
  operator = await visitor(world, shop, 'operator');
});
afterAll(() => world.close());

const ROOT = '/console/requests';
const hidden = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
const rows = () =>
  world.deps.db.select().from(paymentRequests).where(eq(paymentRequests.merchantId, shop.merchantId));

test('one request: typed, looked at, sent, reminded of no sooner than it is sent, canceled', async () => {
  const form = await operator.get(`${ROOT}/new`);
  const typed = {
    work: hidden(form.html, 'work'),
    order: newOrderId('desk'),
    amount: '８，８００円',
    name: '髙橋 <一郎>',
    email: 'ichiro@example.com',
    language: 'ja',
    due: hidden(form.html, 'due'),
    message: '{name}様へ',
  };
  const made = await operator.post(`${ROOT}/new`, typed);
  const again = await operator.post(`${ROOT}/new`, typed);
  const path = made.headers.get('Location')?.split('?')[0] ?? '';
  expect([made.status, again.headers.get('Location')]).toEqual([303, made.headers.get('Location')]);
  const page = await operator.get(path);
  expect(page.html).toContain('8,800円');
  expect(page.html).toContain('髙橋 &lt;一郎&gt;');
  const mail = await operator.get(`${path}/mail`);
  expect(mail.html).toContain('髙橋 &lt;一郎&gt;様へ');
  expect(mail.headers.get('Content-Security-Policy')).toContain("frame-ancestors 'self'");
  expect((await operator.get(`${path}/page`)).html).toContain('お支払いに進む');
  const confirm = await operator.get(`${path}/send`);
  expect(confirm.html).toContain(typed.order);
  const sending = { work: hidden(confirm.html, 'work'), email: 'ichiro@example.com', send_at: '' };
  for (let twice = 0; twice < 2; twice += 1) {
    expect((await operator.post(`${path}/send`, sending)).headers.get('Location')).toBe(`${path}?done=sent`);
  }
  const [request] = await world.deps.db
    .select()
    .from(paymentRequests)
    .where(eq(paymentRequests.orderId, typed.order));
  expect(request).toMatchObject({ status: 'scheduled', sends: 1, amount: 8_800 });
  expect((await operator.post(`${path}/remind`, {})).headers.get('Location')).toBe(
    `${path}?refused=invalid_state`,
  );
  expect((await operator.post(`${path}/cancel`, { notify: '1' })).headers.get('Location')).toBe(
    `${path}?done=canceled`,
  );
  expect((await operator.get(`${path}?done=canceled`)).html).toContain('取り消しました。');
  const entries = await world.deps.db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.target, request?.id ?? ''));
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['request.created', 'request.sent', 'request.canceled', 'request.seen']),
  );
});

test('what is wrong with a form is told at its field, and what was typed stays', async () => {
  const answer = await operator.post(`${ROOT}/new`, {
    order: 'a b',
    amount: 'x',
    email: 'y',
    due: '2020-01-01',
    name: 'Z',
  });
  expect(answer.status).toBe(422);
  for (const name of ['order', 'amount', 'email', 'due']) expect(answer.html).toContain(`id="${name}-error"`);
  expect(answer.html).toContain('value="Z"');
});

test('a preview follows what is typed and makes nothing', async () => {
  const before = (await rows()).length;
  const answer = await operator.post(`${ROOT}/preview/mail`, {
    order: 'A',
    amount: '100',
    message: 'Hello <b>',
  });
  expect(answer.html).toContain('Hello &lt;b&gt;');
  expect((await operator.post(`${ROOT}/preview/page`, { amount: '' })).status).toBe(200);
  expect(await rows()).toHaveLength(before);
});

test('who may not read personal data finds and sees none of it', async () => {
  const order = newOrderId('desk');
  const email = 'nobody-else@example.com';
  const { body } = await call(world, 'POST /v1/payment-requests', {
    key: shop.keys.sk_test,
    body: { order_id: order, amount: 100, customer: { name: '山田 花子', email } },
  });
  const viewer = await visitor(world, shop, 'viewer');
  const [list, detail, mail] = [
    await viewer.get(`${ROOT}?q=${order}`),
    await viewer.get(`${ROOT}/${body.id}`),
    await viewer.get(`${ROOT}/${body.id}/mail`),
  ];
  expect(list.html).toContain(order);
  for (const { html } of [list, detail, mail]) {
    expect(html).not.toContain('花子');
    expect(html).not.toContain(email);
  }
  expect((await viewer.get(`${ROOT}?q=nobody-else`)).html).not.toContain(order);
  expect((await operator.get(`${ROOT}?q=nobody-else`)).html).toContain(order);
  expect((await viewer.post(`${ROOT}/${body.id}/cancel`)).status).toBe(403);
  const stranger = await visitor(world, await world.merchant(), 'owner');
  for (const path of ['', '/mail', '/send'])
    expect((await stranger.get(`${ROOT}/${body.id}${path}`)).status).toBe(404);
  expect((await stranger.post(`${ROOT}/${body.id}/cancel`)).status).toBe(404);
});

async function upload(csv: string | Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append('file', new Blob([csv]), 'lessons.csv');
  const headers = { Cookie: operator.cookie, 'Sec-Fetch-Site': 'same-origin' };
  const response = await world.app.request(`${ROOT}/file`, { method: 'POST', headers, body });
  return {
    status: response.status,
    location: response.headers.get('Location') ?? '',
    html: await recorded(response),
  };
}

test('a bad file is explained and nothing is kept; a good one is looked at, confirmed, imported in slices, once', async () => {
  const orders = Array.from({ length: 450 }, () => newOrderId('row'));
  const lines = (bad: string) => [
    '注文番号,金額,メールアドレス',
    ...orders.map((order, at) => `${order},${at === 9 ? bad : 100},p${at}@example.com`),
  ];
  const bad = await upload(lines('百円').join('\n'));
  expect(bad.status).toBe(422);
  expect(bad.html).toMatch(/>11<\/td><td[^>]*>金額<\/td><td[^>]*>百円</);
  expect(await world.deps.db.select().from(requestBatches)).toEqual([]);
  const before = (await rows()).length;
  const good = await upload(lines('100').join('\n'), { remind: '3' });
  expect(good.status).toBe(303);
  expect((await upload(lines('100').join('\r\n'), { remind: '3' })).location).toBe(good.location);
  const check = await operator.get(good.location);
  expect(check.html).toContain('450件、合計 45,000円');
  expect(await rows()).toHaveLength(before);
  await operator.post(good.location, { send: '1' });
  await operator.post(good.location, { send: '0' });
  const id = good.location.split('/').at(-1) ?? '';
  const progress = async () => (await operator.get(good.location)).html;
  expect(await progress()).toMatch(/<progress id="progress" value="0" max="450">/);
  const slices = async () => importSlice(world.deps, shop.merchantId, id);
  // One of its orders gets a request by another way meanwhile: it is passed over.
  const other = { order_id: orders[449], amount: 1 };
  await call(world, 'POST /v1/payment-requests', { key: shop.keys.sk_test, body: other });
  await slices();
  expect(await progress()).toMatch(/value="200" max="450"/);
  expect((await operator.get(good.location)).headers.get('Refresh')).toBe('2');
  await slices();
  await slices();
  // Whoever comes after it is done finds nothing to do.
  expect(await slices()).toBeUndefined();
  const finished = await progress();
  expect(finished).toContain('1件は、すでにお願いがあるか');
  const batch = (await rows()).filter(({ batchId }) => batchId === id);
  expect(batch).toHaveLength(449);
  expect(batch.every(({ status, sends }) => status === 'scheduled' && sends === 1)).toBe(true);
  const [kept] = await world.deps.db.select().from(requestBatches).where(eq(requestBatches.id, id));
  expect(kept).toMatchObject({ content: null, imported: 450 });
});

test('templates: words in several languages, by name, shown as they will look', async () => {
  const texts = {
    name: '月謝',
    subject_ja: '{shop}の月謝',
    message_ja: 'ありがとうございます。',
    subject_en: 'Fees',
  };
  const saved = await operator.post(`${ROOT}/templates/new`, texts);
  expect(saved.headers.get('Location')).toBe(`${ROOT}/templates?done=template`);
  expect((await operator.post(`${ROOT}/templates/new`, texts)).status).toBe(422);
  const list = await operator.get(`${ROOT}/templates`);
  const path = /href="(\/console\/requests\/templates\/tmpl_[^"]+)"/.exec(list.html)?.[1] ?? '';
  expect((await operator.get(path)).html).toContain('value="{shop}の月謝"');
  const preview = await operator.post(`${ROOT}/templates/preview`, { ...texts, language: 'ja' });
  expect(preview.html).toContain(`Shop ${shop.merchantId}の月謝`);
  const id = path.split('/').at(-1) ?? '';
  const body = { order_id: newOrderId('fee'), amount: 100, template_id: id, locale: 'en' };
  const made = await call(world, 'POST /v1/payment-requests', { key: shop.keys.sk_test, body });
  expect(made.body).toMatchObject({ subject: 'Fees', message: null });
  await operator.post(`${path}/remove`);
  expect((await operator.get(path)).status).toBe(404);
});

test('the sample file is a good file', async () => {
  const sample = await operator.get(`${ROOT}/file/sample`);
  expect((await upload(sample.html)).status).toBe(303);
});

test('a draft is changed with the form that made it, and no request that somebody has', async () => {
  const [order, other] = [newOrderId('typo'), newOrderId('right')];
  const fields = { order, amount: '8800', name: '髙橋 花子', email: 'hanako@example.com', language: 'ja' };
  const made = await operator.post(`${ROOT}/new`, fields);
  const path = (made.headers.get('Location') ?? '').replace(/\?.*/, '');
  const form = await operator.get(`${path}/edit`);
  expect(form.html).toContain('value="髙橋 花子"');
  const bad = await operator.post(`${path}/edit`, { ...fields, amount: '0' });
  expect(bad.status).toBe(422);
  const right = { ...fields, order: other, amount: '9900', due: '2099-01-01', remind: '3' };
  expect((await operator.post(`${path}/edit`, right)).status).toBe(422);
  const day = new Date(world.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
  const saved = await operator.post(`${path}/edit`, { ...right, due: day });
  expect(saved.headers.get('Location')).toBe(`${path}?done=saved`);
  const [row] = (await rows()).filter(({ orderId }) => orderId === other);
  expect(row).toMatchObject({ status: 'draft', amount: 9_900, remindDays: [3], customerName: '髙橋 花子' });
  const taken = await operator.post(`${ROOT}/new`, { ...fields });
  expect(taken.status).toBe(303);
  expect((await operator.post(`${path}/edit`, { ...right, due: day, order })).status).toBe(422);
  await operator.post(`${path}/send`, {});
  expect((await operator.post(`${path}/edit`, { ...fields, order: other })).headers.get('Location')).toBe(
    `${path}?refused=invalid_state`,
  );
  expect((await operator.get(`${path}/edit`)).headers.get('Location')).toBe(`${path}?refused=invalid_state`);
});

test('a draft that is due earlier by a change lapses then', async () => {
  const order = newOrderId('soon');
  const fields = { order, amount: '100', email: 'hanako@example.com', language: 'ja' };
  const made = await operator.post(`${ROOT}/new`, fields);
  const path = (made.headers.get('Location') ?? '').replace(/\?.*/, '');
  const day = new Date(world.clock.now().getTime() + 2 * 86_400_000).toISOString().slice(0, 10);
  await operator.post(`${path}/edit`, { ...fields, due: day });
  const [row] = (await rows()).filter(({ orderId }) => orderId === order);
  const owed = await world.deps.db
    .select()
    .from(jobs)
    .where(and(eq(jobs.name, 'expire_request'), eq(jobs.merchantId, shop.merchantId)));
  const mine = owed
    .filter(({ payload }) => payload.request_id === row?.id)
    .map(({ runAt }) => runAt.getTime());
  expect(Math.min(...mine)).toBe(row?.dueAt.getTime());
});
