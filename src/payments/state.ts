import type { PaymentStatus } from '../db/schema.ts';

/**
 * What may follow what, for a session's money. Pure; test/payments/state.test.ts holds every pair of status and
 * event against a table in text. `none` is a session without a payment yet.
 */
export type PaymentEvent =
  | 'attempt_started'
  | 'number_requested'
  | 'attempt_failed'
  | 'authorization_sent'
  | 'approved'
  | 'sold'
  | 'session_ended'
  | 'capture_approved'
  | 'capture_declined'
  | 'void_approved'
  | 'void_declined'
  | 'refund_started'
  | 'partial_refund_approved'
  | 'full_refund_approved'
  | 'refund_declined'
  | 'hold_expiring'
  | 'lapsed'
  | 'number_issued'
  | 'deposited'
  | 'deposited_late';

type Row = Partial<Record<PaymentEvent, PaymentStatus>>;

export const TRANSITIONS = {
  none: { attempt_started: 'requires_action', number_requested: 'processing' },
  requires_method: {
    attempt_started: 'requires_action',
    number_requested: 'processing',
    session_ended: 'failed',
    deposited_late: 'captured',
  },
  requires_action: {
    attempt_failed: 'requires_method',
    authorization_sent: 'processing',
    deposited: 'captured',
  },
  processing: {
    attempt_failed: 'requires_method',
    approved: 'authorized',
    sold: 'captured',
    number_issued: 'awaiting_payment',
    deposited: 'captured',
  },
  awaiting_payment: { deposited: 'captured', void_approved: 'voided', lapsed: 'expired' },
  authorized: {
    capture_approved: 'captured',
    capture_declined: 'authorized',
    void_approved: 'voided',
    void_declined: 'authorized',
    hold_expiring: 'authorized',
    lapsed: 'expired',
  },
  captured: {
    refund_started: 'captured',
    partial_refund_approved: 'partially_refunded',
    full_refund_approved: 'refunded',
    refund_declined: 'captured',
  },
  partially_refunded: {
    refund_started: 'partially_refunded',
    partial_refund_approved: 'partially_refunded',
    full_refund_approved: 'refunded',
    refund_declined: 'partially_refunded',
  },
  refunded: {},
  voided: { deposited_late: 'captured' },
  failed: { deposited_late: 'captured' },
  expired: { deposited_late: 'captured' },
} as const satisfies Record<PaymentStatus | 'none', Row>;

/** The status after an event, or null where the event cannot happen. */
export function next(status: PaymentStatus | 'none', event: PaymentEvent): PaymentStatus | null {
  const row: Row = TRANSITIONS[status];
  return row[event] ?? null;
}

/** `payment_status` of a session (contract, section 1). */
export const PAYMENT_STATUS_OF_SESSION = {
  requires_method: 'unpaid',
  requires_action: 'unpaid',
  processing: 'pending',
  awaiting_payment: 'pending',
  authorized: 'authorized',
  captured: 'paid',
  partially_refunded: 'paid',
  refunded: 'refunded',
  voided: 'unpaid',
  failed: 'unpaid',
  expired: 'unpaid',
} as const satisfies Record<PaymentStatus, string>;

/** Statuses in which an order cannot be paid by another session. */
export const PAID_STATUSES = ['authorized', 'captured', 'partially_refunded', 'refunded'] as const;
export const MOVING_STATUSES = ['requires_action', 'processing', 'awaiting_payment'] as const;
