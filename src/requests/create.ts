import { record } from '../audit/record.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import type { LineItem, paymentRequests, RequestRow } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Language } from '../i18n/texts.ts';
import { newCapability, newId } from '../lib/ids.ts';
import { endOfDayInJapan } from '../lib/japan-day.ts';
import { Problem } from '../lib/problem.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { toWall } from '../payments/advance.ts';
import { holderOf, lockOrder } from '../payments/create-session.ts';
import { PAID_STATUSES } from '../payments/state.ts';
import { enqueueAll } from '../queue/enqueue.ts';
import { oweSendings } from './mails.ts';
import { liveRequestOf } from './queries.ts';
import { change, insertRequests, lockOwn, lockRequest, type PaymentRequest } from './write.ts';

/** A request to be made. Amount in yen. */
export interface NewRequest {
  orderId: string;
  amount: number;
  description: string | null;
  lineItems: LineItem[] | null;
  name: string | null;
  email: string | null;
  language: Language;
  subject: string | null;
  message: string | null;
  /** Null = all that the merchant has. */
  methods: string[] | null;
  dueAt: Date;
  /** `null`: not now; a link for the merchant to give away, or to send later. */
  sendAt: Date | null;
  remindDays: number[];
  metadata: Record<string, string>;
}

/** How far ahead a request may be due, in days; and when it is, where nobody says. */
export const MOST_DUE_DAYS = 365;
export const USUAL_DUE_DAYS = 14;

/**
 * Makes a request; with `sendAt` it is on its way. Throws `payment_request_exists`, `order_already_paid`,
 * `order_in_progress`.
 *
 * @param workId a `preq_` id: a repeat with the same one finds the request that was made.
 */
export async function createRequest(
  deps: Deps,
  merchant: Merchant,
  input: NewRequest,
  workId: string = newId('preq', merchant.clock.now()),
): Promise<PaymentRequest> {
  return inTransaction(deps.db, 'requests.create', async (tx) => {
    const known = await lockRequest(tx, merchant.merchantId, workId);
    if (known !== null) return known;
    await lockOrder(tx, merchant, input.orderId);
    await refuseTaken(tx, merchant, input.orderId);
    const [made] = await putRequests(tx, deps, merchant, [rowOf(merchant, workId, input)]);
    if (made === undefined) throw existing(input.orderId, null);
    await record(tx, deps, merchant, {
      action: 'request.created',
      target: made.id,
      details: { order_id: made.orderId, amount: made.amount, sent: made.sendAt !== null },
    });
    return made;
  });
}

/** What may be changed of a request while it is a draft. */
export type Amendment = Pick<
  NewRequest,
  | 'orderId'
  | 'amount'
  | 'description'
  | 'name'
  | 'email'
  | 'language'
  | 'subject'
  | 'message'
  | 'dueAt'
  | 'remindDays'
>;

/**
 * Puts other contents into a draft, which nobody was sent and nobody has opened. Throws `not_found`, `invalid_state`,
 * and as `createRequest` does.
 */
export async function amendRequest(
  deps: Deps,
  merchant: Merchant,
  id: string,
  { name, ...input }: Amendment,
): Promise<PaymentRequest> {
  return inTransaction(deps.db, 'requests.amend', async (tx) => {
    await lockOrder(tx, merchant, input.orderId);
    const before = await lockOwn(tx, merchant, id);
    if (before.orderId !== input.orderId) await refuseTaken(tx, merchant, input.orderId);
    const lineItems = before.amount === input.amount ? before.lineItems : null;
    const after = await change(tx, before, 'amended', { ...input, customerName: name, lineItems });
    if (after === null) {
      const detail = `Payment request ${id} is ${before.status}. Cancel it, and make another.`;
      throw new Problem('invalid_state', detail, { request_status: before.status });
    }
    await oweExpiries(tx, deps, merchant, [after]);
    await record(tx, deps, merchant, {
      action: 'request.changed',
      target: id,
      details: { order_id: after.orderId, amount: after.amount },
    });
    return after;
  });
}

