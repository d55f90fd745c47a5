import { expect, test } from 'vitest';
import { parsePan } from '../../src/lib/card.ts';
import { areqFault } from '../../src/simulator/threeds-rules.ts';
import { countryNumber } from '../../src/threeds/countries.ts';
import { phoneOf } from '../../src/threeds/phone.ts';
import type { AuthenticationRequest, PostalAddress } from '../../src/threeds/port.ts';
import { readMessage } from '../../src/threeds/read-message.ts';
import { writeAReq } from '../../src/threeds/write-areq.ts';
import type { OpenedCard } from '../../src/vault/cards.ts';
import { request, SCRIPTED, SHOPPER, UNSCRIPTED } from './requests.ts';

const TOKYO: PostalAddress = {
  line1: '千代田1-1',
  line2: '',
  city: '千代田区',
  state: '13',
  postal_code: '100-0001',
  country: 'jp',
};

/** Written, then held against our reader and against the simulator's own rules. */
function written(changes: Partial<AuthenticationRequest> = {}): Record<string, unknown> {
  const text = writeAReq(request(changes), openedCard(), 'https://pay.example') ?? '';
  const reading = readMessage(text, { expected: ['AReq'] });
  expect(reading).toMatchObject({ ok: true });
  const message = JSON.parse(text);
  expect(areqFault(message, message.messageVersion)).toBe(null);
  return message;
}

function openedCard(): OpenedCard {
  const parsed = parsePan('4000000000000002');
  if (!('pan' in parsed)) throw new Error('not a number');
  return { pan: parsed.pan, expMonth: 3, expYear: 2031 };
}

test('a payment in 2.2.0 with everything known', () => {
  const transId = request().transId;
  expect(written({ transId })).toEqual({
    messageType: 'AReq',
    messageVersion: '2.2.0',
    messageCategory: '01',
    deviceChannel: '02',
    threeDSServerTransID: transId,
    threeDSServerRefNumber: expect.stringMatching(/^.{1,32}$/),
    threeDSServerURL: 'https://pay.example/3ds/results',
    notificationURL: 'https://pay.example/3ds/notification',
    threeDSCompInd: 'U',
    threeDSRequestorAuthenticationInd: '01',
    threeDSRequestorChallengeInd: '01',
    threeDSRequestorID: 'A100000042',
    threeDSRequestorName: 'Example Shop',
    threeDSRequestorURL: 'https://shop.example/',
    acquirerBIN: '900001',
    acquirerMerchantID: 'A100000042',
    mcc: '5942',
    merchantCountryCode: '392',
    merchantName: 'Example Shop',
    purchaseAmount: '12800',
    purchaseCurrency: '392',
    purchaseExponent: '0',
    purchaseDate: '20260115030405',
    acctNumber: '4000000000000002',
    cardExpiryDate: '3103',
    cardholderName: 'TARO YAMADA',
    email: 'shopper@example.com',
    mobilePhone: { cc: '81', subscriber: '9012345678' },
    browserAcceptHeader: 'text/html,application/xhtml+xml',
    browserUserAgent: 'Mozilla/5.0 (test)',
    browserIP: '192.0.2.10',
    browserJavascriptEnabled: true,
    browserJavaEnabled: false,
    browserLanguage: 'ja-JP',
    browserColorDepth: '24',
    browserScreenHeight: '900',
    browserScreenWidth: '1440',
    browserTZ: '-540',
  });
});

test('without JavaScript 2.2.0 says so and sends nothing a script would have told; 2.1.0 cannot be sent', () => {
  const message = written({ browser: UNSCRIPTED });
  expect(message.browserJavascriptEnabled).toBe(false);
  expect(Object.keys(message).filter((name) => /Java(?!script)|Color|Screen|TZ|Language/.test(name))).toEqual(
    [],
  );
  expect(
    writeAReq(request({ version: '2.1.0', browser: UNSCRIPTED }), openedCard(), 'https://pay.example'),
  ).toBe(null);
  expect(written({ browser: { ...SCRIPTED, timeZoneOffset: null } }).browserJavascriptEnabled).toBe(false);
});

test('2.1.0 has the script data, and no word for a script', () => {
  const message = written({ version: '2.1.0' });
  expect(message).toMatchObject({ messageVersion: '2.1.0', browserTZ: '-540', browserLanguage: 'ja-JP' });
  expect('browserJavascriptEnabled' in message).toBe(false);
});

test.each([
  [{ colorDepth: 30 }, { browserColorDepth: '24' }],
  [{ colorDepth: 64 }, { browserColorDepth: '48' }],
  [{ colorDepth: 0 }, { browserColorDepth: '1' }],
  [{ language: 'zh-Hant-TW' }, { browserLanguage: 'zh-Hant' }],
  [{ language: 'ja' }, { browserLanguage: 'ja' }],
  [{ language: 'x-verylongtag' }, { browserLanguage: 'x' }],
  [{ timeZoneOffset: 0 }, { browserTZ: '0' }],
  [{ timeZoneOffset: 480 }, { browserTZ: '480' }],
  [
    { screenHeight: 899.6, screenWidth: -1 },
    { browserScreenHeight: '900', browserScreenWidth: '0' },
  ],
  [
    { acceptHeader: '', userAgent: '' },
    { browserAcceptHeader: '*/*', browserUserAgent: 'unknown' },
  ],
  [{ userAgent: 'x'.repeat(3000) }, { browserUserAgent: 'x'.repeat(2048) }],
  [{ ip: '::ffff:192.0.2.1' }, { browserIP: '192.0.2.1' }],
  [{ ip: 'fe80::1%eth0' }, { browserIP: 'fe80::1' }],
])('browser %o is told as %o', (browser, elements) => {
  expect(written({ browser: { ...SCRIPTED, ...browser } })).toMatchObject(elements);
});

