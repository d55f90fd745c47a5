import { inspect } from 'node:util';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokens, vaultCards, vaultSecurityCodes } from '../../src/db/schema.ts';
import { plus } from '../../src/lib/clock.ts';
import { keepCardUntil, openCard } from '../../src/vault/cards.ts';
import { openSecurityCode, takeSecurityCode } from '../../src/vault/security-codes.ts';
import { openVaultWorld, START, secondProcess, tokenFor, type VaultWorld } from './world.ts';

const ALICE = 'A100000001';
const BOB = 'A100000002';
const PAN = '4000000000000002';

let world: VaultWorld;
let other: VaultWorld;

beforeAll(async () => {
  world = await openVaultWorld();
  other = secondProcess(world);
});

afterAll(async () => {
  await Promise.all([world.close(), other.close()]);
});

async function keptCard(merchantId = ALICE, number = PAN) {
  const csc = number.startsWith('37') ? '7371' : '737';
  const { cardId } = await tokenFor(world, merchantId, { number, csc });
  return { merchantId, cardId };
}

async function errorOf(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome;
  throw new Error('nothing was thrown');
}

describe('a kept card', () => {
  test.each([PAN, '5555555555554444', '3530111333300000', '378282246310005', '36006666333344'])(
    '%s opens as what it was, in any process',
    async (number) => {
      const opened = await openCard(other, await keptCard(ALICE, number));
      expect([opened.pan.reveal(), opened.expMonth, opened.expYear]).toEqual([number, 12, 2030]);
    },
  );

  test('opens after its key was rotated', async () => {
    const card = await keptCard();
    await other.keys.rotate('card');
    expect((await openCard(world, card)).pan.reveal()).toBe(PAN);
  });

  test('is not there for another merchant', async () => {
    const { cardId } = await keptCard();
    await expect(openCard(world, { merchantId: BOB, cardId })).rejects.toThrow(
      'the card is not kept any more',
    );
  });

  test.each(['another card of the merchant', 'another merchant'])(
    'does not open once moved to %s',
    async (where) => {
      const from = await keptCard();
      const to = await keptCard(where === 'another merchant' ? BOB : ALICE, '5555555555554444');
      const sealed = await sealedOf(from.cardId);
      await world.db.update(vaultCards).set({ sealed }).where(eq(vaultCards.id, to.cardId));
      await expect(openCard(world, to)).rejects.toThrow('sealed bytes did not open');
    },
  );

  test('does not open when its whole row was copied to another merchant', async () => {
    const from = await keptCard();
    const [row] = await world.db.select().from(vaultCards).where(eq(vaultCards.id, from.cardId));
    if (row === undefined) throw new Error('no row');
    await world.db.insert(vaultCards).values({ ...row, merchantId: BOB });
    await expect(openCard(world, { ...from, merchantId: BOB })).rejects.toThrow('sealed bytes did not open');
  });

  test('does not open under another key id', async () => {
    const card = await keptCard();
    const key = await world.keys.rotate('card');
    await world.db.update(vaultCards).set({ keyId: key.id }).where(eq(vaultCards.id, card.cardId));
    await expect(openCard(world, card)).rejects.toThrow('sealed bytes did not open');
  });

  test('refuses tampered bytes with an error that shows nothing', async () => {
    const card = await keptCard();
    const sealed = await sealedOf(card.cardId);
    sealed[sealed.length - 20] = (sealed[sealed.length - 20] ?? 0) ^ 1;
    await world.db.update(vaultCards).set({ sealed }).where(eq(vaultCards.id, card.cardId));
    const error = await errorOf(openCard(world, card));
    expect(error.message).toBe('sealed bytes did not open');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(PAN);
  });

  test('is kept longer when asked to, and never shorter', async () => {
    const card = await keptCard();
    const later = plus(START, 400 * 86_400_000);
    await world.db.transaction((tx) => keepCardUntil(tx, { ...card, until: later }));
    await world.db.transaction((tx) => keepCardUntil(tx, { ...card, until: START }));
    const [row] = await world.db.select().from(vaultCards).where(eq(vaultCards.id, card.cardId));
    expect(row?.purgeAt).toEqual(later);
  });
});

