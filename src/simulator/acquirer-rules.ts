import type { IsoMessage } from './iso8583.ts';
import type { SentPaymentType } from './payment-types.ts';
import {
  STORED_TAGS,
  type StoredCredential,
  storedCredentialFaults,
  storedCredentialOf,
} from './stored-cards.ts';
import { type TestCard, testCardOf } from './test-cards.ts';

/**
 * What a message of the acquirer link must hold: docs/acquirer-link.md, sections 2 to 5. Strict on purpose:
 * the service meets here what a real acquirer would refuse with DE39 30.
 */
export type MoneyKind = 'authorization' | 'sale' | 'capture' | 'reversal' | 'refund';

/** A money message, read and checked. */
export interface MoneyRequest {
  kind: MoneyKind;
  /** Knows a message again, whatever its repeat digit. */
  key: string;
  /** How a later message names this one: MTI, STAN and DE7 as in its DE90, and the merchant. */
  name: string;
  /** How DE90 names the original; null on an authorisation or sale. */
  originalName: string | null;
  /** Null where no test card has this number. */
  card: TestCard | null;
  last4: string;
  /** YYMM. */
  expiry: string;
  amount: number;
  merchantId: string;
  orderId: string;
  rrn: string;
  stan: string;
  /** The original's, where the message names it. */
  approvalCode: string | null;
  proof: { dsTransId: string; authenticationValue: string } | null;
  /** Only of an authorisation or sale. */
  paymentType: SentPaymentType | null;
  storedCredential: StoredCredential | null;
}

const FORMATS: ReadonlyMap<number, RegExp> = new Map([
  ...([
    [2, /^\d{12,19}$/],
    [3, /^(00|20)0000$/],
    [4, /^\d{12}$/],
    [7, /^\d{10}$/],
    [11, /^\d{6}$/],
  ] as const),
  ...([
    [12, /^\d{6}$/],
    [13, /^\d{4}$/],
    [14, /^\d\d(0[1-9]|1[0-2])$/],
    [18, /^\d{4}$/],
    [19, /^392$/],
  ] as const),
  ...([
    [22, /^(81|10)[02]$/],
    [25, /^59$/],
    [32, /^\d{1,11}$/],
    [37, /^[0-9A-Za-z]{12}$/],
  ] as const),
  ...([
    [38, /^[0-9A-Za-z]{6}$/],
    [39, /^(17|68)$/],
    [41, /^[ -~]{8}$/],
    [42, /^[ -~]{15}$/],
  ] as const),
  ...([
    [43, /^[ -~]{40}$/],
    [49, /^392$/],
    [63, /^[0-9A-Z]{2,138}$/],
    [70, /^(001|002|301)$/],
  ] as const),
  ...([[90, /^0[12]00\d{16}\d{11}0{11}$/]] as const),
]);

const COMMON = [2, 3, 4, 7, 11, 12, 13, 14, 18, 19, 25, 32, 37, 41, 42, 48, 49];
const REQUIRED = {
  authorization: [...COMMON, 22, 43, 63],
  sale: [...COMMON, 22, 43, 63],
  capture: [...COMMON, 90],
  refund: [...COMMON, 90],
  reversal: [...COMMON, 39, 90],
} as const satisfies Record<MoneyKind, readonly number[]>;

/** Reads a money message, or names the fields at fault (0 stands for the MTI). */
export function readMoneyRequest(message: IsoMessage): MoneyRequest | { faults: number[] } {
  const field = (number: number) => message.fields.get(number) ?? '';
  const kind = kindOf(message.mti, field(3));
  if (kind === null) return { faults: [0] };
  const elements = readElements(field(48));
  const faults = [
    ...faultsOf(message, REQUIRED[kind]),
    ...(elements === null || !elements.has('01') ? [48] : []),
    ...relationFaults(field, kind, elements ?? new Map()),
  ];
  if (faults.length > 0 || elements === null) return { faults: [...new Set(faults)].sort((a, b) => a - b) };
  const merchantId = field(42).trimEnd();
  const first = `${message.mti.slice(0, 3)}0`;
  return {
    kind,
    key: [first, field(3), field(11), field(37), field(41)].join('|'),
    name: nameOf(`${first}${field(11)}${field(7)}`, merchantId),
    originalName: message.fields.has(90) ? nameOf(field(90).slice(0, 20), merchantId) : null,
    card: testCardOf(field(2)),
    last4: field(2).slice(-4),
    expiry: field(14),
    amount: Number(field(4)),
    merchantId,
    orderId: elements.get('01') ?? '',
    rrn: field(37),
    stan: field(11),
    approvalCode: message.fields.get(38) ?? null,
    proof: proofOf(elements),
    paymentType: paymentTypeOf(message.fields.get(63), elements),
    storedCredential: storedCredentialOf(elements),
  };
}

