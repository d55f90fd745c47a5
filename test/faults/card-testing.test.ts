import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiClient, apiClient, newOrderId, sessionBody } from '../support/api.ts';
import { type TestBrand, testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { balanceOf } from '../support/ledger.ts';
import { pay } from '../support/shopper.ts';

/**
 * Numbers are tried at a shop, from one address and from two hundred, each try in a session of its own. What counts is
 * how many of them the network was asked about: that is all an attacker learns from.
 */
let fleet: Fleet;
let api: ApiClient;
let sql: postgres.Sql;

beforeAll(async () => {
  fleet = await startFleet({ webs: 1, workers: 0, role: 'serve' }, { TRUST_PROXY: 'true' });
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  sql = postgres(fleet.databaseUrl, { max: 1 });
  await sql`update merchants set settings = settings || '{"limitsInTestMode": true}'`;
});

afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
});

const DECLINES = ['05', '51', '54', '57', '61', '65', '82'];
const BRANDS: TestBrand[] = ['visa', 'mastercard', 'jcb', 'amex', 'diners'];
/** Numbers that the issuer declines, no two alike, as far as they go. */
const NUMBERS = ['00', '04'].flatMap((tt) =>
  BRANDS.flatMap((brand) => DECLINES.map((aa) => ({ brand, number: testPan(tt, aa, brand) }))),
);

/** One number tried from one address. Says what became of the attempt. */
async function tryCard(index: number, from: string): Promise<string> {
  const { brand, number } = NUMBERS[index % NUMBERS.length] as (typeof NUMBERS)[number];
  const csc = brand === 'amex' ? '1234' : '123';
  return payFrom(from, { number, csc }, 'attack');
}

async function payFrom(
  from: string,
  card: { number: string; csc?: string },
  orders: string,
  otp: '123456' | 'leave' = 'leave',
): Promise<string> {
  const body = sessionBody({ order_id: newOrderId(orders), max_attempts: 1 });
  const { body: session } = await api('POST', '/v1/sessions', body);
  await pay(session.url, card, { javascript: true, otp, from });
  return eventually('the attempt has ended', async () => {
    const { body: seen } = await api('GET', `/v1/sessions/${session.id}`);
    const [attempt] = seen.attempts;
    if (attempt.status === 'succeeded') return 'paid';
    // Who does not pass the bank's page is not waited for.
    if (attempt.status === 'in_progress')
      return seen.payment.three_ds?.trans_status === 'C' ? 'challenged' : null;
    return attempt.failure.code as string;
  });
}

async function askedOfTheNetwork(orders: string): Promise<number> {
  const ledger = await (await fetch(`${fleet.demo.simulator_url}/ledger`)).json();
  const entries = (ledger as { entries: { order_id: string; kind: string }[] }).entries;
  return entries.filter(({ kind, order_id }) => kind === 'sale' && order_id.startsWith(orders)).length;
}

async function forget(): Promise<void> {
  await sql`delete from card_trials`;
  await sql`delete from card_testing_breakers`;
}

test('from one address: ten declines, each slower from the fifth on, then the network is not asked', async () => {
  await forget();
  const before = await askedOfTheNetwork('attack');
  const ends: string[] = [];
  for (let index = 0; index < 14; index += 1) ends.push(await tryCard(index, '198.51.100.7'));
  expect(ends.slice(10)).toEqual(['blocked', 'blocked', 'blocked', 'blocked']);
  expect((await askedOfTheNetwork('attack')) - before).toBe(10);
  expect(await payFrom('198.51.100.8', { number: testPan() }, 'honest')).toBe('paid');
});

test('one card guessed at from anywhere at once: five times, then it is refused', async () => {
  await forget();
  const before = await askedOfTheNetwork('guess');
  const guesses = Array.from({ length: 20 }, (_, index) =>
    payFrom(`203.0.113.${index}`, { number: testPan('00', '82') }, 'guess'),
  );
  const ends = await Promise.all(guesses);
  expect(ends.filter((end) => end === 'invalid_csc')).toHaveLength(5);
  expect(ends.filter((end) => end === 'blocked')).toHaveLength(15);
  expect((await askedOfTheNetwork('guess')) - before).toBe(5);
});

test('from two hundred addresses: fifty tries, then everybody is challenged, and honest shoppers go on paying', {
  timeout: 240_000,
}, async () => {
  await forget();
  const before = await askedOfTheNetwork('attack');
  const honest: string[] = [];
  let next = 0;
  const attacker = async () => {
    for (let index = next++; index < 200; index = next++) {
      await tryCard(index, `203.0.113.${index}`);
      if (index % 25 !== 0) continue;
      honest.push(await payFrom(`198.51.100.${index}`, { number: testPan() }, 'honest', '123456'));
    }
  };
  await Promise.all([attacker(), attacker(), attacker(), attacker()]);
  // Fifty, and what the four had in hand when the fiftieth was declined; honest ones thin the rate a little.
  const asked = (await askedOfTheNetwork('attack')) - before;
  expect(asked).toBeGreaterThanOrEqual(40);
  expect(asked).toBeLessThanOrEqual(60);
  expect(honest).toEqual(honest.map(() => 'paid'));
  const metrics = await (await fetch(`${fleet.webs[0]?.baseUrl}/metrics`)).text();
  expect(metrics).toContain('payresort_card_testing_breakers_open{mode="test"} 1');
  expect(metrics).toMatch(/payresort_card_trials\{mode="test",verdict="step_up",limit="merchant"/);
});

test('within one BIN: after thirty declines its cards are challenged, and others are not', {
  timeout: 120_000,
}, async () => {
  await forget();
  const { merchant_id: merchantId } = fleet.demo;
  // Thirty declines of other numbers of the same BIN, a minute ago, among many payments that went well.
  await sql`insert into card_trials (merchant_id, attempt_id, mode, at, fingerprint, bin, verdict, outcome)
    select ${merchantId}, 'att_' || n, 'test', now() - interval '1 minute', sha256(n::text::bytea), '40000000', 'allow',
      case when n <= 30 then 'declined' else 'passed' end from generate_series(1, 100) n`;
  expect(await payFrom('198.51.100.1', { number: testPan() }, 'honest')).toBe('challenged');
  expect(await payFrom('198.51.100.2', { number: testPan('04') }, 'honest')).toBe('paid');
});

test('who is refused is told what everybody is told whose card is declined', async () => {
  await forget();
  const pages = [];
  for (let index = 0; index < 6; index += 1) {
    const { body: session } = await api(
      'POST',
      '/v1/sessions',
      sessionBody({ order_id: newOrderId('oracle') }),
    );
    const card = { number: testPan('00', '05') };
    const page = await pay(session.url, card, { javascript: true, from: `192.0.2.${index}` });
    pages.push(page.html.replaceAll(session.order_id, '').match(/<div class="notice[\s\S]*?<\/div>/)?.[0]);
  }
  expect(pages[0]).toBeDefined();
  expect(pages[5]).toBe(pages[0]);
});

test('in test mode no limit holds unless it is set', async () => {
  await forget();
  await sql`update merchants set settings = settings - 'limitsInTestMode'`;
  const ends = [];
  for (let index = 0; index < 7; index += 1) {
    ends.push(await payFrom('192.0.2.1', { number: testPan('00', '05') }, 'free'));
  }
  expect(ends).toEqual(ends.map(() => 'card_declined'));
  expect(await balanceOf(fleet, 'free')).toMatchObject({ captured: 0 });
});
