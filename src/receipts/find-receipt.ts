import { and, asc, eq } from 'drizzle-orm';
import { atOneMoment, type Tx } from '../db/client.ts';
import { attempts, operations, payments, receiptIssues, sessions } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { merchantOfCapability } from '../lib/ids.ts';
import { type Merchant, merchantOf } from '../merchants/merchant.ts';
import type { AttemptRow, OperationRow, PaymentRow, SessionRow } from '../payments/snapshot.ts';
import type { Paid } from './content.ts';

export type Issue = typeof receiptIssues.$inferSelect;

/** A payment as its receipt's page sees it. */
export interface Receipt {
  merchant: Merchant;
  session: SessionRow;
  payment: PaymentRow;
  /** The one that succeeded. */
  attempt: AttemptRow | null;
  /** Those that went through, oldest first. */
  refunds: OperationRow[];
  /** Every document there is, oldest first. */
  issues: Issue[];
}

/** The receipt that a capability leads to, or null. */
export async function findReceipt(deps: Deps, token: string): Promise<Receipt | null> {
  const merchantId = merchantOfCapability(token);
  if (merchantId === null) return null;
  return atOneMoment(deps.db, async (tx) => {
    const [found] = await tx
      .select({ payment: payments, session: sessions })
      .from(payments)
      .innerJoin(
        sessions,
        and(eq(sessions.merchantId, payments.merchantId), eq(sessions.id, payments.sessionId)),
      )
      .where(and(eq(payments.merchantId, merchantId), eq(payments.receiptToken, token)));
    if (found === undefined) return null;
    const merchant = await merchantOf({ db: tx, clock: deps.clock }, found.payment);
    return { merchant, ...found, ...(await below(tx, found.payment)) };
  });
}

/** The same once its money came; null before, and where it never did. */
export function paidOf({ payment, ...rest }: Receipt): Paid | null {
  const { capturedAt } = payment;
  return capturedAt === null || payment.amountCaptured === 0
    ? null
    : { ...rest, payment: { ...payment, capturedAt } };
}

async function below(tx: Tx, { merchantId, id }: PaymentRow) {
  const [succeeded, refunds, issues] = await Promise.all([
    tx
      .select()
      .from(attempts)
      .where(
        and(
          eq(attempts.merchantId, merchantId),
          eq(attempts.paymentId, id),
          eq(attempts.status, 'succeeded'),
        ),
      ),
    tx
      .select()
      .from(operations)
      .where(
        and(
          eq(operations.merchantId, merchantId),
          eq(operations.paymentId, id),
          eq(operations.kind, 'refund'),
          eq(operations.status, 'succeeded'),
        ),
      )
      .orderBy(asc(operations.createdAt), asc(operations.id)),
    tx
      .select()
      .from(receiptIssues)
      .where(and(eq(receiptIssues.merchantId, merchantId), eq(receiptIssues.paymentId, id)))
      .orderBy(asc(receiptIssues.number)),
  ]);
  return { attempt: succeeded[0] ?? null, refunds, issues };
}
