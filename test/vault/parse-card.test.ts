import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CardFields, parseCard } from '../../src/vault/parse-card.ts';
import { FIELDS, START } from './world.ts';

const TEST = { mode: 'test', now: START } as const;
const LIVE = { mode: 'live', now: START } as const;

function read(fields: Partial<CardFields>, context: typeof TEST | typeof LIVE = TEST) {
  return parseCard({ ...FIELDS, ...fields }, context);
}

function faults(fields: Partial<CardFields>, context?: typeof TEST | typeof LIVE) {
  const parsed = read(fields, context);
  return parsed.ok ? {} : parsed.faults;
}

describe('expiry', () => {
  test.each([
    '05/27',
    '5/27',
    '05/2027',
    '0527',
    '052027',
    '05 27',
    '05 / 27',
    ' 05-27 ',
    '05.27',
    '2027-05',
    '2027/5',
    '０５／２７',
    '０５２７',
    '０５　／　２７',
    '２０２７－０５',
    '05ー27',
    '05–27',
    '05⁄27',
  ])('reads %j as May 2027', (exp) => {
    const parsed = read({ exp });
    expect(parsed.ok && [parsed.card.expMonth, parsed.card.expYear]).toEqual([5, 2027]);
  });

  test.each([
    { exp_month: 5, exp_year: 2027 },
    { exp_month: 5, exp_year: 27 },
  ])('reads numbers: %j', (exp) => {
    const parsed = read({ exp });
    expect(parsed.ok && [parsed.card.expMonth, parsed.card.expYear]).toEqual([5, 2027]);
  });

  test.each([
    ['', 'missing'],
    ['　', 'missing'],
    ['13/27', 'invalid'],
    ['00/27', 'invalid'],
    ['5/2', 'invalid'],
    ['527', 'invalid'],
    ['05/027', 'invalid'],
    ['05/2127', 'invalid'],
    ['1905-05', 'invalid'],
    ['05/27/01', 'invalid'],
    ['may 27', 'invalid'],
    ['-5/27', 'invalid'],
    [{ exp_month: 5.5, exp_year: 2027 }, 'invalid'],
    [{ exp_month: 0, exp_year: 2027 }, 'invalid'],
    [{ exp_month: 13, exp_year: 2027 }, 'invalid'],
    [{ exp_month: 5, exp_year: -1 }, 'invalid'],
    [{ exp_month: 5, exp_year: 20270 }, 'invalid'],
    [{ exp_month: Number.NaN, exp_year: Number.NaN }, 'invalid'],
    ['06/26', 'expired'],
    ['2000-01', 'expired'],
  ] as const)('refuses %j as %s', (exp, fault) => {
    expect(faults({ exp })).toEqual({ exp: fault });
  });

  test.each([
    ['2026-07-31T14:59:59.999Z', {}],
    ['2026-07-31T15:00:00.000Z', { exp: 'expired' }],
  ])('a card of July is good to the end of July in Japan: %s', (now, expected) => {
    const parsed = parseCard({ ...FIELDS, exp: '07/26' }, { mode: 'test', now: new Date(now) });
    expect(parsed.ok ? {} : parsed.faults).toEqual(expected);
  });

  test.each([
    ['2026-12-31T14:59:59.999Z', true],
    ['2026-12-31T15:00:00.000Z', false],
  ])('a card of December is good to the end of the year in Japan: %s', (now, ok) => {
    expect(parseCard({ ...FIELDS, exp: '12/26' }, { mode: 'test', now: new Date(now) }).ok).toBe(ok);
  });
});

describe('security code', () => {
  test.each([
    ['4000000000000002', '１２３', '123'],
    ['4000000000000002', ' 012 ', '012'],
    ['378282010000006', '1234', '1234'],
  ])('for %s reads %j', (number, csc, expected) => {
    const parsed = read({ number, csc });
    expect(parsed.ok && parsed.card.securityCode.reveal()).toBe(expected);
  });

  test.each([
    ['4000000000000002', '', 'missing'],
    ['4000000000000002', '12', 'wrong_length'],
    ['4000000000000002', '1234', 'wrong_length'],
    ['378282010000006', '123', 'wrong_length'],
    ['4000000000000002', '12a', 'invalid_characters'],
  ])('for %s refuses %j as %s', (number, csc, fault) => {
    expect(faults({ number, csc })).toEqual({ csc: fault });
  });

  test('is judged by the brand of a number that is itself at fault', () => {
    expect(faults({ number: '378282010000007', csc: '123' })).toEqual({
      number: 'check_digit',
      csc: 'wrong_length',
    });
    expect(faults({ number: '', csc: '1234' })).toEqual({ number: 'missing' });
  });
});

