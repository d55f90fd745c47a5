import { and, eq, max } from 'drizzle-orm';
import { inTransaction } from '../db/client.ts';
import { receiptIssues } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { receiptContent, returnContent } from './content.ts';
import { type Issue, paidOf, type Receipt } from './find-receipt.ts';

/** More than anybody needs; a link that went astray shall not fill a database. */
export const MOST_ISSUES = 50;

export interface IssueInput {
  /** The number that the document is to have: the form's, so that pressing twice makes one document. */
  number: number;
  addressee: string;
  /** The refund that the document is about; null = the receipt itself. */
  refundId: string | null;
}

/**
 * Issues a document. What it says is kept as it is now: settings may change later, what was issued does not. Does
 * nothing where there is nothing to issue, or a document of that number already.
 */
export async function issueReceipt(deps: Deps, receipt: Receipt, input: IssueInput): Promise<void> {
  const paid = paidOf(receipt);
  const refund = receipt.refunds.find(({ id }) => id === input.refundId);
  if (paid === null || input.number > MOST_ISSUES) return;
  if (input.refundId !== null && refund === undefined) return;
  const { merchantId, id: paymentId } = receipt.payment;
  await inTransaction(deps.db, 'receipts.issue', async (tx) => {
    const [last] = await tx
      .select({ number: max(receiptIssues.number) })
      .from(receiptIssues)
      .where(and(eq(receiptIssues.merchantId, merchantId), eq(receiptIssues.paymentId, paymentId)));
    if (input.number !== (last?.number ?? 0) + 1) return;
    const issue: Issue = {
      merchantId,
      paymentId,
      number: input.number,
      kind: refund === undefined ? 'receipt' : 'return',
      refundId: input.refundId,
      addressee: input.addressee,
      content: refund === undefined ? receiptContent(paid) : returnContent(paid, refund),
      issuedAt: receipt.merchant.clock.now(),
    };
    await tx.insert(receiptIssues).values(issue).onConflictDoNothing();
  });
}

/** The document and all that were issued of the same: the first is the original, the others are marked 再発行. */
export function alike({ kind, refundId }: Issue, issues: readonly Issue[]): Issue[] {
  return issues.filter((each) => each.kind === kind && each.refundId === refundId);
}

/** What is printed as its number: the end of the payment's id, and which of its documents this is. */
export function serialOf({ paymentId, number }: Pick<Issue, 'paymentId' | 'number'>): string {
  return `R-${paymentId.slice(-10).toUpperCase()}-${number}`;
}
