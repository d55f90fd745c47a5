import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditEntries, jobs, logins, mails, users } from '../../src/db/schema.ts';
import type { Message } from '../../src/mail/port.ts';
import { sendMail } from '../../src/mail/send.ts';
import { mailUser } from '../../src/mail/user-mails.ts';
import type { UserRow } from '../../src/users/logins.ts';
import { disableInactive } from '../../src/users/people.ts';
import { linkOf } from '../../src/users/tokens.ts';
import { mountConsole, type Visitor, visitor } from '../support/console.ts';
import { Browsing, codeAt, PASSWORD, person } from '../support/people.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** Invitations, new passwords, and what owners do with their people. */
const HOUR = 3_600_000;
const NEW = 'kumori-nochi-hare-2';
let world: World;
let merchant: TestMerchant;
let owner: Visitor;
let browser: Browsing;

beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
});
beforeEach(async () => {
  merchant = await world.merchant();
  owner = await visitor(world, merchant);
  browser = new Browsing(world);
});
afterAll(() => world.close());

const location = (seen: { headers: Headers }) => seen.headers.get('Location');
const invitation = {
  name: '佐藤 次郎',
  email: 'jiro@shop.example',
  user: 'Jiro',
  role: 'operator',
  language: 'ja',
};

/** The path of the newest link, as the worker will put it into the mail. */
async function newestLink(): Promise<string> {
  const [job] = await world.deps.db
    .select()
    .from(jobs)
    .where(and(eq(jobs.name, 'mail_user'), eq(jobs.merchantId, merchant.merchantId)))
    .orderBy(desc(jobs.createdAt), desc(jobs.id))
    .limit(1);
  const { kind, seed = '' } = job?.payload ?? {};
  const link = linkOf(
    world.deps.config,
    merchant.merchantId,
    kind === 'reset' ? 'reset' : 'invitation',
    seed,
  );
  return new URL(link).pathname;
}

async function invited(): Promise<string> {
  expect(location(await owner.post('/console/users', invitation))).toBe('/console/users?done=invited');
  return newestLink();
}

async function theUser(login = 'jiro'): Promise<UserRow> {
  const [row] = await world.deps.db
    .select()
    .from(users)
    .where(and(eq(users.merchantId, merchant.merchantId), eq(users.login, login)));
  if (row === undefined) throw new Error(`no ${login}`);
  return row;
}

async function actions(): Promise<string[]> {
  const rows = await world.deps.db
    .select({ action: auditEntries.action })
    .from(auditEntries)
    .where(eq(auditEntries.merchantId, merchant.merchantId))
    .orderBy(auditEntries.sequence);
  return rows.map(({ action }) => action).filter((action) => /^(user|login)/.test(action));
}

test('an invitation: looking changes nothing, a password begins, the second factor follows, the link is over', async () => {
  const path = await invited();
  for (let looked = 0; looked < 3; looked += 1) expect((await browser.get(path)).status).toBe(200);
  expect((await browser.get(path)).html).toContain(`value="${merchant.merchantId}/jiro"`);
  expect((await theUser()).status).toBe('invited');
  expect((await browser.post(path, { password: 'short-1' })).status).toBe(422);
  const joined = await browser.post(path, { password: NEW });
  expect(location(joined)).toBe('/console/login/enrol');
  expect((await browser.get('/console')).status).toBe(303);
  expect((await browser.get('/console/login/enrol')).status).toBe(200);
  expect((await theUser()).status).toBe('active');
  const again = new Browsing(world);
  expect((await again.post(path, { password: 'another-word-33' })).status).toBe(404);
  expect((await again.get(path)).status).toBe(404);
  expect(await actions()).toEqual(['user.invited', 'user.joined']);
});

test('of two who take one invitation up at once one is let in', async () => {
  const path = await invited();
  const both = await Promise.all([0, 1].map(() => new Browsing(world).post(path, { password: NEW })));
  expect(both.map(({ status }) => status).sort()).toEqual([303, 404]);
});

test('an invitation works for 72 hours, and not after the next one', async () => {
  const first = await invited();
  await owner.post(`/console/users/${(await theUser()).id}/invitation`);
  expect((await browser.get(first)).status).toBe(404);
  const second = await newestLink();
  world.clock.advance(72 * HOUR - 1);
  expect((await browser.get(second)).status).toBe(200);
  world.clock.advance(1);
  expect((await browser.get(second)).status).toBe(404);
  expect((await browser.post(second, { password: NEW })).status).toBe(404);
});

