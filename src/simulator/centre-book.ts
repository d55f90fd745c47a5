import { createHash, randomInt } from 'node:crypto';
import type { NumberRequest } from './centre-numbers.ts';
import type { Journal } from './journal.ts';
import type { Booking, Ledger } from './ledger.ts';

/** A number as the voucher centre knows it. No name or telephone number of the payer is kept. */
export interface CentreNumber {
  reference: string;
  /** Null where the reference was withdrawn before it was ever heard of. */
  asked: Asked | null;
  status: 'issued' | 'withdrawn' | 'expired' | 'declined' | 'canceled';
  numbers: Record<string, string>;
  barcode: string | null;
  /** The shopper holds the kiosk's voucher and is on the way to the register. */
  voucher: boolean;
}

type Asked = Pick<
  NumberRequest,
  | 'service'
  | 'chain'
  | 'bank'
  | 'merchant_id'
  | 'order_id'
  | 'amount'
  | 'pay_by'
  | 'notice_url'
  | 'return_url'
> & {
  /** Of the whole request: the same one again gives the same number. */
  digest: string;
};

export interface CentreDeposit {
  serial: string;
  amount: number;
  paid_at: string;
  place: string;
}

export interface CentreBook {
  find(reference: string): CentreNumber | null;
  /** By what is typed at a kiosk or an ATM, or by the slip's code: the latest that has it. */
  lookUp(digits: string): CentreNumber | null;
  issue(
    reference: string,
    request: NumberRequest,
    given: Pick<CentreNumber, 'numbers' | 'barcode'>,
  ): CentreNumber;
  /** Closes a reference that nobody asked a number with. */
  close(reference: string): CentreNumber;
  change(number: CentreNumber, change: Partial<Pick<CentreNumber, 'status' | 'voucher'>>): void;
  /** Takes money, whatever the number's state: the centre gives nothing back. */
  deposit(number: CentreNumber, place: string, amount: number): CentreDeposit;
  deposits(number: CentreNumber): CentreDeposit[];
  /** Notices that were acknowledged, by their id. */
  acknowledge(noticeId: string): void;
  isAcknowledged(noticeId: string): boolean;
  /** Oldest first. */
  all(): CentreNumber[];
}

type CentreRecord =
  | { record: 'number'; number: CentreNumber }
  | { record: 'number_change'; reference: string; change: Partial<CentreNumber> }
  | { record: 'notice_acknowledged'; noticeId: string };

/** Opens the centre's memory from what the journal holds. Money stands in the ledger, and nowhere else. */
export function openCentreBook(journal: Journal, ledger: Ledger): CentreBook {
  const numbers = new Map<string, CentreNumber>();
  const acknowledged = new Set<string>();
  const apply = (record: CentreRecord) => {
    if (record.record === 'number') numbers.set(record.number.reference, record.number);
    else if (record.record === 'notice_acknowledged') acknowledged.add(record.noticeId);
    else Object.assign(numbers.get(record.reference) ?? {}, record.change);
  };
  const write = (record: CentreRecord) => {
    journal.append(record);
    apply(record);
  };
  for (const record of journal.past) if (isRecord(record)) apply(record);

  const add = (number: CentreNumber) => {
    write({ record: 'number', number });
    return number;
  };
  return {
    find: (reference) => numbers.get(reference) ?? null,
    lookUp: (digits) =>
      [...numbers.values()].findLast(
        ({ barcode, numbers: parts }) =>
          barcode === digits || OWN_PARTS.some((part) => parts[part] === digits),
      ) ?? null,
    issue: (reference, request, given) => {
      const { service, chain, bank, merchant_id, order_id, amount, pay_by, notice_url, return_url } = request;
      const where = { service, chain, bank, merchant_id, order_id };
      const asked = { ...where, amount, pay_by, notice_url, return_url, digest: digestOf(request) };
      return add({ reference, asked, status: 'issued', voucher: false, ...given });
    },
    close: (reference) =>
      add({ reference, asked: null, status: 'withdrawn', voucher: false, numbers: {}, barcode: null }),
    change: ({ reference }, change) => write({ record: 'number_change', reference, change }),
    deposit: (number, place, amount) => toDeposit(ledger.book(bookingOf(number, place, amount))),
    deposits: ({ reference }) => ledger.named(nameOf(reference)).map(toDeposit),
    acknowledge: (noticeId) => write({ record: 'notice_acknowledged', noticeId }),
    isAcknowledged: (noticeId) => acknowledged.has(noticeId),
    all: () => [...numbers.values()],
  };
}

export function digestOf(request: NumberRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}

/** The parts that tell one number from another. */
const OWN_PARTS = ['slip_number', 'receipt_number', 'order_number', 'online_number', 'customer_number'];

function nameOf(reference: string): string {
  return `number:${reference}`;
}

/** Money at a register, as the ledger has it: the receipt's number is the RRN, the place stands where an issuer would. */
function bookingOf({ reference, asked }: CentreNumber, place: string, amount: number) {
  const serial = `${Date.now()}${String(randomInt(1_000_000)).padStart(6, '0')}`;
  return {
    kind: 'number' as const,
    key: `deposit:${serial}`,
    name: nameOf(reference),
    original_name: null,
    original_seq: null,
    approval_code: null,
    merchant_id: asked?.merchant_id ?? '',
    order_id: asked?.order_id ?? '',
    rrn: serial,
    stan: '000000',
    amount,
    response_code: '00',
    last4: null,
    issuer: place,
  };
}

function toDeposit({ rrn, amount, at, issuer }: Booking): CentreDeposit {
  return { serial: rrn, amount, paid_at: at, place: issuer };
}

/** The journal's lines are our own: the mark says which kind. */
function isRecord(record: unknown): record is CentreRecord {
  if (typeof record !== 'object' || record === null || !('record' in record)) return false;
  return ['number', 'number_change', 'notice_acknowledged'].includes(String(record.record));
}
