/**
 * The elements of every message but the AReq, browser channel, versions 2.1.0 and 2.2.0 (EMV 3DS 2.2.0, tables A.1,
 * A.4, B.2–B.10).
 */
import { codes, DIGITS, type Due, type FieldRule, rulesOf, UUID, type Version } from './field-rule.ts';

const ONLY_210: readonly Version[] = ['2.1.0'];
const ONLY_220: readonly Version[] = ['2.2.0'];

const status =
  (...values: string[]): Due =>
  (message) =>
    values.includes(String(message.transStatus));
const paymentStatus =
  (...values: string[]): Due =>
  (message, category) =>
    category === '01' && values.includes(String(message.transStatus));

const ares = rulesOf('ARes');
const rreq = rulesOf('RReq');
const outcome = rulesOf('ARes', 'RReq');
const pres = rulesOf('PRes');
const erro = rulesOf('Erro');

const ids: FieldRule[] = [
  rulesOf('ARes', 'CReq', 'CRes', 'PReq', 'PRes', 'RReq', 'RRes').text('threeDSServerTransID', 'R', 36, {
    format: UUID,
  }),
  rulesOf('ARes', 'CReq', 'CRes', 'RReq', 'RRes').text('acsTransID', 'R', 36, { format: UUID }),
  rulesOf('ARes', 'PRes', 'RReq', 'RRes').text('dsTransID', 'R', 36, { format: UUID }),
];

const authentication: FieldRule[] = [
  ares.text('acsReferenceNumber', 'R', [1, 32]),
  ares.text('dsReferenceNumber', 'R', [1, 32]),
  ares.text('acsOperatorID', 'C', [1, 32]),
  ares.text('transStatus', 'R', 1, { versions: ONLY_210, values: ['Y', 'N', 'U', 'A', 'C', 'R'] }),
  ares.text('transStatus', 'R', 1, { versions: ONLY_220, values: ['Y', 'N', 'U', 'A', 'C', 'D', 'R', 'I'] }),
  ares.text('acsChallengeMandated', 'C', 1, { values: ['Y', 'N'], due: status('C', 'D') }),
  ares.text('acsDecConInd', 'C', 1, { versions: ONLY_220, values: ['Y', 'N'], due: status('D') }),
  ares.text('acsURL', 'C', [1, 2048], { url: true, due: status('C') }),
  ares.text('authenticationType', 'C', 2, {
    versions: ONLY_210,
    values: codes(3),
    due: status('C'),
  }),
  ares.text('authenticationType', 'C', 2, {
    versions: ONLY_220,
    values: codes(4),
    due: status('C', 'D'),
  }),
  ares.text('cardholderInfo', 'C', [1, 128]),
  ares.object('broadInfo', 'O', { max: 4096 }),
];

/** Base64 of 20 bytes. */
const TWENTY_BYTES = /^[A-Za-z0-9+/]{27}=$/;

const eitherOutcome: FieldRule[] = [
  // Both go into the authorisation, which is ASCII throughout.
  outcome.text('eci', 'C', 2, { format: /^[A-Za-z0-9]+$/ }),
  outcome.text('authenticationValue', 'C', 28, { format: TWENTY_BYTES, due: paymentStatus('Y', 'A') }),
  outcome.text('transStatusReason', 'C', 2, {
    versions: ONLY_210,
    values: codes(21),
    dsValues: true,
    due: paymentStatus('N', 'U', 'R'),
  }),
  outcome.text('transStatusReason', 'C', 2, {
    versions: ONLY_220,
    values: codes(26),
    dsValues: true,
    due: paymentStatus('N', 'U', 'R'),
  }),
  outcome.text('whiteListStatus', 'O', 1, { versions: ONLY_220, values: ['Y', 'N', 'E', 'P', 'R', 'U'] }),
  outcome.text('whiteListStatusSource', 'C', 2, {
    versions: ONLY_220,
    values: codes(3),
    due: (message) => 'whiteListStatus' in message,
  }),
];

const results: FieldRule[] = [
  rreq.text('messageCategory', 'R', 2, { values: codes(2), dsValues: true }),
  rreq.text('transStatus', 'R', 1, { values: ['Y', 'N', 'U', 'A', 'R'] }),
  rreq.text('authenticationType', 'C', 2, { versions: ONLY_210, values: codes(3) }),
  rreq.text('authenticationType', 'C', 2, { versions: ONLY_220, values: codes(4) }),
  rreq.text('authenticationMethod', 'C', 2, { values: codes(11) }),
  // Older texts used 02 too, and with other meanings: any two digits are taken.
  rreq.text('challengeCancel', 'C', 2, { format: DIGITS }),
  rreq.text('interactionCounter', 'C', 2, { format: DIGITS }),
  rreq.object('acsRenderingType', 'C'),
  rulesOf('RRes').text('resultsStatus', 'R', 2, { values: codes(3) }),
];

const challenge: FieldRule[] = [
  rulesOf('CReq').text('challengeWindowSize', 'R', 2, { values: codes(5) }),
  rulesOf('CRes').text('transStatus', 'R', 1, { values: ['Y', 'N'] }),
];

const preparation: FieldRule[] = [
  rulesOf('PReq').text('threeDSServerRefNumber', 'R', [1, 32]),
  rulesOf('PReq').text('threeDSServerOperatorID', 'C', [1, 32]),
  rulesOf('PReq', 'PRes').text('serialNum', 'O', [1, 20]),
  pres.text('dsStartProtocolVersion', 'R', [5, 8]),
  pres.text('dsEndProtocolVersion', 'R', [5, 8]),
  pres.list('cardRangeData', 'C', [1, 200_000]),
];

const error: FieldRule[] = [
  erro.text('threeDSServerTransID', 'C', 36, { format: UUID }),
  erro.text('acsTransID', 'C', 36, { format: UUID }),
  erro.text('dsTransID', 'C', 36, { format: UUID }),
  erro.text('errorCode', 'R', 3),
  erro.text('errorComponent', 'R', 1, { values: ['C', 'S', 'D', 'A'] }),
  erro.text('errorDescription', 'R', [1, 2048]),
  erro.text('errorDetail', 'R', [1, 2048]),
  erro.text('errorMessageType', 'C', 4),
];

export const ANSWER_RULES: readonly FieldRule[] = [
  ...ids,
  ...authentication,
  ...eitherOutcome,
  ...results,
  ...challenge,
  ...preparation,
  ...error,
  rulesOf('ARes', 'CReq', 'CRes', 'PReq', 'PRes', 'RReq', 'RRes').list('messageExtension', 'C', [1, 10]),
];
