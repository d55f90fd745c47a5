import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditEntries, passkeys } from '../../src/db/schema.ts';
import type { UserRow } from '../../src/users/logins.ts';
import { claimAddress, MOST_OF_ADDRESS } from '../../src/users/tries.ts';
import { mountConsole } from '../support/console.ts';
import { Browsing, codeAt, PASSWORD, person } from '../support/people.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** What people change of their own, and that it is asked for twice. */
const NEW = 'kumori-nochi-hare-2';
const ACCOUNT = '/console/account';
let world: World;
let merchant: TestMerchant;
let user: UserRow;
let browser: Browsing;

beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
});
beforeEach(async () => {
  merchant = await world.merchant();
  user = await person(world, merchant);
  browser = await loggedIn();
});
afterAll(() => world.close());

const location = (seen: { headers: Headers }) => seen.headers.get('Location');
const confirm = () => browser.post(`${ACCOUNT}/confirm`, { password: PASSWORD });

async function loggedIn(): Promise<Browsing> {
  const made = new Browsing(world);
  world.clock.advance(60_000);
  await made.post('/console/login', { login_id: user.merchantId, user: user.login, password: PASSWORD });
  await made.post('/console/login/code', { code: codeAt(world.clock.now()) });
  expect((await made.get('/console')).status).toBe(200);
  return made;
}

async function said(): Promise<string[]> {
  const rows = await world.deps.db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.merchantId, merchant.merchantId))
    .orderBy(auditEntries.sequence);
  return rows.map(({ action, outcome }) => `${action} ${outcome}`).filter((each) => each.startsWith('user.'));
}

test.each([
  ['get', '/password'],
  ['get', '/totp'],
  ['get', '/passkeys'],
  ['post', '/password'],
  ['post', '/totp'],
  ['post', '/passkeys'],
  ['post', '/passkeys/name'],
  ['post', '/passkeys/remove'],
  ['post', '/recovery'],
] as const)('%s %s asks for the password first, and again after ten minutes', async (method, path) => {
  const ask = () => browser[method](`${ACCOUNT}${path}`);
  expect(location(await ask())).toMatch(/^\/console\/account\/confirm\?next=/);
  expect((await browser.post(`${ACCOUNT}/confirm`, { password: 'wrong' })).status).toBe(422);
  expect(location(await ask())).toMatch(/^\/console\/account\/confirm/);
  const next = `${ACCOUNT}/totp`;
  expect(location(await browser.post(`${ACCOUNT}/confirm`, { password: PASSWORD, next }))).toBe(next);
  expect(location(await ask()) ?? '').not.toMatch(/confirm/);
  world.clock.advance(10 * 60_000);
  expect(location(await ask())).toMatch(/^\/console\/account\/confirm/);
});

test('ten wrong passwords there lock, and end the login', async () => {
  for (let tried = 0; tried < 10; tried += 1) {
    await browser.post(`${ACCOUNT}/confirm`, { password: 'wrong' });
  }
  expect((await browser.get('/console')).status).toBe(303);
});

test('a new password ends the other logins, changes the cookie, and the last four do not come back', async () => {
  const other = await loggedIn();
  await confirm();
  const before = browser.cookie;
  expect((await browser.post(`${ACCOUNT}/password`, { password: PASSWORD })).status).toBe(422);
  expect(location(await browser.post(`${ACCOUNT}/password`, { password: NEW }))).toBe(
    `${ACCOUNT}?done=password`,
  );
  expect(browser.cookie).not.toBe(before);
  expect((await browser.get('/console')).status).toBe(200);
  expect((await other.get('/console')).status).toBe(303);
  for (const word of ['niji-no-kanata-3', 'yuki-ga-furu-4', 'kaze-tachinu-5']) {
    expect((await browser.post(`${ACCOUNT}/password`, { password: word })).status).toBe(303);
  }
  for (const used of [PASSWORD, NEW, 'kaze-tachinu-5']) {
    expect((await browser.post(`${ACCOUNT}/password`, { password: used })).status).toBe(422);
  }
  expect((await said())[0]).toBe('user.password_changed success');
});