describe('name', () => {
  test.each([
    ['taro yamada', 'TARO YAMADA'],
    ['ＴＡＲＯ　ＹＡＭＡＤＡ', 'TARO YAMADA'],
    ['  Taro   Yamada ', 'TARO YAMADA'],
    ['Mary-Jane O’Neil Jr.', "MARY-JANE O'NEIL JR."],
    ['José Müller', 'JOSE MULLER'],
    ['YAMADA/TARO', 'YAMADA/TARO'],
    ['Li', 'LI'],
    ['A'.repeat(45), 'A'.repeat(45)],
  ])('reads %j as %j', (name, expected) => {
    const parsed = read({ name });
    expect(parsed.ok && parsed.card.cardholderName).toBe(expected);
  });

  test.each([
    ['', 'missing'],
    ['　 ', 'missing'],
    ['山田太郎', 'invalid_characters'],
    ['ヤマダ タロウ', 'invalid_characters'],
    ['ﾔﾏﾀﾞ ﾀﾛｳ', 'invalid_characters'],
    ['がぎ', 'invalid_characters'],
    ['4000000000000002', 'invalid_characters'],
    ['TARO\u0000', 'invalid_characters'],
    ['TARO <b>', 'invalid_characters'],
    ['TARO 😀', 'invalid_characters'],
    ['X', 'wrong_length'],
    ['A'.repeat(46), 'wrong_length'],
    ['- .', 'invalid'],
  ])('refuses %j as %s', (name, fault) => {
    expect(faults({ name })).toEqual({ name: fault });
  });
});

describe('number', () => {
  test('all faults come at once', () => {
    expect(faults({ number: '4111', exp: '13/27', csc: '1', name: '山田' })).toEqual({
      number: 'wrong_length',
      exp: 'invalid',
      csc: 'wrong_length',
      name: 'invalid_characters',
    });
    expect(faults({ number: '', exp: '', csc: '', name: '' })).toEqual({
      number: 'missing',
      exp: 'missing',
      csc: 'missing',
      name: 'missing',
    });
  });

  test.each([
    '4000000000000002',
    '4000000100000001',
    '4000000200000000',
    '4000000051000000',
    '5555550100000001',
    '3530110100000009',
    '378282010000006',
    '36000001000007',
    '4111111111111111',
    '5555555555554444',
    '3530111333300000',
    '378282246310005',
    '36006666333344',
  ])('%s exists in test mode and is refused in live mode', (number) => {
    const csc = number.startsWith('37') ? '1234' : '123';
    expect(faults({ number, csc })).toEqual({});
    expect(faults({ number, csc }, LIVE)).toEqual({ number: 'test_card' });
  });

  test.each([
    '4539578763621486',
    '4012888888881881',
    '5200828282828210',
    '4000000000010001',
    '30569309025904',
  ])('%s does not exist in test mode and is taken in live mode', (number) => {
    expect(faults({ number })).toEqual({ number: 'not_a_test_card' });
    expect(faults({ number }, LIVE)).toEqual({});
  });

  test.each([
    ['4000 0000 0000 0003', 'check_digit'],
    ['4000 0000 0000 000x', 'invalid_characters'],
    ['6011000990139424', 'unknown_brand'],
    ['4000 0000', 'wrong_length'],
  ])('%s is refused as %s before its mode is looked at', (number, fault) => {
    expect(faults({ number })).toEqual({ number: fault });
    expect(faults({ number }, LIVE)).toEqual({ number: fault });
  });
});

test('nothing that a card is printed with shows a digit of the number or the code', () => {
  const parsed = read({ number: '4000000000000002', csc: '737' });
  const card = parsed.ok ? parsed.card : null;
  const printed = [
    inspect(parsed, { depth: 9, showHidden: true, getters: true }),
    JSON.stringify(parsed),
    format('%o %j %s', card, card, card),
    String(card?.pan),
    inspect(new Error('declined', { cause: card }), { depth: 9 }),
    JSON.stringify(structuredClone({ ...card, pan: `${card?.pan}`, securityCode: `${card?.securityCode}` })),
  ].join('\n');
  expect(printed).not.toMatch(/40000|0002|737\b/);
});

test('no input whatever makes it throw, and faults never repeat what was typed', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('0', '１', '4', '/', '-', ' ') }),
  );
  fc.assert(
    fc.property(text, text, text, text, (number, exp, csc, name) => {
      const parsed = parseCard({ number, exp, csc, name }, TEST);
      expect(JSON.stringify(parsed.ok ? {} : parsed.faults)).toMatch(/^[{}a-z_":,]*$/);
    }),
    { numRuns: 500 },
  );
});
