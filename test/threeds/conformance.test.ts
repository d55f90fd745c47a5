import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiClient, apiClient, type Json, newOrderId, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import {
  type DirectoryProxy,
  type Spoiling,
  startDirectoryProxy,
  type Wire,
} from '../support/directory-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { expectBooksEqual } from '../support/ledger.ts';
import { type Choice, formTo, goOn, pay, submit } from '../support/shopper.ts';

/**
 * The 3DS Server against the simulated Directory Server and ACS, with a listener between them that records and spoils:
 * each row is a browser flow of EMV 3DS 2.1.0 or 2.2.0, with the messages that must and must not be on the wire.
 */
let fleet: Fleet;
let proxy: DirectoryProxy;
let api: ApiClient;
let simulatorUrl: string | null = null;
let sql: postgres.Sql;

beforeAll(async () => {
  proxy = await startDirectoryProxy(() => simulatorUrl);
  const times = { DS_TIMEOUT_MS: '1000', METHOD_TIMEOUT_MS: '500', RESULTS_TIMEOUT_MS: '500' };
  fleet = await startFleet({ webs: 1, workers: 0, role: 'serve' }, { ...times, TEST_DS_URL: proxy.url });
  simulatorUrl = fleet.demo.simulator_url;
  api = apiClient(fleet.webs[0]?.baseUrl ?? '', fleet.demo.secret_key);
  sql = postgres(fleet.databaseUrl, { max: 1 });
});

afterAll(async () => {
  await sql?.end();
  await fleet?.stop();
  await proxy?.close();
});

interface Row {
  name: string;
  /** Scenario of the simulated card. */
  tt?: string;
  choice?: Partial<Choice>;
  spoil?: Spoiling;
  /** Elements that the AReq must have; null: that it must not have. */
  areq?: Record<string, unknown>;
  /** The Erro that we send to the Directory Server. */
  erro?: string | null;
  /** Our answers to RReqs, in their order: RRes, or the code of an Erro. */
  answers?: string[];
  ends: string;
  shift?: boolean;
}

const SCRIPTED: Choice = { javascript: true };

async function run({ tt = '00', choice, spoil = {} }: Row): Promise<Json> {
  proxy.spoil(spoil);
  const body = sessionBody({ order_id: newOrderId('conformance'), max_attempts: 1 });
  const { body: session } = await api('POST', '/v1/sessions', body);
  await pay(session.url, { number: testPan(tt) }, { ...SCRIPTED, ...choice });
  return eventually('the attempt has ended', async () => {
    const { body: seen } = await api('GET', `/v1/sessions/${session.id}`);
    return seen.attempts[0].status === 'in_progress' ? null : seen;
  });
}

function check(row: Row, session: Json): void {
  const [attempt] = session.attempts;
  expect(attempt.failure?.code ?? attempt.status).toBe(row.ends);
  const [areq] = proxy.of('AReq');
  for (const [name, value] of Object.entries(row.areq ?? {})) {
    if (value === null) expect(Object.keys(areq ?? {})).not.toContain(name);
    else expect(areq?.[name], name).toEqual(value);
  }
  const sent = proxy.of('Erro').filter(({ errorComponent, errorMessageType }) => {
    return errorComponent === 'S' && errorMessageType !== 'RReq';
  });
  const said = sent.map(({ errorCode, errorDetail }) => `${errorCode} ${errorDetail}`);
  if (row.erro !== undefined) expect(said).toEqual(row.erro === null ? [] : [row.erro]);
  if (row.answers !== undefined) {
    const answers = proxy.wire.filter(
      ({ messageType, errorMessageType }) => messageType === 'RRes' || errorMessageType === 'RReq',
    );
    expect(answers.map(({ messageType, errorCode }) => errorCode ?? messageType)).toEqual(row.answers);
  }
  if (row.shift !== undefined) expect(session.payment.three_ds.liability_shift).toBe(row.shift);
}

function table(rows: Row[]): void {
  test.each(rows.map((row) => [row.name, row] as const))('%s', async (_, row) => check(row, await run(row)));
}

/** What only a script can tell. */
const FROM_SCRIPT = {
  browserJavaEnabled: false,
  browserLanguage: 'ja',
  browserColorDepth: '24',
  browserScreenHeight: '844',
  browserScreenWidth: '390',
  browserTZ: '-540',
};
const NOT_FROM_SCRIPT = Object.fromEntries(Object.keys(FROM_SCRIPT).map((name) => [name, null]));
const PURCHASE = {
  messageCategory: '01',
  deviceChannel: '02',
  purchaseAmount: '12800',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  merchantCountryCode: '392',
  threeDSRequestorAuthenticationInd: '01',
  threeDSRequestorChallengeInd: '01',
  cardholderName: 'TARO YAMADA',
  browserIP: '127.0.0.1',
};

