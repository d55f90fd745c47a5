import { type ApiClient, apiClient, type Json } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import type { Fleet } from '../support/fleet.ts';
import { actAtBank, payAtRegister } from '../support/register.ts';
import { choose, formTo, open, submit } from '../support/shopper.ts';
import {
  ended,
  newSession,
  payUntilComplete,
  press,
  steadfast,
  succeeded,
  type Tour,
  tried,
  type Way,
  way,
} from './tour.ts';

/** The seams that this tour passes and the cards' does not. */
export const NUMBER_SEAMS =
  /^(vouchers\.|receipts\.|audit\.note$|payments\.(request_number|settle_number|receive_notice|watch_number|settle_inquiry|settle_closing|begin_withdrawal|resolve_action_item)$)/;

/** Every way that money paid elsewhere can go, by clients that do not give up. */
export async function numberTour(fleet: Fleet): Promise<Tour> {
  const merchant = steadfast(apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key));
  const ways = [
    () => numberPaid(fleet, merchant),
    () => numberTakenBack(fleet, merchant),
    () => paidAtBank(merchant),
    () => leftTheBank(merchant),
    () => numberExpires(merchant),
  ];
  const done = await Promise.all(ways.map((each) => each()));
  // Moves the merchant's clock, and with it every open session of the merchant: after all others.
  done.push(await numberLapses(merchant));
  return { orders: done.map(({ order }) => order), sessions: done.map(({ session }) => session) };
}

/** A number is asked for, and paid at the store; then the receipt is fetched. */
async function numberPaid(fleet: Fleet, api: ApiClient): Promise<Way> {
  const { payment, ...session } = await numberUntilIssued(
    api,
    await newSession(api),
    'konbini',
    'familymart',
  );
  await payAtRegister(fleet, payment.number.values[1].replace(/\D/g, ''));
  const paid = await eventually(
    'the number is paid',
    async () => {
      const { body } = await api('GET', `/v1/payments/${payment.id}`);
      return body.status === 'captured' ? body : null;
    },
    120_000,
  );
  await eventually(
    'the receipt is issued',
    async () => {
      const page = await open(paid.receipt_url);
      const form = page.forms.find(({ names }) => names.includes('addressee'));
      if (form !== undefined) await submit(form, { addressee: '株式会社うみ' });
      return (await open(paid.receipt_url)).html.includes('株式会社うみ');
    },
    120_000,
  );
  return way(session);
}

/** It is paid all the same: late money, which the merchant gives back. */
async function numberTakenBack(fleet: Fleet, api: ApiClient): Promise<Way> {
  const session = await numberUntilIssued(api, await newSession(api), 'konbini', 'seven_eleven');
  const { id, number } = session.payment;
  await succeeded(api, `/v1/payments/${id}/cancel`, {});
  await eventually(
    'the number is taken back',
    async () => (await api('GET', `/v1/payments/${id}`)).body.status === 'voided',
    120_000,
  );
  await payAtRegister(fleet, number.values[0].replace(/\D/g, ''));
  const late = await eventually(
    'the late money is something to act on',
    async () => {
      const { body } = await api('GET', '/v1/action-items?open=true&limit=100');
      return body.data.find((item: Json) => item.payment_id === id);
    },
    120_000,
  );
  await succeeded(api, `/v1/action-items/${late.id}/resolve`, { resolution: 'returned', note: '振込' });
  return way(session);
}

/** Nobody pays until the end of the day. */
async function numberLapses(api: ApiClient): Promise<Way> {
  const made = await newSession(api, { number_expires_days: 0 });
  const session = await numberUntilIssued(api, made, 'konbini', 'lawson');
  await api('POST', '/v1/test/clock', { advance_seconds: 24 * 3_600 });
  await eventually(
    'the number lapses',
    async () => (await api('GET', `/v1/payments/${session.payment.id}`)).body.status === 'expired',
    120_000,
  );
  return way(session);
}

/** The test control lets one expire. */
async function numberExpires(api: ApiClient): Promise<Way> {
  const session = await numberUntilIssued(api, await newSession(api), 'konbini', 'lawson');
  await api('POST', `/v1/test/payments/${session.payment.id}/expire`, {});
  await eventually(
    'the number has expired',
    async () => (await api('GET', `/v1/payments/${session.payment.id}`)).body.status === 'expired',
    120_000,
  );
  return way(session);
}

async function paidAtBank(api: ApiClient): Promise<Way> {
  const made = await newSession(api);
  return way(await atBankUntil(api, made, 'pay'));
}

/** Comes back from the bank by hand and pays by card; the bank has let the money go nowhere. */
async function leftTheBank(api: ApiClient): Promise<Way> {
  const made = await newSession(api);
  await tried(() => choose(made.url, 'netbank', '0010'));
  await eventually(
    'the bank is left',
    async () => {
      const { body } = await api('GET', `/v1/sessions/${made.id}`);
      if (!body.attempts.some(({ status }: { status: string }) => status === 'in_progress')) return true;
      await press(made.url, '/abandon');
      return false;
    },
    120_000,
  );
  return way(await payUntilComplete(api, made, testPan('00'), false));
}

export async function numberUntilIssued(
  api: ApiClient,
  made: Json,
  method: string,
  chain: string,
): Promise<Json> {
  return eventually(
    'the number is issued',
    async () => {
      const { body: session } = await api('GET', `/v1/sessions/${made.id}`);
      if (session.payment?.number) return session;
      if (formTo(await open(made.url), '/pay') !== null) await choose(made.url, method, chain);
      return null;
    },
    120_000,
  );
}

async function atBankUntil(api: ApiClient, made: Json, action: string): Promise<Json> {
  return eventually(
    'the bank is paid',
    async () => {
      const session = await ended(api, made.id);
      if (session !== null) return session;
      const page = await open(made.url);
      if (formTo(page, '/pay') !== null) await choose(made.url, 'netbank', '0010');
      else if (page.html.includes('/bank/')) await actAtBank(page, action);
      return null;
    },
    120_000,
  );
}
