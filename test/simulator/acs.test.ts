import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testPan } from '../../src/simulator/test-cards.ts';
import { answer, areq, challenge, decoded, hiddenField, type Message, post, send } from './threeds-client.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const OTP = '123456';

/** An ARes that asks for a challenge. */
function authenticate(scenario = '01', change: Message = {}): Promise<Message> {
  const request = areq(testPan('visa', scenario, '00'), { threeDSServerURL: world.results.url, ...change });
  return send(`${world.simulator.httpUrl}/ds/visa`, request);
}

function resultsOf(ares: Message): Message[] {
  return world.results.received.filter(({ acsTransID }) => acsTransID === ares.acsTransID);
}

function cresOf(html: string): Message {
  return decoded(hiddenField(html, 'cres'));
}

describe('a challenge', () => {
  test('shows shop, amount and card, in a page without scripts that a browser may frame', async () => {
    const response = await challenge(await authenticate());
    const html = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(html).toContain('TEST SHOP');
    expect(html).toContain('¥12,800');
    expect(html).toContain(`•••• ${testPan('visa', '01', '00').slice(-4)}`);
    expect(html).toContain('autocomplete="one-time-code"');
    expect(html).toContain('inputmode="numeric"');
    expect(html).not.toContain('<script');
  });

  test('the right code: the RReq is sent first, then the CRes goes to the notification URL', async () => {
    const ares = await authenticate();
    await challenge(ares, {}, 'c2Vzc2lvbg');
    const html = await answer(ares, { otp: '123456' });
    expect(resultsOf(ares)).toMatchObject([
      {
        ...{
          messageType: 'RReq',
          transStatus: 'Y',
          eci: '05',
          messageCategory: '01',
          interactionCounter: '01',
        },
        ...{ threeDSServerTransID: ares.threeDSServerTransID, dsTransID: ares.dsTransID },
        authenticationValue: expect.stringMatching(/^[\w+/]{27}=$/),
      },
    ]);
    expect(cresOf(html)).toEqual({
      ...{ messageType: 'CRes', messageVersion: '2.2.0', transStatus: 'Y' },
      ...{ threeDSServerTransID: ares.threeDSServerTransID, acsTransID: ares.acsTransID },
    });
    expect(hiddenField(html, 'threeDSSessionData')).toBe('c2Vzc2lvbg');
    expect(html).toContain('action="http://localhost:3000/3ds/notification"');
  });

  test('full-width digits and spaces are read', async () => {
    const ares = await authenticate();
    await challenge(ares);
    expect(cresOf(await answer(ares, { otp: '123 456' }))).toMatchObject({ transStatus: 'Y' });
  });

  test('two wrong codes may be mended, three end it with N', async () => {
    const ares = await authenticate();
    await challenge(ares);
    expect(await answer(ares, { otp: '000000' })).toContain('2 more times');
    expect(await answer(ares, { otp: '111111' })).toContain('once more');
    expect(cresOf(await answer(ares, { otp: '222222' }))).toMatchObject({ transStatus: 'N' });
    const [results] = resultsOf(ares);
    expect(results).toMatchObject({ transStatus: 'N', transStatusReason: '01', interactionCounter: '03' });
    expect(results).not.toHaveProperty('challengeCancel');
    expect(results).not.toHaveProperty('authenticationValue');
  });

  test('cancelling ends it with N and challengeCancel 01', async () => {
    const ares = await authenticate();
    await challenge(ares);
    expect(cresOf(await answer(ares, { action: 'cancel' }))).toMatchObject({ transStatus: 'N' });
    expect(resultsOf(ares)).toMatchObject([{ transStatus: 'N', challengeCancel: '01' }]);
  });

  test('reloading, a double click and coming back later change nothing', async () => {
    const ares = await authenticate();
    await challenge(ares, {}, 'abc');
    await answer(ares, { otp: '000000' });
    expect(await (await challenge(ares)).text()).toContain('2 more times');
    const pages = await Promise.all([answer(ares, { otp: OTP }), answer(ares, { otp: OTP })]);
    const again = await (await challenge(ares)).text();
    for (const html of [...pages, again]) expect(cresOf(html)).toMatchObject({ transStatus: 'Y' });
    expect(hiddenField(again, 'threeDSSessionData')).toBe('abc');
    expect(resultsOf(ares)).toHaveLength(1);
  });

  test('a simulator that was restarted goes on with it', async () => {
    const ares = await authenticate();
    await challenge(ares, {}, 'abc');
    await answer(ares, { otp: '000000' });
    await world.restart();
    const html = await answer(ares, { otp: OTP });
    expect(cresOf(html)).toMatchObject({ transStatus: 'Y' });
    expect(hiddenField(html, 'threeDSSessionData')).toBe('abc');
    expect(resultsOf(ares)).toMatchObject([{ interactionCounter: '02' }]);
  });

  test('an RReq without an RRes is sent once more', async () => {
    const ares = await authenticate();
    await challenge(ares);
    world.results.failures = 1;
    await answer(ares, { otp: OTP });
    expect(resultsOf(ares)).toHaveLength(2);
  });

  test('TT 09 brings a CRes and never an RReq; TT 10 the RReq twice', async () => {
    const [never, twice] = [await authenticate('09'), await authenticate('10')];
    for (const ares of [never, twice]) {
      await challenge(ares);
      expect(cresOf(await answer(ares, { otp: OTP }))).toMatchObject({ transStatus: 'Y' });
    }
    expect(resultsOf(never)).toEqual([]);
    expect(resultsOf(twice)).toHaveLength(2);
    expect(resultsOf(twice)[0]).toEqual(resultsOf(twice)[1]);
  });

  test('a CReq of another version, server or window is answered with an Erro to the notification URL', async () => {
    const ares = await authenticate();
    const changes = {
      messageVersion: '2.1.0',
      threeDSServerTransID: randomUUID(),
      challengeWindowSize: '09',
    };
    for (const [name, value] of Object.entries(changes)) {
      const html = await (await challenge(ares, { [name]: value })).text();
      expect(decoded(hiddenField(html, 'erro'))).toMatchObject({ errorCode: '203', errorDetail: name });
    }
    expect((await challenge(ares, { acsTransID: randomUUID() })).status).toBe(404);
  });
});

