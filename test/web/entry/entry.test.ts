import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mode } from '../../../src/config.ts';
import { entries, sessions } from '../../../src/db/schema.ts';
import { plus } from '../../../src/lib/clock.ts';
import { asciiJson } from '../../../src/lib/json.ts';
import { storeSecret } from '../../../src/merchants/secrets.ts';
import { entryRoutes } from '../../../src/web/entry/routes.ts';
import { newOrderId, sessionBody } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';

/** `/pay`, with signatures made by the Standard Webhooks library. */
let world: World;
let shop: TestMerchant;
let secrets: Record<Mode, string>;

beforeAll(async () => {
  world = await openWorld();
  world.app.route('/', entryRoutes(world.deps));
  shop = await world.merchant();
  secrets = { test: await newSecret(shop, 'test'), live: await newSecret(shop, 'live') };
});
afterAll(() => world.close());

async function newSecret({ merchantId }: TestMerchant, mode: Mode): Promise<string> {
  const secret = `esec_${randomBytes(32).toString('base64')}`;
  await storeSecret(world.deps, { merchantId, mode, kind: 'entry', secret });
  return secret;
}

type Fields = Record<string, string>;

interface Signing {
  id?: string;
  at?: Date;
  secret?: string;
  payload?: string;
}

function signed(body: Record<string, unknown>, signing: Signing = {}): Fields {
  const id = signing.id ?? newOrderId('nonce');
  const at = signing.at ?? world.clock.now();
  const payload = signing.payload ?? asciiJson({ mode: 'test', ...body });
  const webhook = new Webhook((signing.secret ?? secrets.test).replace('esec_', ''));
  return {
    merchant_id: shop.merchantId,
    id,
    timestamp: String(Math.floor(at.getTime() / 1000)),
    signature: webhook.sign(id, at, payload),
    payload,
  };
}

async function enter(fields: Fields | string, method: 'GET' | 'POST' = 'POST') {
  const query = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
  if (method === 'GET') return call(world, `GET /pay?${query}`);
  return call(world, 'POST /pay', {
    raw: query,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://shop.example' },
  });
}

const sessionsOf = async (orderId: unknown) =>
  (await world.deps.db.select().from(sessions)).filter((row) => row.orderId === orderId);

test.each(['GET', 'POST'] as const)(
  'a good entry by %s leads to the session that it asked for',
  async (method) => {
    const body = sessionBody({ description: '器 2点' });
    const answer = await enter(signed(body), method);
    const [session] = await sessionsOf(body.order_id);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('Location')).toBe(`http://localhost:3000/p/${session?.token}`);
    expect(session).toMatchObject({ mode: 'test', amount: 12800, description: '器 2点' });
  },
);

test('a live secret makes a live session', async () => {
  const body = sessionBody({ mode: 'live' });
  expect((await enter(signed(body, { secret: secrets.live }))).status).toBe(303);
  expect(await sessionsOf(body.order_id)).toMatchObject([{ mode: 'live' }]);
});

test('the same entry leads to the same session, however late, by link or form', async () => {
  const body = sessionBody();
  const fields = signed(body);
  const first = await enter(fields);
  world.clock.advance(86_400_000);
  const again = await enter(fields, 'GET');
  const signedAnew = await enter(signed(body, { id: fields.id ?? '' }));
  for (const answer of [again, signedAnew]) {
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, first.headers.get('Location')]);
  }
  expect(await sessionsOf(body.order_id)).toHaveLength(1);
});

test('of twenty same entries at once one makes the session, all lead there', async () => {
  const body = sessionBody();
  const fields = signed(body);
  const answers = await Promise.all(Array.from({ length: 20 }, () => enter(fields)));
  expect(new Set(answers.map(({ headers }) => headers.get('Location'))).size).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(303));
  expect(await sessionsOf(body.order_id)).toHaveLength(1);
});

test('while two secrets are valid, both open the door', async () => {
  const second = await newSecret(shop, 'test');
  for (const secret of [secrets.test, second]) {
    expect((await enter(signed(sessionBody(), { secret }))).status).toBe(303);
  }
});

