import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Language } from '../../../src/i18n/texts.ts';
import { writeSessionData } from '../../../src/threeds/challenge.ts';
import { threeDsRoutes } from '../../../src/web/callbacks/three-ds.ts';
import { call } from '../../support/call.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.app.route('/', threeDsRoutes(world.deps));
});
afterAll(() => world?.close());

test.each<[wanted: string, chosen: Language | null, lang: string, text: string]>([
  ['ko-KR', null, 'ko', '결제 화면으로 돌아가 주세요.'],
  ['zh-TW', null, 'zh-Hant', '請返回付款頁面。'],
  ['en', 'zh-Hans', 'zh-Hans', '请返回付款页面。'],
])(
  'a challenge of nobody’s, in a browser that wants %s, having chosen %s',
  async (...[wanted, chosen, lang, text]) => {
    const transId = randomUUID();
    const data = await writeSessionData(world.deps, { transId, framed: true, language: chosen });
    const page = await call(world, 'POST /3ds/notification', {
      raw: new URLSearchParams({ cres: 'none', threeDSSessionData: data }).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Accept-Language': wanted },
    });
    expect(page.text).toContain(`<html lang="${lang}">`);
    expect(page.text).toContain(`<p>${text}</p>`);
  },
);
