import { expect, test } from 'vitest';
import { writeErro } from '../../src/threeds/erro.ts';
import type { Category, MessageType } from '../../src/threeds/field-rule.ts';
import { isWebAddress, readMessage } from '../../src/threeds/read-message.ts';
import { type Family, vector, vectors } from './vectors.ts';

type Elements = Record<string, unknown>;

function verdict(text: string, type: MessageType, category: Category = '01'): string {
  const reading = readMessage(text, { expected: [type], category });
  return reading.ok ? 'accepted' : `${reading.fault.errorCode} ${reading.fault.errorDetail}`;
}

/** Each recorded AReq has one empty element, which is told first; what is told without it stands here. */
const AREQS: Record<string, string[]> = {
  accepted: [
    ...['210-101', '210-104', '210-105', '210-106', '210-401'],
    ...['220-101', '220-102', '220-103', '220-104', '220-105', '220-107'],
    ...['220-401', '220-402', '220-403', '220-404', '220-501', '220-502', '220-503', '220-504', '220-505'],
    ...['220-601', '220-602', '220-701'],
  ],
  '304 shipAddrCountry': ['210-102', '210-103', '220-106'],
  '304 billAddrCountry': ['220-603'],
  '304 merchantCountryCode,billAddrCountry': ['210-301'],
};

test('every recorded AReq is refused for its empty element, and without it judged as the table says', () => {
  const judged: Record<string, string[]> = {};
  for (const { name, message } of vectors('areq')) {
    const areq: Elements = { ...message, acctNumber: `4012${String(message.acctNumber).slice(4)}` };
    expect(verdict(JSON.stringify(areq), 'AReq')).toBe('203 threeDSRequestorPriorAuthenticationInfo');
    const { threeDSRequestorPriorAuthenticationInfo: _, ...filled } = areq;
    const says = verdict(JSON.stringify(filled), 'AReq');
    judged[says] = [...(judged[says] ?? []), name.replace('visa/3DSS-', '')];
  }
  expect(judged).toEqual(AREQS);
});

const OTHERS: [Exclude<Family, 'areq'>, MessageType, number][] = [
  ['ares', 'ARes', 28],
  ['creq', 'CReq', 5],
  ['cres', 'CRes', 3],
  ['rreq', 'RReq', 4],
  ['rres', 'RRes', 4],
  ['preq', 'PReq', 7],
  ['pres', 'PRes', 6],
  ['erro', 'Erro', 1],
];
/** Its AReq was no payment: alone of all Y it has no authentication value. */
const NO_PAYMENT = 'visa/3DSS-210-301';

test.each(OTHERS)('every recorded %s is accepted', (family, type, count) => {
  const judged = vectors(family).map(({ name, message }) =>
    verdict(JSON.stringify(message), type, name === NO_PAYMENT ? '02' : '01'),
  );
  expect(judged).toEqual(Array.from({ length: count }, () => 'accepted'));
});

test('a payment that was authenticated without a value is refused', () => {
  const { message } = vector('ares', NO_PAYMENT);
  expect(verdict(JSON.stringify(message), 'ARes', '01')).toBe('201 authenticationValue');
});

const ARES = vector('ares', 'visa/3DSS-220-101').message;
const CHALLENGE = vector('ares', 'visa/3DSS-220-107').message;
const { threeDSRequestorPriorAuthenticationInfo: _empty, ...AREQ } = vector(
  'areq',
  'visa/3DSS-220-101',
).message;
const RREQ = vector('rreq', 'visa/3DSS-220-107').message;
const extension = (more: Elements) => [
  { name: 'n', id: 'A-1', criticalityIndicator: false, data: {}, ...more },
];

function without(message: Elements, ...names: string[]): Elements {
  return Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)));
}

