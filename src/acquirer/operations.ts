/**
 * Our operations as ISO 8583 messages, and answers as outcomes (docs/acquirer-link.md, sections 2 to 6).
 * Pure but for `writeOperation`: in its frame alone the card and the security code are opened, and leave
 * it as sealed-off bytes.
 */

import type { Pan } from '../lib/card.ts';
import { HOUR, plus } from '../lib/clock.ts';
import type { PaymentType, PaymentTypeName } from '../lib/payment-type.ts';
import type { Secret } from '../lib/secret.ts';
import type { SealedSecurityCode } from '../vault/security-codes.ts';
import type { Iso8583Message } from './codec.ts';
import type { OperationKind, OperationMessage, Outcome } from './port.ts';
import { answerMti, toWire, type WireRequest } from './wire.ts';

/** What opens the vault for the message being written. */
export interface Opener {
  openCard(card: OperationMessage['card']): Promise<{ pan: Secret<Pan>; expMonth: number; expYear: number }>;
  openSecurityCode(sealed: SealedSecurityCode): Promise<Secret<string>>;
}

type Fields = Record<number, string>;

/** DE32. */
export const INSTITUTION = '900001';

/** MTI of an operation's first sending; a repeat ends in 1. */
const MTI = {
  sale: '0200',
  authorize: '0100',
  capture: '0220',
  void: '0400',
  refund: '0200',
  reversal: '0400',
} as const satisfies Record<OperationKind, string>;

const WRITERS = {
  sale,
  authorize,
  capture,
  void: voidBack,
  refund,
  reversal,
} as const satisfies Record<OperationKind, (message: OperationMessage) => Fields>;

/**
 * Writes the message of an operation. Throws when the vault does not open, or a value does not fit its
 * field.
 */
export async function writeOperation(opener: Opener, message: OperationMessage): Promise<WireRequest> {
  const code = securityCodeOf(message);
  const securityCode = code === null ? null : await opener.openSecurityCode(code);
  const { pan, expMonth, expYear } = await opener.openCard(message.card);
  const fields: Fields = {
    ...WRITERS[message.kind](message),
    2: pan.reveal(),
    14: `${twoDigits(expYear % 100)}${twoDigits(expMonth)}`,
    48: privateData([...elementsOf(message), ['06', securityCode?.reveal() ?? null]]),
  };
  return toWire({ mti: mtiOf(message), fields });
}

/** Reads the answer to a message. Whatever does not fit what was sent says nothing, and is `unknown`. */
export function outcomeOf(message: OperationMessage, answer: Iso8583Message): Outcome {
  const sent = WRITERS[message.kind](message);
  const responseCode = answer.fields[39];
  if (answer.mti !== answerMti(MTI[message.kind])) return unknown('the answer is of another kind');
  if (responseCode === undefined) return unknown('the answer has no response code');
  for (const number of ECHOED) {
    if (answer.fields[number] !== sent[number]) return unknown(`the answer differs in DE${number}`);
  }
  const approvalCode = answer.fields[38]?.trim() || null;
  if (approves(message.kind, responseCode)) return { kind: 'approved', responseCode, approvalCode };
  const open = UNDECIDED[responseCode] ?? (message.repeat ? UNDECIDED_OF_REPEAT[responseCode] : undefined);
  if (open !== undefined) return unknown(open);
  const japanCode = JAPAN_CODE.exec(answer.fields[44] ?? '')?.[0] ?? null;
  return { kind: 'declined', responseCode, japanCode };
}

/** DE44 of an answer; anything else that stands there is not ours to read. */
const JAPAN_CODE = /^[GC]\d\d$/;

/** What an answer repeats from its request. */
const ECHOED = [3, 4, 7, 11, 37, 41, 42] as const;

/** Neither yes nor no to what was asked: only a reversal or a repeat can tell what stands. */
const UNDECIDED: Readonly<Record<string, string>> = {
  '09': 'request in progress',
  '10': 'partial approval',
  '68': 'response received too late',
  '94': 'duplicate',
};
/** Said of a repeat these tell nothing of the first sending, which may have been booked. */
const UNDECIDED_OF_REPEAT: Readonly<Record<string, string>> = {
  '06': 'error',
  '91': 'issuer or switch inoperative',
  '92': 'no route',
  '96': 'system malfunction',
};

/** 00; a reversal has also ended when there is nothing to reverse (25) or nothing any more (79). */
function approves(kind: OperationKind, responseCode: string): boolean {
  return responseCode === '00' || (kind === 'reversal' && (responseCode === '25' || responseCode === '79'));
}

function sale(message: OperationMessage): Fields {
  return { ...common(message), ...opening(message) };
}

function authorize(message: OperationMessage): Fields {
  return { ...common(message), ...opening(message) };
}

function capture(message: OperationMessage): Fields {
  return { ...common(message), ...following(message) };
}

function voidBack(message: OperationMessage): Fields {
  return { ...common(message), ...takingBack(message), 39: '17' };
}

