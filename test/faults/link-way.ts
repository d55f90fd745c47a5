import type { ApiClient } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { open, submit } from '../support/shopper.ts';
import { payUntilComplete, press, succeeded, type Way, way } from './tour.ts';

/** A payment link: made, changed, ordered through twice; one pays, the other's piece comes back. */
export async function soldByLink(api: ApiClient): Promise<Way> {
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
