import { afterAll, beforeAll, expect, test } from 'vitest';
import { cardRanges } from '../../src/db/schema.ts';
import { HOUR } from '../../src/lib/clock.ts';
import { enrolment, refreshCardRanges } from '../../src/threeds/enrolment.ts';
import { testPan } from '../support/cards.ts';
import { type FakeDs, openFakeDs } from './fake-ds.ts';
import { openThreeDsWorlds, type ThreeDsWorld, type ThreeDsWorlds } from './world.ts';

type Elements = Record<string, unknown>;

let worlds: ThreeDsWorlds;
beforeAll(async () => {
  worlds = await openThreeDsWorlds();
});
afterAll(() => worlds.close());

const range = (startRange: string, endRange: string, more: Elements = {}) => ({
  startRange,
  endRange,
  acsStartProtocolVersion: '2.1.0',
  acsEndProtocolVersion: '2.2.0',
  ...more,
});
const FIRST = range('4000000000000000', '4000000099999999');
const SECOND = range('4000000100000000', '4000000199999999', {
  acsEndProtocolVersion: '2.1.0',
  threeDSMethodURL: 'https://acs.example/method',
});

const pres =
  (serialNum: string | null, ranges: Elements[] | null, more: Elements = {}) =>
  ({ threeDSServerTransID }: Elements) => ({
    messageType: 'PRes',
    messageVersion: '2.2.0',
    threeDSServerTransID,
    dsTransID: '1d042cf8-a44c-4111-a057-723b95e403d2',
    dsStartProtocolVersion: '2.1.0',
    dsEndProtocolVersion: '2.2.0',
    ...(serialNum === null ? {} : { serialNum }),
    ...(ranges === null ? {} : { cardRangeData: ranges }),
    ...more,
  });

const erro = (errorCode: string) => () => ({
  messageType: 'Erro',
  messageVersion: '2.2.0',
  errorCode,
  errorComponent: 'D',
  errorDescription: 'no',
  errorDetail: 'no',
});

async function ask({ deps, requestFor }: ThreeDsWorld, pan = testPan()) {
  const { mode, brand, card } = await requestFor(pan);
  return enrolment(deps, { mode, brand, card });
}

async function storedStarts({ deps }: ThreeDsWorld): Promise<string[]> {
  return (await deps.db.select().from(cardRanges)).map(({ rangeStart }) => rangeStart).sort();
}

async function refreshLater(world: ThreeDsWorld, ms = HOUR): Promise<void> {
  world.clock.advance(ms);
  await refreshCardRanges(world.deps, 'test');
}

/** The serial numbers that were named. */
function serials(ds: FakeDs): unknown[] {
  return ds.received('PReq').map(({ serialNum = null }) => serialNum);
}

async function loadedWorld(): Promise<{ ds: FakeDs; world: ThreeDsWorld }> {
  const ds = await openFakeDs();
  ds.answer('PReq', pres('10', [FIRST, SECOND]));
  const world = await worlds.at(ds.url);
  await ask(world);
  return { ds, world };
}

test('ranges are asked for at first need, once for many shoppers, and kept', async () => {
  const ds = await openFakeDs();
  ds.answer('PReq', pres('10', [FIRST, SECOND]));
  const world = await worlds.at(ds.url);
  const first = { enrolled: true, version: '2.2.0', methodUrl: null };
  expect(await Promise.all([ask(world), ask(world), ask(world)])).toEqual([first, first, first]);
  expect(await ask(world, testPan('01'))).toEqual({
    enrolled: true,
    version: '2.1.0',
    methodUrl: 'https://acs.example/method',
  });
  expect(await ask(world, testPan('11'))).toEqual({ enrolled: false });
  expect(serials(ds)).toEqual([null]);
  expect(ds.received('PReq')[0]).toMatchObject({ messageVersion: '2.2.0' });
});

test('a range without a common version is as good as none', async () => {
  const ds = await openFakeDs();
  ds.answer(
    'PReq',
    pres('10', [{ ...FIRST, acsStartProtocolVersion: '2.3.1', acsEndProtocolVersion: '2.3.1' }]),
  );
  expect(await ask(await worlds.at(ds.url))).toEqual({ enrolled: false });
});

