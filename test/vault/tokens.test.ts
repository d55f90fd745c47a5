import { inspect } from 'node:util';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokens, vaultCards, vaultSecurityCodes } from '../../src/db/schema.ts';
import { MINUTE, plus } from '../../src/lib/clock.ts';
import { Problem } from '../../src/lib/problem.ts';
import { createToken, findToken, presentToken, type Token, useToken } from '../../src/vault/tokens.ts';
import { openVaultWorld, secondProcess, testCard, tokenFor, type VaultWorld } from './world.ts';

const ALICE = 'A100000001';
const BOB = 'A100000002';

let world: VaultWorld;
let other: VaultWorld;

beforeAll(async () => {
  world = await openVaultWorld();
  other = secondProcess(world);
});

afterAll(async () => {
  await Promise.all([world.close(), other.close()]);
});

const use = (
  of: VaultWorld,
  token: Token,
  by: { merchantId?: string; mode?: 'test' | 'live'; now?: Date } = {},
) =>
  of.db.transaction((tx) =>
    useToken(tx, { merchantId: ALICE, mode: 'test', tokenId: token.id, now: world.clock.now(), ...by }),
  );

const codeOf = (error: unknown) => (error instanceof Problem ? error.code : error);
const refusal = (work: Promise<unknown>) => work.then(() => 'done', codeOf);

describe('a token', () => {
  test('shows brand, last four digits and expiry, and no more', async () => {
    const token = await tokenFor(world, ALICE);
    expect(presentToken(token)).toEqual({
      id: expect.stringMatching(/^tok_[0-9a-z]{39}$/),
      object: 'token',
      mode: 'test',
      card: { brand: 'visa', last4: '0002', exp_month: 12, exp_year: 2030 },
      expires_at: plus(world.clock.now(), 15 * MINUTE).toISOString(),
    });
    expect(JSON.stringify(token)).not.toMatch(/40000000|737/);
  });

  test('is found by its merchant in its mode only', async () => {
    const token = await tokenFor(world, ALICE);
    const key = { merchantId: ALICE, mode: 'test', tokenId: token.id } as const;
    expect(await findToken(world.db, key)).toEqual(token);
    expect(await findToken(world.db, { ...key, merchantId: BOB })).toBeNull();
    expect(await findToken(world.db, { ...key, mode: 'live' })).toBeNull();
  });

  test('leaves nothing behind when it cannot be written whole, and the error shows no number', async () => {
    const before = await counts();
    const card = { ...testCard(), cardholderName: 'NUL \0 IS REFUSED' };
    const error = await createToken(world, { merchantId: ALICE, mode: 'test', card }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/4000000000000002|34303030303030/);
    expect(await counts()).toEqual(before);
  });

  test('two of one card have the same fingerprint, and no other sealed bytes in common', async () => {
    const [first, second, third] = [
      await tokenFor(world, ALICE),
      await tokenFor(other, BOB),
      await tokenFor(world, ALICE, { exp: '01/29' }),
    ];
    const rows = await Promise.all([first, second, third].map(cardRow));
    expect(new Set(rows.map((row) => row.fingerprint.toString('hex'))).size).toBe(1);
    expect(new Set(rows.map((row) => row.sealed.toString('hex'))).size).toBe(3);
    const stranger = await cardRow(await tokenFor(world, ALICE, { number: '4000000051000000' }));
    expect(stranger.fingerprint).not.toEqual(rows[0]?.fingerprint);
    expect(stranger.fingerprint.length).toBe(32);
  });
});

describe('using a token', () => {
  test('gives the token once', async () => {
    const token = await tokenFor(world, ALICE);
    expect(await use(world, token)).toEqual({ ...token, usedAt: world.clock.now() });
    expect(await refusal(use(world, token))).toBe('token_used');
    expect(await refusal(use(other, token))).toBe('token_used');
  });

  test('200 uses at once, over two processes: exactly one succeeds', async () => {
    const token = await tokenFor(world, ALICE);
    const uses = Array.from({ length: 200 }, (_, n) => refusal(use(n % 2 === 0 ? world : other, token)));
    const outcomes = await Promise.all(uses);
    expect(outcomes.filter((outcome) => outcome === 'done').length).toBe(1);
    expect(outcomes.filter((outcome) => outcome === 'token_used').length).toBe(199);
  });

  test('does not count when its transaction is rolled back: the next waiting one succeeds', async () => {
    const token = await tokenFor(world, ALICE);
    const input = { merchantId: ALICE, mode: 'test', tokenId: token.id, now: world.clock.now() } as const;
    let waiting: Promise<unknown> = Promise.resolve();
    const givenUp = world.db.transaction(async (tx) => {
      await useToken(tx, input);
      waiting = refusal(use(other, token));
      throw new Error('gave up');
    });
    await expect(givenUp).rejects.toThrow('gave up');
    expect(await waiting).toBe('done');
  });

  test('of another merchant or mode there is no such token, used or not', async () => {
    const token = await tokenFor(world, ALICE);
    expect(await refusal(use(world, token, { merchantId: BOB }))).toBe('not_found');
    expect(await refusal(use(world, token, { mode: 'live' }))).toBe('not_found');
    expect(await refusal(use(world, { ...token, id: 'tok_nobody' }))).toBe('not_found');
    await use(world, token);
    expect(await refusal(use(world, token, { merchantId: BOB }))).toBe('not_found');
  });

  test.each([
    [15 * MINUTE - 1, 'done'],
    [15 * MINUTE, 'token_expired'],
    [90 * MINUTE, 'token_expired'],
  ])('%i ms after its making: %s', async (after, outcome) => {
    const token = await tokenFor(world, ALICE);
    expect(await refusal(use(world, token, { now: plus(world.clock.now(), after) }))).toBe(outcome);
  });

  test('a used token stays used when it is late as well', async () => {
    const token = await tokenFor(world, ALICE);
    await use(world, token);
    expect(await refusal(use(world, token, { now: plus(world.clock.now(), 60 * MINUTE) }))).toBe(
      'token_used',
    );
  });

  test('follows the merchant clock where one was given', async () => {
    const ahead = plus(world.clock.now(), 90 * 24 * 60 * MINUTE);
    const token = await createToken(world, { merchantId: ALICE, mode: 'test', card: testCard(), now: ahead });
    expect(token.expiresAt).toEqual(plus(ahead, 15 * MINUTE));
    expect((await codeRow(token)).expiresAt).toEqual(plus(world.clock.now(), 15 * MINUTE));
    expect(await refusal(use(world, token, { now: plus(ahead, MINUTE) }))).toBe('done');
  });

  test('gives the security code the 15 minutes more that the attempt may take', async () => {
    const token = await tokenFor(world, ALICE);
    expect((await codeRow(token)).expiresAt).toEqual(plus(world.clock.now(), 15 * MINUTE));
    await use(world, token);
    expect((await codeRow(token)).expiresAt).toEqual(plus(world.clock.now(), 30 * MINUTE));
  });
});

async function cardRow(token: Token) {
  const [row] = await world.db.select().from(vaultCards).where(eq(vaultCards.id, token.cardId));
  if (row === undefined) throw new Error('no card');
  return row;
}

async function codeRow(token: Token) {
  const [row] = await world.db
    .select()
    .from(vaultSecurityCodes)
    .where(eq(vaultSecurityCodes.cardId, token.cardId));
  if (row === undefined) throw new Error('no code');
  return row;
}

async function counts() {
  return Promise.all([tokens, vaultCards, vaultSecurityCodes].map((table) => world.db.$count(table)));
}
