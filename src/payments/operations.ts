import { and, eq } from 'drizzle-orm';
import { nextNetworkIds } from '../acquirer/network-ids.ts';
import type {
  Acquirer,
  NetworkIds,
  OperationKind,
  OperationMessage,
  Outcome,
  ThreeDsProof,
} from '../acquirer/port.ts';
import type { Queryable, Tx } from '../db/client.ts';
import { operations } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { plus, SECOND } from '../lib/clock.ts';
import { bonusMonth } from '../lib/payment-type.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { enqueue, withdraw } from '../queue/enqueue.ts';
import type { SealedSecurityCode } from '../vault/security-codes.ts';
import { paymentTypeOf } from './payment-types.ts';
import type { AttemptRow, OperationRow, Snapshot } from './snapshot.ts';

/**
 * A message of money: recorded with the ids it will be sent with, sent outside of any transaction, settled by its
 * answer. The watchdog is committed with the intent, so that a crash at any point is found and healed.
 */
export interface NewOperation {
  id: string;
  kind: OperationKind;
  amount: number;
  attempt: AttemptRow;
  original: OperationRow | null;
  reason?: string | null;
}

/** Records the intent and owes its settlement. `due` is when the watchdog looks; null = when the answer is overdue. */
export async function recordOperation(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  input: NewOperation,
  due: Date | null = null,
): Promise<OperationRow> {
  const now = deps.clock.now();
  const ids = await nextNetworkIds(tx, acquirerOf(deps, merchant)?.terminal ?? 'T0000000', now);
  const [row] = await tx
    .insert(operations)
    .values({
      ...ids,
      merchantId: merchant.merchantId,
      id: input.id,
      sessionId: input.attempt.sessionId,
      paymentId: input.attempt.paymentId,
      attemptId: input.attempt.id,
      kind: input.kind,
      amount: input.amount,
      status: 'pending',
      sends: due === null ? 1 : 0,
      originalId: input.original?.id ?? null,
      reason: input.reason ?? null,
      createdAt: merchant.clock.now(),
    })
    .returning();
  if (row === undefined) throw new Error('operation was not recorded');
  await watch(tx, merchant, row, due ?? overdueAt(deps), now);
  return row;
}

/** When an answer that was waited for since now is surely overdue. */
export function overdueAt(deps: Deps): Date {
  return plus(deps.clock.now(), deps.config.acquirerTimeoutMs + graceMs(deps));
}

/** What may pass between the intent and its message. */
function graceMs(deps: Deps): number {
  return Math.min(deps.config.leaseMs, 5 * SECOND);
}

async function watch(tx: Tx, merchant: Merchant, row: OperationRow, runAt: Date, now: Date): Promise<void> {
  await enqueue(tx, {
    name: 'settle_operation',
    key: row.id,
    payload: { merchant_id: row.merchantId, operation_id: row.id },
    runAt,
    clock: 'wall',
    merchantId: row.merchantId,
    mode: merchant.mode,
    now,
  });
}

/** Sends a recorded operation once and waits for its answer. No transaction may be open. */
export async function send(
  deps: Deps,
  merchant: Merchant,
  snapshot: Snapshot,
  operation: OperationRow,
  extra: { securityCode: SealedSecurityCode | null; threeDs: ThreeDsProof | null },
): Promise<Outcome> {
  const acquirer = acquirerOf(deps, merchant);
  if (acquirer === null) return { kind: 'not_sent', reason: `no network for ${merchant.mode} mode` };
  const once = operation.kind === 'sale' || operation.kind === 'authorize';
  // It keeps whole seconds.
  const sendBy = once ? plus(operation.transmittedAt, SECOND + graceMs(deps)) : null;
  return acquirer.send(messageOf(merchant, snapshot, operation, { ...extra, sendBy }));
}

