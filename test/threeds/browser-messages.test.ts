import { expect, test } from 'vitest';
import { LANGUAGES } from '../../src/i18n/language.ts';
import { readSessionData, writeCReq, writeSessionData } from '../../src/threeds/challenge.ts';
import { readMethodNotification, writeMethodData } from '../../src/threeds/method.ts';
import { worldForTest } from '../support/world.ts';
import { vectors } from './vectors.ts';

const TRANS_ID = '8a880dc0-d2d2-4067-bcb1-b08d1690b26e';
const ACS_TRANS_ID = 'd7c1ee99-9478-44a6-b1f2-391e29c6b340';

test('3DS Method data and CReq are the known bytes, in base64url without padding', () => {
  expect(writeMethodData(TRANS_ID, 'https://pay.example.jp/3ds/method')).toBe(
    'eyJ0aHJlZURTU2VydmVyVHJhbnNJRCI6IjhhODgwZGMwLWQyZDItNDA2Ny1iY2IxLWIwOGQxNjkwYjI2ZSIsInRocmVlRFNNZXRob2ROb3RpZmljYXRpb25VUkwiOiJodHRwczovL3BheS5leGFtcGxlLmpwLzNkcy9tZXRob2QifQ',
  );
  const request = {
    version: '2.2.0',
    transId: TRANS_ID,
    acsTransId: ACS_TRANS_ID,
    windowSize: '05',
  } as const;
  expect(writeCReq(request)).toBe(
    'eyJtZXNzYWdlVHlwZSI6IkNSZXEiLCJtZXNzYWdlVmVyc2lvbiI6IjIuMi4wIiwidGhyZWVEU1NlcnZlclRyYW5zSUQiOiI4YTg4MGRjMC1kMmQyLTQwNjctYmNiMS1iMDhkMTY5MGIyNmUiLCJhY3NUcmFuc0lEIjoiZDdjMWVlOTktOTQ3OC00NGE2LWIxZjItMzkxZTI5YzZiMzQwIiwiY2hhbGxlbmdlV2luZG93U2l6ZSI6IjA1In0',
  );
});

const packed = (message: unknown) => Buffer.from(JSON.stringify(message)).toString('base64');

test('a 3DS Method notification names its transaction, however its base64 is written', () => {
  const text = packed({ threeDSServerTransID: TRANS_ID });
  const ways = [text, text.replace(/=+$/, ''), `${text.slice(0, 20)}\n${text.slice(20)}`];
  expect(ways.map(readMethodNotification)).toEqual([TRANS_ID, TRANS_ID, TRANS_ID]);
  const junk = ['', '!', 'bm90IGpzb24', packed([]), packed({}), packed({ threeDSServerTransID: 'x' })];
  expect(junk.map(readMethodNotification)).toEqual(junk.map(() => null));
});

test('a recorded CReq is what we would have written for the same challenge', () => {
  for (const { message, encoded } of vectors('creq').filter((each) => each.encoded !== undefined)) {
    expect(JSON.parse(Buffer.from(encoded ?? '', 'base64').toString())).toEqual(message);
    const ours = writeCReq({
      version: message.messageVersion === '2.1.0' ? '2.1.0' : '2.2.0',
      transId: String(message.threeDSServerTransID),
      acsTransId: String(message.acsTransID),
      windowSize: '05',
    });
    expect(JSON.parse(Buffer.from(ours, 'base64url').toString())).toEqual(message);
  }
});

test('session data come back as written, fit their form field, and cannot be made or changed by others', async () => {
  const { deps } = await worldForTest();
  for (const [framed, language] of [
    [true, null],
    ...LANGUAGES.map((each) => [false, each] as const),
  ] as const) {
    const text = await writeSessionData(deps, { transId: TRANS_ID, framed, language });
    expect(text).toMatch(/^[A-Za-z0-9_-]{1,1024}$/);
    expect(await readSessionData(deps, text)).toEqual({ transId: TRANS_ID, framed, language });
    const changed = Array.from(
      text,
      (character, index) => text.slice(0, index) + (character === 'A' ? 'B' : 'A') + text.slice(index + 1),
    );
    const read = await Promise.all(changed.map((each) => readSessionData(deps, each)));
    expect(read.filter((each) => each !== null && each.framed !== framed)).toEqual([]);
    expect(read.filter((each) => each?.transId !== TRANS_ID).every((each) => each === null)).toBe(true);
  }
  const other = await worldForTest();
  const theirs = await writeSessionData(other.deps, { transId: TRANS_ID, framed: true, language: null });
  const junk = ['', 'x', theirs, 'A'.repeat(2000)];
  expect(await Promise.all(junk.map((each) => readSessionData(deps, each)))).toEqual(junk.map(() => null));
});