describe('a security code', () => {
  const take = (of: VaultWorld, card: { merchantId: string; cardId: string }) =>
    of.db.transaction((tx) => takeSecurityCode(tx, card, world.clock.now()));

  test('is taken once, opens as what it was, and is then in no table', async () => {
    const card = await keptCard();
    const taken = await take(world, card);
    if (taken === null) throw new Error('no code');
    expect(await world.db.$count(vaultSecurityCodes, eq(vaultSecurityCodes.cardId, card.cardId))).toBe(0);
    expect((await openSecurityCode(other, taken)).reveal()).toBe('737');
    expect(await take(world, card)).toBeNull();
    expect(await take(other, card)).toBeNull();
    expect(inspect(taken, { depth: 9 })).not.toContain('737373');
  });

  test('of 50 that take it at once exactly one has it', async () => {
    const card = await keptCard();
    const taken = await Promise.all(
      Array.from({ length: 50 }, (_, n) => take(n % 2 === 0 ? world : other, card)),
    );
    expect(taken.filter((code) => code !== null).length).toBe(1);
  });

  test('comes back when the intent to authorise was not recorded', async () => {
    const card = await keptCard();
    const failing = world.db.transaction(async (tx) => {
      await takeSecurityCode(tx, card, world.clock.now());
      throw new Error('gave up');
    });
    await expect(failing).rejects.toThrow('gave up');
    expect(await take(world, card)).not.toBeNull();
  });

  test('is not there for another merchant', async () => {
    const card = await keptCard();
    expect(await take(world, { ...card, merchantId: BOB })).toBeNull();
    expect(await take(world, card)).not.toBeNull();
  });

  test.each([
    ['another merchant', { merchantId: BOB }],
    ['another card', { cardId: 'card_other' }],
  ])('does not open for %s', async (_, changed) => {
    const taken = await take(world, await keptCard());
    if (taken === null) throw new Error('no code');
    await expect(openSecurityCode(world, { ...taken, ...changed })).rejects.toThrow(
      'sealed bytes did not open',
    );
  });

  test('is kept in a table that never reaches the write-ahead log', async () => {
    const rows = await world.raw`
      select relname, relpersistence from pg_class
      where relname like 'vault_security_codes%' order by relname`;
    expect(rows.map((row) => row.relpersistence)).toEqual(['u', 'u']);
  });
});

test('no column of any table holds a card number, in digits, hex or base64', async () => {
  const numbers = [PAN, '5555555555554444', '378282246310005', '36006666333344'];
  for (const number of numbers) await keptCard(ALICE, number);
  const dump = await everything();
  expect(dump).toContain('taro yamada');
  for (const number of numbers) {
    for (const form of formsOf(number)) expect(dump.includes(form), 'a form of a card number').toBe(false);
  }
});

test('that search finds a number planted in any form', async () => {
  const token = await tokenFor(world, ALICE);
  for (const form of formsOf(PAN)) {
    await world.db
      .update(tokens)
      .set({ cardholderName: `x${form}y` })
      .where(eq(tokens.id, token.id));
    expect((await everything()).includes(form)).toBe(true);
  }
  const raw = Buffer.from(`..${PAN}..`);
  await world.db.update(tokens).set({ cardholderName: '' }).where(eq(tokens.id, token.id));
  await world.db.update(vaultCards).set({ sealed: raw }).where(eq(vaultCards.id, token.cardId));
  expect((await everything()).includes(PAN)).toBe(true);
  // What was planted here must not be found by the search through all that the suite leaves behind.
  await world.db
    .update(vaultCards)
    .set({ sealed: Buffer.alloc(0) })
    .where(eq(vaultCards.id, token.cardId));
});

async function sealedOf(cardId: string): Promise<Buffer> {
  const [row] = await world.db.select().from(vaultCards).where(eq(vaultCards.id, cardId));
  if (row === undefined) throw new Error('no card');
  return Buffer.from(row.sealed);
}

/** Every row of every table as text; bytes come as hex and once more as the characters they may be. */
async function everything(): Promise<string> {
  const tables = await world.raw`select tablename from pg_tables where schemaname = 'public'`;
  const parts: string[] = [];
  for (const { tablename } of tables) {
    const rows = await world.raw`select row_to_json(t)::text as line from ${world.raw(tablename)} t`;
    for (const { line } of rows) parts.push(line, charactersOfBytes(line));
  }
  return parts.join('\n').toLowerCase();
}

function charactersOfBytes(line: string): string {
  const found = line.match(/\\\\x[0-9a-f]+/g) ?? [];
  return found.map((hex) => Buffer.from(hex.slice(3), 'hex').toString('latin1')).join('\n');
}

/**
 * Digits, grouped digits, hex of the characters, base64 at each of its three alignments; all in lower case.
 */
function formsOf(number: string): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.from(' '.repeat(offset) + number).toString('base64');
    return text.slice(offset === 0 ? 0 : 4, -4);
  });
  const groups = number.replace(/(.{4})(?=.)/g, '$1 ');
  const hex = Buffer.from(number).toString('hex');
  return [number, groups, groups.replaceAll(' ', '-'), hex, ...base64].map((form) => form.toLowerCase());
}
