import { type ApiClient, apiClient, type Json, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { entryForm } from '../support/entry.ts';
import { eventually } from '../support/eventually.ts';
import type { Fleet } from '../support/fleet.ts';
import { type CardData, formTo, goOn, open, pay, submit } from '../support/shopper.ts';

/**
 * A grand tour through every seam of cards: each way a session can go, by clients that behave as good clients do when a
 * connection breaks: merchants repeat with the same Idempotency-Key, shoppers reload and try again.
 */

export interface Tour {
  orders: string[];
  /** What each way has come to, for the assertion at the end. */
  sessions: string[];
}

export async function tour(fleet: Fleet): Promise<Tour> {
  const web = fleet.webs[0]?.baseUrl ?? '';
  const merchant = steadfast(apiClient(web, fleet.demo.secret_key));
  const ways = [
    () => challengeThenRefund(merchant),
    () => holdThenCapture(merchant),
    () => holdThenVoid(merchant),
    () => lostAnswer(merchant),
    () => abandonThenLeave(merchant),
    () => endedByMerchant(merchant, 'cancel'),
    () => endedByMerchant(merchant, 'expire'),
    () => noResults(merchant),
    () => byToken(merchant, steadfast(apiClient(web, fleet.demo.publishable_key))),
    () => signedEntry(fleet),
    () => spoiltAnswer(merchant),
    () => tellingAgain(merchant, () => refusedOnce(web, fleet.demo.secret_key)),
    () => keepThenCharge(merchant),
  ];
  const done = await Promise.all(ways.map((way) => way()));
  // These move the merchant's clock, and with it every open session and hold of the merchant: after all others.
  done.push(await timedOut(merchant));
  done.push(await holdLapses(merchant));
  return { orders: done.map(({ order }) => order), sessions: done.map(({ session }) => session) };
}

/** The Directory Server's answer about this card is spoilt on its way (see bad-directory-server.ts). */
export const SPOILT_CARD = testPan('04', '57');

export interface Way {
  order: string;
  session: string;
}

async function challengeThenRefund(api: ApiClient): Promise<Way> {
  const made = await newSession(api);
  const session = await payUntilComplete(api, made, testPan('01'), true);
  await succeeded(api, `/v1/payments/${session.payment.id}/refunds`, { amount: 2_800 });
  return way(session);
}

async function holdThenCapture(api: ApiClient): Promise<Way> {
  const session = await payUntilComplete(
    api,
    await newSession(api, { capture: 'manual' }),
    testPan('00'),
    false,
  );
  await succeeded(api, `/v1/payments/${session.payment.id}/capture`, { amount: 10_000 });
  return way(session);
}

async function holdThenVoid(api: ApiClient): Promise<Way> {
  const session = await payUntilComplete(
    api,
    await newSession(api, { capture: 'manual' }),
    testPan('08'),
    true,
  );
  await succeeded(api, `/v1/payments/${session.payment.id}/cancel`, {});
  return way(session);
}

/** The acquirer approves and its answer is lost: reversed, then paid with another card. */
async function lostAnswer(api: ApiClient): Promise<Way> {
  const made = await newSession(api);
  await tried(() => pay(made.url, { number: testPan('00', '21') }, { javascript: false }));
  await idle(api, made);
  return way(await payUntilComplete(api, made, testPan('00'), false));
}

async function abandonThenLeave(api: ApiClient): Promise<Way> {
  const made = await newSession(api);
  await tried(() => pay(made.url, { number: testPan('01') }, { javascript: true, otp: 'leave' }));
  await press(made.url, '/abandon');
  await press(made.url, '/leave');
  return way(await eventually('the session is left', async () => ended(api, made.id), 120_000));
}

async function endedByMerchant(api: ApiClient, verb: 'cancel' | 'expire'): Promise<Way> {
  const made = await newSession(api);
  const { body } = await api('POST', `/v1/sessions/${made.id}/${verb}`, {});
  return way(body);
}

async function timedOut(api: ApiClient): Promise<Way> {
  const made = await newSession(api, { expires_in: 60 });
  await tried(() => pay(made.url, { number: testPan('14') }, { javascript: true, otp: 'leave' }));
  await api('POST', '/v1/test/clock', { advance_seconds: 16 * 60 });
  return way(await eventually('the session times out', async () => ended(api, made.id), 120_000));
}

/** Nobody captures: the hold is released when its time is over. */
async function holdLapses(api: ApiClient): Promise<Way> {
  const made = await newSession(api, { capture: 'manual' });
  const { payment } = await payUntilComplete(api, made, testPan('00'), false);
  const lifeMs = Date.parse(payment.capture_before) - Date.parse(payment.authorized_at);
  await api('POST', '/v1/test/clock', { advance_seconds: lifeMs / 1_000 });
  await eventually(
    'the hold lapses',
    async () => (await api('GET', `/v1/payments/${payment.id}`)).body.status === 'expired',
    120_000,
  );
  return way((await api('GET', `/v1/sessions/${made.id}`)).body);
}

/** The CRes comes and the RReq never. */
async function noResults(api: ApiClient): Promise<Way> {
  const made = await newSession(api);
  await tried(() => pay(made.url, { number: testPan('09') }, { javascript: false }));
  await idle(api, made);
  return way(await payUntilComplete(api, made, testPan('00'), false));
}

async function byToken(api: ApiClient, browser: ApiClient): Promise<Way> {
  const card = { number: testPan('00'), exp_month: 12, exp_year: 2030, csc: '123', name: 'TARO YAMADA' };
  const { body: token } = await browser('POST', '/v1/tokens', { card });
  const { body: payment } = await succeeded(api, '/v1/payments', { ...sessionBody(), token: token.id });
  const { body: made } = await api('GET', `/v1/sessions/${payment.session_id}`);
  return way(await payUntilComplete(api, made, testPan('00'), false));
}

async function signedEntry(fleet: Fleet): Promise<Way> {
  const order = newOrderId('entry');
  const form = entryForm(fleet.demo, { ...sessionBody({ order_id: order }) });
  const page = await eventually('the entry leads to the page', async () => {
    const answer = await submit({ ...form, action: `${fleet.webs[0]?.baseUrl}/pay` });
    return answer.status === 200 ? answer : null;
  });
  const api = steadfast(apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key));
  const { body } = await api('GET', `/v1/sessions?order_id=${order}`);
  return way(await payUntilComplete(api, { ...body.data[0], url: page.url }, testPan('00'), false));
}