describe('time', () => {
  test('no CReq in time: RReq N, reason 14, cancel 05', async () => {
    const quick = await openWorld({ firstChallengeMs: 20 });
    const request = areq(testPan('visa', '14', '00'), { threeDSServerURL: quick.results.url });
    await send(`${quick.simulator.httpUrl}/ds/visa`, request);
    await expect
      .poll(() => quick.results.received)
      .toMatchObject([{ transStatus: 'N', transStatusReason: '14', challengeCancel: '05' }]);
    await quick.close();
  });

  test('no input in time: RReq N, reason 14, cancel 04; the page then leads back', async () => {
    const quick = await openWorld({ inputMs: 20 });
    const request = areq(testPan('visa', '01', '00'), { threeDSServerURL: quick.results.url });
    const ares = await send(`${quick.simulator.httpUrl}/ds/visa`, request);
    await challenge(ares);
    await expect
      .poll(() => quick.results.received)
      .toMatchObject([{ transStatus: 'N', transStatusReason: '14', challengeCancel: '04' }]);
    expect(cresOf(await answer(ares, { otp: OTP }))).toMatchObject({ transStatus: 'N' });
    await quick.close();
  });
});

describe('faults of the 3-D Secure messages', () => {
  const fault = (message: string, action: string) =>
    fetch(`${world.simulator.httpUrl}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ match: { message }, action, delay_ms: 30, times: 1 }),
    });

  test.each<[string, number]>([
    ['drop_request', 0],
    ['drop_answer', 2],
    ['duplicate', 2],
  ])('RReq %s: %i arrive before the CRes', async (action, count) => {
    const ares = await authenticate();
    await challenge(ares);
    await fault('RReq', action);
    expect(cresOf(await answer(ares, { otp: OTP }))).toMatchObject({ transStatus: 'Y' });
    expect(resultsOf(ares)).toHaveLength(count);
  });

  test('RReq delay: it comes after the CRes', async () => {
    const ares = await authenticate();
    await challenge(ares);
    await fault('RReq', 'delay');
    expect(cresOf(await answer(ares, { otp: OTP }))).toMatchObject({ transStatus: 'Y' });
    expect(resultsOf(ares)).toEqual([]);
    await expect.poll(() => resultsOf(ares)).toHaveLength(1);
  });

  test('CRes close: the RReq came, the browser goes nowhere', async () => {
    const ares = await authenticate();
    await challenge(ares);
    await fault('CRes', 'close');
    await expect(answer(ares, { otp: OTP })).rejects.toThrow();
    expect(resultsOf(ares)).toHaveLength(1);
  });

  test('AReq close cuts the connection', async () => {
    await fault('AReq', 'close');
    await expect(authenticate()).rejects.toThrow();
  });
});

test('the 3DS Method tells the notification URL that it is done', async () => {
  const id = randomUUID();
  const data = {
    threeDSServerTransID: id,
    threeDSMethodNotificationURL: 'http://localhost:3000/3ds/method-notification',
  };
  const threeDSMethodData = Buffer.from(JSON.stringify(data)).toString('base64url');
  const response = await post(`${world.simulator.httpUrl}/acs/method`, { threeDSMethodData });
  const html = await response.text();
  expect(html).toContain('action="http://localhost:3000/3ds/method-notification"');
  expect(decoded(hiddenField(html, 'threeDSMethodData'))).toEqual({ threeDSServerTransID: id });
  const silent = await post(`${world.simulator.httpUrl}/acs/method/silent`, { threeDSMethodData });
  expect(await silent.text()).not.toContain('<form');
});
