import type { Mode } from '../config.ts';
import type { Deps } from '../deps.ts';
import { type SignedContent, signEd25519, signHmac } from '../lib/sign.ts';
import { activeSecrets } from '../merchants/secrets.ts';
import { signingKey } from './jwks.ts';

/** Signs what a merchant is told: `v1` with each of its signing secrets, `v1a` with the service's key of the mode. */
export async function signEvent(
  deps: Deps,
  owner: { merchantId: string; mode: Mode },
  content: SignedContent,
): Promise<string> {
  const secrets = await activeSecrets(deps, owner.merchantId, owner.mode, 'signing');
  const symmetric = secrets.map((secret) => signHmac(secret, content));
  return [...symmetric, signEd25519(signingKey(deps.config, owner.mode).privateKey, content)].join(' ');
}

/** The headers of a notification, as they go out. */
export function notificationHeaders(signed: { id: string; timestamp: string; signature: string }) {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'PayResort-Webhooks/1.0',
    'webhook-id': signed.id,
    'webhook-timestamp': signed.timestamp,
    'webhook-signature': signed.signature,
  };
}

/** Unix seconds. */
export function unixSeconds(at: Date): string {
  return String(Math.floor(at.getTime() / 1_000));
}
