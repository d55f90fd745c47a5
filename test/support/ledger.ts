import { expect } from 'vitest';
import type { ApiClient, Json } from './api.ts';
import { eventually } from './eventually.ts';
import type { Stack } from './processes.ts';

export interface Balance {
  order_id: string;
  authorized: number;
  captured: number;
  reversed: number;
  refunded: number;
}

/** What the network holds and has booked for an order; zeros where it knows nothing of it. */
export async function balanceOf(stack: Pick<Stack, 'demo'>, orderId: string): Promise<Balance> {
  const balances = await balancesOf(stack);
  const mine = balances.filter(({ order_id }) => order_id === orderId);
  const sum = (of: (balance: Balance) => number) => mine.reduce((total, balance) => total + of(balance), 0);
  return {
    order_id: orderId,
    authorized: sum((b) => b.authorized),
    captured: sum((b) => b.captured),
    reversed: sum((b) => b.reversed),
    refunded: sum((b) => b.refunded),
  };
}

async function balancesOf(stack: Pick<Stack, 'demo'>): Promise<Balance[]> {
  const ledger = await (await fetch(`${stack.demo.simulator_url}/ledger`)).json();
  return (ledger as { balances: Balance[] }).balances;
}

/** Every payment of the merchant against the network's balances, order by order, once nothing is pending. */
export async function expectBooksEqual(stack: Pick<Stack, 'demo'>, api: ApiClient): Promise<number> {
  return eventually('the books are equal', async () => {
    const payments = await allPayments(api);
    const network = new Map<string, number[]>();
    for (const { order_id, authorized, captured, refunded } of await balancesOf(stack)) {
      const [a = 0, c = 0, r = 0] = network.get(order_id) ?? [];
      network.set(order_id, [a + authorized, c + captured, r + refunded]);
    }
    const ours = new Map<string, number[]>();
    for (const payment of payments) {
      const [a = 0, c = 0, r = 0] = ours.get(payment.order_id) ?? [];
      const held = payment.status === 'authorized' ? payment.amount : 0;
      ours.set(payment.order_id, [a + held, c + payment.amount_captured, r + payment.amount_refunded]);
    }
    const orders = new Set([...ours.keys(), ...network.keys()]);
    const different = [...orders].filter(
      (order) =>
        JSON.stringify(ours.get(order) ?? [0, 0, 0]) !== JSON.stringify(network.get(order) ?? [0, 0, 0]),
    );
    const lines = different.map((order) => `${order}: ours ${ours.get(order)} network ${network.get(order)}`);
    expect(lines).toEqual([]);
    return orders.size;
  });
}

async function allPayments(api: ApiClient): Promise<Json[]> {
  const found: Json[] = [];
  let cursor = '';
  do {
    const { body } = await api('GET', `/v1/payments?limit=100${cursor && `&cursor=${cursor}`}`);
    found.push(...body.data);
    cursor = body.next_cursor ?? '';
  } while (cursor !== '');
  return found;
}
