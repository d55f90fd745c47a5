/**
 * The elements of an AReq, browser channel, versions 2.1.0 and 2.2.0 (EMV 3DS 2.2.0, tables A.1 and B.1). Where a
 * conditional element has no `due`, its condition lies outside the message (rules of the DS, of a market).
 */
import { codes, DIGITS, type Due, type FieldRule, rulesOf, UUID, type Version } from './field-rule.ts';

const { text, flag, object, phone, list } = rulesOf('AReq');

const ONLY_210: readonly Version[] = ['2.1.0'];
const ONLY_220: readonly Version[] = ['2.2.0'];

const ofPayments: Due = (_, category) => category === '01';
const withJavascript: Due = (message) => message.browserJavascriptEnabled === true;
const beside =
  (name: string): Due =>
  (message) =>
    name in message;
const where =
  (name: string, ...values: string[]): Due =>
  (message) =>
    values.includes(String(message[name]));

const address = (kind: 'bill' | 'ship'): FieldRule[] => [
  text(`${kind}AddrCity`, 'C', [1, 50]),
  text(`${kind}AddrLine1`, 'C', [1, 50]),
  text(`${kind}AddrLine2`, 'C', [1, 50]),
  text(`${kind}AddrLine3`, 'C', [1, 50]),
  text(`${kind}AddrState`, 'C', [1, 3]),
  text(`${kind}AddrCountry`, 'C', 3, {
    format: DIGITS,
    register: 'country',
    due: beside(`${kind}AddrState`),
  }),
  text(`${kind}AddrPostCode`, 'C', [1, 16]),
];

const COLOR_DEPTHS = ['1', '4', '8', '15', '16', '24', '32', '48'];
const OFFSET = /^[+-]?\d{1,4}$/;

/** Required in 2.1.0, which knows only browsers with JavaScript; from 2.2.0 on where there is any. */
const browserElements = (inclusion: 'R' | 'C', versions: readonly Version[], due?: Due): FieldRule[] => [
  flag('browserJavaEnabled', inclusion, { versions, due }),
  text('browserLanguage', inclusion, [1, 8], { versions, due }),
  text('browserColorDepth', inclusion, [1, 2], { versions, due, values: COLOR_DEPTHS }),
  text('browserScreenHeight', inclusion, [1, 6], { versions, due, format: DIGITS }),
  text('browserScreenWidth', inclusion, [1, 6], { versions, due, format: DIGITS }),
  text('browserTZ', inclusion, [1, 5], { versions, due, format: OFFSET }),
];

const MAX_WAIT = /^(?!00000)(?:0\d{4}|100[0-7]\d|10080)$/;

const transaction: FieldRule[] = [
  text('deviceChannel', 'R', 2, { values: codes(3) }),
  text('messageCategory', 'R', 2, { values: codes(2), dsValues: true }),
  text('threeDSCompInd', 'R', 1, { values: ['Y', 'N', 'U'] }),
  text('threeDSServerTransID', 'R', 36, { format: UUID }),
  text('threeDSServerRefNumber', 'R', [1, 32]),
  text('threeDSServerOperatorID', 'C', [1, 32]),
  text('threeDSServerURL', 'R', [1, 2048], { url: true }),
  text('notificationURL', 'R', [1, 256], { url: true }),
];

const requestor: FieldRule[] = [
  text('threeDSRequestorID', 'R', [1, 35]),
  text('threeDSRequestorName', 'R', [1, 40]),
  text('threeDSRequestorURL', 'R', [1, 2048], { url: true }),
  text('threeDSRequestorAuthenticationInd', 'R', 2, { values: codes(6) }),
  object('threeDSRequestorAuthenticationInfo', 'O'),
  object('threeDSRequestorPriorAuthenticationInfo', 'O'),
  text('threeDSRequestorChallengeInd', 'O', 2, { versions: ONLY_210, values: codes(4), dsValues: true }),
  text('threeDSRequestorChallengeInd', 'O', 2, { versions: ONLY_220, values: codes(9), dsValues: true }),
  text('threeDSRequestorDecReqInd', 'O', 1, { versions: ONLY_220, values: ['Y', 'N'] }),
  text('threeDSRequestorDecMaxTime', 'C', 5, {
    versions: ONLY_220,
    format: MAX_WAIT,
    due: where('threeDSRequestorDecReqInd', 'Y'),
  }),
];

