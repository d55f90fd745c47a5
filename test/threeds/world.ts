import { cardRangeLoads, cardRanges } from '../../src/db/schema.ts';
import type { Deps } from '../../src/deps.ts';
import { wallClock } from '../../src/lib/clock.ts';
import type { AuthenticationRequest } from '../../src/threeds/port.ts';
import { parseCard } from '../../src/vault/parse-card.ts';
import { createToken } from '../../src/vault/tokens.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { openWorld } from '../support/world.ts';
import { request } from './requests.ts';

/** The 3DS Server of one test, before it has loaded any card range. */
export interface ThreeDsWorld {
  deps: Deps;
  clock: TestClock;
  logged: string[];
  /** Keeps a card and gives the request that authenticates it. */
  requestFor(pan: string, changes?: Partial<AuthenticationRequest>): Promise<AuthenticationRequest>;
}

export interface ThreeDsWorlds {
  /** With a Directory Server of test mode at `dsUrl`; `dsTimeoutMs` unless 2 s. */
  at(dsUrl: string, dsTimeoutMs?: number): Promise<ThreeDsWorld>;
  close(): Promise<void>;
}

/** One database for a test file. Its clock starts at the wall's time, since the simulator looks at it. */
export async function openThreeDsWorlds(): Promise<ThreeDsWorlds> {
  const clock = testClock(wallClock.now());
  const world = await openWorld({ fetch, clock });
  const { merchantId } = await world.merchant();
  const requestFor: ThreeDsWorld['requestFor'] = async (pan, changes) => {
    const now = clock.now();
    const csc = pan.startsWith('3782') ? '7373' : '737';
    const parsed = parseCard({ number: pan, exp: '12/39', csc, name: 'TARO YAMADA' }, { mode: 'test', now });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const token = await createToken(world.deps, { merchantId, mode: 'test', card: parsed.card, now });
    const card = { merchantId, cardId: token.cardId };
    return request({ card, brand: token.brand, purchasedAt: now, ...changes });
  };
  return {
    at: async (dsUrl, dsTimeoutMs = 2_000) => {
      await world.deps.db.delete(cardRanges);
      await world.deps.db.delete(cardRangeLoads);
      world.logged.length = 0;
      const acquirer = { host: '127.0.0.1', port: 9 };
      const networks = { test: { dsUrl, acquirer, vouchers: null, tls: null, results: null }, live: null };
      const deps = { ...world.deps, config: { ...world.deps.config, networks, dsTimeoutMs } };
      return { deps, clock, logged: world.logged, requestFor };
    },
    close: () => world.close(),
  };
}