/** The fields of a network management message (0800) that are missing or wrong. */
export function networkFaults(message: IsoMessage): number[] {
  return faultsOf(message, [7, 11, 32, 41, 70]);
}

function kindOf(mti: string, processingCode: string): MoneyKind | null {
  if (/^010[01]$/.test(mti)) return processingCode === '200000' ? null : 'authorization';
  if (/^020[01]$/.test(mti)) return processingCode === '200000' ? 'refund' : 'sale';
  if (/^022[01]$/.test(mti)) return 'capture';
  return /^040[01]$/.test(mti) ? 'reversal' : null;
}

function faultsOf(message: IsoMessage, required: readonly number[]): number[] {
  const missing = required.filter((number) => !message.fields.has(number));
  const wrong = [...message.fields].filter(([number, value]) => FORMATS.get(number)?.test(value) === false);
  return [...missing, ...wrong.map(([number]) => number)];
}

/** Faults that lie between fields: local time and DE7, entry mode and security code, institution and DE90. */
function relationFaults(
  field: (number: number) => string,
  kind: MoneyKind,
  elements: ReadonlyMap<string, string>,
): number[] {
  const faults: number[] = [];
  if (`${field(13)}${field(12)}` !== japanTime(field(7))) faults.push(12);
  if (Number(field(4)) === 0) faults.push(4);
  const opening = kind === 'authorization' || kind === 'sale';
  if (opening && field(22).endsWith('2') !== elements.has('06')) faults.push(22);
  if (opening) faults.push(...storedCredentialFaults(field(22), elements));
  if (!opening && ['06', '07', '08', ...STORED_TAGS].some((tag) => elements.has(tag))) faults.push(48);
  if (!opening && field(63) !== '') faults.push(63);
  if (!opening && field(90).slice(20, 31) !== field(32).padStart(11, '0')) faults.push(90);
  const formats = {
    '02': /^\d\d$/,
    '03': /^[A-Za-z0-9+/]{27}=$/,
    '04': /^[0-9a-f-]{36}$/i,
    '06': /^\d{3,4}$/,
    '07': /^\d\d$/,
    '08': /^\d{4}$/,
  };
  for (const [tag, format] of Object.entries(formats)) {
    const value = elements.get(tag);
    if (value !== undefined && !format.test(value)) faults.push(48);
  }
  return faults;
}

/** MMDDhhmmss in UTC to the same in Japan. The year decides about 29 February only: this one's is taken. */
function japanTime(utc: string): string {
  const part = (at: number) => Number(utc.slice(at, at + 2));
  const year = new Date().getUTCFullYear();
  const at = new Date(Date.UTC(year, part(0) - 1, part(2), part(4) + 9, part(6), part(8)));
  return Number.isNaN(at.getTime()) ? '' : at.toISOString().replace(/[-T:]/g, '').slice(4, 14);
}

/** DE48: tag, length, value. Null where it does not add up or a tag comes twice. */
function readElements(text: string): Map<string, string> | null {
  const elements = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const head = /^([0-9A-Za-z]{2})(\d{3})$/.exec(text.slice(at, at + 5));
    const [, tag, length] = head ?? [];
    if (tag === undefined || length === undefined || elements.has(tag)) return null;
    const value = text.slice(at + 5, at + 5 + Number(length));
    if (value.length !== Number(length)) return null;
    elements.set(tag, value);
    at += 5 + value.length;
  }
  return elements;
}

function proofOf(elements: ReadonlyMap<string, string>): MoneyRequest['proof'] {
  const authenticationValue = elements.get('03');
  const dsTransId = elements.get('04');
  if (authenticationValue === undefined || dsTransId === undefined) return null;
  return { dsTransId, authenticationValue };
}

function paymentTypeOf(
  code: string | undefined,
  elements: ReadonlyMap<string, string>,
): MoneyRequest['paymentType'] {
  if (code === undefined) return null;
  return { code, count: elements.get('07') ?? null, bonusMonth: elements.get('08') ?? null };
}

function nameOf(original: string, merchantId: string): string {
  return `${original}|${merchantId}`;
}
