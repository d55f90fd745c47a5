import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { isPrintable } from './printable.ts';

/** What numbers are asked for with (docs/voucher-centre.md). */
export const NumberRequest = z.strictObject({
  service: z.enum(['konbini', 'payeasy', 'bank_link']),
  chain: z
    .enum(['seven_eleven', 'lawson', 'familymart', 'ministop', 'seicomart', 'daily_yamazaki'])
    .optional(),
  bank: z.string().min(1).max(10).optional(),
  merchant_id: z.string().min(1).max(32),
  order_id: z.string().min(1).max(100),
  amount: z.int(),
  pay_by: z.iso.datetime({ offset: true }),
  payer: z.strictObject({
    name1: z.string(),
    name2: z.string(),
    kana: z.string().nullable(),
    phone: z
      .string()
      .regex(/^\d{9,11}$/)
      .nullable(),
  }),
  content: z.string().max(12),
  notice_url: z.url(),
  return_url: z.url().optional(),
});
export type NumberRequest = z.infer<typeof NumberRequest>;

/** Chains whose kiosk asks for the telephone number that goes with the number. */
const BY_PHONE = ['lawson', 'ministop', 'seicomart'];
const MOST = { konbini: 300_000, payeasy: 99_999_999, bank_link: 99_999_999 } as const;
const COMPANY = '912345';

/** The centre's word for what is wrong with a request; null = nothing. */
export function refusalOf(request: NumberRequest, now: Date): string | null {
  const { service, chain, bank, payer, content, amount } = request;
  if (amount < 1 || amount > MOST[service]) return 'amount_out_of_range';
  // No upper end: the clock of a test shop may run ahead.
  if (new Date(request.pay_by) < now) return 'pay_by_out_of_range';
  const { name1, name2, kana, phone } = payer;
  const printable = isPrintable(name1, 10) && isPrintable(name2, 10) && isPrintable(content, 12);
  if (name1 === '' || !printable) return 'name_not_printable';
  if (kana !== null && !/^[ァ-ヴー\u3000]{1,15}$/u.test(kana)) return 'name_not_printable';
  const complete =
    service === 'konbini'
      ? chain !== undefined && (phone !== null || !BY_PHONE.includes(chain))
      : kana !== null &&
        (service === 'payeasy' ? phone !== null : bank !== undefined && request.return_url !== undefined);
  return complete ? null : 'invalid';
}

/** A number of the form that the service or chain has, and the slip's code where there is a slip. */
export function newNumber(request: NumberRequest): {
  numbers: Record<string, string>;
  barcode: string | null;
} {
  const { service, chain, payer, amount, pay_by } = request;
  if (service !== 'konbini') return { numbers: payeasyNumbers(), barcode: null };
  switch (chain) {
    case 'seven_eleven': {
      const slip = digits(13);
      return { numbers: { slip_number: slip }, barcode: slipCode(slip, new Date(pay_by), amount) };
    }
    case 'familymart':
      return { numbers: { company_code: '20020', order_number: digits(12) }, barcode: null };
    case 'daily_yamazaki':
      return { numbers: { online_number: digits(11) }, barcode: null };
    default:
      return { numbers: { receipt_number: digits(6), phone: payer.phone ?? '' }, barcode: null };
  }
}

function payeasyNumbers() {
  return { institution_number: '58091', customer_number: digits(20), confirmation_number: digits(6) };
}

function digits(count: number): string {
  return Array.from({ length: count }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join('');
}

const STAMP_FROM = 50_000;

/**
 * 44 digits of GS1-128, application identifier 91: company 6, free field 21, reissue 1, due date in Japan 6, stamp 1,
 * amount 6, check digit.
 */
export function slipCode(slipNumber: string, payBy: Date, amount: number): string {
  const day = new Intl.DateTimeFormat('ja-JP', {
    timeZone: 'Asia/Tokyo',
    year: '2-digit',
    month: '2-digit',
    day: '2-digit',
  })
    .format(payBy)
    .replaceAll('/', '');
  const stamp = amount < STAMP_FROM ? '0' : '1';
  const figures = `91${COMPANY}${slipNumber.padStart(21, '0')}0${day}${stamp}${String(amount).padStart(6, '0')}`;
  let sum = 0;
  for (let at = 0; at < figures.length; at += 1) sum += Number(figures[at]) * (at % 2 === 0 ? 3 : 1);
  return `${figures}${(10 - (sum % 10)) % 10}`;
}
