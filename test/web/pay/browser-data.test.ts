import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { readBrowser } from '../../../src/web/pay/browser-data.ts';

const SCRIPTED = { js: '1', java: '0', lang: 'ja', depth: '24', width: '390', height: '844', tz: '-540' };

async function languageTold(lang: string): Promise<unknown> {
  const app = new Hono();
  app.get('/', (c) => c.json(readBrowser(c, new URLSearchParams({ ...SCRIPTED, lang }), 0)));
  const told = await app.request('/', { headers: { 'Accept-Language': 'en' } });
  const { language, javascriptEnabled } = (await told.json()) as Record<string, unknown>;
  return javascriptEnabled === true ? language : 'as without JavaScript';
}

test.each([
  ['ja', 'ja'],
  ['ko-KR', 'ko-KR'],
  ['zh-Hant', 'zh-Hant'],
  ['zh-Hant-TW', 'zh-Hant'],
  ['zh-Hans-CN-x-private', 'zh-Hans'],
  ['fr-CA', 'fr-CA'],
  ['', 'as without JavaScript'],
  ['日本語', 'as without JavaScript'],
])('of a browser in "%s" the issuer is told %s, in at most 8 characters', async (lang, told) => {
  expect(await languageTold(lang)).toBe(told);
});
