import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type PublishedKeys, readKeys } from '../../demo/shop/published-keys.ts';

/** Results signed here, with nothing of the service: the reference library and node:crypto. */
export const MERCHANT = 'A100000001';
export const SECRET = newSecret();
export const SERVICE = newKey('first');

export interface TestKey {
  privateKey: KeyObject;
  jwk: Record<string, unknown>;
}

export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

export function newKey(kid: string): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'EdDSA' } };
}

export function publishing(...keys: TestKey[]): PublishedKeys {
  const known = readKeys({ keys: keys.map(({ jwk }) => jwk) });
  return { known: async () => known, refreshed: async () => known };
}

export interface Made {
  orderId?: string;
  amount?: number;
  merchantId?: string;
  mode?: string;
  id?: string;
  type?: string;
  sequence?: number;
  sessionId?: string;
  session?: Record<string, unknown>;
  payment?: Record<string, unknown> | null;
}

export function payloadOf(made: Made): string {
  const { orderId = 'KH-1', amount = 3_850, merchantId = MERCHANT, mode = 'test', sequence = 2 } = made;
  const session = {
    id: made.sessionId ?? 'cs_1',
    status: 'complete',
    ended_reason: 'paid',
    payment_status: 'paid',
    order_id: orderId,
    amount,
    currency: 'JPY',
    ...made.session,
  };
  const payment = {
    id: 'pay_1',
    status: 'captured',
    method: 'card',
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    card: { brand: 'visa', last4: '0002' },
    failure: null,
    capture_before: null,
    ...made.payment,
  };
  const data = {
    merchant_id: merchantId,
    mode,
    sequence,
    session,
    payment: made.payment === null ? null : payment,
  };
  return JSON.stringify({ type: made.type ?? 'session.completed', timestamp: '2026-01-01T00:00:00Z', data });
}

export interface Signing {
  secrets?: string[];
  keys?: TestKey[];
  at?: Date;
}

export function signed(
  made: Made,
  { secrets = [SECRET], keys = [SERVICE], at = new Date() }: Signing = {},
): { id: string; timestamp: string; signature: string; payload: string } {
  const [id, payload] = [made.id ?? 'evt_1', payloadOf(made)];
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const symmetric = secrets.map((secret) => new Webhook(secret).sign(id, at, payload));
  const bytes = Buffer.from(`${id}.${timestamp}.${payload}`);
  const asymmetric = keys.map(({ privateKey }) => `v1a,${sign(null, bytes, privateKey).toString('base64')}`);
  return { id, timestamp, signature: [...symmetric, ...asymmetric].join(' '), payload };
}
