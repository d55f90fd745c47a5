import { afterAll, beforeAll, expect, test } from 'vitest';
import { authenticate } from '../../src/threeds/authenticate.ts';
import { testPan } from '../support/cards.ts';
import { type FakeDs, openFakeDs, type Script } from './fake-ds.ts';
import { UNSCRIPTED } from './requests.ts';
import { vector } from './vectors.ts';
import { openThreeDsWorlds, type ThreeDsWorlds } from './world.ts';

type Elements = Record<string, unknown>;

let worlds: ThreeDsWorlds;
beforeAll(async () => {
  worlds = await openThreeDsWorlds();
});
afterAll(() => worlds.close());

const { message: YES } = vector('ares', 'visa/3DSS-220-101');
const { message: CHALLENGE } = vector('ares', 'visa/3DSS-220-107');
const PAN = testPan();
const VALUE = 'AAABBZEEBgAAAAAAAAQGAAAAAAA=';

/** An ARes to the AReq at hand. */
const ares =
  (changes: Elements, base: Elements = YES) =>
  ({ threeDSServerTransID }: Elements) => ({ ...base, threeDSServerTransID, ...changes });

async function outcome(script: Script, dsTimeoutMs?: number) {
  const ds = await openFakeDs();
  ds.answer('AReq', script);
  const world = await worlds.at(ds.url, dsTimeoutMs);
  const result = await authenticate(world.deps, await world.requestFor(PAN));
  await world.deps.background.drained();
  return { ds, world, result };
}

function toldErros(ds: FakeDs): string[] {
  return ds.received('Erro').map(({ errorCode, errorDetail }) => `${errorCode} ${errorDetail}`);
}

const ids = { acsTransId: YES.acsTransID, dsTransId: YES.dsTransID };
const refusal = { transStatusReason: '01', cardholderInfo: 'お電話ください' };
const decoupled = { ...CHALLENGE, acsDecConInd: 'Y', transStatus: 'D' };

test.each<[string, Elements, Elements]>([
  ['Y', {}, { kind: 'authenticated', transStatus: 'Y', ids, eci: '05', authenticationValue: VALUE }],
  ['A', { transStatus: 'A', eci: '06' }, { kind: 'authenticated', transStatus: 'A', eci: '06' }],
  [
    'C',
    CHALLENGE,
    {
      kind: 'challenge',
      acsUrl: CHALLENGE.acsURL,
      cardholderInfo: null,
      ids: { acsTransId: CHALLENGE.acsTransID },
    },
  ],
  [
    'N, whatever value it has',
    { ...refusal, transStatus: 'N' },
    { kind: 'refused', transStatus: 'N', reason: '01', cardholderInfo: 'お電話ください', ids },
  ],
  ['R', { ...refusal, transStatus: 'R' }, { kind: 'refused', transStatus: 'R' }],
  ['U', { ...refusal, transStatus: 'U' }, { kind: 'unavailable', transStatus: 'U', ids }],
  ['I', { transStatus: 'I' }, { kind: 'unavailable', transStatus: 'I', ids }],
  ['D', decoupled, { kind: 'unavailable', transStatus: 'D' }],
])('ARes %s', async (_, changes, expected) => {
  const { ds, result } = await outcome((message) => ({
    ...YES,
    ...changes,
    threeDSServerTransID: message.threeDSServerTransID,
  }));
  expect(result).toMatchObject(expected);
  expect(toldErros(ds)).toEqual([]);
  expect(ds.received('AReq')).toHaveLength(1);
});

const erro: Elements = { ...vector('erro', 'flow/system-failure').message, messageVersion: '2.2.0' };
const critical = [{ name: 'n', id: 'A-1', criticalityIndicator: true, data: {} }];
const other = '8a880dc0-d2d2-4067-bcb1-b08d1690b26e';

