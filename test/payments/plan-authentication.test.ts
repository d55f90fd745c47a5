import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CardConsent } from '../../src/db/schema.ts';
import type { Deps } from '../../src/deps.ts';
import { wallClock } from '../../src/lib/clock.ts';
import type { PaymentType } from '../../src/lib/payment-type.ts';
import { payByCard } from '../../src/payments/pay.ts';
import { findVisit } from '../../src/payments/visit.ts';
import { testPan } from '../../src/simulator/test-cards.ts';
import { parseCard } from '../../src/vault/parse-card.ts';
import { openWorld as openSimulator, type World as SimulatorWorld } from '../simulator/world.ts';
import { sessionBody } from '../support/api.ts';
import { call } from '../support/call.ts';
import { testClock } from '../support/clock.ts';
import { openWorld, type World } from '../support/world.ts';
import { SCRIPTED } from '../threeds/requests.ts';

/** What the issuer is told of the payment type and of agreements when it is asked about the cardholder. */
let world: World;
let simulator: SimulatorWorld;
let deps: Deps;
/** Of each AReq what this is about; nothing of the card. */
const asked: unknown[] = [];
const challenges: unknown[] = [];

beforeAll(async () => {
  simulator = await openSimulator();
  const watching: typeof fetch = (address, init) => {
    const { messageType, ...areq } = JSON.parse(String(init?.body ?? '{}'));
    if (messageType === 'AReq') {
      asked.push([areq.threeDSRequestorAuthenticationInd, areq.purchaseInstalData]);
      challenges.push(areq.threeDSRequestorChallengeInd);
    }
    return fetch(address, init);
  };
  world = await openWorld({ fetch: watching, clock: testClock(wallClock.now()) });
  const dsUrl = `${simulator.simulator.httpUrl}/ds/{brand}`;
  const networks = {
    test: { dsUrl, acquirer: { host: '127.0.0.1', port: 9 }, vouchers: null, tls: null, results: null },
    live: null,
  };
  deps = { ...world.deps, config: { ...world.deps.config, networks } };
});
afterAll(async () => {
  await world?.close();
  await simulator?.close();
});

test.each<[PaymentType, string, string | undefined]>([
  [{ type: 'lump_sum', count: null }, '01', undefined],
  [{ type: 'installments', count: 12 }, '03', '12'],
  [{ type: 'revolving', count: null }, '01', undefined],
  [{ type: 'bonus_installments', count: 6 }, '03', '6'],
])('%j: authentication indicator %s, %s payments', async (paymentType, indicator, count) => {
  await payWith(paymentType, null);
  expect(asked.at(-1)).toEqual([indicator, count]);
});

test.each([
  [['next_time'], '01'],
  [['merchant_charges'], '04'],
  [['next_time', 'merchant_charges'], '04'],
] as const)('a shopper who agrees to %j is challenged by indicator %s', async (purposes, indicator) => {
  const words = {
    description: null,
    textVersion: '1',
    language: 'ja',
    agreedAt: wallClock.now().toISOString(),
  };
  await payWith({ type: 'lump_sum', count: null }, { purposes: [...purposes], ...words });
  expect(challenges.at(-1)).toBe(indicator);
});

async function payWith(paymentType: PaymentType, consent: CardConsent | null): Promise<void> {
  const { keys } = await world.merchant();
  const made = await call(world, 'POST /v1/sessions', { key: keys.sk_test, body: sessionBody() });
  const visit = await findVisit(deps, new URL(made.body.url).pathname.split('/').at(-1) ?? '');
  const fields = { number: testPan('jcb', '00', '00'), exp: '12/39', csc: '737', name: 'TARO YAMADA' };
  const parsed = parseCard(fields, { mode: 'test', now: world.clock.now() });
  if (visit === null || !parsed.ok) throw new Error('nobody to pay');
  const page = { email: null, language: 'ja', browser: SCRIPTED } as const;
  const paying = { card: parsed.card, paymentType, consent, ...page };
  await payByCard(deps, visit, paying);
}
