import type { Config } from '../config.ts';
import { choiceOf, methodOf, numberParts } from '../methods/methods.ts';
import { reasonText } from '../threeds/reasons.ts';
import { liabilityShift } from '../threeds/verdict.ts';
import { presentFailure } from './failures.ts';
import { paymentTypeOf } from './payment-types.ts';
import type { AttemptRow, OperationRow, PaymentRow, Snapshot } from './snapshot.ts';
import { PAYMENT_STATUS_OF_SESSION } from './state.ts';

/** The API's objects (contract, section 2). Amounts in minor units, times RFC 3339 UTC. */

type Urls = { config: Pick<Config, 'publicUrl'> };

export function presentSession(deps: Urls, snapshot: Snapshot) {
  const { url: _, ...rest } = sessionObject(snapshot, '');
  const url = snapshot.session.origin === 'charge' ? null : pageUrl(deps, snapshot);
  return { ...rest, url, payment: presentPayment(deps, snapshot) };
}

/**
 * The payment, with `redirect_url` while the shopper has something to do on our pages, and `receipt_url` once there is
 * money to give a receipt for; null before any attempt.
 */
export function presentPayment(deps: Urls, snapshot: Snapshot) {
  const object = paymentObject(snapshot);
  if (object === null) return null;
  const receipt = receiptPath(snapshot.payment);
  const payment = { ...object, receipt_url: receipt && `${deps.config.publicUrl}${receipt}` };
  return payment.status === 'requires_action' && snapshot.session.origin !== 'charge'
    ? { ...payment, redirect_url: pageUrl(deps, snapshot) }
    : payment;
}

/** Where the receipt of a payment is; null before its money came. */
export function receiptPath(payment: PaymentRow | null): string | null {
  if (payment === null || payment.capturedAt === null || payment.receiptToken === null) return null;
  return payment.amountCaptured > 0 ? `/receipts/${payment.receiptToken}` : null;
}

/** What an event carries: the same objects, without addresses and without anything of the customer. */
export function presentForEvent(snapshot: Snapshot) {
  const { url: _, ...session } = sessionObject(snapshot, '');
  const payment = paymentObject(snapshot);
  return { session: { ...session, payment }, payment };
}

export function presentRefund(operation: OperationRow) {
  return {
    id: operation.id,
    object: 'refund' as const,
    amount: operation.amount,
    reason: operation.reason,
    status: operation.status === 'reversed' ? ('failed' as const) : operation.status,
    failure:
      operation.status === 'failed'
        ? { code: 'refund_declined', message: `The network declined the refund (${operation.responseCode}).` }
        : null,
    created_at: operation.createdAt.toISOString(),
  };
}

export function presentAttempt(snapshot: Snapshot, attempt: AttemptRow) {
  return {
    id: attempt.id,
    object: 'attempt' as const,
    method: attempt.method,
    status: attempt.status,
    failure: presentFailure(snapshot, attempt),
    card: attempt.brand === null ? null : { brand: attempt.brand, last4: attempt.last4 },
    created_at: attempt.createdAt.toISOString(),
    ended_at: attempt.endedAt?.toISOString() ?? null,
  };
}

export function pageUrl(deps: Urls, snapshot: Snapshot): string {
  return `${deps.config.publicUrl}/p/${snapshot.session.token}`;
}

function sessionObject(snapshot: Snapshot, url: string) {
  const { session, payment } = snapshot;
  return {
    id: session.id,
    object: 'session' as const,
    mode: session.mode,
    url,
    status: session.status,
    ended_reason: session.endedReason,
    replaced_by: session.replacedBy,
    payment_status: payment === null ? ('unpaid' as const) : PAYMENT_STATUS_OF_SESSION[payment.status],
    order_id: session.orderId,
    amount: session.amount,
    currency: session.currency,
    description: session.description,
    methods: session.methods,
    capture: session.capture,
    locale: session.locale,
    expires_at: session.expiresAt.toISOString(),
    created_at: session.createdAt.toISOString(),
    attempts: snapshot.attempts.map((attempt) => presentAttempt(snapshot, attempt)),
    metadata: session.metadata,
  };
}

