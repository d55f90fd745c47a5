import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { openLog } from '../../src/lib/log.ts';
import { readBounce } from '../../src/mail/return-path.ts';
import { type ApiClient, apiClient, type Json, newOrderId } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { payAtRegister } from '../support/register.ts';
import { choose, formTo, open, pay, submit } from '../support/shopper.ts';

/** Payment requests from the mail to the money, at a real mail server, with the merchant's clock. */
const DAY_S = 24 * 3_600;
let fleet: Fleet;
let api: ApiClient;
let server: MailServer;
let sql: postgres.Sql;

beforeAll(async () => {
  server = await startMailServer();
  const env = { SMTP_URL: server.url, LEASE_MS: '1500', REQUEST_MAILS_PER_SECOND: '100' };
  fleet = await startFleet({ webs: 1, workers: 1 }, env);
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => {} });
});

afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
  await server?.close();
});

test('from the mail to paid: looked at as often as you like, opened by the button, paid once', async () => {
  const to = address();
  const request = await make(to, {
    message: '{name}様、{order}の{amount}です。<b>',
    subject: '{shop}:{amount}',
  });
  const mail = await mailTo(to, '8,800円');
  expect(mail.subject).toBe('【テスト】うつわと道具 こはる:8,800円');
  expect(mail.html).toContain('&lt;b&gt;');
  expect(mail.html).not.toMatch(/<img/);
  expect([...(mail.html ?? '').matchAll(/href=/g)]).toHaveLength(1);
  for (const text of [mail.text, mail.html]) {
    expect(text).toContain(request.url);
    expect(text).toContain('髙橋 一郎様');
    expect(text).toContain(`${request.order_id}の8,800円です。`);
    expect(text).toContain('/r/check');
  }
  await becomes(request, 'sent');
  const before = await standing(request);
  expect(before).toMatchObject({ status: 'sent', opened_at: null });
  for (const method of ['GET', 'HEAD', 'GET']) await fetch(request.url, { method });
  expect(await standing(request)).toEqual(before);
  expect(await sql`select id from sessions where order_id = ${request.order_id}`).toHaveLength(0);
  const pages = await Promise.all([goOn(request), goOn(request), goOn(request)]);
  expect(new Set(pages.map(({ url }) => url)).size).toBe(1);
  const [page] = pages;
  expect(page?.url).toMatch(/\/p\/[0-9a-z]{32}$/);
  expect(await standing(request)).toMatchObject({ status: 'opened' });
  await pay(page?.url ?? '', { number: testPan() }, { javascript: false });
  await becomes(request, 'paid');
  const paid = await standing(request);
  expect(paid.payment_id).toMatch(/^pay_/);
  const landing = await open(request.url);
  expect(landing.html).toContain('お支払いは完了しています');
  expect(landing.html).toMatch(/\/receipts\/\w+/);
  expect((await submit({ action: request.url, fields: {}, names: [] } as never)).url).toBe(page?.url);
});

test('while a number awaits payment the link leads to it; it cannot be canceled; then it is paid', async () => {
  const request = await make(address(), {});
  await becomes(request, 'sent');
  const { url } = await goOn(request);
  await choose(url, 'konbini', 'familymart');
  const landing = await open(request.url);
  expect(landing.html).toContain('お支払いの状況を見る');
  expect((await goOn(request)).url).toBe(url);
  const refused = await api('POST', `/v1/payment-requests/${request.id}/cancel`, {});
  expect(refused.body.code).toBe('order_in_progress');
  const { session_id } = await standing(request);
  const { body: session } = await api('GET', `/v1/sessions/${session_id}`);
  // A number ends with the request.
  expect(Date.parse(session.payment.number.expires_at)).toBeLessThanOrEqual(Date.parse(request.due_at));
  await payAtRegister(fleet, session.payment.number.values[1].replace(/\D/g, ''));
  await becomes(request, 'paid');
});

test('an address that does not exist bounces, is told of, and can be corrected', async () => {
  const wrong = address();
  server.unknown.add(wrong);
  const request = await make(wrong, {});
  await becomes(request, 'bounced');
  expect((await standing(request)).last_mail).toMatchObject({
    status: 'bounced',
    answer: expect.stringContaining('5.1.1'),
  });
  const right = address();
  await api('POST', `/v1/payment-requests/${request.id}/send`, { email: right });
  expect((await mailTo(right, 'お支払いのお願い')).html).toContain(request.url);
  await becomes(request, 'sent');
});

