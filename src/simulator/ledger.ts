import type { MoneyKind } from './acquirer-rules.ts';
import type { Journal } from './journal.ts';
import type { StoredCredential } from './stored-cards.ts';

/**
 * What `GET /ledger` shows of one message: contract, section 8. Every processed message has one, declined
 * ones too.
 */
export interface Entry {
  seq: number;
  at: string;
  kind: MoneyKind | 'number' | 'wallet';
  merchant_id: string;
  order_id: string;
  rrn: string;
  stan: string;
  /** Minor units. */
  amount: number;
  response_code: string;
  last4: string | null;
  original_seq: number | null;
  /** DE63 of an authorisation or sale. */
  payment_type?: string | null;
  /** DE44 of the answer. */
  japan_code?: string | null;
  /** What an authorisation or sale says of a stored card. */
  stored_credential?: StoredCredential | null;
}

/**
 * Where the money of one approved authorisation or sale stands, net: `authorized` is still held, `captured`
 * was taken (less what was reversed), `reversed` and `refunded` are what went back. The cardholder has paid
 * `captured - refunded`; all is undone where `authorized` and `captured - refunded` are 0.
 */
export interface Balance {
  merchant_id: string;
  order_id: string;
  rrn: string;
  authorized: number;
  captured: number;
  reversed: number;
  refunded: number;
}

/** An entry with what the acquirer keeps besides. No card number: the last four digits only. */
export interface Booking extends Entry {
  record: 'entry';
  key: string;
  name: string;
  original_name: string | null;
  approval_code: string | null;
  issuer: string;
}

export type NewBooking = Omit<Booking, 'record' | 'seq' | 'at'>;

export interface Ledger {
  book(booking: NewBooking): Booking;
  /** The answer given before to this very message. */
  answered(key: string): Booking | null;
  /**
   * The approved authorisation or sale that DE90 and DE42 name. Two terminals may use the same STAN in the
   * same second: the RRN (of a reversal) or the approval code (of a capture or refund) then decides.
   */
  original(name: string, mark: { rrn: string } | { approvalCode: string | null }): Booking | null;
  /** Everything approved under this name, oldest first. */
  named(name: string): readonly Booking[];
  /** A reversal of this message, by name and RRN, came before it. */
  reversedAhead(name: string, rrn: string): boolean;
  balanceOf(seq: number): Balance | null;
  entries(orderId?: string): Entry[];
  balances(orderId?: string): Balance[];
}

/** Opens the books from what the journal holds. */
export function openLedger(journal: Journal): Ledger {
  const bookings: Booking[] = [];
  const byKey = new Map<string, Booking>();
  const byName = new Map<string, Booking[]>();
  const ahead = new Set<string>();
  const balances = new Map<number, Balance>();

  const apply = (booking: Booking) => {
    bookings.push(booking);
    byKey.set(booking.key, booking);
    if (booking.kind === 'reversal' && booking.response_code === '25' && booking.original_name) {
      ahead.add(`${booking.original_name}|${booking.rrn}`);
    }
    if (booking.response_code !== '00') return;
    if (booking.original_seq === null) {
      byName.set(booking.name, [...(byName.get(booking.name) ?? []), booking]);
      balances.set(booking.seq, openingBalance(booking));
    } else {
      const balance = balances.get(booking.original_seq);
      if (balance) move(balance, booking);
    }
  };
  journal.past.filter(isBooking).forEach(apply);

  return {
    book: (input) => {
      const seq = (bookings.at(-1)?.seq ?? 0) + 1;
      const booking: Booking = { record: 'entry', seq, at: new Date().toISOString(), ...input };
      journal.append(booking);
      apply(booking);
      return booking;
    },
    answered: (key) => byKey.get(key) ?? null,
    original: (name, mark) => {
      const named = byName.get(name) ?? [];
      if ('rrn' in mark) return named.find(({ rrn }) => rrn === mark.rrn) ?? null;
      return named.find(({ approval_code }) => approval_code === mark.approvalCode) ?? named[0] ?? null;
    },
    named: (name) => byName.get(name) ?? [],
    reversedAhead: (name, rrn) => ahead.has(`${name}|${rrn}`),
    balanceOf: (seq) => balances.get(seq) ?? null,
    entries: (orderId) =>
      bookings.filter((each) => orderId === undefined || each.order_id === orderId).map(shown),
    balances: (orderId) =>
      [...balances.values()].filter((each) => orderId === undefined || each.order_id === orderId),
  };
}

function openingBalance(booking: Booking): Balance {
  const { merchant_id, order_id, rrn, amount, kind } = booking;
  const sale = kind === 'sale' || kind === 'number';
  return {
    merchant_id,
    order_id,
    rrn,
    authorized: sale ? 0 : amount,
    captured: sale ? amount : 0,
    reversed: 0,
    refunded: 0,
  };
}

function move(balance: Balance, booking: Booking): void {
  if (booking.kind === 'capture') {
    balance.captured += booking.amount;
    balance.authorized = 0;
  }
  if (booking.kind === 'refund') balance.refunded += booking.amount;
  if (booking.kind === 'reversal') {
    balance.reversed += balance.authorized + balance.captured;
    balance.authorized = 0;
    balance.captured = 0;
  }
}

function shown(booking: Booking): Entry {
  const { seq, at, kind, merchant_id, order_id, rrn, stan, amount, response_code, last4, original_seq } =
    booking;
  const { payment_type = null, japan_code = null, stored_credential = null } = booking;
  const where = { seq, at, kind, merchant_id, order_id, rrn, stan };
  return {
    ...where,
    amount,
    response_code,
    last4,
    original_seq,
    payment_type,
    japan_code,
    stored_credential,
  };
}

/** The journal's lines are our own: the mark says which kind. */
function isBooking(record: unknown): record is Booking {
  return typeof record === 'object' && record !== null && 'record' in record && record.record === 'entry';
}