const CHANGED: [what: string, type: MessageType, message: Elements, says: string][] = [
  ['another type than expected', 'ARes', RREQ, '101 messageType'],
  ['an unknown type', 'ARes', { ...ARES, messageType: 'Xxxx' }, '101 messageType'],
  ['no version', 'ARes', without(ARES, 'messageVersion'), '201 messageVersion'],
  ['a version that is none', 'ARes', { ...ARES, messageVersion: '2.2' }, '203 messageVersion'],
  ['a version that we do not speak', 'ARes', { ...ARES, messageVersion: '2.3.1' }, '102 2.1.0,2.2.0'],
  ['several missing', 'ARes', without(ARES, 'dsTransID', 'acsTransID'), '201 acsTransID,dsTransID'],
  ['missing beside wrong', 'ARes', { ...without(ARES, 'dsTransID'), eci: '5' }, '201 dsTransID'],
  ['an empty optional one', 'ARes', { ...ARES, cardholderInfo: '' }, '203 cardholderInfo'],
  ['a null one', 'ARes', { ...ARES, eci: null }, '203 eci'],
  ['a number for text', 'ARes', { ...ARES, eci: 5 }, '203 eci'],
  [
    'a status of another version',
    'ARes',
    { ...ARES, messageVersion: '2.1.0', transStatus: 'I' },
    '203 transStatus',
  ],
  [
    'wrong beside critical',
    'ARes',
    { ...ARES, eci: '', messageExtension: extension({ criticalityIndicator: true }) },
    '203 eci',
  ],
  [
    'a critical extension',
    'ARes',
    { ...ARES, messageExtension: extension({ criticalityIndicator: true }) },
    '202 A-1',
  ],
  ['an uncritical extension', 'ARes', { ...ARES, messageExtension: extension({}) }, 'accepted'],
  [
    'an extension without id',
    'ARes',
    { ...ARES, messageExtension: [{ criticalityIndicator: true }] },
    '201 messageExtension.id',
  ],
  ['an extension that is text', 'ARes', { ...ARES, messageExtension: ['x'] }, '203 messageExtension'],
  [
    'eleven extensions',
    'ARes',
    { ...ARES, messageExtension: Array.from({ length: 11 }, (_, item) => extension({ id: `A-${item}` })[0]) },
    '203 messageExtension',
  ],
  [
    'the same extension twice',
    'ARes',
    { ...ARES, messageExtension: [...extension({}), ...extension({})] },
    '204 messageExtension',
  ],
  [
    'a value that is no base64',
    'ARes',
    { ...ARES, authenticationValue: 'é'.repeat(28) },
    '203 authenticationValue',
  ],
  [
    'a value of 21 bytes',
    'ARes',
    { ...ARES, authenticationValue: 'A'.repeat(28) },
    '203 authenticationValue',
  ],
  ['an indicator outside ASCII', 'ARes', { ...ARES, eci: '０５' }, '203 eci'],
  ['text with U+0000', 'ARes', { ...ARES, cardholderInfo: 'a\0b' }, '203 cardholderInfo'],
  [
    'a telephone without number',
    'AReq',
    { ...AREQ, mobilePhone: { cc: '81' } },
    '203 mobilePhone.subscriber',
  ],
  [
    'a telephone in numbers',
    'AReq',
    { ...AREQ, homePhone: { cc: 81, subscriber: 312345678 } },
    '203 homePhone.cc,homePhone.subscriber',
  ],
  ['a telephone as text', 'AReq', { ...AREQ, workPhone: '+81312345678' }, '203 workPhone'],
  ['unknown elements', 'ARes', { ...ARES, whatever: null, more: {} }, 'accepted'],
  ['a challenge without address', 'ARes', without(CHALLENGE, 'acsURL'), '201 acsURL'],
  ['a challenge at a script', 'ARes', { ...CHALLENGE, acsURL: 'javascript:alert(1)' }, '203 acsURL'],
  [
    'a challenge without its type',
    'ARes',
    without(CHALLENGE, 'authenticationType', 'acsChallengeMandated'),
    '201 acsChallengeMandated,authenticationType',
  ],
  ['authenticated without value', 'ARes', without(ARES, 'authenticationValue'), '201 authenticationValue'],
  ['refused without reason', 'ARes', { ...ARES, transStatus: 'N' }, '201 transStatusReason'],
  ['a reason of the scheme', 'ARes', { ...ARES, transStatus: 'N', transStatusReason: '85' }, 'accepted'],
  [
    'a reserved reason',
    'ARes',
    { ...ARES, transStatus: 'N', transStatusReason: '79' },
    '203 transStatusReason',
  ],
  ['decoupled without word of it', 'ARes', { ...CHALLENGE, transStatus: 'D' }, '201 acsDecConInd'],
  [
    'no script data though a script ran',
    'AReq',
    { ...without(AREQ, 'browserTZ', 'browserLanguage'), browserJavascriptEnabled: true },
    '201 browserLanguage,browserTZ',
  ],
  [
    'no script data and no script',
    'AReq',
    { ...without(AREQ, 'browserTZ'), browserJavascriptEnabled: false },
    'accepted',
  ],
  [
    'no script data in 2.1.0',
    'AReq',
    { ...without(AREQ, 'browserTZ', 'browserJavascriptEnabled'), messageVersion: '2.1.0' },
    '201 browserTZ',
  ],
  ['an excluded currency', 'AReq', { ...AREQ, purchaseCurrency: '955' }, '304 purchaseCurrency'],
  ['a state without country', 'AReq', without(AREQ, 'billAddrCountry'), '201 billAddrCountry'],
  [
    'instalments without number',
    'AReq',
    { ...AREQ, threeDSRequestorAuthenticationInd: '03' },
    '201 purchaseInstalData',
  ],
  [
    'no purchase where none is paid',
    'AReq',
    { ...without(AREQ, 'purchaseAmount', 'mcc'), messageCategory: '02' },
    'accepted',
  ],
  ['no purchase where one is paid', 'AReq', without(AREQ, 'purchaseAmount', 'mcc'), '201 mcc,purchaseAmount'],
  [
    'cancelled as older texts have it',
    'RReq',
    { ...RREQ, transStatus: 'N', transStatusReason: '01', challengeCancel: '02' },
    'accepted',
  ],
];

