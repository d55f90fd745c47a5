/**
 * The challenge as the browser carries it: CReq to the issuer, CRes back (EMV 3DS 2.2.0, sections 3.1 and 5.4,
 * tables A.3 and B.4, B.5). What comes back is a signal only; the RReq between the servers decides.
 * `threeDSSessionData` travels along unchanged (at most 1024 characters) and, since no cookie does, says whose the
 * return is: a MAC of ours stands over it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Deps } from '../deps.ts';
import { LANGUAGES } from '../i18n/language.ts';
import type { Language } from '../i18n/texts.ts';
import { encodeMessage } from './encoding.ts';

/** 01 250×400, 02 390×400, 03 500×600, 04 600×400, 05 the whole window. */
export type WindowSize = '01' | '02' | '03' | '04' | '05';

export interface ChallengeRequest {
  version: '2.1.0' | '2.2.0';
  transId: string;
  acsTransId: string;
  windowSize: WindowSize;
}

/** The value of the form field `creq`: base64url without padding. */
export function writeCReq({ version, transId, acsTransId, windowSize }: ChallengeRequest): string {
  return encodeMessage({
    messageType: 'CReq',
    messageVersion: version,
    threeDSServerTransID: transId,
    acsTransID: acsTransId,
    challengeWindowSize: windowSize,
  });
}

type Keys = Pick<Deps, 'keys'>;

export interface SessionData {
  transId: string;
  /** Whether the challenge was shown in a frame of our page, or instead of it. */
  framed: boolean;
  /** The language that was chosen on our page; null = none was. */
  language: Language | null;
}

/** The value of the form field `threeDSSessionData`. */
export async function writeSessionData(deps: Keys, data: SessionData): Promise<string> {
  const { transId, framed, language } = data;
  const chosen = language === null ? 0 : LANGUAGES.indexOf(language) + 1;
  const body = Buffer.concat([
    Buffer.from(transId.replaceAll('-', ''), 'hex'),
    Buffer.from([(framed ? FRAMED : 0) | (chosen << 1)]),
  ]);
  return Buffer.concat([body, await macOf(deps, body)]).toString('base64url');
}

/** What `writeSessionData` wrote, or null when this is not ours. */
export async function readSessionData(deps: Keys, text: string): Promise<SessionData | null> {
  if (text.length > MAX_SESSION_DATA) return null;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== BODY_LENGTH + MAC_LENGTH) return null;
  const body = bytes.subarray(0, BODY_LENGTH);
  if (!timingSafeEqual(bytes.subarray(BODY_LENGTH), await macOf(deps, body))) return null;
  const transId = body.toString('hex', 0, BODY_LENGTH - 1).replace(UUID_GROUPS, '$1-$2-$3-$4-$5');
  const how = body.at(-1) ?? 0;
  const language = LANGUAGES[(how >> 1) - 1] ?? null;
  return { transId, framed: (how & FRAMED) === FRAMED, language };
}

const MAX_SESSION_DATA = 1024;
/** Lowest bit of the last byte; the language stands above it. */
const FRAMED = 1;
/** A UUID and the way it was shown. */
const BODY_LENGTH = 17;
const MAC_LENGTH = 32;
const UUID_GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** With a key of its own, drawn from one that is never rotated: a return may come late. */
async function macOf({ keys }: Keys, body: Buffer): Promise<Buffer> {
  const { key } = await keys.active('idempotency');
  const own = createHmac('sha256', key).update('threeDSSessionData 1').digest();
  return createHmac('sha256', own).update(body).digest();
}
