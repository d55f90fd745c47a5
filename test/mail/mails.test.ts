import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { openLog } from '../../src/lib/log.ts';
import { readBounce } from '../../src/mail/return-path.ts';
import { type ApiClient, apiClient, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { payAtRegister } from '../support/register.ts';
import { choose, pay } from '../support/shopper.ts';

/** Mails to shoppers and to the merchant's people, at a real mail server. */
const DAY_S = 24 * 3_600;
const STAFF = 'staff@shop.example';
let fleet: Fleet;
let api: ApiClient;
let server: MailServer;
let sql: postgres.Sql;

beforeAll(async () => {
  server = await startMailServer();
  fleet = await startFleet({ webs: 1, workers: 1 }, { SMTP_URL: server.url, LEASE_MS: '1500' });
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  sql = postgres(fleet.databaseUrl, { max: 1, onnotice: () => {} });
  await sql`update merchants set settings = settings || ${sql.json({ staffMail: { to: [STAFF], language: 'ja' } })}`;
});

afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
  await server?.close();
});

test('a number: issued, reminded of the day before at 19:00, paid', async () => {
  const to = address();
  const { session, payment } = await numbered(to, { number_expires_days: 3 });
  const issued = await mailTo(to, 'お支払い番号のお知らせ');
  expect(issued.subject).toBe('【テスト】【うつわと道具 こはる】お支払い番号のお知らせ');
  expect(issued.from).toEqual({ name: 'うつわと道具 こはる(PayResort+)', address: 'no-reply@localhost' });
  for (const text of [issued.text, issued.html]) {
    expect(text).toContain(payment.number.values[1].replace(/(\d{4})(?=\d)/g, '$1 '));
    expect(text).toContain('12,800円');
    expect(text).toContain('ファミリーマート');
    expect(text).toContain(session.url);
    expect(text).toContain(session.order_id);
  }
  expect(mailsTo(to)).toHaveLength(1);
  await move((Date.parse(payment.number.expires_at) - (await merchantNow())) / 1_000 - 29 * 3_600 + 60);
  const reminder = await mailTo(to, 'お支払い期限は明日です');
  expect(reminder.text?.replaceAll(' ', '')).toContain(payment.number.values[1]);
  await payAtRegister(fleet, payment.number.values[1].replace(/\D/g, ''));
  const paid = await mailTo(to, 'お支払いを確認しました');
  expect(paid.text).toMatch(/\/receipts\/\w+/);
  expect((await mailTo(STAFF, '入金がありました', session.order_id)).text).toContain('12,800円');
});

test('nobody is reminded of what is paid', async () => {
  const to = address();
  const { payment } = await numbered(to);
  await payAtRegister(fleet, payment.number.values[1].replace(/\D/g, ''));
  await mailTo(to, 'お支払いを確認しました');
  await move(4 * DAY_S);
  await eventually('the reminder is dropped', async () => {
    const rows = await sql`select status from mails where recipient = ${to} and kind = 'number_reminder'`;
    return rows[0]?.status === 'dropped';
  });
  expect(subjects(to).filter((subject) => subject.includes('明日'))).toEqual([]);
});

test('a number that lapses, and money that comes late', async () => {
  const to = address();
  const { session, payment } = await numbered(to, { locale: 'en' });
  await api('POST', `/v1/test/payments/${payment.id}/expire`);
  expect((await mailTo(to, 'has expired')).text).toContain('No money was taken');
  await payAtRegister(fleet, payment.number.values[1].replace(/\D/g, ''));
  await mailTo(to, 'payment received');
  expect((await mailTo(STAFF, '期限後の入金', session.order_id)).text).toContain('銀行振込で返金');
});

test('money that comes twice', async () => {
  const { session, payment } = await numbered(address());
  await payAtRegister(fleet, payment.number.values[1].replace(/\D/g, ''));
  await payAtRegister(fleet, payment.number.values[1].replace(/\D/g, ''));
  await mailTo(STAFF, '二重の入金', session.order_id);
});

test.each([
  ['ja', 'お支払いが完了しました', '返金のお知らせ'],
  ['en', 'payment complete', 'refund'],
  ['zh-Hans', '付款完成', '退款通知'],
  ['zh-Hant', '付款完成', '退款通知'],
  ['ko', '결제가 완료되었습니다', '환불 안내'],
])('a card, paid and refunded, in %s', async (locale, paid, refunded) => {
  const to = address();
  const { body: session } = await api(
    'POST',
    '/v1/sessions',
    sessionBody({ locale, customer: { email: to } }),
  );
  await pay(session.url, { number: testPan() }, { javascript: false });
  const done = await mailTo(to, paid);
  expect(done.html).toContain(`<html lang="${locale}">`);
  const { body } = await api('GET', `/v1/sessions/${session.id}`);
  await api('POST', `/v1/payments/${body.payment.id}/refunds`, { amount: 2_800 });
  expect((await mailTo(to, refunded)).text).toContain('2,800');
});