function paymentObject(snapshot: Snapshot) {
  const { payment } = snapshot;
  if (payment === null) return null;
  const attempt = snapshot.attempts.at(-1) ?? null;
  return {
    id: payment.id,
    object: 'payment' as const,
    mode: payment.mode,
    session_id: payment.sessionId,
    order_id: payment.orderId,
    status: payment.status,
    method: payment.method,
    amount: payment.amount,
    currency: payment.currency,
    amount_captured: payment.amountCaptured,
    amount_refunded: payment.amountRefunded,
    capture: payment.capture,
    card: cardObject(attempt),
    saved_card: attempt?.savedCardId ?? null,
    initiated_by: snapshot.session.origin === 'charge' ? ('merchant' as const) : ('shopper' as const),
    number: numberObject(snapshot, payment),
    three_ds: threeDsObject(snapshot, attempt),
    network: networkObject(snapshot, attempt),
    refunds: snapshot.operations.filter((operation) => operation.kind === 'refund').map(presentRefund),
    failure: failureObject(snapshot, payment, attempt),
    late: payment.late,
    duplicate: payment.duplicate,
    created_at: payment.createdAt.toISOString(),
    authorized_at: payment.authorizedAt?.toISOString() ?? null,
    captured_at: payment.capturedAt?.toISOString() ?? null,
    capture_before: payment.captureBefore?.toISOString() ?? null,
    metadata: snapshot.session.metadata,
  };
}

function cardObject(attempt: AttemptRow | null) {
  if (attempt === null || attempt.brand === null) return null;
  const { brand, last4, expMonth, expYear } = attempt;
  const { type, count } = paymentTypeOf(attempt);
  const expiry = { exp_month: expMonth, exp_year: expYear };
  return { brand, last4, ...expiry, installments: count, payment_type: type };
}

/** What the shopper types or shows at the store or the ATM; labels as they stand there, in Japanese. */
function numberObject(snapshot: Snapshot, { method: id }: PaymentRow) {
  const method = methodOf(id);
  const row = snapshot.numbers.findLast(({ method: its, parts }) => its === id && parts !== null);
  if (method?.flow !== 'number' || row === undefined || row.parts === null) return null;
  const parts = numberParts(method, choiceOf(method, row.choice));
  return {
    chain: row.choice,
    labels: parts.map(({ label }) => label.ja),
    values: parts.map(({ key }) => row.parts?.[key] ?? ''),
    expires_at: row.payBy.toISOString(),
  };
}

function threeDsObject({ authentication }: Snapshot, attempt: AttemptRow | null) {
  if (authentication === null || attempt === null || authentication.attemptId !== attempt.id) return null;
  const { version, transStatus, eci, dsTransId, authenticationValue, reason } = authentication;
  return {
    version,
    trans_status: transStatus,
    eci,
    liability_shift:
      attempt.brand !== null &&
      liabilityShift({ brand: attempt.brand, transStatus, eci, authenticationValue }),
    ds_trans_id: dsTransId,
    reason: reason === null ? null : { code: reason, message: reasonText(reason) },
  };
}

function networkObject({ operations }: Snapshot, attempt: AttemptRow | null) {
  const authorization = operations.findLast(
    ({ kind, attemptId }) => (kind === 'sale' || kind === 'authorize') && attemptId === attempt?.id,
  );
  if (authorization === undefined) return null;
  const { rrn, approvalCode, responseCode, japanCode } = authorization;
  return { rrn, approval_code: approvalCode, response_code: responseCode, japan_code: japanCode };
}

function failureObject(snapshot: Snapshot, payment: PaymentRow, attempt: AttemptRow | null) {
  const failed = payment.status === 'requires_method' || payment.status === 'failed';
  return failed ? presentFailure(snapshot, attempt) : null;
}