/** An answer that cannot be read is answered with an Erro; the shopper takes another card. */
async function spoiltAnswer(api: ApiClient): Promise<Way> {
  const made = await newSession(api);
  await tried(() => pay(made.url, { number: SPOILT_CARD }, { javascript: false }));
  await idle(api, made);
  return way(await payUntilComplete(api, made, testPan('00'), false));
}

/** Pings the endpoint, has an event sent again, makes an endpoint and takes it away, and is refused with a false key. */
async function tellingAgain(api: ApiClient, refused: () => Promise<unknown>): Promise<Way> {
  const session = await payUntilComplete(api, await newSession(api), testPan('00'), false);
  const { body: endpoints } = await api('GET', '/v1/webhook-endpoints');
  await succeeded(api, `/v1/webhook-endpoints/${endpoints.data[0].id}/ping`, {});
  const { body: events } = await api('GET', '/v1/events');
  await succeeded(api, `/v1/events/${events.data[0].id}/resend`, {});
  const { body: further } = await succeeded(api, '/v1/webhook-endpoints', {
    url: 'http://127.0.0.1:9/hook',
    events: ['ping'],
  });
  await api('DELETE', `/v1/webhook-endpoints/${further.id}`);
  await refused();
  return way(session);
}

/** With a key that never was. */
async function refusedOnce(web: string, key: string): Promise<void> {
  const refused = steadfast(apiClient(web, `${key.slice(0, -8)}zzzzzzzz`));
  await refused('GET', '/v1/events');
}

