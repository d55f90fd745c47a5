import { and, eq } from 'drizzle-orm';
import type { Outcome } from '../acquirer/port.ts';
import type { AuditAction } from '../audit/actions.ts';
import { record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { payments } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { Problem, type ProblemCode } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { advance, lockSession } from './advance.ts';
import type { Change } from './decide.ts';
import { countSending, findOperation, send, settle, uncountSending } from './operations.ts';
import { below, loadSession, type OperationRow, type PaymentRow, type Snapshot } from './snapshot.ts';

/** A snapshot of a payment that is there. */
export interface PaidSnapshot extends Snapshot {
  payment: PaymentRow;
}

/** An operation whose intent is committed. `fresh` is false when the caller's request was resumed. */
export interface Begun {
  snapshot: Snapshot;
  operation: OperationRow;
  fresh: boolean;
}

/** The answer to a merchant: `settled` false = the network has not said yes or no within its time. */
export interface CarriedOut {
  snapshot: Snapshot;
  settled: boolean;
  operation: OperationRow;
}

/** Records an answer; false while there is none. */
export type Settle = (
  deps: Deps,
  merchant: Merchant,
  operation: OperationRow,
  outcome: Outcome,
) => Promise<boolean>;

/** Locks the session of a payment of this merchant and mode. Throws `not_found`. */
export async function lockPayment(tx: Tx, merchant: Merchant, paymentId: string): Promise<PaidSnapshot> {
  const [row] = await tx
    .select({ sessionId: payments.sessionId })
    .from(payments)
    .where(
      and(
        eq(payments.merchantId, merchant.merchantId),
        eq(payments.id, paymentId),
        eq(payments.mode, merchant.mode),
      ),
    );
  const locked = row === undefined ? null : await lockSession(tx, merchant.merchantId, row.sessionId);
  const payment = locked?.payment;
  if (!locked || !payment) throw new Problem('not_found', `There is no payment ${paymentId} in this mode.`);
  return { ...locked, payment };
}

/** Throws `operation_in_progress` while a capture or cancellation of the payment is running. */
export function refuseWhileRunning(snapshot: Snapshot): void {
  const running = runningOperation(snapshot);
  if (running === null) return;
  throw new Problem(
    'operation_in_progress',
    `A ${running.kind} of this payment is running. Ask again in a few seconds.`,
  );
}

/** The capture or cancellation that is not answered yet. */
export function runningOperation({ operations }: Snapshot): OperationRow | null {
  const running = operations.find(
    ({ status, kind }) => status === 'pending' && (kind === 'capture' || kind === 'void'),
  );
  return running ?? null;
}

/**
 * Sends what was begun, unless it has ended already, and reads how it stands. Throws `declined` when the network
 * said no.
 */
export async function carryOut(
  deps: Deps,
  merchant: Merchant,
  begun: Begun,
  settle: Settle,
  declined: ProblemCode,
): Promise<CarriedOut> {
  if (begun.operation.status === 'pending') await sendBegun(deps, merchant, begun, settle);
  const operation = await findOperation(deps.db, merchant.merchantId, begun.operation.id);
  if (operation === null) throw new Error(`operation ${begun.operation.id} has vanished`);
  if (operation.status === 'failed') {
    const { responseCode, japanCode } = operation;
    throw new Problem(declined, `The network declined the ${operation.kind} (${responseCode}).`, {
      decline_code: responseCode,
      ...(japanCode === null ? {} : { japan_code: japanCode }),
    });
  }
  const snapshot = await loadSession(deps, merchant, operation.sessionId);
  return { snapshot, settled: operation.status === 'succeeded', operation };
}

/** The call between intent and outcome. */
export async function sendBegun(deps: Deps, merchant: Merchant, begun: Begun, settle: Settle): Promise<void> {
  const operation = begun.fresh
    ? begun.operation
    : await inTransaction(deps.db, 'payments.resume_operation', (tx) => countSending(tx, begun.operation));
  const outcome = await send(deps, merchant, begun.snapshot, operation, {
    securityCode: null,
    threeDs: null,
  });
  if (outcome.kind === 'not_sent') await uncountSending(deps.db, operation);
  await settle(deps, merchant, operation, outcome);
}

/** A yes or a no of the network. */
export type Answered = Extract<Outcome, { kind: 'approved' | 'declined' }>;

/** 25 (no such hold) and 79 (released already): the issuer has let go of it. */
export function saysGone(answer: Answered): boolean {
  return answer.kind === 'declined' && (answer.responseCode === '25' || answer.responseCode === '79');
}

/**
 * Makes the `Settle` of a kind of operation: only a yes or a no of the network ends it, and `changeOf` says what each
 * makes of the payment.
 */
export function settleAnswer(changeOf: (operation: OperationRow, answer: Answered) => Change): Settle {
  return async (deps, merchant, operation, outcome) => {
    if (outcome.kind !== 'approved' && outcome.kind !== 'declined') return false;
    await inTransaction(deps.db, 'payments.settle_answer', async (tx) => {
      const locked = await lockSession(tx, merchant.merchantId, operation.sessionId);
      if (locked === null) return;
      const status = outcome.kind === 'approved' ? 'succeeded' : 'failed';
      if (!(await settle(tx, merchant, operation, status, outcome))) return;
      const settled = await below(tx, locked.session);
      await advance(tx, merchant, deps.clock.now(), settled, changeOf(operation, outcome));
      if (outcome.kind === 'declined') await recordDecline(tx, deps, merchant, operation, outcome);
    });
    return true;
  };
}

/** That it was asked for is recorded with the intent; that the network refused is told as well. */
async function recordDecline(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  { id, kind, amount, paymentId }: OperationRow,
  { responseCode }: Extract<Outcome, { kind: 'declined' }>,
): Promise<void> {
  const action = ACTION_OF[kind];
  if (action === null) return;
  const details = { amount, operation: id, response_code: responseCode };
  await record(tx, deps, merchant, { action, outcome: 'failure', target: paymentId, details });
}

/** What the audit log calls an operation of a merchant's. */
const ACTION_OF = {
  sale: null,
  authorize: null,
  reversal: null,
  capture: 'payment.capture',
  void: 'payment.cancel',
  refund: 'payment.refund',
} as const satisfies Record<OperationRow['kind'], AuditAction | null>;
