import { and, eq } from 'drizzle-orm';
import type { Acquirer, OperationMessage, Outcome } from '../../../src/acquirer/port.ts';
import { attempts, operations } from '../../../src/db/schema.ts';
import { newId } from '../../../src/lib/ids.ts';
import { type PaidOrder, paidOrder } from '../../receipts/paid-orders.ts';
import type { TestMerchant, World } from '../../support/world.ts';

/** An acquirer that answers what it is told to, else yes; and what it was sent. */
export interface SaidAcquirer extends Acquirer {
  sent: OperationMessage[];
  answers: (Outcome | Promise<Outcome>)[];
}

export function saidAcquirer(): SaidAcquirer {
  const acquirer: SaidAcquirer = {
    sent: [],
    answers: [],
    terminal: 'T0000001',
    send: async (message) => {
      acquirer.sent.push(message);
      return acquirer.answers.shift() ?? { kind: 'approved', responseCode: '00', approvalCode: '123456' };
    },
    ready: () => true,
    close: async () => {},
  };
  return acquirer;
}

type Options = NonNullable<Parameters<typeof paidOrder>[2]>;

/** An order that a card paid, with the operation that captures and refunds refer to. */
export async function cardOrder(
  world: World,
  merchant: TestMerchant,
  options: Options = {},
): Promise<PaidOrder> {
  const order = await paidOrder(world, merchant, options);
  const { merchantId, paymentId, sessionId } = order;
  const at = world.clock.now();
  const [attempt] = await world.deps.db
    .update(attempts)
    .set({ cardId: 'card_1', brand: 'visa', last4: '0002' })
    .where(and(eq(attempts.merchantId, merchantId), eq(attempts.paymentId, paymentId)))
    .returning();
  await world.deps.db.insert(operations).values({
    ...{ merchantId, sessionId, paymentId, id: newId('op', at), attemptId: attempt?.id ?? null },
    kind: options.payment?.status === 'authorized' ? 'authorize' : 'sale',
    amount: Number(options.payment?.amount ?? options.body?.amount ?? 12_800),
    ...{
      status: 'succeeded',
      terminal: 'T0000001',
      stan: '000001',
      rrn: '632715000010',
      transmittedAt: at,
      sends: 1,
    },
    ...{ responseCode: '00', approvalCode: '654321', createdAt: at, settledAt: at },
  });
  return order;
}

/** The fields of the form on a page, hidden ones included. */
export function fieldsOf(html: string): Record<string, string> {
  const inputs = html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}
