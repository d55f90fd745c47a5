import { createHash, type KeyObject, sign } from 'node:crypto';
import { merchants } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { newCapability } from '../lib/ids.ts';
import { apiKeyText, createApiKey } from './keys.ts';
import { storeSecret } from './secrets.ts';

/** What DATA_DIR/demo.json tells of the demo merchant (contract, section 10). */
export interface DemoCredentials {
  merchant_id: string;
  secret_key: string;
  publishable_key: string;
  entry_secret: string;
  webhook_secret: string;
}

export const DEMO_MERCHANT = 'A100000001';

/**
 * Makes the demo merchant and its test-mode credentials; again and again with the same result. Only hashes and sealed
 * secrets are stored, so the credentials are derived from this machine's signing key of test mode. Never in production.
 */
export async function seedDemo(deps: Deps): Promise<DemoCredentials> {
  const { config } = deps;
  if (config.production || config.keys === null) throw new Error('the demo merchant is not for production');
  const credentials = deriveCredentials(config.keys.signing.test.privateKey);
  const merchant = demoMerchant(deps);
  await deps.db
    .insert(merchants)
    .values(merchant)
    .onConflictDoUpdate({ target: merchants.merchantId, set: { url: merchant.url } });
  const owner = { merchantId: DEMO_MERCHANT, mode: 'test' } as const;
  await createApiKey(deps, { ...owner, kind: 'secret', key: credentials.secret_key });
  await createApiKey(deps, { ...owner, kind: 'publishable', key: credentials.publishable_key });
  await storeSecret(deps, { ...owner, kind: 'entry', secret: credentials.entry_secret });
  await storeSecret(deps, { ...owner, kind: 'signing', secret: credentials.webhook_secret });
  return credentials;
}

/** 32 bytes of this machine's own. An Ed25519 signature is the same every time, and nobody else can make it. */
export function deriveDemo(signingKey: KeyObject, label: string): Buffer {
  return createHash('sha256')
    .update(sign(null, Buffer.from(`payresort demo|${label}`), signingKey))
    .digest();
}

function deriveCredentials(signingKey: KeyObject): DemoCredentials {
  const derive = (label: string) => deriveDemo(signingKey, label);
  const secret = (prefix: string) => `${prefix}_${derive(prefix).toString('base64')}`;
  return {
    merchant_id: DEMO_MERCHANT,
    secret_key: apiKeyText('secret', 'test', capability(derive('sk'))),
    publishable_key: apiKeyText('publishable', 'test', capability(derive('pk'))),
    entry_secret: secret('esec'),
    webhook_secret: secret('whsec'),
  };
}

/** As `newCapability` makes it, with derived characters for the random ones: five bits each. */
function capability(bytes: Buffer): string {
  const text = Array.from(bytes.subarray(0, 26), (byte) => (byte & 31).toString(32)).join('');
  return newCapability(DEMO_MERCHANT).slice(0, -26) + text;
}

function demoMerchant({ config, clock }: Deps): typeof merchants.$inferInsert {
  const shop = `http://127.0.0.1:${config.ports.shop}`;
  return {
    merchantId: DEMO_MERCHANT,
    name: 'うつわと道具 こはる',
    url: shop,
    mcc: '5719',
    acquirerBin: '900001',
    acquirerMerchantId: DEMO_MERCHANT,
    settings: {
      methods: ['card', 'konbini', 'payeasy', 'netbank'],
      allowedOrigins: [],
      whenAuthenticationUnavailable: 'refuse',
      logoUrl: null,
      brandColor: null,
      contact: { email: 'shop@koharu.example', phone: null, url: shop },
      termsUrl: null,
    },
    createdAt: clock.now(),
  };
}
