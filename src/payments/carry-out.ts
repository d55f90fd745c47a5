import { and, eq } from 'drizzle-orm';
import type { Outcome } from '../acquirer/port.ts';
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
export function refuseWhileRunning({ operations }: Snapshot): void {
  const running = operations.find(
    ({ status, kind }) => status === 'pending' && (kind === 'capture' || kind === 'void'),
  );
  if (running === undefined) return;
  throw new Problem(
    'operation_in_progress',
    `A ${running.kind} of this payment is running. Ask again in a few seconds.`,
  );
}

export function invalidState({ payment }: PaidSnapshot, needed: string): Problem {
  return new Problem('invalid_state', `The payment is ${payment.status}; this needs ${needed}.`, {
    payment_status: payment.status,
  });
}

export function amountTooLarge(asked: number, left: number): Problem {
  return new Problem('amount_too_large', `${asked} is more than the ${left} that are left.`, {
    amount_left: left,
  });
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
  if (begun.operation.status === 'pending') {
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
  const operation = await findOperation(deps.db, merchant.merchantId, begun.operation.id);
  if (operation === null) throw new Error(`operation ${begun.operation.id} has vanished`);
  if (operation.status === 'failed') {
    throw new Problem(declined, `The network declined the ${operation.kind} (${operation.responseCode}).`, {
      decline_code: operation.responseCode,
    });
  }
  const snapshot = await loadSession(deps, merchant, operation.sessionId);
  return { snapshot, settled: operation.status === 'succeeded', operation };
}

/**
 * Makes the `Settle` of a kind of operation: only a yes or a no of the network ends it, and `changeOf` says what each
 * makes of the payment.
 */
export function settleAnswer(changeOf: (operation: OperationRow, approved: boolean) => Change): Settle {
  return async (deps, merchant, operation, outcome) => {
    if (outcome.kind !== 'approved' && outcome.kind !== 'declined') return false;
    const approved = outcome.kind === 'approved';
    await inTransaction(deps.db, 'payments.settle_answer', async (tx) => {
      const locked = await lockSession(tx, merchant.merchantId, operation.sessionId);
      if (locked === null) return;
      if (!(await settle(tx, merchant, operation, approved ? 'succeeded' : 'failed', outcome))) return;
      const settled = await below(tx, locked.session);
      await advance(tx, merchant, deps.clock.now(), settled, changeOf(operation, approved));
    });
    return true;
  };
}
