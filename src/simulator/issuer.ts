import { unreachable } from '../lib/unreachable.ts';
import type { MoneyRequest } from './acquirer-rules.ts';
import type { Booking, Ledger } from './ledger.ts';
import { paymentTypeFault } from './payment-types.ts';
import { lacksAgreement } from './stored-cards.ts';
import type { Times } from './times.ts';

/** What the acquirer answers to a money message and when; `never` gives no answer. */
export interface Decision {
  responseCode: string;
  /** G or C code, in DE44. */
  japanCode: string | null;
  approvalCode: string | null;
  delivery: { kind: 'at_once' } | { kind: 'never' } | { kind: 'after'; ms: number };
}

export interface IssuerWorld {
  ledger: Ledger;
  times: Times;
  /** The authentication value that the ACS gave out for this transaction; null where it knows none. */
  issuedValue(dsTransId: string): string | null;
}

/**
 * Decides about one message and books it: contract, section 8 (AA). The same message again, by its key,
 * gets the same answer and books nothing. `told`: the decline that a fault asks for.
 */
export function decide(world: IssuerWorld, request: MoneyRequest, told: NetworkCode | null = null): Decision {
  const before = world.ledger.answered(request.key);
  if (before) return answerOf(before);
  switch (request.kind) {
    case 'authorization':
    case 'sale':
      return decideOpening(world, request, told);
    case 'capture':
    case 'refund':
    case 'reversal':
      return decideFollowing(world, request, told);
    default:
      return unreachable(request.kind);
  }
}

/** DE39, and DE44 where it has something to say. */
export interface NetworkCode {
  responseCode: string;
  japanCode: string | null;
}

function decideOpening(world: IssuerWorld, request: MoneyRequest, told: NetworkCode | null): Decision {
  const scenario = request.card?.issuer ?? '00';
  if (scenario === '20') {
    return { responseCode: '96', japanCode: null, approvalCode: null, delivery: { kind: 'never' } };
  }
  const booking = book(world, request, told ?? openingCode(world, request), null);
  return { ...answerOf(booking), delivery: deliveryOf(scenario, world.times) };
}

function openingCode(world: IssuerWorld, request: MoneyRequest): NetworkCode {
  const { card, proof, paymentType, storedCredential } = request;
  if (world.ledger.reversedAhead(request.name, request.rrn)) return plain('12');
  if (card === null) return plain('14');
  const issued = proof && world.issuedValue(proof.dsTransId);
  if (proof && issued && issued !== proof.authenticationValue) return plain('63');
  if (lacksAgreement(storedCredential, request, world.ledger.entries())) return plain('12');
  if (request.expiry < thisMonth()) return plain('54');
  const japanCode = paymentType && paymentTypeFault(paymentType, card.brand);
  if (japanCode) return { responseCode: '12', japanCode };
  return plain(DECLINES.has(card.issuer) ? card.issuer : '00');
}

function plain(responseCode: string): NetworkCode {
  return { responseCode, japanCode: null };
}

const DECLINES: ReadonlySet<string> = new Set(['05', '51', '54', '57', '61', '65', '82', '91', '96']);

function deliveryOf(scenario: string, times: Times): Decision['delivery'] {
  if (scenario === '21') return { kind: 'never' };
  if (scenario === '22') return { kind: 'after', ms: times.slowMs };
  if (scenario === '27') return { kind: 'after', ms: times.lateMs };
  return { kind: 'at_once' };
}

function decideFollowing(world: IssuerWorld, request: MoneyRequest, told: NetworkCode | null): Decision {
  const { originalName, rrn, approvalCode } = request;
  const mark = request.kind === 'reversal' ? { rrn } : { approvalCode };
  const original = originalName === null ? null : world.ledger.original(originalName, mark);
  if (!original || original.last4 !== request.last4) {
    return answerOf(book(world, request, plain('25'), null));
  }
  const code = told ?? plain(followingCode(world, request, original));
  return answerOf(book(world, request, code, original));
}

function followingCode(world: IssuerWorld, request: MoneyRequest, original: Booking): string {
  const balance = world.ledger.balanceOf(original.seq);
  if (!balance) return '25';
  if (request.kind === 'capture') {
    if (balance.authorized === 0) return '12';
    if (request.amount > balance.authorized) return '13';
    return original.issuer === '25' ? '05' : '00';
  }
  if (request.kind === 'refund') {
    if (request.amount > balance.captured - balance.refunded) return '13';
    return original.issuer === '26' ? '05' : '00';
  }
  if (balance.reversed > 0) return '79';
  if (original.kind === 'authorization' && balance.captured > 0) return '12';
  if (balance.refunded > 0) return '12';
  return request.amount === original.amount ? '00' : '13';
}

function book(
  world: IssuerWorld,
  request: MoneyRequest,
  { responseCode, japanCode }: NetworkCode,
  original: Booking | null,
): Booking {
  const opened = original === null && responseCode === '00';
  return world.ledger.book({
    kind: request.kind,
    merchant_id: request.merchantId,
    order_id: request.orderId,
    rrn: request.rrn,
    stan: request.stan,
    amount: request.amount,
    response_code: responseCode,
    japan_code: japanCode,
    payment_type: request.paymentType?.code ?? null,
    stored_credential: request.storedCredential,
    last4: request.last4,
    original_seq: original?.seq ?? null,
    key: request.key,
    name: request.name,
    original_name: request.originalName,
    approval_code: opened ? approvalCode(request) : null,
    issuer: request.card?.issuer ?? '00',
  });
}

/** Six digits that look drawn and are the same for the same message. */
function approvalCode(request: MoneyRequest): string {
  const text = `${request.rrn}${request.stan}`;
  const sum = Array.from(text).reduce((value, unit) => (value * 31 + unit.charCodeAt(0)) % 999_983, 7);
  return String(sum).padStart(6, '0');
}

function answerOf(booking: Booking): Decision {
  return {
    responseCode: booking.response_code,
    japanCode: booking.japan_code ?? null,
    approvalCode: booking.approval_code,
    delivery: { kind: 'at_once' },
  };
}

/** YYMM in Japan: a card is good until the end of its month there. */
function thisMonth(): string {
  return new Date(Date.now() + 9 * 3_600_000).toISOString().replace('-', '').slice(2, 6);
}
