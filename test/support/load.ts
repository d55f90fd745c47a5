import type { ApiClient, Json } from './api.ts';
import { newOrderId, sessionBody } from './api.ts';
import { testPan } from './cards.ts';
import { eventually } from './eventually.ts';
import { pay } from './shopper.ts';

/** Shoppers who pay one after the other, `width` of them at a time, until stopped. */
export interface Load {
  /** Ids of the payments that went through. */
  paid: string[];
  /** What went wrong, a line each. */
  faults: string[];
  /** Lets those under way finish. Answers how many went through in a second. */
  stop(): Promise<number>;
}

export function startLoad(api: ApiClient, width: number): Load {
  const load: Load = { paid: [], faults: [], stop: async () => 0 };
  const startedAt = performance.now();
  let stopped = false;
  const shopper = async () => {
    while (!stopped) {
      const order = newOrderId('load');
      await payOnce(api, order).then(
        (paymentId) => load.paid.push(paymentId),
        (error: unknown) => load.faults.push(`${order}: ${String(error)}`),
      );
    }
  };
  const shoppers = Array.from({ length: width }, shopper);
  load.stop = async () => {
    stopped = true;
    await Promise.all(shoppers);
    return load.paid.length / ((performance.now() - startedAt) / 1_000);
  };
  return load;
}

/** One session and one attempt, which must be enough. */
async function payOnce(api: ApiClient, order: string): Promise<string> {
  const made = await api('POST', '/v1/sessions', sessionBody({ order_id: order }));
  if (made.status !== 201) throw new Error(`no session: ${made.status} ${made.body.code}`);
  const page = await pay(made.body.url, { number: testPan() }, { javascript: false });
  if (page.status !== 200) throw new Error(`a page answered ${page.status}`);
  const session: Json = await eventually(`${order} is over`, async () => {
    const { body } = await api('GET', `/v1/sessions/${made.body.id}`);
    const failed = body.attempts?.find(({ status }: Json) => status === 'failed');
    if (failed !== undefined) throw new Error(`attempt failed: ${failed.failure.code}`);
    return body.status === 'open' ? null : body;
  });
  if (session.payment_status !== 'paid') throw new Error(`ended as ${session.ended_reason}`);
  return session.payment.id;
}