function messageOf(
  merchant: Merchant,
  snapshot: Snapshot,
  operation: OperationRow,
  extra: Pick<OperationMessage, 'securityCode' | 'threeDs' | 'sendBy'>,
): OperationMessage {
  const attempt = snapshot.attempts.find(({ id }) => id === operation.attemptId);
  if (attempt === undefined || attempt.cardId === null || attempt.brand === null) {
    throw new Error(`operation ${operation.id} has no card`);
  }
  const original = snapshot.operations.find(({ id }) => id === operation.originalId) ?? null;
  return {
    ...idsOf(operation),
    ...extra,
    kind: operation.kind,
    repeat: operation.sends > 1,
    acquirerMerchantId: merchant.acquirerMerchantId,
    mcc: merchant.mcc,
    merchantName: merchant.name,
    orderId: snapshot.session.orderId,
    amount: operation.amount,
    currency: snapshot.session.currency,
    brand: attempt.brand,
    card: { merchantId: merchant.merchantId, cardId: attempt.cardId },
    ...paymentTypeFor(attempt),
    storedCard: attempt.storedCredential,
    original:
      original === null
        ? null
        : { ...idsOf(original), kind: original.kind, approvalCode: original.approvalCode },
  };
}

/** The bonus is that of the day on which the shopper chose it. */
function paymentTypeFor(attempt: AttemptRow): Pick<OperationMessage, 'paymentType' | 'bonusMonth'> {
  const paymentType = paymentTypeOf(attempt);
  const bonus = paymentType.type === 'bonus' || paymentType.type === 'bonus_installments';
  return { paymentType, bonusMonth: bonus ? bonusMonth(attempt.createdAt) : null };
}

function idsOf({ terminal, stan, rrn, transmittedAt }: OperationRow): NetworkIds {
  return { terminal, stan, rrn, transmittedAt };
}

function acquirerOf(deps: Deps, merchant: Merchant): Acquirer | null {
  return deps.acquirers[merchant.mode];
}

/**
 * Writes the end of an operation and takes its watchdog back. False when it had ended already: then the answer is a
 * late one, and nothing may be made of it.
 */
export async function settle(
  tx: Tx,
  merchant: Merchant,
  operation: OperationRow,
  status: 'succeeded' | 'failed' | 'reversed',
  outcome: Outcome,
): Promise<boolean> {
  const answered = outcome.kind === 'approved' || outcome.kind === 'declined';
  const settled = await tx
    .update(operations)
    .set({
      status,
      settledAt: merchant.clock.now(),
      ...(answered ? { responseCode: outcome.responseCode } : {}),
      ...(outcome.kind === 'declined' ? { japanCode: outcome.japanCode } : {}),
      ...(outcome.kind === 'approved' ? { approvalCode: outcome.approvalCode } : {}),
    })
    .where(and(here(operation), eq(operations.status, 'pending')))
    .returning({ id: operations.id });
  await withdraw(tx, 'settle_operation', operation.id);
  return settled.length === 1;
}

/** Owes an operation once more that had ended; the next sending is a repeat. */
export async function reopen(tx: Tx, deps: Deps, merchant: Merchant, operation: OperationRow): Promise<void> {
  await tx.update(operations).set({ status: 'pending', settledAt: null }).where(here(operation));
  const now = deps.clock.now();
  await watch(tx, merchant, operation, now, now);
}

/** Counts one more sending before it is made: what may have left once is a repeat from then on. */
export async function countSending(tx: Tx, operation: OperationRow): Promise<OperationRow> {
  const sends = operation.sends + 1;
  await tx.update(operations).set({ sends }).where(here(operation));
  return { ...operation, sends };
}

/** The message certainly never left: the next one is not a repeat. */
export async function uncountSending(db: Queryable, operation: OperationRow): Promise<void> {
  await db
    .update(operations)
    .set({ sends: operation.sends - 1 })
    .where(and(here(operation), eq(operations.sends, operation.sends)));
}

export async function findOperation(
  db: Queryable,
  merchantId: string,
  operationId: string,
): Promise<OperationRow | null> {
  const [row] = await db
    .select()
    .from(operations)
    .where(and(eq(operations.merchantId, merchantId), eq(operations.id, operationId)));
  return row ?? null;
}

function here(operation: OperationRow) {
  return and(eq(operations.merchantId, operation.merchantId), eq(operations.id, operation.id));
}
