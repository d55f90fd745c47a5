import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import type { Deps } from '../../deps.ts';
import { signEd25519, verifyEd25519 } from '../../lib/sign.ts';
import { signingKey } from '../../notify/jwks.ts';
import { unixSeconds } from '../../notify/sign-event.ts';
import { fieldsRoutes } from '../fields/routes.ts';
import { tokenScriptRoutes } from '../fields/script.ts';
import { payRoutes } from '../pay/routes.ts';
import type { RequestEnv } from '../request-id.ts';
import { staticRoutes } from '../static.ts';
import { makeCheckToken } from './check-token.ts';
import { type Get, type Observation, observe } from './observe.ts';

/** What the pages are to be: what this build answers when it is asked without anything in between. */
export async function makeBaseline(deps: Deps): Promise<Observation> {
  const app = new Hono<RequestEnv>();
  for (const routes of [staticRoutes(), tokenScriptRoutes()]) app.route('/', routes);
  app.route('/', fieldsRoutes(deps));
  app.route('/', payRoutes(deps));
  const get: Get = async (path) => app.request(path, { headers: AS_A_BROWSER });
  return observe(get, (sample) => makeCheckToken(deps, sample));
}

/** The language decides what a page says: the baseline and every check ask for the same. */
export const AS_A_BROWSER: Record<string, string> = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language': 'ja',
  'User-Agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
};

const ID = 'page-baseline';

/** A baseline to be taken elsewhere: signed with the key that signs live results. */
export async function writeBaseline(deps: Deps): Promise<string> {
  const content = {
    id: ID,
    timestamp: unixSeconds(deps.clock.now()),
    payload: JSON.stringify(await makeBaseline(deps)),
  };
  const signature = signEd25519(signingKey(deps.config, 'live').privateKey, content);
  return `${JSON.stringify({ ...content, signature })}\n`;
}

/** Reads what `writeBaseline` wrote. Null when it was changed since, or signed by somebody else. */
export function readBaseline(deps: Pick<Deps, 'config'>, path: string): Observation | null {
  try {
    const signed = JSON.parse(readFileSync(path, 'utf8')) as SignedBaseline;
    const publicKey = createPublicKey(signingKey(deps.config, 'live').privateKey);
    const genuine = signed.id === ID && verifyEd25519(publicKey, signed, signed.signature);
    return genuine ? (JSON.parse(signed.payload) as Observation) : null;
  } catch {
    return null;
  }
}

/** Its shape is vouched for by the signature: nobody else could have written it. */
interface SignedBaseline {
  id: string;
  timestamp: string;
  payload: string;
  signature: string;
}