describe('versions and browsers', () => {
  table([
    {
      name: '2.2.0 with JavaScript',
      areq: { ...PURCHASE, ...FROM_SCRIPT, messageVersion: '2.2.0', browserJavascriptEnabled: true },
      erro: null,
      answers: [],
      ends: 'succeeded',
      shift: true,
    },
    {
      name: '2.2.0 without JavaScript',
      choice: { javascript: false },
      areq: { ...PURCHASE, ...NOT_FROM_SCRIPT, browserJavascriptEnabled: false },
      ends: 'succeeded',
      shift: true,
    },
    {
      name: '2.1.0 with JavaScript',
      tt: '12',
      areq: { ...PURCHASE, ...FROM_SCRIPT, messageVersion: '2.1.0', browserJavascriptEnabled: null },
      ends: 'succeeded',
      shift: true,
    },
    {
      name: '2.1.0 without JavaScript',
      tt: '12',
      choice: { javascript: false },
      ends: 'authentication_unavailable',
    },
    { name: 'a range that is not enrolled', tt: '11', ends: 'authentication_unavailable' },
    { name: 'no 3DS Method in the range', areq: { threeDSCompInd: 'U' }, ends: 'succeeded' },
    {
      name: '3DS Method done',
      tt: '01',
      areq: { threeDSCompInd: 'Y' },
      answers: ['RRes'],
      ends: 'succeeded',
    },
    {
      name: '3DS Method not run without JavaScript',
      tt: '01',
      choice: { javascript: false },
      areq: { threeDSCompInd: 'N' },
      answers: ['RRes'],
      ends: 'succeeded',
    },
  ]);
});

const ares = (changes: Wire) => ({ ares: (message: Wire) => ({ ...message, ...changes }) });
const without = (name: string) => ({
  ares: ({ [name]: _, ...message }: Wire) => message,
});

describe('statuses of the ARes', () => {
  table([
    { name: 'Y', erro: null, ends: 'succeeded', shift: true },
    { name: 'A', tt: '04', erro: null, ends: 'succeeded', shift: true },
    { name: 'N', tt: '02', erro: null, ends: 'authentication_failed', shift: false },
    { name: 'R', tt: '03', erro: null, ends: 'authentication_rejected', shift: false },
    { name: 'U', tt: '05', erro: null, ends: 'authentication_unavailable', shift: false },
    {
      name: 'I that was not asked for',
      spoil: ares({ transStatus: 'I' }),
      ends: 'authentication_unavailable',
      shift: false,
    },
    {
      name: 'D, decoupled, which is never asked for',
      spoil: ares({
        transStatus: 'D',
        acsDecConInd: 'Y',
        acsChallengeMandated: 'Y',
        authenticationType: '02',
      }),
      ends: 'authentication_unavailable',
      shift: false,
    },
    {
      name: 'a status there is not',
      spoil: ares({ transStatus: 'Z' }),
      erro: '203 transStatus',
      ends: 'authentication_unavailable',
    },
    {
      name: 'Y without a value',
      spoil: without('authenticationValue'),
      erro: '201 authenticationValue',
      ends: 'authentication_unavailable',
    },
    {
      name: 'C without an address',
      tt: '01',
      spoil: without('acsURL'),
      erro: '201 acsURL',
      ends: 'authentication_unavailable',
    },
    {
      name: 'N without a reason',
      tt: '02',
      spoil: without('transStatusReason'),
      erro: '201 transStatusReason',
      ends: 'authentication_unavailable',
    },
    {
      name: 'Y with an indicator that does not fit',
      spoil: ares({ eci: '07' }),
      ends: 'succeeded',
      shift: false,
    },
  ]);
});

const CRITICAL = { name: 'x', id: 'A000000802-001', criticalityIndicator: true, data: { a: '1' } };

