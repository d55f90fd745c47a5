import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PaymentTypeContract } from '../../../src/db/schema.ts';
import { newOrderId, sessionBody } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { type TestBrand, testPan } from '../../support/cards.ts';
import { testClock } from '../../support/clock.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

/** What a session may offer and a token may be paid by: the contract decides, then the card's brand. */
let world: World;
let shop: TestMerchant;
/** In no season of bonuses. */
let summer: World;

const CONTRACT: PaymentTypeContract = {
  installments: [3, 6],
  revolving: false,
  bonus: true,
  bonusInstallments: [],
};

beforeAll(async () => {
  world = await openWorld({ clock: testClock(new Date('2026-10-01T00:00:00Z')) });
  summer = await openWorld({ clock: testClock(new Date('2026-07-01T00:00:00Z')) });
  shop = await world.merchant({ paymentTypes: CONTRACT });
});
afterAll(async () => {
  await world.close();
  await summer.close();
});

const open = (card: unknown, key = shop.keys.sk_test) =>
  call(world, 'POST /v1/sessions', { key, body: sessionBody({ card }) });

test('a session may offer what the contract allows', async () => {
  expect((await open({ installments: [6, 3], bonus: true, revolving: false })).status).toBe(201);
});

test.each([
  [{ installments: [3, 12] }, '#/card/installments/1', 'it allows 3, 6'],
  [{ installments: [7] }, '#/card/installments/0', 'it allows 3, 6'],
  [{ revolving: true }, '#/card/revolving', 'leave it out'],
  [{ bonus_installments: [6] }, '#/card/bonus_installments/0', 'it allows none'],
])('%j is not in the contract: %s', async (card, pointer, hint) => {
  const { status, body } = await open(card);
  expect([status, body.errors.length, body.errors[0].pointer]).toEqual([422, 1, pointer]);
  expect(body.errors[0].code).toBe('not_in_contract');
  expect(body.errors[0].detail).toContain(hint);
});

test('a merchant without a contract tries everything in test mode, and has a lump sum in live mode', async () => {
  const { keys } = await world.merchant();
  const everything = { installments: [2, 24], revolving: true, bonus: true, bonus_installments: [3] };
  expect((await open(everything, keys.sk_test)).status).toBe(201);
  const live = await open(everything, keys.sk_live);
  expect([live.status, live.body.errors.length]).toEqual([422, 5]);
  expect((await open({ installments: [], revolving: false }, keys.sk_live)).status).toBe(201);
});

describe('a token is paid by one payment type', () => {
  async function payIn(where: World, card: unknown, brand: TestBrand = 'visa', who?: TestMerchant) {
    const { keys } = who ?? (await where.merchant());
    const number = testPan('00', '00', brand);
    const csc = brand === 'amex' ? '1234' : '123';
    const fields = { number, exp_month: 12, exp_year: 2030, csc, name: 'HANAKO YAMADA' };
    const made = await call(where, 'POST /v1/tokens', { key: keys.pk_test, body: { card: fields } });
    const body = { ...sessionBody({ order_id: newOrderId() }), token: made.body.id, card };
    return call(where, 'POST /v1/payments', { key: keys.sk_test, body });
  }

  test.each<[TestBrand, Record<string, unknown>, unknown]>([
    ['visa', {}, ['lump_sum', null]],
    ['visa', { installments: [3, 6] }, ['lump_sum', null]],
    ['visa', { payment_type: 'installments', installments: [3] }, ['installments', 3]],
    ['jcb', { payment_type: 'revolving' }, ['revolving', null]],
    [
      'mastercard',
      { payment_type: 'bonus_installments', bonus_installments: [6] },
      ['bonus_installments', 6],
    ],
    ['amex', { payment_type: 'bonus' }, ['bonus', null]],
    ['diners', { payment_type: 'revolving' }, ['revolving', null]],
  ])('%s by %j', async (brand, card, expected) => {
    const { status, body } = await payIn(world, card, brand);
    expect(status).toBe(201);
    expect([body.card.payment_type, body.card.installments]).toEqual(expected);
  });

  test.each<[TestBrand, Record<string, unknown>, string, string]>([
    ['visa', { payment_type: 'installments' }, '#/card/installments', 'required'],
    ['visa', { payment_type: 'installments', installments: [3, 6] }, '#/card/installments', 'invalid_value'],
    ['visa', { payment_type: 'installments', installments: [7] }, '#/card/installments/0', 'not_in_contract'],
    ['visa', { payment_type: 'weekly' }, '#/card/payment_type', 'invalid_value'],
    ['amex', { payment_type: 'revolving' }, '#/card/payment_type', 'not_for_brand'],
    ['diners', { payment_type: 'installments', installments: [3] }, '#/card/payment_type', 'not_for_brand'],
  ])('%s cannot pay by %j', async (brand, card, pointer, code) => {
    const { status, body } = await payIn(world, card, brand);
    expect([status, body.errors]).toMatchObject([422, [{ pointer, code }]]);
  });

  test('nor by one outside its contract or its season', async () => {
    const outside = await payIn(world, { payment_type: 'revolving' }, 'visa', shop);
    expect(outside.body.errors).toMatchObject([{ pointer: '#/card/payment_type', code: 'not_in_contract' }]);
    const early = await payIn(summer, { payment_type: 'bonus' });
    expect(early.body.errors).toMatchObject([{ pointer: '#/card/payment_type', code: 'out_of_season' }]);
  });

  test('a session has no payment type: the shopper chooses', async () => {
    const { body } = await open({ payment_type: 'bonus' });
    expect(body.errors).toMatchObject([{ pointer: '#/card/payment_type', code: 'unknown_field' }]);
  });
});
