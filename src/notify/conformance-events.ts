import { createHash } from 'node:crypto';
import { asciiJson } from '../lib/json.ts';
import type { Merchant } from '../merchants/merchant.ts';

/** What every order of a conformance run begins with: receivers know by it that it is none of theirs. */
export const CONFORMANCE_ORDER = 'conformance-';
/** Nobody's number. It is signed with the key that serves all merchants, so it must never be somebody's. */
export const NOBODY = 'A100000000';

export interface SyntheticEvent {
  type?: string;
  merchantId?: string;
  sequence?: number;
  metadata?: Record<string, string>;
}

/** The text of an event as it would be of an order that was paid; nothing of it is stored. `run` names the order. */
export function syntheticPayload(
  merchant: Pick<Merchant, 'merchantId'>,
  run: string,
  at: Date,
  { type = 'payment.captured', merchantId, sequence = 1, metadata = {} }: SyntheticEvent = {},
): string {
  const order = { order_id: `${CONFORMANCE_ORDER}${run}`, amount: 1_000, currency: 'JPY' };
  const time = at.toISOString();
  const shared = { mode: 'test', ...order, capture: 'automatic', created_at: time, metadata };
  const payment = {
    id: idOf('pay', run),
    object: 'payment',
    session_id: idOf('cs', run),
    status: 'captured',
    method: 'card',
    amount_captured: order.amount,
    amount_refunded: 0,
    card: { brand: 'visa', last4: '0002', exp_month: 12, exp_year: 2030, ...LUMP_SUM },
    saved_card: null,
    initiated_by: 'shopper',
    number: null,
    three_ds: null,
    network: null,
    refunds: [],
    failure: null,
    late: false,
    duplicate: false,
    authorized_at: time,
    captured_at: time,
    capture_before: null,
    ...shared,
  };
  const session = {
    id: idOf('cs', run),
    object: 'session',
    status: 'complete',
    ended_reason: 'paid',
    replaced_by: null,
    payment_status: 'paid',
    description: '適合テスト conformance',
    methods: ['card'],
    locale: 'ja',
    expires_at: time,
    payment,
    attempts: [],
    ...shared,
  };
  const data = { merchant_id: merchantId ?? merchant.merchantId, mode: 'test', sequence, session, payment };
  return asciiJson({ type, timestamp: time, data });
}

const LUMP_SUM = { payment_type: 'lump_sum', installments: null };

/** An id that looks like one and is nobody's: the same for the same run. */
export function idOf(prefix: 'evt' | 'cs' | 'pay', run: string): string {
  return `${prefix}_conformance${createHash('sha256').update(`${prefix} ${run}`).digest('hex').slice(0, 28)}`;
}