test('another app takes the place of the one before, once its code is right', async () => {
  await confirm();
  const page = await browser.get(`${ACCOUNT}/totp`);
  const secret = /<code class="key"[^>]*>([A-Z2-7 ]+)</.exec(page.html)?.[1]?.replaceAll(' ', '') ?? '';
  expect((await browser.post(`${ACCOUNT}/totp`, { code: codeAt(world.clock.now()) })).status).toBe(422);
  const done = await browser.post(`${ACCOUNT}/totp`, { code: codeAt(world.clock.now(), secret) });
  expect(location(done)).toBe(`${ACCOUNT}?done=totp`);
  world.clock.advance(60_000);
  const again = new Browsing(world);
  await again.post('/console/login', { login_id: user.merchantId, user: user.login, password: PASSWORD });
  expect((await again.post('/console/login/code', { code: codeAt(world.clock.now()) })).status).toBe(422);
  expect((await again.post('/console/login/code', { code: codeAt(world.clock.now(), secret) })).status).toBe(
    303,
  );
  expect(await said()).toEqual(['user.totp_changed success']);
});

test('new recovery codes end the ones before', async () => {
  await confirm();
  const codes = async () =>
    /<pre id="codes"[^>]*>([^<]+)</
      .exec((await browser.post(`${ACCOUNT}/recovery`)).html)?.[1]
      ?.split('\n') ?? [];
  const [first, second] = [await codes(), await codes()];
  const other = new Browsing(world);
  await other.post('/console/login', { login_id: user.merchantId, user: user.login, password: PASSWORD });
  expect((await other.post('/console/login/code', { recovery: first[0] ?? '' })).status).toBe(422);
  expect((await other.post('/console/login/code', { recovery: second[0] ?? '' })).status).toBe(303);
  expect((await browser.get(ACCOUNT)).html).toContain('9個');
});

test('one’s other logins end, one or all; another person’s do not', async () => {
  const [one, two] = [await loggedIn(), await loggedIn()];
  const stranger = await person(world, merchant);
  const mine = browser;
  user = stranger;
  const theirs = await loggedIn();
  const theirId = /name="login" value="(login_\w+)"/;
  await loggedIn();
  const id = theirId.exec((await theirs.get(ACCOUNT)).html)?.[1] ?? '';
  await mine.post(`${ACCOUNT}/sessions/end`, { login: id });
  expect((await theirs.get(ACCOUNT)).html).toContain(id);
  const own = theirId.exec((await mine.get(ACCOUNT)).html)?.[1] ?? '';
  await mine.post(`${ACCOUNT}/sessions/end`, { login: own });
  expect([(await one.get('/console')).status, (await two.get('/console')).status].sort()).toEqual([200, 303]);
  await mine.post(`${ACCOUNT}/sessions/end`);
  expect([(await one.get('/console')).status, (await two.get('/console')).status]).toEqual([303, 303]);
  expect((await mine.get('/console')).status).toBe(200);
  expect((await theirs.get('/console')).status).toBe(200);
  expect(await said()).toEqual(['user.sessions_ended success', 'user.sessions_ended success']);
});

test('another’s passkey is neither renamed nor removed, and the only second factor stays', async () => {
  const owner = await person(world, merchant, { totp: false });
  const key = { merchantId: merchant.merchantId, userId: owner.id, id: 'k1', name: 'theirs' };
  const rest = { publicKey: Buffer.from('x'), counter: 0, transports: [], createdAt: world.clock.now() };
  await world.deps.db.insert(passkeys).values({ ...key, ...rest });
  await confirm();
  await browser.post(`${ACCOUNT}/passkeys/name`, { id: 'k1', name: 'mine' });
  expect(location(await browser.post(`${ACCOUNT}/passkeys/remove`, { id: 'k1' }))).toContain('done=unknown');
  const [row] = await world.deps.db
    .select()
    .from(passkeys)
    .where(and(eq(passkeys.merchantId, merchant.merchantId), eq(passkeys.id, 'k1')));
  expect(row?.name).toBe('theirs');
});

test('an address that fails too often waits, whoever it tries', async () => {
  const address = Buffer.from('an address');
  const tries: boolean[] = [];
  for (let n = 0; n <= MOST_OF_ADDRESS; n += 1) tries.push(await claimAddress(world.deps, address));
  expect(tries.filter((may) => may)).toHaveLength(MOST_OF_ADDRESS);
  expect(await claimAddress(world.deps, Buffer.from('another'))).toBe(true);
  world.clock.advance(15 * 60_000);
  expect(await claimAddress(world.deps, address)).toBe(true);
});