test.each([
  ['answers Erro', erro('103'), 'Erro 103'],
  ['talks nonsense', () => 'x', 'PRes refused: 101'],
  [
    'answers another',
    pres('10', [FIRST], { threeDSServerTransID: '1d042cf8-a44c-4111-a057-723b95e403d2' }),
    'PRes refused: 301',
  ],
  ['lists nonsense', pres('10', [{ startRange: '4' }]), 'PRes refused: 203'],
  ['lists one range twice', pres('10', [FIRST, FIRST]), 'PRes refused: 204'],
  [
    'lists overlapping ranges',
    pres('10', [FIRST, { ...FIRST, endRange: SECOND.startRange }]),
    'makes no sense',
  ],
  ['lists nothing', pres('10', null), 'PRes refused: 201'],
])(
  'a Directory Server that %s at first leaves the card unknown, and is asked again',
  async (_, script, reason) => {
    const ds = await openFakeDs();
    ds.answer('PReq', script);
    const world = await worlds.at(ds.url);
    expect(await ask(world)).toEqual({ enrolled: 'unknown', reason: expect.stringContaining(reason) });
    ds.answer('PReq', pres('10', [FIRST]));
    expect(await ask(world)).toMatchObject({ enrolled: true });
  },
);

test('a Directory Server that is silent leaves the card unknown', async () => {
  const ds = await openFakeDs();
  ds.answer('PReq', () => undefined);
  const world = await worlds.at(ds.url, 60);
  expect(await ask(world)).toEqual({ enrolled: 'unknown', reason: 'no answer in time' });
});

test('a mode without a network knows nothing', async () => {
  const world = await worlds.at('http://127.0.0.1:9/{brand}');
  const { brand, card } = await world.requestFor(testPan());
  expect(await enrolment(world.deps, { mode: 'live', brand, card })).toMatchObject({ enrolled: 'unknown' });
});

test('a server is asked at most once an hour, by the serial number of the list we have', async () => {
  const { ds, world } = await loadedWorld();
  ds.answer('PReq', pres('10', null));
  await refreshLater(world, HOUR - 1);
  expect(serials(ds)).toEqual([null]);
  await refreshLater(world, 1);
  expect(serials(ds)).toEqual([null, '10']);
  expect(await storedStarts(world)).toContain(FIRST.startRange);
});

test('changes are applied to what stands: added, deleted, or none', async () => {
  const { ds, world } = await loadedWorld();
  const third = range('4000000200000000', '4000000299999999');
  ds.answer(
    'PReq',
    pres('11', [
      { ...third, actionInd: 'A' },
      { ...FIRST, actionInd: 'D' },
    ]),
  );
  await refreshLater(world);
  expect(await storedStarts(world)).toEqual([SECOND.startRange, third.startRange]);
  expect(await ask(world)).toEqual({ enrolled: false });
  ds.answer('PReq', pres('11', null));
  await refreshLater(world);
  expect(serials(ds)).toEqual([null, '10', '11']);
  expect(await storedStarts(world)).toEqual([SECOND.startRange, third.startRange]);
});

test('a change that does not fit leaves the list as it was, and the next time all of it is asked for', async () => {
  const { ds, world } = await loadedWorld();
  ds.answer('PReq', pres('11', [{ ...SECOND, endRange: '4000000199999990', actionInd: 'D' }]));
  await refreshLater(world);
  expect(await ask(world)).toMatchObject({ enrolled: true });
  ds.answer('PReq', pres('12', [SECOND]));
  await refreshLater(world);
  expect(await ask(world)).toEqual({ enrolled: false });
  expect(serials(ds)).toEqual([null, '10', null]);
});

test('a serial number that the server does not know any more is followed by a whole list', async () => {
  const { ds, world } = await loadedWorld();
  ds.answer('PReq', (message) =>
    (message.serialNum === undefined ? pres('1', [SECOND]) : erro('307'))(message),
  );
  await refreshLater(world);
  expect(await ask(world)).toEqual({ enrolled: false });
  expect(await ask(world, testPan('01'))).toMatchObject({ enrolled: true });
});

test('a whole list without a range in it does not wipe what stands', async () => {
  const { ds, world } = await loadedWorld();
  ds.answer('PReq', (message) => (message.serialNum === undefined ? pres('1', null) : erro('307'))(message));
  await refreshLater(world);
  expect(await ask(world)).toMatchObject({ enrolled: true });
  expect(ds.received('Erro')).toMatchObject([{ errorCode: '201', errorDetail: 'cardRangeData' }]);
});

test('a refresh that finds no server keeps what stands', async () => {
  const { ds, world } = await loadedWorld();
  ds.answer('PReq', (_, response) => void response.destroy());
  await refreshLater(world);
  expect(await ask(world)).toMatchObject({ enrolled: true });
  expect(world.logged.filter((line) => line.includes('card ranges not refreshed'))).toHaveLength(5);
});