/** Inserts rows, and owes their mails and what happens when they are due. Answers those that were made. */
export async function putRequests(
  tx: Tx,
  deps: Deps,
  merchant: Merchant,
  rows: (typeof paymentRequests.$inferInsert)[],
): Promise<PaymentRequest[]> {
  const made = rows.length === 0 ? [] : await insertRequests(tx, rows);
  await oweExpiries(tx, deps, merchant, made);
  await oweSendings(tx, deps, merchant, made);
  return made;
}

/** What happens when they are due. One that was amended may be due earlier than before. */
async function oweExpiries(
  tx: Tx,
  deps: Pick<Deps, 'clock'>,
  merchant: Merchant,
  made: PaymentRequest[],
): Promise<void> {
  const { merchantId, mode } = merchant;
  const now = deps.clock.now();
  const expiries = made.map(({ id, version, dueAt }) => ({
    name: 'expire_request' as const,
    key: version === 0 ? id : `${id}/${version}`,
    payload: { merchant_id: merchantId, request_id: id },
    runAt: toWall(merchant, now, dueAt),
    clock: 'merchant' as const,
    merchantId,
    mode,
    now,
  }));
  await enqueueAll(tx, expiries);
}

async function refuseTaken(tx: Tx, merchant: Merchant, orderId: string): Promise<void> {
  const live = await liveRequestOf(tx, merchant, orderId);
  if (live !== null) throw existing(orderId, live.id);
  const holder = await holderOf(tx, merchant, orderId);
  if (holder === null) return;
  const paid: readonly string[] = PAID_STATUSES;
  const [code, words] = paid.includes(holder.status)
    ? (['order_already_paid', 'is paid'] as const)
    : (['order_in_progress', 'is being paid'] as const);
  const detail = `Order ${orderId} ${words} in session ${holder.sessionId}. Ask for another payment by another order_id.`;
  throw new Problem(code, detail, { session_id: holder.sessionId });
}

function existing(orderId: string, id: string | null): Problem {
  return new Problem(
    'payment_request_exists',
    `Order ${orderId} has a payment request that can still be paid. Send that one again, or cancel it first.`,
    id === null ? {} : { payment_request_id: id },
  );
}

type Insert = typeof paymentRequests.$inferInsert;

function rowOf(merchant: Merchant, id: string, input: NewRequest): Insert {
  const { name, ...fields } = input;
  return {
    ...fields,
    ...standing(merchant, input.sendAt !== null),
    merchantId: merchant.merchantId,
    id,
    customerName: name,
    createdBy: merchant.acting.actor.id,
  };
}

/** A row of a batch as a request. `send`: it goes out at its time, or at once. */
export function rowOfBatch(
  merchant: Merchant,
  batch: { id: string; send: boolean; createdBy: string | null },
  place: number,
  { name, dueAt, sendAt, ...fields }: RequestRow,
): Insert {
  const now = merchant.clock.now();
  const wanted = sendAt === null ? now : new Date(sendAt);
  const send = batch.send && fields.email !== null;
  return {
    ...fields,
    ...standing(merchant, send),
    merchantId: merchant.merchantId,
    id: newId('preq', now),
    batchId: batch.id,
    row: place,
    customerName: name,
    dueAt: new Date(dueAt),
    sendAt: send ? wanted : null,
    metadata: {},
    createdBy: batch.createdBy,
  };
}

function standing(merchant: Merchant, queued: boolean) {
  return {
    mode: merchant.mode,
    token: newCapability(merchant.merchantId),
    currency: 'JPY',
    status: queued ? 'scheduled' : 'draft',
    sends: queued ? 1 : 0,
    createdAt: merchant.clock.now(),
  } as const;
}

/** The end of the day in Japan that is `days` after today. */
export function dueAfter(merchant: Merchant, days: number): Date {
  return endOfDayInJapan(merchant.clock.now(), days);
}