/** The shopper lets the card be kept and charged; the merchant charges it, then takes it away. */
async function keepThenCharge(api: ApiClient): Promise<Way> {
  const made = await newSession(api, {
    customer: { reference: newOrderId('customer'), email: 'taro@example.com' },
    card: { save: 'ask', mandate: { description: '毎月の会費' } },
  });
  const session = await payUntilComplete(api, made, { number: testPan('00'), save: '1', charge: '1' }, false);
  const card = `/v1/saved-cards/${session.payment.saved_card}`;
  const charge = { order_id: newOrderId('charge'), amount: 3_000 };
  await eventually(
    'the charge is made',
    async () => {
      const { status, body } = await api('POST', `${card}/charges`, charge);
      return status === 201 || body.code === 'order_already_paid';
    },
    120_000,
  );
  await api('DELETE', card);
  return way(session);
}

/** A shopper who does not give up: whatever an attempt came to, tries again until the session is over. */
export async function payUntilComplete(
  api: ApiClient,
  made: Json,
  card: string | CardData,
  javascript: boolean,
): Promise<Json> {
  return eventually(
    'the session is complete',
    async () => {
      const { body: session } = await api('GET', `/v1/sessions/${made.id}`);
      if (session.status !== 'open') return session;
      const page = await open(made.url);
      if (formTo(page, '/pay') !== null) {
        await pay(made.url, typeof card === 'string' ? { number: card } : card, { javascript });
      } else await resume(page.url, javascript);
      return null;
    },
    120_000,
  );
}

async function resume(url: string, javascript: boolean): Promise<void> {
  await goOn(await open(url), { javascript });
}

export async function press(url: string, ending: string): Promise<void> {
  await eventually(
    `pressing ${ending}`,
    async () => {
      const page = await open(url);
      const form = formTo(page, ending);
      if (form !== null) await submit(form);
      return page.status === 200;
    },
    120_000,
  );
}

/** Goes on with an attempt, as a shopper does who reloads, until none is in flight. */
export async function idle(api: ApiClient, made: Json, javascript = false): Promise<void> {
  await eventually(
    'no attempt is in flight',
    async () => {
      const { body } = await api('GET', `/v1/sessions/${made.id}`);
      if (!body.attempts.some(({ status }: { status: string }) => status === 'in_progress')) return true;
      await resume(made.url, javascript);
      return false;
    },
    120_000,
  );
}

export async function ended(api: ApiClient, id: string): Promise<Json | null> {
  const { body } = await api('GET', `/v1/sessions/${id}`);
  return body.status === 'open' ? null : body;
}

export async function newSession(api: ApiClient, changes: Record<string, unknown> = {}): Promise<Json> {
  return (await succeeded(api, '/v1/sessions', sessionBody({ max_attempts: 10, ...changes }))).body;
}

export async function succeeded(api: ApiClient, path: string, body: unknown) {
  const answer = await api('POST', path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** A broken connection is nothing that a shopper could not try again. */
export async function tried(step: () => Promise<unknown>): Promise<void> {
  await step().catch(() => {});
}

export function way(session: Json): Way {
  return { order: session.order_id, session: session.id };
}

/** Repeats what broke or was still running, with the same Idempotency-Key: the good client of the API. */
export function steadfast(api: ApiClient): ApiClient {
  return (method, path, body, headers = {}) => {
    const key: Record<string, string> =
      method === 'POST' && path !== '/v1/tokens' ? { 'Idempotency-Key': newOrderId('key') } : {};
    return eventually(
      `${method} ${path}`,
      async () => {
        const answer = await api(method, path, body, { ...key, ...headers });
        const again = answer.status >= 500 || answer.body.code === 'idempotency_in_progress';
        return again ? null : answer;
      },
      120_000,
    );
  };
}