test.each<[what: string, Script, detail: string, told: string[]]>([
  [
    'Y without value',
    ares({ authenticationValue: undefined }),
    'ARes refused: 201',
    ['201 authenticationValue'],
  ],
  [
    'another transaction',
    ares({ threeDSServerTransID: other }),
    'ARes refused: 301',
    ['301 threeDSServerTransID'],
  ],
  ['another version', ares({ messageVersion: '2.1.0' }), 'ARes refused: 203', ['203 messageVersion']],
  ['an unknown version', ares({ messageVersion: '2.9.0' }), 'ARes refused: 102', ['102 2.1.0,2.2.0']],
  ['no JSON', () => '<html>', 'ARes refused: 101', ['101 messageType']],
  ['no body', () => '', 'ARes refused: 101', ['101 messageType']],
  ['another message', ares({ messageType: 'PRes' }), 'ARes refused: 101', ['101 messageType']],
  [
    'twice the same',
    (m) => JSON.stringify(ares({})(m)).replace('{', '{"eci":"05",'),
    'ARes refused: 204',
    ['204 eci'],
  ],
  ['a critical extension', ares({ messageExtension: critical }), 'ARes refused: 202', ['202 A-1']],
  ['a script for address', ares({ acsURL: 'javascript:0' }, CHALLENGE), 'ARes refused: 203', ['203 acsURL']],
  ['an Erro', () => erro, 'Erro 404: Database not available', []],
  [
    'an Erro with a number in it',
    () => ({ ...erro, errorDetail: `acctNumber ${PAN}` }),
    'Erro 404: acctNumber …',
    [],
  ],
  ['an Erro of several lines', () => ({ ...erro, errorDetail: 'a\r\nb' }), 'Erro 404: a  b', []],
  ['an Erro with U+0000', () => ({ ...erro, errorDetail: 'a\0b' }), 'ARes refused: 203 errorDetail', []],
  [
    'an extension with U+0000 in its id',
    ares({ messageExtension: [{ ...critical[0], id: 'A\0' }] }),
    'ARes refused: 202 A ',
    ['202 A\0'],
  ],
  [
    'a proof that no authorisation could carry',
    ares({ eci: '０５', authenticationValue: 'é'.repeat(28) }),
    'ARes refused: 203',
    ['203 eci,authenticationValue'],
  ],
  ['a broken Erro', () => ({ messageType: 'Erro', messageVersion: '2.2.0' }), 'ARes refused: 201', []],
  ['a huge body', () => JSON.stringify({ ...YES, x: 'x'.repeat(300_000) }), 'the answer is too large', []],
  ['status 500', (_, response) => response.writeHead(500) && 'x', 'HTTP status 500', []],
  [
    'a redirect',
    (_, r) => r.writeHead(307, { location: 'http://127.0.0.1:9' }) && 'x',
    'HTTP status 307',
    [],
  ],
  ['a cut connection', (_, response) => void response.destroy(), 'connection failed', []],
])(
  '%s is unavailable, and the Directory Server hears why where its answer was at fault',
  async (_, script, detail, told) => {
    const { ds, result, world } = await outcome(script);
    expect(result).toMatchObject({ kind: 'unavailable', transStatus: null, ids: null });
    expect(result.kind === 'unavailable' && result.detail).toContain(detail);
    expect(toldErros(ds)).toEqual(told);
    expect(ds.received('AReq')).toHaveLength(1);
    expect(world.logged.join()).not.toContain(PAN);
  },
);

test('no answer in time is unavailable, also when it stops in the middle', async () => {
  const silent = await outcome(() => undefined, 60);
  expect(silent.result).toMatchObject({ kind: 'unavailable', detail: 'no answer in time' });
  const half = await outcome((_, response) => void response.write('{"messageType":'), 60);
  expect(half.result).toMatchObject({ kind: 'unavailable', detail: 'no answer in time' });
});

test('only a connection that was never made is tried again, once', async () => {
  const ds = await openFakeDs();
  ds.answer('AReq', ares({}));
  const { deps, requestFor } = await worlds.at(ds.url);
  let calls = 0;
  const failing = (times: number, code: string): typeof fetch => {
    calls = 0;
    return (input, init) => {
      calls += 1;
      const error = new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
      return calls <= times ? Promise.reject(error) : fetch(input, init);
    };
  };
  const tried = async (times: number, code: string) => {
    const { kind } = await authenticate({ ...deps, fetch: failing(times, code) }, await requestFor(PAN));
    return [kind, calls];
  };
  expect(await tried(1, 'ECONNREFUSED')).toEqual(['authenticated', 2]);
  expect(await tried(2, 'ECONNREFUSED')).toEqual(['unavailable', 2]);
  expect(await tried(1, 'ECONNRESET')).toEqual(['unavailable', 1]);
});

test('where nobody can be asked nothing is sent', async () => {
  const ds = await openFakeDs();
  const { deps, requestFor } = await worlds.at(ds.url);
  const old = await requestFor(PAN, { version: '2.1.0', browser: UNSCRIPTED });
  expect(await authenticate(deps, old)).toMatchObject({ kind: 'unavailable', detail: /2\.1\.0/ });
  const live = await requestFor(PAN, { mode: 'live' });
  expect(await authenticate(deps, live)).toMatchObject({ kind: 'unavailable', detail: /this mode/ });
  expect(ds.received('AReq')).toEqual([]);
});
