import { type ApiClient, apiClient, newOrderId } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import type { Fleet } from '../support/fleet.ts';
import { open, submit } from '../support/shopper.ts';
import { payUntilComplete, press, steadfast, succeeded, type Tour, type Way, way } from './tour.ts';

/** The seams that this tour passes and the cards' does not. */
export const LINK_SEAMS = /^(links|requests)\./;

/** What is sold without code, by clients that do not give up. */
export async function linkTour(fleet: Fleet): Promise<Tour> {
  const merchant = steadfast(apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key));
  const lapsing: string[] = [];
  const done = await Promise.all([requested(merchant, lapsing), soldByLink(merchant)]);
  // Moves the merchant's clock: after all others.
  await succeeded(merchant, '/v1/test/clock', { advance_seconds: 24 * 3_600 });
  for (const id of lapsing) await stands(merchant, id, 'expired');
  return { orders: done.map(({ order }) => order), sessions: done.map(({ session }) => session) };
}

/**
 * Links by e-mail: one sent, reminded of, opened and paid; one taken back; one of a batch; one that nobody pays by the
 * end of the day, which is `lapsing`.
 */
async function requested(api: ApiClient, lapsing: string[]): Promise<Way> {
  const asked = () => ({
    order_id: newOrderId('request'),
    amount: 8_800,
    customer: { email: 'ichiro@example.com' },
  });
  const path = '/v1/payment-requests';
  const { body: clock } = await api('POST', '/v1/test/clock', { advance_seconds: 1 });
  const today = new Date(Date.parse(clock.now) + 9 * 3_600_000).toISOString().slice(0, 10);
  const { body: late } = await succeeded(api, path, { ...asked(), due_date: today });
  lapsing.push(late.id);
  const { body: gone } = await succeeded(api, path, { ...asked(), send: true });
  await succeeded(api, `${path}/${gone.id}/cancel`, { notify: true });
  await succeeded(api, `${path}/batch`, { name: 'Batch', requests: [asked()] });
  const { body: made } = await succeeded(api, path, asked());
  await succeeded(api, `${path}/${made.id}/send`, {});
  await stands(api, made.id, 'sent');
  await succeeded(api, `${path}/${made.id}/remind`, {});
  await press(made.url, new URL(made.url).pathname);
  const { body: opened } = await api('GET', `${path}/${made.id}`);
  const { body: session } = await api('GET', `/v1/sessions/${opened.session_id}`);
  const paid = await payUntilComplete(api, session, testPan('00'), false);
  await stands(api, made.id, 'paid');
  return way(paid);
}

async function stands(api: ApiClient, requestId: string, status: string): Promise<void> {
  await eventually(
    `${requestId} is ${status}`,
    async () => (await api('GET', `/v1/payment-requests/${requestId}`)).body.status === status,
    120_000,
  );
}

/** A payment link: made, changed, ordered through twice; one pays, the other's piece comes back. */
async function soldByLink(api: ApiClient): Promise<Way> {
  const body = { title: 'Mug', price: { type: 'fixed', amount: 3_300 }, stock: 1 };
  const { body: link } = await succeeded(api, '/v1/payment-links', body);
  await succeeded(api, `/v1/payment-links/${link.id}`, { stock: 2 });
  const paying = await order(link.url);
  const leaving = await order(link.url);
  const { body: session } = await api('GET', `/v1/sessions/${paying}`);
  const paid = await payUntilComplete(api, session, testPan(), true);
  const { body: left } = await api('GET', `/v1/sessions/${leaving}`);
  await press(left.url, '/leave');
  await eventually(
    'one piece is sold and the other is there again',
    async () => (await api('GET', `/v1/payment-links/${link.id}`)).body.stock.left === 1,
    120_000,
  );
  return way(paid);
}

/** Sends the form until it leads to a payment page; the same form again leads to the same session. */
async function order(url: string): Promise<string> {
  const form = await eventually(
    'the page of the link',
    async () => (await open(url)).forms.find(({ names }) => names.includes('visit')),
    120_000,
  );
  await eventually(
    'the order is taken',
    async () => (await submit(form, { email: 'taro@example.com' })).url.includes('/p/'),
    120_000,
  );
  return form.fields.visit ?? '';
}
