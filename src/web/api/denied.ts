import { type DenialReason, noteDenied } from '../../audit/denied.ts';
import type { Deps } from '../../deps.ts';
import { claimedBy } from '../../merchants/keys.ts';
import { findMerchant, type Merchant } from '../../merchants/merchant.ts';
import type { ApiRoute } from './route.ts';

type Route = Pick<ApiRoute, 'method' | 'path'>;

/** Somebody came with a key of a merchant's that was revoked or never was. Nothing waits for it. */
export function noteFalseKey(deps: Deps, key: string, origin: string | null, route: Route): void {
  const claimed = claimedBy(key);
  if (claimed === null) return;
  const { merchantId, mode, hint } = claimed;
  const actor = { kind: 'visitor', id: null, name: hint, role: null } as const;
  const looked = findMerchant(deps, merchantId, mode).then((merchant) => {
    if (merchant === null) return;
    const recording = { merchantId, mode, acting: { actor, origin } };
    noteDenied(deps, recording, { reason: 'unknown_key', route: nameOf(route) });
  });
  deps.background.run(looked);
}

/** A key that works was used for what it is not for. */
export function noteWrongKey(deps: Deps, merchant: Merchant, reason: DenialReason, route: Route): void {
  noteDenied(deps, merchant, { reason, route: nameOf(route) });
}

function nameOf({ method, path }: Route): string {
  return `${method.toUpperCase()} ${path}`;
}
