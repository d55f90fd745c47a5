import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditEntries, logins, users } from '../../../src/db/schema.ts';
import type { UserRow } from '../../../src/users/logins.ts';
import { mountConsole } from '../../support/console.ts';
import { Browsing, codeAt, PASSWORD, person } from '../../support/people.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

/** PCI DSS 8: who logs in, who does not, and that nobody is told why. */
const MINUTE = 60_000;
let world: World;
let merchant: TestMerchant;
let user: UserRow;
let browser: Browsing;

beforeAll(async () => {
  world = await openWorld({ environment: { OLDER_SERVICE_URL: 'https://older.example/login' } });
  mountConsole(world);
});
beforeEach(async () => {
  merchant = await world.merchant();
  user = await person(world, merchant);
  browser = new Browsing(world);
});
afterAll(() => world.close());

const who = () => ({ login_id: merchant.merchantId, user: user.login, password: PASSWORD });
const location = (seen: { headers: Headers }) => seen.headers.get('Location');
const code = (laterS = 0) => codeAt(world.clock.now(), undefined, laterS);

async function bothFactors(): Promise<void> {
  await browser.post('/console/login', who());
  world.clock.advance(30_000);
  expect(await browser.post('/console/login/code', { code: code() })).toMatchObject({ status: 303 });
}

async function audited(): Promise<unknown[]> {
  const rows = await world.deps.db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.merchantId, merchant.merchantId))
    .orderBy(auditEntries.sequence);
  const people = rows.filter(({ action }) => /^(login|user)\./.test(action));
  return people.map(({ action, outcome, actor, target }) => [
    action,
    outcome,
    actor.kind,
    target === user.id ? 'the user' : target,
  ]);
}

test('password, then code: every stage has a cookie of its own, and only the last one opens the console', async () => {
  const first = await browser.post('/console/login', { ...who(), next: '/console/payments?status=captured' });
  expect([first.status, location(first)]).toEqual([
    303,
    expect.stringMatching(/^\/console\/login\/code\?next=/),
  ]);
  expect(first.headers.get('Set-Cookie')).toMatch(/^console=\w{32}; Path=\/; HttpOnly; SameSite=Lax$/);
  const before = browser.cookie;
  expect(location(await browser.get('/console'))).toBe('/console/login');
  const second = await browser.post('/console/login/code', {
    code: code(),
    next: '/console/payments?status=captured',
  });
  expect(location(second)).toBe('/console/payments?status=captured');
  expect(browser.cookie).not.toBe(before);
  expect((await browser.get('/console')).status).toBe(200);
  const stolen = new Browsing(world);
  stolen.cookie = before;
  expect((await stolen.get('/console')).status).toBe(303);
  expect(await audited()).toEqual([
    ['login.password', 'success', 'user', 'the user'],
    ['login.second_factor', 'success', 'user', 'the user'],
  ]);
});

test('over https the cookie is bound to the host', async () => {
  const https = await openWorld({ environment: { PUBLIC_URL: 'https://pay.example' } });
  mountConsole(https);
  const somebody = await person(https, await https.merchant());
  const seen = await new Browsing(https).post('/console/login', {
    login_id: `${somebody.merchantId}/${somebody.login}`,
    password: PASSWORD,
  });
  expect(seen.headers.get('Set-Cookie')).toMatch(
    /^__Host-console=\w{32}; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  );
  await https.close();
});

test('who is who: two fields, or one, or the only owner', async () => {
  const owner = await person(world, merchant, { role: 'owner', login: 'owner' });
  const id = merchant.merchantId;
  const ways: [Record<string, string>, string][] = [
    [{ login_id: id, user: user.login }, user.id],
    [{ login_id: ` ${id.toLowerCase()} `, user: user.login.toUpperCase() }, user.id],
    [{ login_id: `${id}/${user.login}` }, user.id],
    [{ login_id: id }, owner.id],
    [{ user: id }, owner.id],
    [{ login_id: id, user: id }, owner.id],
  ];
  for (const [fields, expected] of ways) {
    const seen = await browser.post('/console/login', { ...fields, password: PASSWORD });
    expect([fields, seen.status]).toEqual([fields, 303]);
    const [row] = await world.deps.db
      .select()
      .from(logins)
      .where(eq(logins.merchantId, id))
      .orderBy(desc(logins.id))
      .limit(1);
    expect([fields, row?.userId]).toEqual([fields, expected]);
  }
});

