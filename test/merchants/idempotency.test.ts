import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../../src/lib/clock.ts';
import {
  claimKey,
  type KeyedRequest,
  keepAnswer,
  purgeIdempotencyKeys,
  readKey,
} from '../../src/merchants/idempotency.ts';
import type { Merchant } from '../../src/merchants/merchant.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let merchant: Merchant;

beforeAll(async () => {
  world = await openWorld();
  merchant = await (await world.merchant()).as('test');
});
afterAll(() => world.close());

let counter = 0;
function request(changes: Partial<KeyedRequest> = {}): KeyedRequest {
  counter += 1;
  return {
    key: `key-${counter}`,
    method: 'POST',
    path: '/v1/sessions',
    body: Buffer.from('{"amount":1}'),
    work: 'cs',
    ...changes,
  };
}

const ANSWER = { status: 201, headers: { 'Content-Type': 'application/json' }, body: '{"name":"髙島屋"}' };

test('the first request runs, with an id for its work', async () => {
  const claim = await claimKey(world.deps, merchant, request());
  expect(claim).toEqual({ kind: 'run', workId: expect.stringMatching(/^cs_[0-9a-z]{39}$/) });
});

test('once answered, the same request gets the very same answer', async () => {
  const asked = request();
  await claimKey(world.deps, merchant, asked);
  await keepAnswer(world.deps, merchant, asked.key, ANSWER);
  for (let time = 0; time < 3; time += 1) {
    expect(await claimKey(world.deps, merchant, asked)).toEqual({ kind: 'replay', answer: ANSWER });
  }
});

test('while the first one runs the second is told so', async () => {
  const asked = request();
  await claimKey(world.deps, merchant, asked);
  await expect(claimKey(world.deps, merchant, asked)).rejects.toMatchObject({
    code: 'idempotency_in_progress',
  });
});

test('after a crash the key resumes the recorded work', async () => {
  const asked = request();
  const first = await claimKey(world.deps, merchant, asked);
  world.clock.advance(world.deps.config.leaseMs);
  expect(await claimKey(world.deps, merchant, asked)).toEqual(first);
});

test('of many at once exactly one runs', async () => {
  const asked = request();
  const claims = await Promise.allSettled(
    Array.from({ length: 20 }, () => claimKey(world.deps, merchant, asked)),
  );
  const running = claims.filter(({ status }) => status === 'fulfilled');
  expect(running).toHaveLength(1);
});

describe('a key belongs to one request', () => {
  const others: [string, Partial<KeyedRequest>][] = [
    ['another method', { method: 'PUT' }],
    ['another path', { path: '/v1/payments' }],
    ['another body', { body: Buffer.from('{"amount":2}') }],
    ['a body of other bytes with the same meaning', { body: Buffer.from('{"amount": 1}') }],
    ['parts that run together', { path: '/v1/sessions{', body: Buffer.from('"amount":1}') }],
  ];
  test.each(others)('%s is refused, answered or not', async (_, changes) => {
    const asked = request();
    await claimKey(world.deps, merchant, asked);
    const other = claimKey(world.deps, merchant, { ...asked, ...changes });
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    await keepAnswer(world.deps, merchant, asked.key, ANSWER);
    const later = claimKey(world.deps, merchant, { ...asked, ...changes });
    await expect(later).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });
});

test('keys are apart per merchant and per mode', async () => {
  const asked = request();
  const shop = await world.merchant();
  for (const one of [merchant, await shop.as('test'), await shop.as('live')]) {
    expect(await claimKey(world.deps, one, asked)).toMatchObject({ kind: 'run' });
  }
});

test('of two answers the first one stands', async () => {
  const asked = request();
  await claimKey(world.deps, merchant, asked);
  await keepAnswer(world.deps, merchant, asked.key, ANSWER);
  const second = { ...ANSWER, status: 500, body: 'late' };
  expect(await keepAnswer(world.deps, merchant, asked.key, second)).toEqual(ANSWER);
});

test('a key is kept for seven days, and not for ever', async () => {
  const asked = request();
  await claimKey(world.deps, merchant, asked);
  await keepAnswer(world.deps, merchant, asked.key, ANSWER);
  world.clock.advance(7 * DAY);
  await purgeIdempotencyKeys(world.deps);
  expect(await claimKey(world.deps, merchant, asked)).toMatchObject({ kind: 'replay' });
  world.clock.advance(2 * DAY);
  expect(await purgeIdempotencyKeys(world.deps)).toBeGreaterThan(0);
  expect(await claimKey(world.deps, merchant, asked)).toMatchObject({ kind: 'run' });
});

describe('the header', () => {
  const readings: [string | undefined, string | null][] = [
    [undefined, null],
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['  "abc" ', 'abc'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  ];
  test.each(readings)('%j is read as %j', (header, key) => {
    expect(readKey(header)).toBe(key);
  });
  test.each(['', '""', 'x'.repeat(256), 'a\u0000b', 'ä', '鍵'])('%j is refused', (header) => {
    expect(() => readKey(header)).toThrow(/validation_failed/);
  });
});
