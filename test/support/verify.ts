import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Json } from './api.ts';
import type { Demo } from './processes.ts';

/** What a merchant checks, with nothing of ours: HMAC by the reference library, Ed25519 by the published key alone. */
export async function verifyResult(demo: Demo, fields: Record<string, string>): Promise<Json> {
  const { id = '', timestamp = '', signature = '', payload = '' } = fields;
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  const event: Json = new Webhook(demo.webhook_secret).verify(payload, headers);
  const { keys } = (await (await fetch(`${demo.base_url}/.well-known/jwks.json`)).json()) as {
    keys: JsonWebKey[];
  };
  const signed = Buffer.from(`${id}.${timestamp}.${payload}`);
  const given = signature.split(' ').filter((item) => item.startsWith('v1a,'));
  const holds = given.some((item) =>
    keys.some((key) =>
      verify(null, signed, createPublicKey({ key, format: 'jwk' }), Buffer.from(item.slice(4), 'base64')),
    ),
  );
  if (!holds) throw new Error('no published key made this signature');
  if (event.data.merchant_id !== demo.merchant_id || event.data.mode !== 'test') throw new Error('not ours');
  return event;
}