test.each(CHANGED)('%s (%s): %#', (_what, type, message, says) => {
  expect(verdict(JSON.stringify(message), type)).toBe(says);
});

const TEXTS: [what: string, text: string, says: string][] = [
  ['nothing', '', '101 messageType'],
  ['no JSON', '{"messageType":"ARes"', '101 messageType'],
  ['no object', '["ARes"]', '101 messageType'],
  ['null', 'null', '101 messageType'],
  ['twice the same', JSON.stringify(ARES).replace('{', '{"eci":"05",'), '204 eci'],
  ['twice by another spelling', JSON.stringify(ARES).replace('{', '{"\\u0065ci":"05",'), '204 eci'],
  [
    'twice inside',
    JSON.stringify({ ...ARES, messageExtension: extension({}) }).replace('"id":', '"id":"x","id":'),
    '204 messageExtension.id',
  ],
  [
    'the same in two places',
    JSON.stringify({ ...ARES, a: { eci: 1 }, b: [{ eci: 1 }, { eci: 1 }] }),
    'accepted',
  ],
  ['a key inside text', JSON.stringify({ ...ARES, a: '{"eci":1,"eci":2}', b: '\\"eci":' }), 'accepted'],
];

test.each(TEXTS)('%s as text: %s', (_what, text, says) => {
  expect(verdict(text, 'ARes')).toBe(says);
});

test.each([
  ['https://acs.example', true],
  ['HTTPS://ACS.Example:8443/a?b=c#d', true],
  ['http://127.0.0.1:3001/acs/challenge', true],
  ['https://[2001:db8::1]/', true],
  ['https://銀行.example/', true],
  ['javascript:alert(1)', false],
  ['//acs.example/', false],
  ['https:///acs', false],
  ['https://a;script-src/', false],
  ['https://acs.example@other.example/', false],
  ['https://acs.example/\0', false],
  ['https://acs.example/\n', false],
  [' https://acs.example/', false],
])('a browser may be sent to %j: %s', (address, may) => {
  expect(isWebAddress(address)).toBe(may);
});

test('a text of many megabytes is read', () => {
  const more = `${'x'.repeat(30_000_000)}${'\\\\"'.repeat(1_000_000)}`;
  const text = JSON.stringify({ ...ARES, more });
  expect(verdict(text, 'ARes')).toBe('accepted');
});

test('unknown elements are not handed on', () => {
  const reading = readMessage(JSON.stringify({ ...ARES, whatever: 1 }), { expected: ['ARes'] });
  expect(reading.ok && 'whatever' in reading.message.elements).toBe(false);
});

test('an Erro names fault, message and transaction, is itself well-formed, and never answers an Erro', () => {
  const fault = { errorCode: '203', errorDetail: 'eci' } as const;
  const erro = writeErro(ARES, fault) ?? '';
  expect(verdict(erro, 'Erro')).toBe('accepted');
  expect(JSON.parse(erro)).toMatchObject({
    ...fault,
    messageVersion: '2.2.0',
    errorComponent: 'S',
    errorMessageType: 'ARes',
    threeDSServerTransID: ARES.threeDSServerTransID,
    acsTransID: ARES.acsTransID,
    dsTransID: ARES.dsTransID,
  });
  expect(verdict(writeErro({ messageType: 5, dsTransID: 'x' }, fault) ?? '', 'Erro')).toBe('accepted');
  expect(writeErro({ messageType: 'Erro' }, fault)).toBe(null);
});
