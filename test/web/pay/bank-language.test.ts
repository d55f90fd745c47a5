import { expect, test } from 'vitest';
import type { NumberRequest, VoucherCentre } from '../../../src/vouchers/port.ts';
import { payRoutes } from '../../../src/web/pay/routes.ts';
import { sessionBody } from '../../support/api.ts';
import { call } from '../../support/call.ts';
import { worldForTest } from '../../support/world.ts';

/** Takes down what it is asked, and gives nothing. */
function listeningCentre(asked: NumberRequest[]): VoucherCentre {
  const nothing = { kind: 'not_sent', reason: 'nobody is there' } as const;
  return {
    issue: async (request) => {
      asked.push(request);
      return nothing;
    },
    inquire: async () => nothing,
    withdraw: async () => nothing,
    control: async () => false,
    readNotice: () => null,
  };
}

test('whoever chose a language comes back from the bank in it', async () => {
  const world = await worldForTest();
  const asked: NumberRequest[] = [];
  world.app.route('/', payRoutes({ ...world.deps, vouchers: { test: listeningCentre(asked), live: null } }));
  const merchant = await world.merchant({ methods: ['netbank'] });
  const made = await call(world, 'POST /v1/sessions', { key: merchant.keys.sk_test, body: sessionBody() });
  const { pathname } = new URL(made.body.url);
  const fields = {
    method: 'netbank',
    netbank_bank: '0036',
    netbank_name: '山田太郎',
    netbank_kana: 'ヤマダタロウ',
  };
  await call(world, `POST ${pathname}/pay?lang=zh-Hant`, {
    raw: new URLSearchParams(fields).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  expect(asked.map(({ returnUrl }) => returnUrl)).toEqual([
    `http://localhost:3000${pathname}/returned?lang=zh-Hant`,
  ]);
  const back = await call(world, `GET ${pathname}/returned?lang=zh-Hant`);
  expect(back.headers.get('Location')).toBe(`${pathname}?lang=zh-Hant`);
});
