import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BRANDS } from '../../src/lib/card.ts';
import { openLog } from '../../src/lib/log.ts';
import { type Simulator, startSimulator } from '../../src/simulator/main.ts';
import { authenticate } from '../../src/threeds/authenticate.ts';
import { enrolment } from '../../src/threeds/enrolment.ts';
import { liabilityShift } from '../../src/threeds/verdict.ts';
import { VOUCHER_KEY } from '../simulator/world.ts';
import { type TestBrand, testPan } from '../support/cards.ts';
import { SHOPPER } from './requests.ts';
import { openThreeDsWorlds, type ThreeDsWorld, type ThreeDsWorlds } from './world.ts';

let simulator: Simulator;
let worlds: ThreeDsWorlds;
const dataDir = mkdtempSync(join(tmpdir(), 'threeds-'));

beforeAll(async () => {
  simulator = await startSimulator({
    httpPort: 0,
    acquirerPort: 0,
    dataDir,
    voucherKey: VOUCHER_KEY,
    log: openLog('silent'),
  });
  worlds = await openThreeDsWorlds();
});
afterAll(async () => {
  await worlds.close();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

function openWorld(dsTimeoutMs?: number): Promise<ThreeDsWorld> {
  return worlds.at(`${simulator.httpUrl}/ds/{brand}`, dsTimeoutMs);
}

/** Enrolment, then the authentication with whatever version it found. */
async function paid(world: ThreeDsWorld, tt: string, brand: TestBrand = 'visa') {
  const request = await world.requestFor(testPan(tt, '00', brand));
  const enrolled = await enrolment(world.deps, request);
  if (enrolled.enrolled !== true) return { enrolled, result: null };
  const { version } = enrolled;
  return { enrolled, result: await authenticate(world.deps, { ...request, version }) };
}

test('every scenario of the simulated network ends as the contract says', async () => {
  const world = await openWorld();
  const kinds: Record<string, string> = {};
  for (const tt of ['00', '01', '02', '03', '04', '05', '07', '08', '09', '10', '11', '12', '14']) {
    const { enrolled, result } = await paid(world, tt);
    const version = enrolled.enrolled === true ? enrolled.version : 'none';
    const method = enrolled.enrolled === true && enrolled.methodUrl !== null ? ' method' : '';
    const status = result === null || result.kind === 'challenge' ? '' : ` ${result.transStatus}`;
    kinds[tt] = `${version}${method}${result === null ? '' : ` ${result.kind}${status}`}`;
  }
  expect(kinds).toEqual({
    '00': '2.2.0 authenticated Y',
    '01': '2.2.0 method challenge',
    '02': '2.2.0 refused N',
    '03': '2.2.0 refused R',
    '04': '2.2.0 authenticated A',
    '05': '2.2.0 unavailable U',
    '07': '2.2.0 unavailable null',
    '08': '2.2.0 method authenticated Y',
    '09': '2.2.0 challenge',
    '10': '2.2.0 method challenge',
    '11': 'none',
    '12': '2.1.0 authenticated Y',
    '14': '2.2.0 challenge',
  });
});

test('a scenario without an answer ends as unavailable', async () => {
  const world = await openWorld();
  const impatient = { ...world.deps, config: { ...world.deps.config, dsTimeoutMs: 60 } };
  const result = await authenticate(impatient, await world.requestFor(testPan('06')));
  expect(result).toMatchObject({ kind: 'unavailable', transStatus: null, detail: 'no answer in time' });
});

test('every brand authenticates, with an indicator of its own that shifts the liability', async () => {
  const world = await openWorld();
  for (const brand of BRANDS) {
    const { result } = await paid(world, '00', brand);
    expect(result).toMatchObject({ kind: 'authenticated' });
    if (result?.kind === 'authenticated') expect(liabilityShift({ brand, ...result })).toBe(true);
  }
});

test('a shopper with an address and without a phone is taken too', async () => {
  const world = await openWorld();
  const address = { line1: '1-1', city: '千代田区', state: '13', postal_code: '100-0001', country: 'JP' };
  const shopper = { ...SHOPPER, phone: null, billingAddress: address, shippingAddress: address };
  const result = await authenticate(world.deps, await world.requestFor(testPan(), { shopper }));
  expect(result.kind).toBe('authenticated');
});
