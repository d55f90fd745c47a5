import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dataKeys, tokens, vaultCards, vaultSecurityCodes } from '../../src/db/schema.ts';
import { DAY, HOUR, MINUTE, plus } from '../../src/lib/clock.ts';
import { keepCardUntil, openCard } from '../../src/vault/cards.ts';
import { purgeVault } from '../../src/vault/purge.ts';
import { takeSecurityCode } from '../../src/vault/security-codes.ts';
import { useToken } from '../../src/vault/tokens.ts';
import { openVaultWorld, tokenFor, type VaultWorld } from './world.ts';

const ALICE = 'A100000001';
const NOTHING = { cards: 0, securityCodes: 0, tokens: 0, keys: 0 };

let world: VaultWorld;

beforeAll(async () => {
  world = await openVaultWorld();
});

beforeEach(async () => {
  for (const table of [tokens, vaultCards, vaultSecurityCodes, dataKeys]) await world.db.delete(table);
  world.clock.advance(DAY * 2);
});

afterAll(() => world.close());

test('nothing young is removed', async () => {
  await tokenFor(world, ALICE);
  world.clock.advance(15 * MINUTE - 1);
  expect(await purgeVault(world)).toEqual(NOTHING);
});

test('a code goes after 15 minutes, its card after a day, its token a day after its end', async () => {
  await tokenFor(world, ALICE);
  world.clock.advance(15 * MINUTE);
  expect(await purgeVault(world)).toEqual({ ...NOTHING, securityCodes: 1 });
  world.clock.advance(DAY - 15 * MINUTE);
  expect(await purgeVault(world)).toEqual({ ...NOTHING, cards: 1, keys: 1 });
  world.clock.advance(15 * MINUTE);
  expect(await purgeVault(world)).toEqual({ ...NOTHING, tokens: 1 });
  expect(await purgeVault(world)).toEqual(NOTHING);
});

test('a code whose token is used late outlives the attempt', async () => {
  const token = await tokenFor(world, ALICE);
  world.clock.advance(14 * MINUTE);
  const input = { merchantId: ALICE, mode: 'test', tokenId: token.id, now: world.clock.now() } as const;
  await world.db.transaction((tx) => useToken(tx, input));
  world.clock.advance(15 * MINUTE);
  expect((await purgeVault(world)).securityCodes).toBe(0);
  const card = { merchantId: ALICE, cardId: token.cardId };
  expect(await world.db.transaction((tx) => takeSecurityCode(tx, card, world.clock.now()))).not.toBeNull();
});

test('a card that was authorised stays for as long as it was asked to', async () => {
  const { cardId } = await tokenFor(world, ALICE);
  const card = { merchantId: ALICE, cardId };
  await world.db.transaction((tx) =>
    keepCardUntil(tx, { ...card, until: plus(world.clock.now(), 400 * DAY) }),
  );
  world.clock.advance(399 * DAY);
  expect((await purgeVault(world)).cards).toBe(0);
  expect((await openCard(world, card)).pan.reveal()).toBe('4000000000000002');
  world.clock.advance(DAY);
  expect((await purgeVault(world)).cards).toBe(1);
  await expect(openCard(world, card)).rejects.toThrow('the card is not kept any more');
});

test('a security-code key goes with its day, and not while a code is sealed with it', async () => {
  const first = await world.keys.active('security_code');
  await world.keys.active('card');
  const token = await tokenFor(world, ALICE);
  world.clock.advance(DAY);
  await world.db
    .update(vaultSecurityCodes)
    .set({ expiresAt: plus(world.clock.now(), HOUR) })
    .where(eq(vaultSecurityCodes.cardId, token.cardId));
  expect((await purgeVault(world)).keys).toBe(0);
  world.clock.advance(HOUR);
  expect(await purgeVault(world)).toMatchObject({ securityCodes: 1, keys: 1 });
  await expect(world.keys.byId(first.id)).rejects.toThrow('no such data key');
});

test('keys of other purposes are never removed', async () => {
  const key = await world.keys.active('card');
  world.clock.advance(3_000 * DAY);
  expect(await purgeVault(world)).toEqual(NOTHING);
  expect((await world.keys.byId(key.id)).id).toBe(key.id);
});

test('more than a batch goes in one run', async () => {
  const token = await tokenFor(world, ALICE);
  const [row] = await world.db.select().from(vaultCards).where(eq(vaultCards.id, token.cardId));
  if (row === undefined) throw new Error('no card');
  const copies = Array.from({ length: 2_100 }, (_, n) => ({ ...row, id: `card_${n}` }));
  await world.db.insert(vaultCards).values(copies);
  world.clock.advance(DAY);
  expect((await purgeVault(world)).cards).toBe(2_101);
});

test('a row that a payment holds is left for the next run, without waiting', async () => {
  const { cardId } = await tokenFor(world, ALICE);
  world.clock.advance(DAY);
  await world.db.transaction(async (tx) => {
    await keepCardUntil(tx, { merchantId: ALICE, cardId, until: plus(world.clock.now(), DAY) });
    expect((await purgeVault(world)).cards).toBe(0);
  });
  expect((await purgeVault(world)).cards).toBe(0);
  world.clock.advance(DAY);
  expect((await purgeVault(world)).cards).toBe(1);
});
