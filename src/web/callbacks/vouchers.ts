/**
 * Where the voucher centre tells of money (docs/voucher-centre.md). A notice that is not signed, or that names no number
 * of ours, is not acknowledged: the centre tells it again.
 */
import { Hono } from 'hono';
import { MODES } from '../../config.ts';
import type { Deps } from '../../deps.ts';
import { receiveNotice } from '../../payments/record-deposits.ts';
import { readText } from './read-text.ts';

export function voucherRoutes(deps: Deps): Hono {
  const routes = new Hono();
  for (const mode of MODES) {
    const path = `/vouchers/notices/${mode}`;
    routes.post(path, async (c) => {
      const body = await readText(c.req.raw);
      // The address as it was given to the centre, whatever a proxy made of it.
      const url = `${deps.config.publicUrl}${path}`;
      const request = { url, headers: c.req.raw.headers, body: body ?? '' };
      const notice = deps.vouchers[mode]?.readNotice(request) ?? null;
      if (notice === null) return c.body(null, 401, NO_STORE);
      return c.body(null, (await receiveNotice(deps, mode, notice)) ? 204 : 404, NO_STORE);
    });
  }
  return routes;
}

const NO_STORE = { 'Cache-Control': 'no-store' };
