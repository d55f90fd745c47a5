import { describe, expect, test } from 'vitest';
import { BRAND_RULES, BRANDS, brandOf, normaliseDigits, parsePan, passesLuhn } from '../../src/lib/card.ts';

describe('parsePan', () => {
  test.each([
    ['4111111111111111', 'visa'],
    ['4000000000000002', 'visa'],
    ['5555555555554444', 'mastercard'],
    ['5555550100000001', 'mastercard'],
    ['2221000000000009', 'mastercard'],
    ['2720990000000007', 'mastercard'],
    ['3530111333300000', 'jcb'],
    ['3528000000000007', 'jcb'],
    ['378282246310005', 'amex'],
    ['341111111111111', 'amex'],
    ['36006666333344', 'diners'],
    ['30569309025904', 'diners'],
  ])('knows %s as %s', (digits, brand) => {
    const parsed = parsePan(digits);
    expect('pan' in parsed && [parsed.pan.reveal(), parsed.brand]).toEqual([digits, brand]);
  });

  test.each([
    '4111 1111 1111 1111',
    ' 4111-1111-1111-1111\t',
    '4111 1111 1111 1111',
    '４１１１１１１１１１１１１１１１',
    '４１１１　１１１１　１１１１　１１１１',
    '４１１１－１１１１－１１１１－１１１１',
    '4111ー1111ー1111ー1111',
    '4111‐1111‑1111–1111',
    '4111−1111—1111―1111',
    '4111\u200b1111\u200e1111\u200f1111',
  ])('reads %j as typed by people', (typed) => {
    const parsed = parsePan(typed);
    expect('pan' in parsed && parsed.pan.reveal()).toBe('4111111111111111');
  });

  test.each([
    ['', 'missing'],
    [' 　- ', 'missing'],
    ['4111x11111111111', 'not_digits'],
    ['4111/1111/1111/1111', 'not_digits'],
    ['四一一一', 'not_digits'],
    ['4١١١111111111111', 'not_digits'],
    ['41111111111', 'wrong_length'],
    ['41111111111111111111', 'wrong_length'],
    ['41111111111111117', 'wrong_length'],
    ['6011000990139424', 'unknown_brand'],
    ['2220999999999999', 'unknown_brand'],
    ['2721000000000000', 'unknown_brand'],
    ['3527000000000000', 'unknown_brand'],
    ['4111111111111112', 'check_digit'],
    ['378282246310006', 'check_digit'],
  ])('refuses %j as %s', (typed, fault) => {
    expect(parsePan(typed)).toEqual({ fault });
  });

  test('refuses every change of one digit and every swap of neighbours but 0 and 9', () => {
    const good = '4539578763621486';
    for (let index = 1; index < good.length; index += 1) {
      for (let digit = 0; digit <= 9; digit += 1) {
        const changed = good.slice(0, index) + digit + good.slice(index + 1);
        expect(passesLuhn(changed)).toBe(changed === good);
      }
      const pair = good.slice(index - 1, index + 1);
      const swapped = good.slice(0, index - 1) + [...pair].reverse().join('') + good.slice(index + 1);
      if (pair[0] !== pair[1] && !/^(09|90)$/.test(pair)) expect(passesLuhn(swapped)).toBe(false);
    }
  });
});

test.each([
  ['4', 'visa'],
  ['35', null],
  ['3530', 'jcb'],
  ['37', 'amex'],
  ['5', null],
  ['55', 'mastercard'],
  ['222', null],
  ['2221', 'mastercard'],
  ['38', 'diners'],
  ['', null],
])('a number that begins %j is of brand %s', (digits, brand) => {
  expect(brandOf(digits)).toBe(brand);
});

test('no number belongs to two brands', () => {
  for (let prefix = 0; prefix < 10_000; prefix += 1) {
    const digits = String(prefix).padStart(4, '0');
    expect(BRANDS.filter((brand) => BRAND_RULES[brand].prefix.test(digits)).length).toBeLessThanOrEqual(1);
  }
});

test('digits lose width and separators, and nothing else', () => {
  expect(normaliseDigits(' １２－３ ')).toBe('123');
  expect(normaliseDigits('1a2')).toBe('1a2');
});