describe('what is refused makes nothing and says so on a page with a reference', () => {
  const change = (name: string, value: string) => () => ({ ...signed(sessionBody()), [name]: value });
  const drop = (name: string) => () => {
    const { [name]: _, ...rest } = signed(sessionBody());
    return rest;
  };
  const later = (seconds: number) => () =>
    signed(sessionBody(), { at: plus(world.clock.now(), seconds * 1000) });
  const refusals: [string, () => Fields | string, number, string][] = [
    ['a signature of nothing', change('signature', 'v1,AAAA'), 403, 'signature_invalid'],
    ['a changed payload', change('payload', '{"mode":"test"}'), 403, 'signature_invalid'],
    ['a changed id', change('id', 'other'), 403, 'signature_invalid'],
    ['a changed time', change('timestamp', '1'), 403, 'signature_invalid'],
    ['a merchant that does not exist', change('merchant_id', 'A199999999'), 403, 'signature_invalid'],
    ['a merchant of the older service', change('merchant_id', 'D100000001'), 403, 'signature_invalid'],
    ['a time 301 s ago', later(-301), 403, 'timestamp_out_of_range'],
    ['a time 301 s ahead', later(301), 403, 'timestamp_out_of_range'],
    ['no signature', drop('signature'), 422, 'validation_failed'],
    ['no payload', drop('payload'), 422, 'validation_failed'],
    ['an id with a dot', change('id', 'a.b'), 422, 'validation_failed'],
    ['an id twice', () => `${new URLSearchParams(signed(sessionBody()))}&id=2`, 422, 'validation_failed'],
    ['a time that is none', change('timestamp', '1e9'), 422, 'validation_failed'],
    ['the other mode', () => signed(sessionBody({ mode: 'live' })), 422, 'validation_failed'],
    ['no mode', () => signed(sessionBody({ mode: undefined })), 422, 'validation_failed'],
    ['an amount of nothing', () => signed(sessionBody({ amount: 0 })), 422, 'validation_failed'],
    ['an unknown field', () => signed(sessionBody({ price: 1 })), 422, 'validation_failed'],
    ['a payload that is no JSON', () => signed({}, { payload: '{"mode":' }), 400, 'malformed_json'],
    ['a payload that is no object', () => signed({}, { payload: '[]' }), 422, 'validation_failed'],
    ['a payload that is not ASCII', () => signed({}, { payload: '{"mode":"器"}' }), 422, 'validation_failed'],
    ['nothing', () => '', 422, 'validation_failed'],
  ];
  test.each(refusals)('%s', async (_, fields, status, code) => {
    const before = await counts();
    for (const method of ['POST', 'GET'] as const) {
      const answer = await enter(fields(), method);
      expect([answer.status, answer.headers.get('Location')]).toEqual([status, null]);
      expect(answer.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'/);
      expect(answer.text).toContain(`<code>${code}</code>`);
      expect(answer.text).toContain(`<code>${answer.headers.get('Request-Id')}</code>`);
    }
    expect(await counts()).toEqual(before);
  });

  test.each([
    [undefined, 'ja', 'お支払い画面を開けませんでした'],
    ['en-GB,ja;q=0.5', 'en', 'The payment page could not be opened'],
    ['zh-CN', 'zh-Hans', '无法打开付款页面'],
    ['zh-HK', 'zh-Hant', '無法開啟付款頁面'],
    ['ko-KR', 'ko', '결제 화면을 열지 못했습니다'],
  ])('to a browser that wants %s the shopper’s part is in %s', async (wanted, language, title) => {
    const headers: Record<string, string> = wanted === undefined ? {} : { 'Accept-Language': wanted };
    const answer = await call(world, 'GET /pay', { headers });
    expect(answer.text).toContain(`<html lang="${language}">`);
    expect(answer.text).toContain(`<h1>${title}</h1>`);
    expect(answer.headers.get('Content-Language')).toBe(language);
  });

  test('a known id with another payload', async () => {
    const fields = signed(sessionBody());
    await enter(fields);
    const answer = await enter(signed(sessionBody(), { id: fields.id ?? '' }));
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('entry_id_reused');
  });

  test('a body that is no form', async () => {
    const answer = await call(world, 'POST /pay', { body: signed(sessionBody()) });
    expect(answer.status).toBe(415);
  });

  test('another method', async () => {
    const answer = await call(world, 'PUT /pay');
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  test('markup in what was sent is shown as text', async () => {
    const { text } = await enter(signed(sessionBody({ '<script>alert(1)</script>': 1 })));
    expect(text).not.toContain('<script>');
    expect(text).toContain('unknown_field');
  });
});

test('the tolerance is 300 seconds, both ways', async () => {
  for (const seconds of [-300, 300]) {
    const at = plus(world.clock.now(), seconds * 1000);
    expect((await enter(signed(sessionBody(), { at }))).status).toBe(303);
  }
});

test('a test clock that was moved does not move /pay', async () => {
  await call(world, 'POST /v1/test/clock', { key: shop.keys.sk_test, body: { advance_seconds: 86_400 } });
  expect((await enter(signed(sessionBody()))).status).toBe(303);
});

async function counts(): Promise<number[]> {
  return [
    (await world.deps.db.select().from(sessions)).length,
    (await world.deps.db.select().from(entries)).length,
  ];
}
