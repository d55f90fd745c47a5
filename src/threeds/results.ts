/**
 * The RReq, by which the Directory Server brings the result of a challenge, and our answer to it within 3 seconds
 * (EMV 3DS 2.2.0, Req 241–244, tables B.8 and B.9).
 */
import { type MessageFault, writeErro } from './erro.ts';
import type { Version } from './field-rule.ts';
import { readMessage, textOf } from './read-message.ts';

export interface Results {
  transId: string;
  acsTransId: string;
  dsTransId: string;
  version: Version;
  transStatus: 'Y' | 'A' | 'N' | 'U' | 'R';
  reason: string | null;
  eci: string | null;
  /** Only of Y and A: beside another status it proves nothing. */
  authenticationValue: string | null;
  challengeCancel: string | null;
}

/** Reads an RReq. A fault comes as the Erro to answer with; empty text when the message was an Erro itself. */
export function readResults(text: string): { ok: true; results: Results } | { ok: false; erro: string } {
  const reading = readMessage(text, { expected: ['RReq'] });
  if (!reading.ok) return { ok: false, erro: writeErro(reading.elements, reading.fault) ?? '' };
  const { message } = reading;
  const transStatus = STATUSES.find((status) => status === textOf(message, 'transStatus')) ?? 'U';
  return {
    ok: true,
    results: {
      transId: textOf(message, 'threeDSServerTransID') ?? '',
      acsTransId: textOf(message, 'acsTransID') ?? '',
      dsTransId: textOf(message, 'dsTransID') ?? '',
      version: message.version,
      transStatus,
      reason: textOf(message, 'transStatusReason'),
      eci: textOf(message, 'eci'),
      authenticationValue:
        transStatus === 'Y' || transStatus === 'A' ? textOf(message, 'authenticationValue') : null,
      challengeCancel: textOf(message, 'challengeCancel'),
    },
  };
}

const STATUSES = ['Y', 'A', 'N', 'U', 'R'] as const;

/** 01 received; 02 the CReq was left out on purpose; 03 the challenge could not be offered. */
export type ResultsStatus = '01' | '02' | '03';

/** The RRes, as JSON. */
export function writeRRes(results: Results, status: ResultsStatus): string {
  return JSON.stringify({ messageType: 'RRes', ...headOf(results), resultsStatus: status });
}

/** Why a well-formed RReq is refused. */
export type ResultsFault =
  | 'unknown_transaction'
  | 'duplicate'
  | 'unexpected'
  | 'ids_differ'
  | 'version_changed';

/** Versions before 2.3.1 have no code of their own for a second or an unexpected RReq: 305 says it. */
const FAULTS = {
  unknown_transaction: { errorCode: '301', errorDetail: 'threeDSServerTransID' },
  ids_differ: { errorCode: '301', errorDetail: 'acsTransID,dsTransID' },
  duplicate: { errorCode: '305', errorDetail: 'RReq: the result was received before' },
  unexpected: { errorCode: '305', errorDetail: 'RReq: no challenge is open' },
  version_changed: { errorCode: '203', errorDetail: 'messageVersion' },
} as const satisfies Record<ResultsFault, MessageFault>;

/** The Erro that answers such an RReq, as JSON. */
export function erroFor(fault: ResultsFault, results: Results): string {
  return writeErro({ messageType: 'RReq', ...headOf(results) }, FAULTS[fault]) ?? '';
}

function headOf({ version, transId, acsTransId, dsTransId }: Results) {
  return {
    messageVersion: version,
    threeDSServerTransID: transId,
    acsTransID: acsTransId,
    dsTransID: dsTransId,
  };
}