test('names with line ends and marks stay in their place', async () => {
  await sql`update merchants set name = ${'Shop\r\nBcc: evil@e.example <b>&'}`;
  const to = address();
  const { body: session } = await api('POST', '/v1/sessions', sessionBody({ customer: { email: to } }));
  await pay(session.url, { number: testPan() }, { javascript: false });
  const mail = await mailTo(to, 'お支払いが完了しました');
  await sql`update merchants set name = 'うつわと道具 こはる'`;
  expect(mail.bcc ?? []).toEqual([]);
  expect(mail.from?.name).toBe('Shop Bcc: evil@e.example <b>&(PayResort+)');
  expect(mail.html).toContain('&lt;b&gt;&amp;');
});

describe('what does not arrive', () => {
  test('a recipient that there is not: bounced, and not tried again', async () => {
    const to = address();
    server.unknown.add(to);
    const { body: session } = await api('POST', '/v1/sessions', sessionBody({ customer: { email: to } }));
    await pay(session.url, { number: testPan() }, { javascript: false });
    await statusBecomes(to, 'bounced');
    await move(DAY_S);
    const [row] = await sql`select tries, answer from mails where recipient = ${to}`;
    expect(row).toMatchObject({ tries: 1, answer: expect.stringContaining('550') });
    expect(mailsTo(to)).toEqual([]);
  });

  test('a word of failure that comes later marks the mail it is about', async () => {
    const to = address();
    const { body: session } = await api('POST', '/v1/sessions', sessionBody({ customer: { email: to } }));
    await pay(session.url, { number: testPan() }, { javascript: false });
    await mailTo(to, 'お支払いが完了しました');
    await statusBecomes(to, 'sent');
    const { returnPath } = server.received.find((each) => each.to === to) ?? { returnPath: '' };
    expect(returnPath).toMatch(/^bounces\+mail_\w+@localhost$/);
    const { db, close } = openDatabase(fleet.databaseUrl, 2);
    expect(
      await readBounce({ db, log: openLog('silent') }, notification(returnPath, 'delayed', '4.4.1')),
    ).toBe('not a final failure');
    expect(
      await readBounce({ db, log: openLog('silent') }, notification(returnPath, 'failed', '5.1.1')),
    ).toBe('bounced');
    expect(await readBounce({ db, log: openLog('silent') }, 'Subject: hello')).toBe('names no mail of ours');
    await close();
    await statusBecomes(to, 'bounced');
  });

  test('a server that is down is waited for', async () => {
    const to = address();
    await server.down();
    const { body: session } = await api('POST', '/v1/sessions', sessionBody({ customer: { email: to } }));
    await pay(session.url, { number: testPan() }, { javascript: false });
    expect((await api('GET', `/v1/sessions/${session.id}`)).body.payment_status).toBe('paid');
    await eventually('it was tried', async () => {
      const rows = await sql`select tries from mails where recipient = ${to}`;
      return rows[0]?.tries === 1;
    });
    await server.up();
    await move(61);
    await mailTo(to, 'お支払いが完了しました');
  });

  test('an endpoint that fails: the merchant’s people are told', async () => {
    await api('POST', '/v1/webhook-endpoints', { url: 'http://127.0.0.1:9/hook' });
    const { body: session } = await api('POST', '/v1/sessions', sessionBody());
    await pay(session.url, { number: testPan() }, { javascript: false });
    await eventually('several tries', async () => {
      await move(3_600);
      return subjects(STAFF).some((subject) => subject.includes('通知が届いていません'));
    });
  });
});

async function numbered(to: string, changes: Record<string, unknown> = {}) {
  const body = sessionBody({ order_id: newOrderId('mail'), customer: { email: to }, ...changes });
  const { body: made } = await api('POST', '/v1/sessions', body);
  await choose(made.url, 'konbini', 'familymart');
  const session = await eventually('the number', async () => {
    const answer = await api('GET', `/v1/sessions/${made.id}`);
    return answer.body.status === 'complete' ? answer.body : undefined;
  });
  return { session, payment: session.payment };
}

function mailsTo(to: string) {
  return server.received.filter((each) => each.to === to).map(({ mail }) => mail);
}

function subjects(to: string): string[] {
  return mailsTo(to).map(({ subject }) => subject ?? '');
}

async function mailTo(to: string, subject: string, holding = '') {
  return eventually(`a mail to ${to}: ${subject}`, async () =>
    mailsTo(to).find((mail) => mail.subject?.includes(subject) && mail.text?.includes(holding)),
  );
}

async function statusBecomes(to: string, status: string): Promise<void> {
  await eventually(`the mail is ${status}`, async () => {
    const rows = await sql`select status from mails where recipient = ${to}`;
    return rows.some((row) => row.status === status);
  });
}

function notification(returnPath: string, action: string, status: string): string {
  return [
    `To: ${returnPath}`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
    '',
    '--x',
    'Content-Type: message/delivery-status',
    '',
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1 unknown user',
    '--x--',
  ].join('\r\n');
}

function address(): string {
  return `${newOrderId('shopper').toLowerCase()}@example.com`;
}

async function move(seconds: number): Promise<void> {
  expect((await api('POST', '/v1/test/clock', { advance_seconds: Math.ceil(seconds) })).status).toBe(200);
}

async function merchantNow(): Promise<number> {
  const { body } = await api('POST', '/v1/test/clock', { advance_seconds: 1 });
  return Date.parse(body.now);
}
