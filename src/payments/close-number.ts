import { inTransaction, type Tx } from '../db/client.ts';
import type { ClosingReason } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { choiceOf, isWithdrawable, methodOf } from '../methods/methods.ts';
import type { Answer, Standing } from '../vouchers/port.ts';
import { advance } from './advance.ts';
import { closeNumber, type LockedNumber, lockNumber, watchNumberAt, writeNumber } from './number-rows.ts';
import { recordDeposits } from './record-deposits.ts';
import { attemptInFlight, type NumberRow, type Snapshot } from './snapshot.ts';

/** What came of asking the centre to take a number back. `open`: not known yet, the watchdog goes on. */
export type Closed = 'closed' | 'paid' | 'not_withdrawable' | 'open';

/** The same number as the centre's: whether it can be taken back at all. */
export function canWithdraw(row: NumberRow): boolean {
  const method = methodOf(row.method);
  if (method === null) return false;
  return method.flow === 'redirect' || isWithdrawable(method, choiceOf(method, row.choice));
}

/**
 * Asks the centre to take back a number whose `closing` is committed, and makes of its answer what the reason says. A
 * number that it cannot take back lapses all the same at its deadline, once it says that nothing was paid.
 */
export async function askToClose(deps: Deps, merchant: Merchant, row: NumberRow): Promise<Closed> {
  const centre = deps.vouchers[merchant.mode];
  if (centre === null) return 'open';
  const answer = canWithdraw(row) ? await centre.withdraw(row.id) : NOT_WITHDRAWABLE;
  const lapses = answer.kind === 'not_withdrawable' && row.closing === 'lapse';
  return settleClosing(deps, merchant, row, lapses ? await centre.inquire(row.id) : answer);
}

const NOT_WITHDRAWABLE: Answer = { kind: 'not_withdrawable' };

async function settleClosing(
  deps: Deps,
  merchant: Merchant,
  row: NumberRow,
  answer: Answer,
): Promise<Closed> {
  return inTransaction(deps.db, 'payments.settle_closing', async (tx): Promise<Closed> => {
    const found = await lockNumber(tx, merchant, row);
    if (found === null || found.row.status === 'closed') return 'closed';
    const reason = found.row.closing;
    if (reason === null) return 'open';
    switch (answer.kind) {
      case 'standing':
        return settleClosed(tx, deps, merchant, found, reason, answer.standing);
      case 'unheard':
        return end(tx, deps, merchant, found.locked, found.row, reason);
      case 'not_withdrawable':
        await writeNumber(tx, row, { closing: null, closedBy: null });
        if (found.attempt?.phase === 'closing') {
          await advance(tx, merchant, deps.clock.now(), found.locked, {
            event: 'attempt_moved',
            phase: 'at_bank',
          });
        }
        await watchNumberAt(tx, deps, merchant, row, plus(deps.clock.now(), 30 * SECOND));
        return 'not_withdrawable';
      case 'refused':
      case 'not_sent':
      case 'unknown':
        await watchNumberAt(tx, deps, merchant, row, plus(deps.clock.now(), 5 * SECOND));
        return 'open';
      default:
        return unreachable(answer);
    }
  });
}

async function settleClosed(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  { locked, row }: LockedNumber,
  reason: ClosingReason,
  { deposits }: Standing,
): Promise<Closed> {
  if (deposits.length === 0) return end(tx, deps, merchant, locked, row, reason);
  await recordDeposits(tx, deps, merchant, locked, row, deposits);
  return 'paid';
}

/** Nothing was paid on it and, as far as the centre can help it, nothing will be. */
export async function end(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  row: NumberRow,
  reason: ClosingReason | 'declined' | 'canceled',
): Promise<'closed'> {
  await closeNumber(tx, deps, merchant, row);
  const now = deps.clock.now();
  const bound = locked.payment?.status === 'awaiting_payment';
  if (bound) {
    await advance(tx, merchant, now, locked, { event: reason === 'withdraw' ? 'void_approved' : 'lapsed' });
    return 'closed';
  }
  if (attemptInFlight(locked)?.id !== row.attemptId) return 'closed';
  const failed = { event: 'attempt_failed', ...failureOf(row, reason), detail: null } as const;
  const after = await advance(tx, merchant, now, locked, failed);
  if (reason === 'leave' && after.session.status === 'open') {
    const left = { status: 'canceled', reason: 'shopper_canceled', replacedBy: null } as const;
    await advance(tx, merchant, now, after, { event: 'session_ended', ...left });
  }
  return 'closed';
}

function failureOf(row: NumberRow, reason: ClosingReason | 'declined' | 'canceled') {
  if (reason === 'abandon' || reason === 'leave') return { failure: 'abandoned', counts: true } as const;
  if (reason === 'declined') return { failure: 'bank_declined', counts: true } as const;
  if (reason === 'canceled') return { failure: 'bank_canceled', counts: true } as const;
  return row.status === 'requested'
    ? ({ failure: 'network_unavailable', counts: false } as const)
    : ({ failure: 'bank_timeout', counts: true } as const);
}
