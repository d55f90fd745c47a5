import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { jobs, mails } from '../../src/db/schema.ts';
import type { Message } from '../../src/mail/port.ts';
import { sendMail } from '../../src/mail/send.ts';
import { mailUser } from '../../src/mail/user-mails.ts';
import { mountConsole, type Visitor, visitor } from '../support/console.ts';
import { Browsing, codeAt, PASSWORD, person } from '../support/people.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** Somebody whose password or second factor is changed hears of it, whoever did it. */
const NEW = 'kumori-nochi-hare-2';
let world: World;
let merchant: TestMerchant;
let owner: Visitor;

beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
});
beforeEach(async () => {
  merchant = await world.merchant();
  owner = await visitor(world, merchant);
});
afterAll(() => world.close());

/** Everything that the merchant's people were mailed. */
async function mailed(): Promise<Message[]> {
  const sent: Message[] = [];
  const send = async (message: Message) => {
    sent.push(message);
    return { kind: 'accepted', answer: '250' } as const;
  };
  const deps = { ...world.deps, mailer: { domain: 'pay.example', send, close: () => {} } };
  const owed = and(eq(jobs.name, 'mail_user'), eq(jobs.merchantId, merchant.merchantId));
  for (const { payload } of await world.deps.db.select().from(jobs).where(owed)) {
    await mailUser(deps, payload);
  }
  const rows = await world.deps.db.select().from(mails).where(eq(mails.merchantId, merchant.merchantId));
  for (const { id } of rows) await sendMail(deps, { merchant_id: merchant.merchantId, mail_id: id });
  return sent;
}

test('a new password is told by mail, with the way to set another', async () => {
  const user = await person(world, merchant);
  const browser = new Browsing(world);
  world.clock.advance(60_000);
  await browser.post('/console/login', { login_id: user.merchantId, user: user.login, password: PASSWORD });
  await browser.post('/console/login/code', { code: codeAt(world.clock.now()) });
  await browser.post('/console/account/confirm', { password: PASSWORD });
  await browser.post('/console/account/password', { password: NEW });
  const [mail, ...more] = await mailed();
  expect(more).toEqual([]);
  expect(mail).toMatchObject({
    to: user.email,
    subject: expect.stringContaining('パスワードが変更されました'),
  });
  expect(mail?.text).toContain('/console/forgot');
  expect(mail?.text).toContain(`${user.merchantId}/${user.login}`);
  expect(`${mail?.text}${mail?.html}`).not.toContain('一度だけ');
});

test('a second factor that an owner resets is told to whose it was', async () => {
  const user = await person(world, merchant);
  await owner.post(`/console/users/${user.id}/factors`);
  const sent = await mailed();
  expect(sent.map(({ to, subject }) => [to, subject.includes('確認方法が変更されました')])).toEqual([
    [user.email, true],
  ]);
});

test('what is no change of a login mails nobody', async () => {
  const user = await person(world, merchant);
  await owner.post(`/console/users/${user.id}/role`, { role: 'viewer' });
  await owner.post(`/console/users/${user.id}/disable`);
  expect(await mailed()).toEqual([]);
});
