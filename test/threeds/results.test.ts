import { expect, test } from 'vitest';
import { erroFor, readResults, writeRRes } from '../../src/threeds/results.ts';
import { vector, vectors } from './vectors.ts';

const RREQ = vector('rreq', 'visa/3DSS-220-107').message;

function read(message: Record<string, unknown>) {
  const answer = readResults(JSON.stringify(message));
  if (!answer.ok) throw new Error(answer.erro);
  return answer.results;
}

test('our RRes to every recorded RReq is the recorded one', () => {
  for (const { name, message } of vectors('rreq')) {
    expect(JSON.parse(writeRRes(read(message), '01'))).toEqual(vector('rres', name).message);
  }
});

test('a result is read with its proof', () => {
  expect(read(RREQ)).toEqual({
    transId: RREQ.threeDSServerTransID,
    acsTransId: RREQ.acsTransID,
    dsTransId: RREQ.dsTransID,
    version: '2.2.0',
    transStatus: 'Y',
    reason: null,
    eci: '05',
    authenticationValue: RREQ.authenticationValue,
    challengeCancel: null,
  });
});

test('a value beside a status that proves nothing is dropped', () => {
  const canceled = read(vector('rreq', 'flow/cardholder-cancel').message);
  expect(canceled).toMatchObject({ transStatus: 'U', reason: '01', eci: '00', challengeCancel: '01' });
  expect(canceled.authenticationValue).toBe(null);
});

test('what is no RReq is answered by an Erro, an Erro by nothing', () => {
  const codeOf = (text: string) => {
    const answer = readResults(text);
    return answer.ok ? null : answer.erro && JSON.parse(answer.erro).errorCode;
  };
  expect(codeOf('')).toBe('101');
  expect(codeOf(JSON.stringify({ ...RREQ, messageType: 'ARes' }))).toBe('101');
  expect(codeOf(JSON.stringify({ ...RREQ, transStatus: 'C' }))).toBe('203');
  expect(codeOf(JSON.stringify({ ...RREQ, messageType: 'Erro' }))).toBe('');
});

test.each([
  ['unknown_transaction', '301'],
  ['ids_differ', '301'],
  ['duplicate', '305'],
  ['unexpected', '305'],
  ['version_changed', '203'],
] as const)('%s is told as %s', (fault, errorCode) => {
  expect(JSON.parse(erroFor(fault, read(RREQ)))).toMatchObject({
    messageType: 'Erro',
    messageVersion: '2.2.0',
    errorCode,
    errorComponent: 'S',
    errorMessageType: 'RReq',
    threeDSServerTransID: RREQ.threeDSServerTransID,
    dsTransID: RREQ.dsTransID,
  });
});
