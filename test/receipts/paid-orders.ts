import { and, eq } from 'drizzle-orm';
import { attempts, operations, payments, sessions } from '../../src/db/schema.ts';
import { newCapability, newId } from '../../src/lib/ids.ts';
import { sessionBody } from '../support/api.ts';
import { call } from '../support/call.ts';
import type { TestMerchant, World } from '../support/world.ts';

type PaymentChanges = Partial<typeof payments.$inferInsert>;

/** An order whose money came by card, put there without a network: what its receipt is made of. */
export interface PaidOrder {
  merchantId: string;
  paymentId: string;
  sessionId: string;
  orderId: string;
  token: string;
  path: string;
  /** A refund that went through. */
  refund(amount: number): Promise<string>;
}

export const ITEMS = [
  { name: '萩焼のマグカップ(白)', quantity: 2, unit_amount: 4_400, tax_rate: 10 },
  { name: '木の匙', quantity: 1, unit_amount: 1_760, tax_rate: 10 },
  { name: 'ほうじ茶 100g', quantity: 2, unit_amount: 1_120, tax_rate: 8 },
];

export async function paidOrder(
  world: World,
  merchant: TestMerchant,
  { body = {}, payment = {} }: { body?: Record<string, unknown>; payment?: PaymentChanges } = {},
): Promise<PaidOrder> {
  const asked = sessionBody({ description: '萩焼のマグカップほか2点', line_items: ITEMS, ...body });
  const made = await call(world, 'POST /v1/sessions', { key: merchant.keys.sk_test, body: asked });
  if (made.status !== 201) throw new Error(made.text);
  const { merchantId } = merchant;
  const at = world.clock.now();
  const ids = { merchantId, sessionId: String(made.body.id), paymentId: newId('pay', at) };
  const token = newCapability(merchantId);
  const amount = Number(made.body.amount);
  await world.deps.db.insert(payments).values({
    merchantId,
    id: ids.paymentId,
    sessionId: ids.sessionId,
    mode: 'test',
    orderId: made.body.order_id,
    status: 'captured',
    method: 'card',
    amount,
    currency: 'JPY',
    amountCaptured: amount,
    capture: 'automatic',
    createdAt: at,
    authorizedAt: at,
    capturedAt: at,
    receiptToken: token,
    ...payment,
  });
  await world.deps.db
    .update(sessions)
    .set({ status: 'complete', endedReason: 'paid', endedAt: at })
    .where(and(eq(sessions.merchantId, merchantId), eq(sessions.id, ids.sessionId)));
  await world.deps.db.insert(attempts).values({
    ...ids,
    id: newId('att', at),
    ordinal: 1,
    method: payment.method ?? 'card',
    status: 'succeeded',
    ...(payment.method === undefined ? { brand: 'visa', last4: '0002' } : {}),
    createdAt: at,
    deadlineAt: at,
    endedAt: at,
  });
  const { sessionId, paymentId } = ids;
  return {
    ...{ merchantId, paymentId, sessionId, token },
    orderId: made.body.order_id,
    path: `/receipts/${token}`,
    refund: (back) => putRefund(world, ids, back),
  };
}

async function putRefund(
  world: World,
  ids: { merchantId: string; sessionId: string; paymentId: string },
  amount: number,
): Promise<string> {
  const at = world.clock.now();
  const id = newId('re', at);
  await world.deps.db.insert(operations).values({
    ...ids,
    id,
    kind: 'refund',
    amount,
    status: 'succeeded',
    terminal: '00000001',
    stan: '000001',
    rrn: '632715000010',
    transmittedAt: at,
    createdAt: at,
    settledAt: at,
  });
  return id;
}