test('links of another kind, of nobody, and of another merchant’s number open nothing', async () => {
  const path = await invited();
  const token = path.split('/').at(-1) ?? '';
  const foreign = (await world.merchant()).merchantId;
  const stranger = linkOf(world.deps.config, foreign, 'invitation', 'x').split('/').at(-1) ?? '';
  const tampered = stranger.slice(0, 6) + token.slice(6);
  for (const wrong of [
    `/console/reset/${token}`,
    `/console/join/${tampered}`,
    '/console/join/x',
    `/console/join/${token}0`,
  ]) {
    expect([wrong, (await browser.get(wrong)).status]).toEqual([wrong, 404]);
    expect([wrong, (await browser.post(wrong, { password: NEW })).status]).toEqual([wrong, 404]);
  }
  expect((await theUser()).status).toBe('invited');
});

test('a forgotten password: the same answer for everybody, a link for who is there, all logins end, the app stays', async () => {
  const user = await person(world, merchant, { login: 'jiro' });
  const other = new Browsing(world);
  await other.post('/console/login', { login_id: user.merchantId, user: 'jiro', password: PASSWORD });
  await other.post('/console/login/code', { code: codeAt(world.clock.now()) });
  expect((await other.get('/console')).status).toBe(200);
  const forms: Record<string, string>[] = [
    { login_id: user.merchantId, user: 'nobody' },
    { login_id: 'D100000001' },
    { login_id: user.merchantId, user: 'jiro' },
  ];
  for (const form of forms) {
    expect(location(await browser.post('/console/forgot', form))).toBe('/console/forgot?done=sent');
  }
  await world.deps.background.drained();
  const path = await newestLink();
  expect(path).toMatch(/^\/console\/reset\//);
  expect((await browser.get(path)).status).toBe(200);
  expect((await browser.post(path, { password: PASSWORD })).html).toContain('前に使ったパスワード');
  expect(location(await browser.post(path, { password: NEW }))).toBe('/console/login?done=reset');
  expect((await other.get('/console')).status).toBe(303);
  expect((await browser.get(path)).status).toBe(404);
  const login = { login_id: user.merchantId, user: 'jiro' };
  expect((await browser.post('/console/login', { ...login, password: PASSWORD })).status).toBe(422);
  expect(location(await browser.post('/console/login', { ...login, password: NEW }))).toBe(
    '/console/login/code',
  );
  expect(await actions()).toEqual([
    'login.password',
    'login.second_factor',
    'user.password_reset_asked',
    'user.password_changed',
    'login.password',
    'login.password',
  ]);
});

test('a link for a new password works for half an hour, ends the lock, and is sent three times an hour', async () => {
  const user = await person(world, merchant, { login: 'jiro' });
  const form = { login_id: user.merchantId, user: 'jiro' };
  for (let tried = 0; tried < 10; tried += 1)
    await browser.post('/console/login', { ...form, password: 'wrong' });
  for (let asked = 0; asked < 5; asked += 1) {
    await browser.post('/console/forgot', form);
    await world.deps.background.drained();
  }
  expect((await actions()).filter((action) => action === 'user.password_reset_asked')).toHaveLength(3);
  const path = await newestLink();
  world.clock.advance(HOUR / 2 - 1);
  await browser.post(path, { password: NEW });
  expect((await browser.post('/console/login', { ...form, password: NEW })).status).toBe(303);
  world.clock.advance(HOUR);
  await browser.post('/console/forgot', form);
  await world.deps.background.drained();
  const late = await newestLink();
  world.clock.advance(HOUR / 2);
  expect((await browser.get(late)).status).toBe(404);
});

test.each([
  ['short-1', '12文字以上'],
  ['only-letters-here', '両方'],
  ['123456789012345', '両方'],
  ['password12345', '推測されやすい'],
  ['P@ssw0rd123456', '推測されやすい'],
  ['aaaa1111aaaa', '推測されやすい'],
  ['jiro-is-the-best-1', '含まない'],
])('the password %s is refused: %s', async (password, said) => {
  const path = await invited();
  const seen = await browser.post(path, { password });
  expect(seen.status).toBe(422);
  expect(seen.html).toContain(said);
});

test('roles change, people are disabled and out at once, and let in again', async () => {
  const user = await person(world, merchant, { login: 'jiro' });
  await browser.post('/console/login', { login_id: user.merchantId, user: 'jiro', password: PASSWORD });
  await browser.post('/console/login/code', { code: codeAt(world.clock.now()) });
  expect((await browser.get('/console/users')).status).toBe(403);
  const at = `/console/users/${user.id}`;
  expect(location(await owner.post(`${at}/role`, { role: 'manager' }))).toBe(`${at}?done=role`);
  expect((await browser.get('/console/users')).status).toBe(200);
  expect((await browser.post(`${at}/role`, { role: 'owner' })).status).toBe(403);
  expect(location(await owner.post(`${at}/disable`))).toBe(`${at}?done=disabled`);
  expect((await browser.get('/console')).status).toBe(303);
  await owner.post(`${at}/enable`);
  expect((await theUser()).status).toBe('active');
  expect((await browser.get('/console')).status).toBe(303);
  expect((await actions()).filter((action) => action.startsWith('user.'))).toEqual([
    'user.changed',
    'user.disabled',
    'user.enabled',
  ]);
});

test('the last owner stays one, whoever is asked, and of two who disable each other one stays', async () => {
  const own = `/console/users/${owner.user.id}`;
  expect(location(await owner.post(`${own}/disable`))).toBe(own);
  const second = await visitor(world, merchant);
  const [theirs, mine] = [`/console/users/${second.user.id}`, own];
  await Promise.all([owner.post(`${theirs}/disable`), second.post(`${mine}/role`, { role: 'viewer' })]);
  const left = await world.deps.db
    .select()
    .from(users)
    .where(
      and(eq(users.merchantId, merchant.merchantId), eq(users.role, 'owner'), eq(users.status, 'active')),
    );
  expect(left).toHaveLength(1);
});

test('a second factor that was reset is set up anew at the next login', async () => {
  const user = await person(world, merchant, { login: 'jiro' });
  await owner.post(`/console/users/${user.id}/factors`);
  const form = { login_id: user.merchantId, user: 'jiro', password: PASSWORD };
  expect(location(await browser.post('/console/login', form))).toBe('/console/login/enrol');
});

test('who was not seen for 90 days is disabled, but not the last owner, nor who was just let in again', async () => {
  const user = await person(world, merchant, { login: 'jiro' });
  world.clock.advance(90 * 24 * HOUR);
  await disableInactive(world.deps);
  expect((await theUser()).status).toBe('active');
  world.clock.advance(1);
  await disableInactive(world.deps);
  expect((await theUser()).status).toBe('disabled');
  expect((await theUser(owner.user.login)).status).toBe('active');
  const again = await visitor(world, merchant);
  await again.post(`/console/users/${user.id}/enable`);
  await disableInactive(world.deps);
  expect((await theUser()).status).toBe('active');
});

test('the mail has the link that works, in the language of who is invited, and says nothing of test mode', async () => {
  const path = await invited();
  const sent: Message[] = [];
  const send = async (message: Message) => {
    sent.push(message);
    return { kind: 'accepted', answer: '250' } as const;
  };
  const deps = { ...world.deps, mailer: { domain: 'pay.example', send, close: () => {} } };
  const [job] = await world.deps.db
    .select()
    .from(jobs)
    .where(and(eq(jobs.name, 'mail_user'), eq(jobs.merchantId, merchant.merchantId)));
  for (let twice = 0; twice < 2; twice += 1) await mailUser(deps, job?.payload ?? {});
  const owed = await world.deps.db.select().from(mails).where(eq(mails.merchantId, merchant.merchantId));
  expect(JSON.stringify(owed)).not.toContain(path.split('/').at(-1)?.slice(6));
  for (const { id } of owed) await sendMail(deps, { merchant_id: merchant.merchantId, mail_id: id });
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    to: 'jiro@shop.example',
    subject: expect.stringMatching(/^【Shop .*】PayResort\+ コンソールへの招待$/),
  });
  expect(sent[0]?.text).toContain(path);
  expect(sent[0]?.text).toContain(`${merchant.merchantId}/jiro`);
});

test('nothing in the database opens a link', async () => {
  const path = await invited();
  const token = path.split('/').at(-1) ?? '';
  const rows = await Promise.all(
    [jobs, users, logins, auditEntries].map((table) => world.deps.db.select().from(table)),
  );
  expect(JSON.stringify(rows)).not.toContain(token.slice(6));
});