describe('answers that cannot be trusted', () => {
  table([
    {
      name: 'another transaction',
      spoil: ares({ threeDSServerTransID: crypto.randomUUID() }),
      erro: '301 threeDSServerTransID',
      ends: 'authentication_unavailable',
    },
    {
      name: 'another version',
      spoil: ares({ messageVersion: '2.1.0' }),
      erro: '203 messageVersion',
      ends: 'authentication_unavailable',
    },
    {
      name: 'a version there is not',
      spoil: ares({ messageVersion: '9.9.9' }),
      erro: '102 2.1.0,2.2.0',
      ends: 'authentication_unavailable',
    },
    {
      name: 'a required element missing',
      spoil: without('acsTransID'),
      erro: '201 acsTransID',
      ends: 'authentication_unavailable',
    },
    {
      name: 'a required element empty',
      spoil: ares({ dsReferenceNumber: '' }),
      erro: '203 dsReferenceNumber',
      ends: 'authentication_unavailable',
    },
    {
      name: 'an optional element empty',
      spoil: ares({ acsOperatorID: '' }),
      erro: '203 acsOperatorID',
      ends: 'authentication_unavailable',
    },
    {
      name: 'an element twice',
      spoil: { ares: (message) => JSON.stringify(message).replace('{', '{"transStatus":"Y",') },
      erro: '204 transStatus',
      ends: 'authentication_unavailable',
    },
    {
      name: 'a critical extension that is not known',
      spoil: ares({ messageExtension: [CRITICAL] }),
      erro: '202 A000000802-001',
      ends: 'authentication_unavailable',
    },
    {
      name: 'another extension, and elements that are not known',
      spoil: ares({ messageExtension: [{ ...CRITICAL, criticalityIndicator: false }], somethingNew: 'x' }),
      erro: null,
      ends: 'succeeded',
    },
    { name: 'no JSON', spoil: { ares: () => 'not JSON' }, ends: 'authentication_unavailable' },
    {
      name: 'a message of another kind',
      spoil: ares({ messageType: 'RRes' }),
      ends: 'authentication_unavailable',
    },
    { name: 'HTTP 500', spoil: { status: 500 }, erro: null, ends: 'authentication_unavailable' },
    {
      name: 'a connection cut off',
      spoil: { ares: () => null },
      erro: null,
      ends: 'authentication_unavailable',
    },
    { name: 'an answer too late', spoil: { delayMs: 1_500 }, erro: null, ends: 'authentication_unavailable' },
    ...['101', '203', '305', '404'].map((errorCode) => ({
      name: `Erro ${errorCode}, which is never answered by another`,
      spoil: {
        ares: (_: Wire, areq: Wire) => ({
          messageType: 'Erro',
          messageVersion: '2.2.0',
          threeDSServerTransID: areq.threeDSServerTransID,
          errorCode,
          errorComponent: 'D',
          errorDescription: 'x',
          errorDetail: 'x',
          errorMessageType: 'AReq',
        }),
      },
      erro: null,
      ends: 'authentication_unavailable',
    })),
  ]);
});

const rreq = (changes: Wire) => ({ rreq: (message: Wire) => [{ ...message, ...changes }] });
const REFUSED = { authenticationValue: undefined, eci: undefined };