function refund(message: OperationMessage): Fields {
  return { ...common(message), ...following(message), 3: '200000' };
}

function reversal(message: OperationMessage): Fields {
  return { ...common(message), ...takingBack(message), 39: '68' };
}

function common(message: OperationMessage): Fields {
  const japan = transmissionTime(plus(message.transmittedAt, 9 * HOUR));
  return {
    3: '000000',
    4: String(message.amount).padStart(12, '0'),
    7: transmissionTime(message.transmittedAt),
    11: message.stan,
    12: japan.slice(4),
    13: japan.slice(0, 4),
    18: message.mcc,
    19: '392',
    25: '59',
    32: INSTITUTION,
    37: message.rrn,
    41: message.terminal,
    42: message.acquirerMerchantId.padEnd(15),
    43: asciiName(message.merchantName),
    49: '392',
  };
}

/** Entry mode: typed in or from a stored card, with or without security code; payment type. */
function opening(message: OperationMessage): Fields {
  const { storedCard, paymentType } = message;
  const entry = storedCard === null || storedCard.use === 'first' ? '81' : '10';
  return { 22: `${entry}${securityCodeOf(message) === null ? 0 : 2}`, 63: paymentTypeCode(paymentType) };
}

/** DE63: JPO, section 4a. */
function paymentTypeCode({ type, count }: PaymentType): string {
  const code = JPO[type];
  return count === null ? code : `${code}C${twoDigits(count)}`;
}

const JPO = {
  lump_sum: '10',
  bonus: '21',
  bonus_installments: '31',
  installments: '61',
  revolving: '80',
} as const satisfies Record<PaymentTypeName, string>;

/** DE38 and DE90 name the original. */
function following(message: OperationMessage): Fields {
  const original = originalOf(message);
  const originalData = [
    MTI[original.kind],
    original.stan,
    transmissionTime(original.transmittedAt),
    INSTITUTION.padStart(11, '0'),
    '0'.repeat(11),
  ];
  const fields: Fields = { 90: originalData.join('') };
  if (original.approvalCode !== null) fields[38] = original.approvalCode.padEnd(6);
  return fields;
}

/** Void and reversal go under the original's RRN. */
function takingBack(message: OperationMessage): Fields {
  return { ...following(message), 37: originalOf(message).rrn };
}

function originalOf({ kind, original }: OperationMessage): NonNullable<OperationMessage['original']> {
  if (original === null) throw new Error(`a ${kind} without its original`);
  return original;
}

/** Sent once: with the first sending of a sale or authorisation, and with nothing else. */
function securityCodeOf({ kind, repeat, securityCode }: OperationMessage): SealedSecurityCode | null {
  return (kind === 'sale' || kind === 'authorize') && !repeat ? securityCode : null;
}

function elementsOf(message: OperationMessage): [string, string | null][] {
  const { kind, orderId, threeDs, paymentType, bonusMonth } = message;
  if (kind !== 'sale' && kind !== 'authorize') return [['01', orderId]];
  return [
    ['01', orderId],
    ...proofElements(threeDs),
    ['07', paymentType.count === null ? null : twoDigits(paymentType.count)],
    ['08', bonusMonth],
    ...storedCardElements(message.storedCard),
  ];
}

/** Section 4b. */
function storedCardElements(stored: OperationMessage['storedCard']): [string, string | null][] {
  if (stored === null) return [];
  if (stored.use === 'first') return [['09', 'F']];
  return [
    ['09', stored.use === 'cardholder' ? 'C' : 'M'],
    ['10', stored.first.rrn],
    ['11', stored.first.dsTransId],
    ['12', stored.first.eci],
  ];
}

function proofElements(proof: OperationMessage['threeDs']): [string, string | null][] {
  return [
    ['02', proof?.eci ?? null],
    ['03', proof?.authenticationValue ?? null],
    ['04', proof?.dsTransId ?? null],
    ['05', proof?.version ?? null],
  ];
}

/** DE48: tag (2), length (3), value; section 4. */
function privateData(elements: readonly [string, string | null][]): string {
  return elements
    .flatMap(([tag, value]) =>
      value === null ? [] : [`${tag}${String(value.length).padStart(3, '0')}${value}`],
    )
    .join('');
}

function mtiOf({ kind, repeat }: OperationMessage): string {
  return repeat ? `${MTI[kind].slice(0, 3)}1` : MTI[kind];
}

/** DE7: MMDDhhmmss, UTC. */
export function transmissionTime(at: Date): string {
  return at.toISOString().replace(/\D/g, '').slice(4, 14);
}

/** DE43 is ASCII: accents are folded, full-width letters narrowed, anything else becomes a space. */
function asciiName(name: string): string {
  const folded = name.normalize('NFKD').replace(/\p{Mark}/gu, '');
  return folded
    .replace(/[^\x20-\x7e]/gu, ' ')
    .slice(0, 40)
    .padEnd(40);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function unknown(reason: string): Outcome {
  return { kind: 'unknown', reason };
}
