import { and, eq } from 'drizzle-orm';
import type { Mode } from '../config.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { type ActionKind, actionItems, deposits, numbers } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { merchantOfCapability, newId } from '../lib/ids.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import type { Deposit, Notice } from '../vouchers/port.ts';
import { advance } from './advance.ts';
import { holderOf, lockOpenSession } from './create-session.ts';
import { closeNumber, lockNumber, watchNumberAt } from './number-rows.ts';
import { attemptInFlight, below, type NumberRow, type Snapshot } from './snapshot.ts';

/**
 * A notice of the voucher centre's. Only money is believed as it is told, once by its serial; anything else makes us
 * ask how the number stands. False where there is no such number: the notice is not acknowledged then.
 */
export async function receiveNotice(deps: Deps, mode: Mode, notice: Notice): Promise<boolean> {
  const number = await findNumber(deps, notice.reference, mode);
  if (number === null) return false;
  const merchant = await merchantOf(deps, number);
  return inTransaction(deps.db, 'payments.receive_notice', async (tx) => {
    const found = await lockNumber(tx, merchant, number);
    if (found === null) return false;
    if (notice.deposit === null) {
      if (found.row.status === 'issued') await watchNumberAt(tx, deps, merchant, found.row, deps.clock.now());
      return true;
    }
    await recordDeposits(tx, deps, merchant, found.locked, found.row, [notice.deposit]);
    return true;
  });
}

/** The number a reference names, or null. */
export async function findNumber(
  { db }: Pick<Deps, 'db'>,
  reference: string,
  mode: Mode,
): Promise<NumberRow | null> {
  const merchantId = merchantOfCapability(reference.replace(/^num_/, ''));
  if (merchantId === null) return null;
  const [row] = await db
    .select()
    .from(numbers)
    .where(and(eq(numbers.merchantId, merchantId), eq(numbers.id, reference), eq(numbers.mode, mode)));
  return row ?? null;
}

/**
 * Records money that the centre took on a number, each deposit once. The caller holds the order's lock and the
 * session's. Money that is late, or that comes besides another payment, becomes something to act on.
 */
export async function recordDeposits(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  row: NumberRow,
  told: readonly Deposit[],
): Promise<Snapshot> {
  let snapshot = locked;
  for (const deposit of told) snapshot = await recordDeposit(tx, deps, merchant, snapshot, row, deposit);
  return snapshot;
}

async function recordDeposit(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  locked: Snapshot,
  row: NumberRow,
  deposit: Deposit,
): Promise<Snapshot> {
  const [known] = await tx
    .select({ serial: deposits.serial })
    .from(deposits)
    .where(
      and(
        eq(deposits.merchantId, row.merchantId),
        eq(deposits.numberId, row.id),
        eq(deposits.serial, deposit.serial),
      ),
    );
  if (known !== undefined) return locked;
  const now = merchant.clock.now();
  const whole = deposit.amount === row.amount;
  const orderTaken = whole && (await takenByAnother(tx, deps, merchant, locked));
  const furtherId = newId('pay', now);
  const { amount } = deposit;
  const change = { event: 'deposited', attemptId: row.attemptId, amount, orderTaken, furtherId } as const;
  const after = await advance(tx, merchant, deps.clock.now(), locked, change);
  const further = after.duplicates.find(({ id }) => id === furtherId) ?? null;
  const payment = further ?? after.payment;
  if (payment === null) throw new Error(`deposit on ${row.id} became no payment`);
  await tx.insert(deposits).values({
    merchantId: row.merchantId,
    numberId: row.id,
    serial: deposit.serial,
    mode: row.mode,
    sessionId: row.sessionId,
    paymentId: payment.id,
    amount: deposit.amount,
    place: deposit.place,
    paidAt: deposit.paidAt,
    recordedAt: now,
  });
  const kind = whole ? actionOf(further !== null, payment.late) : 'amount_differs';
  if (kind !== null) await noteAction(tx, merchant, row, { kind, paymentId: payment.id, deposit });
  if (whole && row.status !== 'closed') await closeNumber(tx, deps, merchant, row);
  return below(tx, after.session);
}

/** What somebody at the merchant has to look at; null = all is as it should be. */
function actionOf(further: boolean, late: boolean): ActionKind | null {
  if (further) return 'duplicate_payment';
  return late ? 'late_payment' : null;
}

/**
 * Whether another session's payment holds the order by now. One that is open and idle gives way: its order is paid.
 */
async function takenByAnother(tx: Tx, deps: Deps, merchant: Merchant, locked: Snapshot): Promise<boolean> {
  const { id, orderId } = locked.session;
  const holder = await holderOf(tx, merchant, orderId);
  if (holder !== null) return holder.sessionId !== id;
  const other = await lockOpenSession(tx, merchant, orderId);
  if (other === null || other.session.id === id) return false;
  if (attemptInFlight(other) !== null) return true;
  const ended = { event: 'session_ended', status: 'expired', reason: 'replaced', replacedBy: id } as const;
  await advance(tx, merchant, deps.clock.now(), other, ended);
  return false;
}

async function noteAction(
  tx: Tx,
  merchant: Merchant,
  row: NumberRow,
  { kind, paymentId, deposit }: { kind: ActionKind; paymentId: string; deposit: Deposit },
): Promise<void> {
  const now = merchant.clock.now();
  await tx
    .insert(actionItems)
    .values({
      merchantId: row.merchantId,
      id: newId('act', now),
      mode: row.mode,
      kind,
      subject: `${row.id}/${deposit.serial}`,
      sessionId: row.sessionId,
      paymentId,
      amount: deposit.amount,
      createdAt: now,
    })
    .onConflictDoNothing();
}
