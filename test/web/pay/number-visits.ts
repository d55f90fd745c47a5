import type { NumberRow, PaymentRow, SessionRow, Visit } from '../../../src/payments/snapshot.ts';
import { checkDigit } from '../../../src/vouchers/slip-code.ts';
import { type FormState, UNTOUCHED } from '../../../src/web/pay/pages.ts';
import { NOW, NUMBER, type Shown, visitWith } from './visits.ts';

/** Visits whose payment is by a number, made by hand: one of every chain, and every way it can end. */
export const PAY_BY = new Date('2026-11-26T14:59:59Z');

const ISSUED = {
  session: { status: 'complete', endedReason: 'number_issued', endedAt: NOW } satisfies Partial<SessionRow>,
  payment: {
    status: 'awaiting_payment',
    method: 'konbini',
    amountCaptured: 0,
    authorizedAt: null,
    capturedAt: null,
    receiptToken: null,
  } satisfies Partial<PaymentRow>,
};

const BARCODE = barcode('91912345', '000000000000123456789', '0', '261126', '0', '012800');

const KONBINI = {
  seven_eleven: { slip_number: '1234567890123' },
  familymart: { company_code: '20020', order_number: '123456789012' },
  lawson: { receipt_number: '123456', phone: '09012345678' },
  ministop: { receipt_number: '123456', phone: '0312345678' },
  seicomart: { receipt_number: '123456', phone: '09012345678' },
  daily_yamazaki: { online_number: '12345678901' },
} satisfies Record<string, Record<string, string>>;

const PAYEASY = {
  institution_number: '58191',
  customer_number: '12345678901234567890',
  confirmation_number: '123456',
};

/** Issued numbers, by where they are paid. */
export const ISSUED_NUMBERS: Record<string, Visit> = {
  ...Object.fromEntries(Object.entries(KONBINI).map(([chain, parts]) => [chain, konbini(chain, parts)])),
  payeasy: payeasy(12_800),
  payeasyLarge: payeasy(150_000),
};

export const SETTLED_NUMBERS = {
  numberPaid: settled({ status: 'captured' }),
  numberPaidLate: settled({ status: 'captured', late: true }),
  numberExpired: settled({ status: 'expired', amountCaptured: 0, capturedAt: null }),
  numberWithdrawn: settled({ status: 'voided', amountCaptured: 0, capturedAt: null }),
} satisfies Record<string, Visit>;

export const NUMBER_VISITS: Record<string, Visit> = { ...ISSUED_NUMBERS, ...SETTLED_NUMBERS };

function konbini(choice: string, parts: Record<string, string>): Visit {
  const barcode = choice === 'seven_eleven' ? BARCODE : null;
  return issued({ method: 'konbini', choice, parts, barcode });
}

function payeasy(amount: number): Visit {
  const number = { method: 'payeasy', choice: null, parts: PAYEASY, amount };
  return issued(number, { session: { amount }, payment: { amount, method: 'payeasy' } });
}

function issued(
  number: Partial<NumberRow>,
  { session = {}, payment = {} }: { session?: Partial<SessionRow>; payment?: Partial<PaymentRow> } = {},
): Visit {
  return visitWith({
    session: { ...ISSUED.session, ...session },
    payment: { ...ISSUED.payment, ...payment },
    attempts: [
      { method: number.method ?? 'konbini', status: 'succeeded', phase: null, brand: null, last4: null },
    ],
    numbers: [{ ...number, payBy: PAY_BY }],
  });
}

function settled(payment: Partial<PaymentRow>): Visit {
  return visitWith({
    session: ISSUED.session,
    payment: { method: 'konbini', authorizedAt: null, ...payment },
    attempts: [{ method: 'konbini', status: 'succeeded', phase: null, brand: null, last4: null }],
    numbers: [{ ...NUMBER, status: 'closed', payBy: PAY_BY }],
  });
}

function barcode(...parts: string[]): string {
  const digits = parts.join('');
  return `${digits}${checkDigit(digits)}`;
}

const METHODS = ['card', 'konbini', 'payeasy', 'netbank'];
const offered = (session: Partial<SessionRow> = {}): Visit =>
  visitWith({ session: { methods: METHODS, ...session }, merchant: { settings: { methods: METHODS } } });

function chosen(id: 'konbini' | 'payeasy' | 'netbank', more: Partial<FormState> = {}): Partial<Shown> {
  return { state: { ...UNTOUCHED, chosen: id, ...more } };
}

const AT_BANK = { method: 'netbank', brand: null, last4: null } as const;

/** Views before there is a number. */
export const FORM_VISITS: Record<string, { visit: Visit; shown?: Partial<Shown> }> = {
  formOfMethods: { visit: offered() },
  formKonbini: { visit: offered(), shown: chosen('konbini') },
  formKonbiniByPhone: {
    visit: offered({ customer: { name: '髙橋 一郎', phone: '+819012345678' } }),
    shown: chosen('konbini', { typed: { konbini_chain: 'lawson' } }),
  },
  formKonbiniInvalid: {
    visit: offered(),
    shown: chosen('konbini', {
      typed: { konbini_chain: 'lawson', konbini_name: '', konbini_phone: '090' },
      faults: {
        konbini_name: { code: 'missing', text: 'お名前を入力してください。' },
        konbini_phone: { code: 'invalid', text: '0から始まる10桁か11桁の電話番号を入力してください。' },
      },
    }),
  },
  formPayeasy: { visit: offered({ customer: { email: 'taro@example.com' } }), shown: chosen('payeasy') },
  formNetbank: { visit: offered(), shown: chosen('netbank') },
  formTooMuchForKonbini: { visit: offered({ amount: 400_000, methods: ['card', 'payeasy', 'netbank'] }) },
  formDeclinedOfMethods: {
    visit: {
      ...offered(),
      attempts: visitWith({
        attempts: [{ status: 'failed', phase: null, failure: 'card_declined', endedAt: NOW }],
      }).attempts,
    },
  },
  waitingForNumber: {
    visit: visitWith({ attempts: [{ ...AT_BANK, method: 'konbini', phase: 'requesting' }] }),
  },
  bank: {
    visit: visitWith({
      attempts: [{ ...AT_BANK, phase: 'at_bank' }],
      numbers: [{ method: 'netbank', choice: '0005', parts: PAYEASY, bankUrl: 'https://bank.example/pay' }],
    }),
  },
};