test('what does not fit an optional element is left out', () => {
  const shopper = {
    ...SHOPPER,
    cardholderName: 'X',
    email: 'no address',
    phone: '1234-5678',
    billingAddress: { line1: '', state: '13', country: 'XX' },
    shippingAddress: null,
  };
  const message = written({ brand: 'jcb', shopper, browser: { ...SCRIPTED, ip: 'nowhere' } });
  const optional = /^(cardholderName|email|.*Phone|bill.*|ship.*|addrMatch|browserIP)$/;
  expect(Object.keys(message).filter((name) => optional.test(name))).toEqual([]);
});

test('names and lines are cut to their length, never inside a character', () => {
  const name = `${'x'.repeat(39)}𠮷野家`;
  const requestor = { ...request().requestor, merchantName: name };
  const billingAddress = { ...TOKYO, line1: '丁'.repeat(60) };
  const message = written({
    requestor,
    shopper: { ...SHOPPER, cardholderName: 'A'.repeat(60), billingAddress },
  });
  expect(message).toMatchObject({
    merchantName: 'x'.repeat(39),
    cardholderName: 'A'.repeat(45),
    billAddrLine1: '丁'.repeat(50),
  });
});

test('addresses carry country and prefecture as numbers, and whether they are the same', () => {
  const shopper = { ...SHOPPER, billingAddress: TOKYO, shippingAddress: { ...TOKYO, state: 'JP-13' } };
  const message = written({ shopper });
  expect(message).toMatchObject({
    billAddrLine1: '千代田1-1',
    billAddrCity: '千代田区',
    billAddrState: '13',
    billAddrCountry: '392',
    billAddrPostCode: '100-0001',
    shipAddrState: '13',
    addrMatch: 'Y',
  });
  expect('billAddrLine2' in message).toBe(false);
});

test.each<[string, PostalAddress | null, string | undefined]>([
  ['the same', TOKYO, 'Y'],
  [
    'the same, written in another way',
    { ...TOKYO, line1: ' 千代田1-1 ', state: 'JP-13', country: 'JP' },
    'Y',
  ],
  ['another house', { ...TOKYO, line1: '千代田1-2' }, 'N'],
  ['the same words in other places', { ...TOKYO, line1: '', line2: '千代田1-1' }, 'N'],
  ['none', null, undefined],
  ['one with nothing that can be sent', { state: '13' }, undefined],
])('beside an address, %s: addrMatch is %#', (_, shippingAddress, match) => {
  const shopper = { ...SHOPPER, billingAddress: TOKYO, shippingAddress };
  expect(written({ shopper }).addrMatch).toBe(match);
});

test.each([
  ['+819012345678', 'mobilePhone', '81', '9012345678'],
  ['+8109012345678', 'mobilePhone', '81', '9012345678'],
  ['+81 3-1234-5678', 'homePhone', '81', '312345678'],
  ['090-1234-5678', 'mobilePhone', '81', '9012345678'],
  ['03-1234-5678', 'homePhone', '81', '312345678'],
  ['+12025550123', 'mobilePhone', '1', '2025550123'],
  ['+821012345678', 'mobilePhone', '82', '1012345678'],
  ['+85212345678', 'mobilePhone', '852', '12345678'],
  ['+35312345678', 'mobilePhone', '353', '12345678'],
])('%s is %s %s %s', (phone, kind, cc, subscriber) => {
  expect(phoneOf(phone)).toEqual({ kind, number: { cc, subscriber } });
});

test('every country has one number of three digits', () => {
  expect(['JP', 'us', 'GB', 'KR', 'CN', 'TW', 'HK', 'XX', ''].map(countryNumber)).toEqual([
    '392',
    '840',
    '826',
    '410',
    '156',
    '158',
    '344',
    null,
    null,
  ]);
});

test.each(['2.1.0', '2.2.0'] as const)('instalments in %s: how many, how often, until when', (version) => {
  const purchasedAt = new Date('2026-11-30T15:30:00Z');
  expect(written({ version, purchasedAt, browser: SCRIPTED, installments: 3 })).toMatchObject({
    threeDSRequestorAuthenticationInd: '03',
    purchaseInstalData: '3',
    recurringFrequency: '28',
    recurringExpiry: '20270331',
  });
});

test('a payment without a number of payments is a payment', () => {
  for (const installments of [null, undefined]) {
    const message = written({ installments });
    expect(message.threeDSRequestorAuthenticationInd).toBe('01');
    expect(message).not.toHaveProperty('purchaseInstalData');
    expect(message).not.toHaveProperty('recurringExpiry');
  }
});