test('a mail that comes back later bounces too, unless somebody has opened it', async () => {
  const [lost, opened] = [await make(address(), {}), await make(address(), {})];
  await becomes(lost, 'sent');
  await becomes(opened, 'sent');
  await goOn(opened);
  const { db, close } = openDatabase(fleet.databaseUrl, 1);
  for (const { id } of [lost, opened]) {
    const [mail] = await sql`select id from mails where request_id = ${id}`;
    const notice = `To: bounces+${mail?.id}@localhost\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 gone`;
    expect(await readBounce({ db, log: openLog('silent') }, notice)).toBe('bounced');
  }
  await close();
  expect(await standing(lost)).toMatchObject({ status: 'bounced' });
  expect(await standing(opened)).toMatchObject({ status: 'opened' });
});

test('scheduled, reminded of, expired: by the merchant’s clock', async () => {
  const to = address();
  const sendAt = new Date((await merchantNow()) + DAY_S * 1_000).toISOString();
  const request = await make(to, { send_at: sendAt, due_date: await dayAhead(5), remind_days: [2] });
  expect(await standing(request)).toMatchObject({ status: 'scheduled', sent_at: null });
  expect(mailsTo(to)).toEqual([]);
  await move(DAY_S + 1);
  await mailTo(to, 'お支払いのお願い');
  await move((Date.parse(request.due_at) - (await merchantNow())) / 1_000 - 2 * DAY_S - 13 * 3_600);
  await mailTo(to, '期限が近づいています');
  await move((Date.parse(request.due_at) - (await merchantNow())) / 1_000 + 1);
  await becomes(request, 'expired');
  expect((await open(request.url)).html).toContain('お支払い期限を過ぎました');
  expect((await open(request.url)).forms).toEqual([]);
  // Its order is free again.
  const { status } = await api('POST', '/v1/payment-requests', { order_id: request.order_id, amount: 100 });
  expect(status).toBe(201);
});

test('canceled: its page says so, its open session ends, its addressee is told if asked', async () => {
  const to = address();
  const request = await make(to, { remind_days: [1] });
  await becomes(request, 'sent');
  const { url } = await goOn(request);
  await api('POST', `/v1/payment-requests/${request.id}/cancel`, { notify: true });
  expect((await mailTo(to, '取り消しました')).html).not.toContain('href=');
  expect((await open(request.url)).html).toContain('取り消されました');
  const { session_id } = await standing(request);
  expect((await api('GET', `/v1/sessions/${session_id}`)).body).toMatchObject({ status: 'canceled' });
  // The page of the session leads back to where it says that there is nothing to pay.
  expect((await open(url)).html).toContain(request.url);
  await move(15 * DAY_S);
  await eventually('the reminder is dropped', async () => {
    const rows =
      await sql`select status from mails where request_id = ${request.id} and kind like '%reminder'`;
    return rows[0]?.status === 'dropped';
  });
});

test('paid by another way, the link says that there is nothing left to pay', async () => {
  const request = await make(address(), {});
  const body = {
    order_id: request.order_id,
    amount: 8_800,
    return_url: 'http://127.0.0.1:9/',
    customer: { email: 'a@example.com' },
  };
  const { body: session } = await api('POST', '/v1/sessions', body);
  await pay(session.url, { number: testPan() }, { javascript: false });
  const page = await goOn(request);
  expect([page.status, page.html.includes('このご注文はお支払い済みです')]).toEqual([409, true]);
});

async function make(email: string, changes: Json): Promise<Json> {
  const { status, body } = await api('POST', '/v1/payment-requests', {
    order_id: newOrderId('request'),
    amount: 8_800,
    customer: { name: '髙橋 一郎', email },
    send: true,
    ...changes,
  });
  expect([status, body.errors]).toEqual([201, undefined]);
  return body;
}

async function goOn({ url }: Json) {
  const page = await open(url);
  const form = formTo(page, new URL(url).pathname);
  if (form === null) throw new Error(`no button at ${url}`);
  return submit(form);
}

async function standing({ id }: Json): Promise<Json> {
  return (await api('GET', `/v1/payment-requests/${id}`)).body;
}

async function becomes(request: Json, status: string): Promise<void> {
  await eventually(`it is ${status}`, async () => (await standing(request)).status === status, 30_000);
}

function address(): string {
  return `${newOrderId('person')}@example.com`;
}

function mailsTo(to: string) {
  return server.received.filter((each) => each.to === to).map(({ mail }) => mail);
}

function mailTo(to: string, subject: string) {
  return eventually(`a mail to ${to}: ${subject}`, async () =>
    mailsTo(to).find((mail) => mail.subject?.includes(subject)),
  );
}

async function merchantNow(): Promise<number> {
  return Date.parse((await api('POST', '/v1/test/clock', { advance_seconds: 1 })).body.now);
}

async function dayAhead(days: number): Promise<string> {
  return new Date((await merchantNow()) + days * DAY_S * 1_000 + 9 * 3_600_000).toISOString().slice(0, 10);
}

async function move(seconds: number): Promise<void> {
  await api('POST', '/v1/test/clock', { advance_seconds: Math.ceil(seconds) });
}