describe('the RReq', () => {
  table([
    { name: 'Y', tt: '01', answers: ['RRes'], ends: 'succeeded', shift: true },
    {
      name: 'twice',
      tt: '01',
      spoil: { rreq: (message) => [message, message] },
      answers: ['RRes', '305'],
      ends: 'succeeded',
      shift: true,
    },
    {
      name: 'N: three wrong codes',
      tt: '01',
      choice: { otp: '000000' },
      answers: ['RRes'],
      ends: 'authentication_failed',
    },
    {
      name: 'N, cancelled by the cardholder',
      tt: '01',
      choice: { otp: 'cancel' },
      answers: ['RRes'],
      ends: 'authentication_canceled',
    },
    ...['04', '05'].map((challengeCancel) => ({
      name: `N, reason 14, cancel ${challengeCancel}`,
      tt: '01',
      spoil: rreq({ ...REFUSED, transStatus: 'N', transStatusReason: '14', challengeCancel }),
      answers: ['RRes'],
      ends: 'authentication_timeout',
    })),
    {
      name: 'R',
      tt: '01',
      spoil: rreq({ ...REFUSED, transStatus: 'R', transStatusReason: '11' }),
      answers: ['RRes'],
      ends: 'authentication_rejected',
    },
    {
      name: 'U',
      tt: '01',
      spoil: rreq({ ...REFUSED, transStatus: 'U', transStatusReason: '22' }),
      answers: ['RRes'],
      ends: 'authentication_unavailable',
    },
    {
      name: 'with other ids, then the right one',
      tt: '01',
      spoil: { rreq: (message) => [{ ...message, acsTransID: crypto.randomUUID() }, message] },
      answers: ['301', 'RRes'],
      ends: 'succeeded',
    },
    {
      name: 'for a transaction there is not, then the right one',
      tt: '01',
      spoil: { rreq: (message) => [{ ...message, threeDSServerTransID: crypto.randomUUID() }, message] },
      answers: ['301', 'RRes'],
      ends: 'succeeded',
    },
    {
      name: 'in another version, then the right one',
      tt: '01',
      spoil: { rreq: (message) => [{ ...message, messageVersion: '2.1.0' }, message] },
      answers: ['203', 'RRes'],
      ends: 'succeeded',
    },
    {
      name: 'without a status, then the right one',
      tt: '01',
      spoil: { rreq: ({ transStatus, ...message }) => [message, { ...message, transStatus }] },
      answers: ['201', 'RRes'],
      ends: 'succeeded',
    },
    { name: 'never, after the CRes', tt: '09', answers: [], ends: 'authentication_unavailable' },
  ]);

  test('for a payment without a challenge is refused', async () => {
    const session = await run({ name: '', ends: 'succeeded' });
    const [{ threeDSServerURL, threeDSServerTransID }] = proxy.of('AReq') as [Wire];
    const [{ acsTransID, dsTransID }] = proxy.of('ARes') as [Wire];
    const message = {
      messageType: 'RReq',
      messageVersion: '2.2.0',
      messageCategory: '01',
      threeDSServerTransID,
      acsTransID,
      dsTransID,
      transStatus: 'N',
      transStatusReason: '01',
      interactionCounter: '01',
      authenticationType: '02',
    };
    const answer = await fetch(threeDSServerURL, { method: 'POST', body: JSON.stringify(message) });
    expect(await answer.json()).toMatchObject({
      messageType: 'Erro',
      errorCode: '305',
      errorMessageType: 'RReq',
    });
    const { body: after } = await api('GET', `/v1/sessions/${session.id}`);
    expect(after).toEqual(session);
  });

  test('after the shopper chose another way is refused', async () => {
    proxy.spoil({});
    const { body: session } = await api('POST', '/v1/sessions', sessionBody());
    const challenge = await pay(session.url, { number: testPan('01') }, { javascript: false, otp: 'leave' });
    const abandon = formTo(challenge, '/abandon');
    if (abandon === null) throw new Error('no way out of the challenge');
    await submit(abandon);
    await goOn(challenge, { javascript: false, otp: '123456' });
    expect(proxy.of('Erro').map(({ errorCode }) => errorCode)).toEqual(['305']);
  });
});

describe('reasons', () => {
  const CODES = Array.from({ length: 26 }, (_, index) => String(index + 1).padStart(2, '0'));
  test.each([...CODES, '85'])('reason %s of a refusal is told to the merchant in words', async (code) => {
    const session = await run({ name: '', tt: '02', spoil: ares({ transStatusReason: code }), ends: '' });
    const { reason } = session.payment.three_ds;
    expect(reason).toEqual({ code, message: expect.stringMatching(/\w+ \w+.*\.$/) });
    expect(session.attempts[0].failure).toMatchObject({
      code: 'authentication_failed',
      reason: reason.message,
    });
  });
});

