import { inTransaction, type Tx } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import type { Answer } from '../vouchers/port.ts';
import { lockSession } from './advance.ts';
import { askToClose, end } from './close-number.ts';
import { AT_BANK_MS, lockNumber, lookAgain, nextLook, writeNumber } from './number-rows.ts';
import { recordDeposits } from './record-deposits.ts';
import { askForNumber } from './request-number.ts';
import { attemptInFlight, type NumberRow, numberOf, type Snapshot, type Visit } from './snapshot.ts';

/** What a number needs now; null = nothing any more. */
type Need = {
  ask: 'issue' | 'close' | 'inquire';
  merchant: Merchant;
  snapshot: Snapshot;
  row: NumberRow;
} | null;

export interface NumberIds {
  merchantId: string;
  sessionId: string;
  numberId: string;
}

/**
 * The job of a number, from its request to the last look at it: asks again for what was not answered, asks what became
 * of it when no notice came, and ends it at its deadline. What each answer makes of it owes the next look.
 */
export async function watchNumber(deps: Deps, ids: NumberIds): Promise<{ again: Date } | undefined> {
  const need = await inTransaction(deps.db, 'payments.watch_number', (tx) => needOf(tx, deps, ids));
  if (need === null) return undefined;
  const { ask, merchant, snapshot, row } = need;
  if (ask === 'issue') await askForNumber(deps, merchant, snapshot, row, 'again');
  if (ask === 'close') await askToClose(deps, merchant, row);
  if (ask === 'inquire') return inquire(deps, merchant, row);
  return { again: plus(deps.clock.now(), 10 * SECOND) };
}

async function needOf(tx: Tx, deps: Deps, { merchantId, sessionId, numberId }: NumberIds): Promise<Need> {
  const snapshot = await lockSession(tx, merchantId, sessionId);
  const row = snapshot?.numbers.find(({ id }) => id === numberId);
  if (snapshot === null || row === undefined) return null;
  const merchant = await merchantOf({ db: tx, clock: deps.clock }, row);
  const here = { merchant, snapshot, row };
  if (row.status === 'closed') return { ask: 'inquire', ...here };
  if (row.closing !== null) return { ask: 'close', ...here };
  const bound = snapshot.payment?.status === 'awaiting_payment';
  const deadline = bound ? row.payBy : attemptInFlight(snapshot)?.deadlineAt;
  if (deadline !== undefined && merchant.clock.now() >= deadline) {
    const closing = bound ? 'lapse' : 'deadline';
    await writeNumber(tx, row, { closing });
    return { ask: 'close', ...here, row: { ...row, closing } };
  }
  return { ask: row.status === 'requested' ? 'issue' : 'inquire', ...here };
}

/** Asks how a number stands and records it. */
export async function inquire(
  deps: Deps,
  merchant: Merchant,
  row: NumberRow,
): Promise<{ again: Date } | undefined> {
  const answer = (await deps.vouchers[merchant.mode]?.inquire(row.id)) ?? NO_CENTRE;
  return inTransaction(deps.db, 'payments.settle_inquiry', (tx) =>
    settleInquiry(tx, deps, merchant, row, answer),
  );
}

/** The shopper is back from the bank's page: what that says is not believed, but the bank is asked at once. */
export async function noteBankReturn(deps: Deps, visit: Visit): Promise<void> {
  const attempt = attemptInFlight(visit);
  const row = numberOf(visit, attempt);
  if (attempt?.phase === 'at_bank' && row !== null) await inquire(deps, visit.merchant, row);
}

const NO_CENTRE: Answer = { kind: 'not_sent', reason: 'no voucher centre' };
const UNANSWERED_MS = 60 * SECOND;

async function settleInquiry(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  number: NumberRow,
  answer: Answer,
): Promise<{ again: Date } | undefined> {
  const found = await lockNumber(tx, merchant, number);
  if (found === null) return undefined;
  const { locked, row, attempt } = found;
  const standing = answer.kind === 'standing' ? answer.standing : null;
  if (standing === null && answer.kind !== 'unheard') return { again: plus(deps.clock.now(), UNANSWERED_MS) };
  const { status = 'issued', deposits = [] } = standing ?? {};
  const after = await recordDeposits(tx, deps, merchant, locked, row, deposits);
  if (row.status === 'closed') {
    const looks = row.looks + 1;
    await writeNumber(tx, row, { looks });
    await lookAgain(tx, deps, merchant, { ...row, looks });
    return undefined;
  }
  if (deposits.length > 0 || row.closing !== null) return undefined;
  if (status !== 'issued') {
    const reason = status === 'declined' || status === 'canceled' ? status : 'lapse';
    await end(tx, deps, merchant, after, row, reason);
    return undefined;
  }
  return { again: attempt === null ? nextLook(deps, merchant, row) : plus(deps.clock.now(), AT_BANK_MS) };
}