const merchant: FieldRule[] = [
  text('acquirerBIN', 'R', [1, 11], { due: ofPayments }),
  text('acquirerMerchantID', 'R', [1, 35], { due: ofPayments }),
  text('mcc', 'R', 4, { due: ofPayments }),
  text('merchantCountryCode', 'R', 3, { format: DIGITS, register: 'country', due: ofPayments }),
  text('merchantName', 'R', [1, 40], { due: ofPayments }),
  object('merchantRiskIndicator', 'O'),
];

const purchase: FieldRule[] = [
  text('purchaseAmount', 'R', [1, 48], { format: DIGITS, due: ofPayments }),
  text('purchaseCurrency', 'R', 3, { format: DIGITS, register: 'currency', due: ofPayments }),
  text('purchaseExponent', 'R', 1, { format: DIGITS, due: ofPayments }),
  text('purchaseDate', 'R', 14, { format: DIGITS, due: ofPayments }),
  text('purchaseInstalData', 'C', [1, 3], {
    format: DIGITS,
    due: where('threeDSRequestorAuthenticationInd', '03'),
  }),
  text('recurringExpiry', 'C', 8, {
    format: DIGITS,
    due: where('threeDSRequestorAuthenticationInd', '02', '03'),
  }),
  text('recurringFrequency', 'C', [1, 4], {
    format: DIGITS,
    due: where('threeDSRequestorAuthenticationInd', '02', '03'),
  }),
  text('transType', 'C', 2, { values: ['01', '03', '10', '11', '28'] }),
];

const cardholder: FieldRule[] = [
  text('acctNumber', 'R', [13, 19], { format: DIGITS }),
  text('cardExpiryDate', 'C', 4, { format: /^\d\d(?:0[1-9]|1[0-2])$/ }),
  text('acctType', 'C', 2, { values: codes(3), dsValues: true }),
  text('acctID', 'O', [1, 64]),
  object('acctInfo', 'O'),
  flag('payTokenInd', 'C', { values: [true] }),
  text('payTokenSource', 'C', 2, { versions: ONLY_220, values: codes(2) }),
  text('cardholderName', 'C', [2, 45]),
  text('email', 'C', [1, 254]),
  phone('homePhone', 'C'),
  phone('mobilePhone', 'C'),
  phone('workPhone', 'C'),
  ...address('bill'),
  ...address('ship'),
  text('addrMatch', 'O', 1, { values: ['Y', 'N'] }),
];

const browser: FieldRule[] = [
  text('browserAcceptHeader', 'R', [1, 2048]),
  text('browserUserAgent', 'R', [1, 2048]),
  text('browserIP', 'C', [1, 45]),
  flag('browserJavascriptEnabled', 'R', { versions: ONLY_220 }),
  ...browserElements('R', ONLY_210),
  ...browserElements('C', ONLY_220, withJavascript),
];

export const REQUEST_RULES: readonly FieldRule[] = [
  ...transaction,
  ...requestor,
  ...merchant,
  ...purchase,
  ...cardholder,
  ...browser,
  text('whiteListStatus', 'O', 1, { versions: ONLY_220, values: ['Y', 'N', 'E', 'P', 'R', 'U'] }),
  text('whiteListStatusSource', 'C', 2, {
    versions: ONLY_220,
    values: codes(3),
    due: beside('whiteListStatus'),
  }),
  object('broadInfo', 'O', { max: 4096 }),
  list('messageExtension', 'C', [1, 10]),
];