describe('what the merchant asks for', () => {
  const PREFERENCES = [
    ['no_preference', '01', '01'],
    ['no_challenge', '02', '02'],
    ['challenge_preferred', '03', '03'],
    ['challenge_mandated', '04', '04'],
    ['risk_analysed', '05', '02'],
    ['data_share_only', '06', '02'],
    ['strongly_authenticated', '07', '02'],
  ] as const;

  test.each(PREFERENCES)('%s: %s, and in 2.1.0 %s', async (preference, indicator, older) => {
    await prefer(preference);
    await run({ name: '', ends: '' });
    expect(proxy.of('AReq')[0]?.threeDSRequestorChallengeInd).toBe(indicator);
    await run({ name: '', tt: '12', ends: '' });
    expect(proxy.of('AReq')[0]?.threeDSRequestorChallengeInd).toBe(older);
    await prefer('no_preference');
  });

  test('data only: an issuer that answers I lets the payment go on, without liability shift', async () => {
    await prefer('data_share_only');
    const row: Row = {
      name: '',
      spoil: ares({ transStatus: 'I', eci: '07' }),
      ends: 'succeeded',
      shift: false,
    };
    check(row, await run(row));
    await prefer('no_preference');
  });

  test('a mandated challenge is passed at the issuer', async () => {
    await prefer('challenge_mandated');
    const row: Row = { name: '', answers: ['RRes'], ends: 'succeeded', shift: true };
    check(row, await run(row));
    await prefer('no_preference');
  });

  test('after a decline that wants authentication the next try demands a challenge', async () => {
    proxy.spoil({});
    const { body: session } = await api('POST', '/v1/sessions', sessionBody());
    const decline = { match: { order_id: session.order_id }, action: 'decline', response_code: '1A' };
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify(decline);
    const told = await fetch(`${fleet.demo.simulator_url}/faults`, { method: 'POST', headers, body });
    expect(told.ok).toBe(true);
    await pay(session.url, { number: testPan() }, SCRIPTED);
    await eventually('it was declined', async () => {
      const { body } = await api('GET', `/v1/sessions/${session.id}`);
      return body.attempts[0]?.failure?.advice === 'challenge';
    });
    await pay(session.url, { number: testPan() }, SCRIPTED);
    await eventually('it is paid', async () => {
      const { body } = await api('GET', `/v1/sessions/${session.id}`);
      return body.payment_status === 'paid';
    });
    expect(proxy.of('AReq').map(({ threeDSRequestorChallengeInd: indicator }) => indicator)).toEqual([
      '01',
      '04',
    ]);
  });

  async function prefer(preference: string): Promise<void> {
    await sql`update merchants set settings = settings || ${sql.json({ challengePreference: preference })}`;
  }
});

test('all that the shop knows of customer and order is told to the issuer', async () => {
  proxy.spoil({});
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
  const { body: session } = await api('POST', '/v1/sessions', {
    ...sessionBody({ order_id: newOrderId('knowledge') }),
    customer: {
      reference: 'member-4711',
      email: 'taro@example.com',
      phone: '090-1234-5678',
      billing_address: {
        line1: '丸の内1-1',
        city: '千代田区',
        state: '13',
        postal_code: '100-0005',
        country: 'JP',
      },
      account: {
        created_at: day(400),
        changed_at: day(45),
        password_changed_at: day(10),
        card_added_at: day(0),
        shipping_address_used_at: day(100),
        purchases_6_months: 7,
        attempts_24_hours: 1,
        attempts_last_year: 12,
        cards_added_24_hours: 1,
        name_matches_recipient: true,
        suspicious: false,
        login: 'password',
        login_at: '2026-11-01T09:30:00+09:00',
      },
    },
    risk: {
      delivery: 'next_day',
      delivery_email: 'taro@example.com',
      ship_to: 'known_address',
      reorder: true,
      preorder_until: '2026-12-24',
      gift_card_amount: 5000,
      gift_card_count: 2,
    },
  });
  await pay(session.url, { number: testPan() }, SCRIPTED);
  const [areq] = proxy.of('AReq');
  expect(areq).toMatchObject({
    acctID: 'member-4711',
    email: 'taro@example.com',
    mobilePhone: { cc: '81', subscriber: '9012345678' },
    billAddrState: '13',
    billAddrCountry: '392',
    acctInfo: {
      chAccAgeInd: '05',
      chAccChangeInd: '03',
      chAccPwChangeInd: '03',
      paymentAccInd: '02',
      shipAddressUsageInd: '04',
      nbPurchaseAccount: '7',
      txnActivityDay: '1',
      txnActivityYear: '12',
      provisionAttemptsDay: '1',
      shipNameIndicator: '01',
      suspiciousAccActivity: '01',
    },
    threeDSRequestorAuthenticationInfo: {
      threeDSReqAuthMethod: '02',
      threeDSReqAuthTimestamp: '202611010030',
    },
    merchantRiskIndicator: {
      deliveryTimeframe: '03',
      deliveryEmailAddress: 'taro@example.com',
      shipIndicator: '02',
      reorderItemsInd: '02',
      preOrderPurchaseInd: '02',
      preOrderDate: '20261224',
      giftCardAmount: '5000',
      giftCardCount: '02',
      giftCardCurr: '392',
    },
  });
  expect(areq?.acctInfo.chAccDate).toBe(day(400).slice(0, 10).replaceAll('-', ''));
});

test('the books are equal', async () => {
  expect(await expectBooksEqual(fleet, api)).toBeGreaterThan(0);
});
