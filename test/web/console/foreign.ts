import { actionItems } from '../../../src/db/schema.ts';
import { newId } from '../../../src/lib/ids.ts';
import { listApiKeys } from '../../../src/merchants/manage-keys.ts';
import { rotateSecret } from '../../../src/merchants/manage-secrets.ts';
import { createEndpoint, listDeliveries, pingEndpoint } from '../../../src/notify/endpoints.ts';
import { keepBatch } from '../../../src/requests/import.ts';
import { saveTemplate } from '../../../src/requests/templates.ts';
import { paidOrder } from '../../receipts/paid-orders.ts';
import { newOrderId } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { person } from '../../support/people.ts';
import type { TestMerchant, World } from '../../support/world.ts';

/** In the place of an id: there is nothing of this name. */
export const UNKNOWN = 'pay_00000000000000000000000000000000000';

type Maker = (world: World, merchant: TestMerchant) => Promise<Record<string, string>>;

/** What a merchant has that a route with parameters could show, by the beginning of its path. */
const MAKERS: Record<string, Maker> = {
  '/console/users/': async (world, merchant) => ({ id: (await person(world, merchant)).id }),
  '/console/requests/file/': async ({ deps }, merchant) => {
    const dueAt = deps.clock.now().toISOString();
    const nothing = {
      description: null,
      name: null,
      email: null,
      subject: null,
      message: null,
      sendAt: null,
    };
    const row = {
      orderId: newOrderId(),
      amount: 1,
      language: 'ja' as const,
      dueAt,
      remindDays: [],
      ...nothing,
    };
    const { id } = await keepBatch(deps, await merchant.as('test'), { name: 'File', rows: [row] });
    return { id };
  },
  '/console/requests/templates/': async ({ deps }, merchant) => {
    const template = { id: null, name: newOrderId(), texts: {} };
    return { id: (await saveTemplate(deps, await merchant.as('test'), template)) ?? UNKNOWN };
  },
  '/console/requests/': async (world, merchant) => {
    const body = { order_id: newOrderId(), amount: 1 };
    const made = await call(world, 'POST /v1/payment-requests', { key: merchant.keys.sk_test, body });
    return { id: made.body.id };
  },
  '/console/payments/': async (world, merchant) => {
    const { paymentId, sessionId } = await paidOrder(world, merchant);
    const item = newId('act', world.clock.now());
    await world.deps.db.insert(actionItems).values({
      ...{ merchantId: merchant.merchantId, id: item, mode: 'test', kind: 'late_payment', subject: item },
      ...{ sessionId, paymentId, amount: 1, createdAt: world.clock.now() },
    });
    return { id: paymentId, item };
  },
  '/console/links/': async (world, merchant) => ({ id: await paymentLink(world, merchant) }),
  '/console/developers/keys/': async ({ deps }, merchant) => {
    const [key] = await listApiKeys(deps, await merchant.as('test'));
    return { id: key?.id ?? UNKNOWN };
  },
  '/console/developers/endpoints/': async (world, merchant) => ({
    id: (await toldMerchant(world, merchant)).endpoint,
  }),
  '/console/developers/deliveries/': async (world, merchant) => ({
    id: (await toldMerchant(world, merchant)).delivery,
  }),
  '/console/developers/events/': async (world, merchant) => ({
    id: (await toldMerchant(world, merchant)).event,
  }),
  '/console/developers/secrets/': async ({ deps }, merchant) => {
    const id = newId('key', deps.clock.now());
    const input = { workId: id, kind: 'signing', overlapHours: 24 } as const;
    await rotateSecret(deps, await merchant.as('test'), input);
    return { id };
  },
};

async function toldMerchant({ deps }: World, merchant: TestMerchant) {
  const shop = await merchant.as('test');
  const endpoint = await createEndpoint(deps, shop, { url: 'https://shop.example/hook', events: null });
  const event = await pingEndpoint(deps, shop, endpoint.id);
  const { data } = await listDeliveries(deps, shop, { cursor: null, limit: 1 });
  return { endpoint: endpoint.id, event: event.id, delivery: data[0]?.id ?? UNKNOWN };
}

/** The route's path with ids of the merchant's; none for a route without parameters. Throws for one that nobody listed. */
export async function foreignPaths(world: World, merchant: TestMerchant, path: string): Promise<string[]> {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  if (names.length === 0) return [];
  const maker = Object.entries(MAKERS).find(([beginning]) => path.startsWith(beginning))?.[1];
  if (maker === undefined) throw new Error(`test/web/console/foreign.ts makes nothing for ${path}`);
  const ids = await maker(world, merchant);
  return [path.replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => ids[name] ?? UNKNOWN)];
}

async function paymentLink(world: World, merchant: TestMerchant): Promise<string> {
  const body = { title: '陶芸教室', price: { type: 'fixed', amount: 3_000 } };
  const made = await call(world, 'POST /v1/payment-links', { key: merchant.keys.sk_test, body });
  return String(made.body.id);
}