test('whatever is wrong, the answer is the same', async () => {
  const disabled = await person(world, merchant, { status: 'disabled' });
  const invited = await person(world, merchant, { status: 'invited', passwordHash: null });
  const wrong: Record<string, string>[] = [
    { ...who(), password: 'wrong-password-1' },
    { ...who(), user: 'nobody' },
    { ...who(), user: disabled.login },
    { ...who(), user: invited.login },
    { login_id: 'A199999999', user: 'owner', password: PASSWORD },
  ];
  const said = new Set<string>();
  for (const form of wrong) {
    const seen = await browser.post('/console/login', form);
    expect(seen.status).toBe(422);
    expect(seen.headers.get('Set-Cookie')).toBeNull();
    said.add(seen.html.replace(/value="[^"]*"/g, ''));
  }
  expect(said.size).toBe(1);
  expect([...said][0]).toContain('ログインできませんでした');
});

test('ten failures lock for half an hour, also those of the second factor, also many at once', async () => {
  const tries = Array.from({ length: 25 }, () =>
    new Browsing(world).post('/console/login', { ...who(), password: 'wrong-password-1' }),
  );
  const refused = (await Promise.all(tries)).map(({ status }) => status);
  expect(new Set(refused)).toEqual(new Set([422]));
  const right = await browser.post('/console/login', who());
  const wrong = await browser.post('/console/login', { ...who(), password: 'wrong-password-1' });
  expect([right.status, right.html]).toEqual([422, wrong.html]);
  const locked = (await audited()).filter((entry) => JSON.stringify(entry).includes('login.locked'));
  expect(locked).toEqual([['login.locked', 'success', 'visitor', 'the user']]);
  world.clock.advance(30 * MINUTE - 1);
  expect((await browser.post('/console/login', who())).status).toBe(422);
  world.clock.advance(1);
  expect((await browser.post('/console/login', who())).status).toBe(303);
  for (let tried = 0; tried < 10; tried += 1) {
    expect((await browser.post('/console/login/code', { code: '000000' })).status).toBe(422);
  }
  expect((await browser.post('/console/login/code', { code: code() })).status).toBe(422);
  expect((await browser.post('/console/login', who())).status).toBe(422);
});

test('a password that is right again and again does not make more tries at the code', async () => {
  for (let tried = 0; tried < 10; tried += 1) {
    await browser.post('/console/login', who());
    await browser.post('/console/login/code', { code: '000000' });
  }
  expect((await browser.post('/console/login', who())).status).toBe(422);
});

test('a code works once, in its step and one beside it', async () => {
  await browser.post('/console/login', who());
  const used = code();
  expect((await browser.post('/console/login/code', { code: code(-90) })).status).toBe(422);
  expect((await browser.post('/console/login/code', { code: used })).status).toBe(303);
  const again = new Browsing(world);
  await again.post('/console/login', who());
  expect((await again.post('/console/login/code', { code: used })).status).toBe(422);
  expect((await again.post('/console/login/code', { code: code(-30) })).status).toBe(422);
  world.clock.advance(30_000);
  expect((await again.post('/console/login/code', { code: used })).status).toBe(422);
  expect((await again.post('/console/login/code', { code: code() })).status).toBe(303);
});

test('of two browsers with the same code one is let in', async () => {
  const both = [new Browsing(world), new Browsing(world)];
  for (const each of both) await each.post('/console/login', who());
  const answers = await Promise.all(both.map((each) => each.post('/console/login/code', { code: code() })));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
});

test('who has no second factor sets one up before anything else, and keeps ten codes', async () => {
  user = await person(world, merchant, { totp: false });
  expect(location(await browser.post('/console/login', who()))).toBe('/console/login/enrol');
  expect((await browser.get('/console')).status).toBe(303);
  expect(location(await browser.get('/console/login/code'))).toBe('/console/login/enrol');
  const page = await browser.get('/console/login/enrol');
  const secret = /<code class="key"[^>]*>([A-Z2-7 ]+)</.exec(page.html)?.[1]?.replaceAll(' ', '') ?? '';
  expect((await browser.get('/console/login/enrol')).html).toContain(`secret=${secret}`);
  expect((await browser.post('/console/login/enrol', { code: '000000' })).status).toBe(422);
  const before = browser.cookie;
  const codes = await browser.post('/console/login/enrol', { code: codeAt(world.clock.now(), secret) });
  expect(codes.status).toBe(200);
  expect(browser.cookie).not.toBe(before);
  const list = /<pre id="codes"[^>]*>([^<]+)</.exec(codes.html)?.[1]?.split('\n') ?? [];
  expect(new Set(list).size).toBe(10);
  expect((await browser.get('/console')).status).toBe(200);
  expect(location(await browser.get('/console/login/enrol'))).toBe('/console');
  const [recovery = ''] = list;
  for (const status of [303, 422]) {
    const other = new Browsing(world);
    expect(location(await other.post('/console/login', who()))).toBe('/console/login/code');
    const answer = await other.post('/console/login/code', { recovery: recovery.toUpperCase() });
    expect(answer.status).toBe(status);
  }
  expect(await audited()).toEqual([
    ['login.password', 'success', 'user', 'the user'],
    ['user.totp_changed', 'success', 'user', 'the user'],
    ['user.recovery_codes_made', 'success', 'user', 'the user'],
    ['login.second_factor', 'success', 'user', 'the user'],
    ['login.password', 'success', 'user', 'the user'],
    ['login.second_factor', 'success', 'user', 'the user'],
    ['login.password', 'success', 'user', 'the user'],
    ['login.second_factor', 'failure', 'visitor', 'the user'],
  ]);
});

test('an ID of the older service is told kindly, and shown the way', async () => {
  const seen = await browser.post('/console/login', { login_id: 'd100000001', password: 'whatever it is' });
  expect(seen.html).toContain('https://older.example/login');
  expect(seen.html).toContain('D100000001');
  const page = await browser.get('/console/login');
  expect(page.html).toContain('https://older.example/login');
});

test.each(['', 'B100000001', 'A1', 'A1000000010', "A1' or 1=1"])('%j is no merchant ID', async (login_id) => {
  const seen = await browser.post('/console/login', { login_id, password: PASSWORD });
  expect(seen.status).toBe(422);
  expect(seen.html).toMatch(/id="login_id"[^>]*aria-invalid="true"/);
});

test.each([
  'https://evil.example/console',
  '//evil.example/console',
  '/\\evil.example',
  '/console//evil.example',
  '/console/../p/x',
  '/consoles',
  '/console\\@evil.example',
  'javascript:alert(1)',
  '/console/login',
  '/console/logout',
  '/console/%0d%0aSet-Cookie:x=1',
])('next=%s leads home', async (next) => {
  await browser.post('/console/login', { ...who(), next });
  const seen = await browser.post('/console/login/code', { code: code(), next });
  expect(location(seen)).toBe('/console');
  world.clock.advance(MINUTE);
});

describe('forms of other sites', () => {
  test.each([
    '/console/login',
    '/console/login/code',
    '/console/login/enrol',
    '/console/logout',
    '/console/mode',
  ])('%s refuses them', async (path) => {
    await bothFactors();
    const seen = await browser.post(path, who(), {
      'Sec-Fetch-Site': 'cross-site',
      Origin: 'https://evil.example',
    });
    expect(seen.status).toBe(403);
    expect(seen.headers.get('Set-Cookie')).toBeNull();
  });
});

test('logging out ends the login, whoever still has the cookie', async () => {
  await bothFactors();
  const { cookie } = browser;
  const seen = await browser.post('/console/logout');
  expect(location(seen)).toBe('/console/login?done=out');
  expect(seen.headers.get('Set-Cookie')).toMatch(/^console=; .*Max-Age=0$/);
  browser.cookie = cookie;
  expect((await browser.get('/console')).status).toBe(303);
  expect((await audited()).at(-1)).toEqual(['login.ended', 'success', 'user', 'the user']);
});

test('the mode switches', async () => {
  await bothFactors();
  expect((await browser.get('/console')).html).toContain('class="chip test"');
  expect(location(await browser.post('/console/mode', { mode: 'live' }))).toBe('/console');
  expect((await browser.get('/console')).html).toContain('class="chip live"');
});

test('a user who is disabled is out at once', async () => {
  await bothFactors();
  await world.deps.db
    .update(users)
    .set({ status: 'disabled' })
    .where(and(eq(users.merchantId, merchant.merchantId), eq(users.id, user.id)));
  expect((await browser.get('/console')).status).toBe(303);
});

test('fifteen minutes without the second factor end what began', async () => {
  await browser.post('/console/login', who());
  world.clock.advance(15 * MINUTE);
  const seen = await browser.post('/console/login/code', { code: code() });
  expect(location(seen)).toBe('/console/login?done=ended');
});
