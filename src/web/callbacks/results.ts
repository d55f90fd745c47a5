/**
 * The RReq by the Directory Server: the result of a challenge (EMV 3DS 2.2.0, section 3.1 steps 18–21). In live mode
 * these routes stand on a listener of their own, behind a client certificate.
 */
import { Hono } from 'hono';
import type { Mode } from '../../config.ts';
import type { Deps } from '../../deps.ts';
import { receiveResults } from '../../payments/results.ts';
import { readText } from './read-text.ts';

/** `mode`: whose results may come in here. What is too large is answered like any message that cannot be read. */
export function resultsRoutes(deps: Deps, mode: Mode): Hono {
  const routes = new Hono();
  routes.post('/3ds/results', async (c) => {
    const text = await readText(c.req.raw);
    const answer = await receiveResults(deps, text ?? '', mode);
    return c.body(answer, 200, {
      'Content-Type': 'application/json; charset=UTF-8',
      'Cache-Control': 'no-store',
    });
  });
  return routes;
}
