/**
 * Standard Webhooks 1.0.0: the signed bytes are `id.timestamp.payload`. PayResort+ signs them twice: `v1,` is
 * HMAC-SHA256 with our signing secret, `v1a,` is Ed25519 with the service's key, published at /.well-known/jwks.json.
 * Either would do; this shop asks for both. The same four values come in the fields of a return and in the headers
 * and body of a notification, so one verifier serves both.
 */
import { createHash, verify } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { z } from 'zod';
import type { PublishedKey, PublishedKeys } from './published-keys.ts';
import { type ResultEvent, ResultEventShape } from './result-event.ts';

/** As received: nothing decoded or parsed. `timestamp` in Unix seconds. */
export const SignedResultShape = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  timestamp: z.string().regex(/^\d{1,12}$/),
  signature: z.string().min(1),
  payload: z.string().min(1),
});
export type SignedResult = z.infer<typeof SignedResultShape>;

/** What we know without asking the message: who we are, and whose signatures we believe. */
export interface Trust {
  merchantId: string;
  mode: string;
  /** Our signing secret; during a rotation the old and the new one. */
  secrets: string[];
  publishedKeys: PublishedKeys;
}

export const REFUSAL_CODES = [
  'incomplete',
  'bad_hmac',
  'too_old',
  'too_new',
  'bad_ed25519',
  'unreadable',
  'other_merchant',
  'other_mode',
  'unknown_order',
  'other_amount',
] as const;
export type Refusal = (typeof REFUSAL_CODES)[number];

/** The keys that signed: our secret by its fingerprint, the service's key by its `kid`. */
export interface Proof {
  hmacKey: string;
  kid: string;
}

export type Verdict =
  | { ok: true; result: SignedResult; event: ResultEvent; proof: Proof }
  | { ok: false; refusal: Refusal };

/**
 * Checks the signatures, the time (300 s either way) and that it is addressed to us. Throws `KeysUnavailable` when
 * the published keys cannot be had.
 */
export async function verifyResult(fields: unknown, trust: Trust): Promise<Verdict> {
  const parsed = SignedResultShape.safeParse(fields);
  if (!parsed.success) return refuse('incomplete');
  const result = parsed.data;
  const hmac = checkHmac(result, trust.secrets);
  if (!hmac.ok) return hmac;
  const kid = await checkEd25519(result, trust.publishedKeys);
  if (kid === null) return refuse('bad_ed25519');
  const event = readEvent(result.payload);
  if (event === null) return refuse('unreadable');
  // One service key signs for all merchants: a result of another shop has a good signature too.
  if (event.data.merchant_id !== trust.merchantId) return refuse('other_merchant');
  if (event.data.mode !== trust.mode) return refuse('other_mode');
  return { ok: true, result, event, proof: { hmacKey: hmac.key, kid } };
}

/** Whether the result is about this order and says the price that we asked. `ordered` is null for an order we lack. */
export function checkOrder(
  { data: { session, payment } }: ResultEvent,
  ordered: { id: string; amount: number } | null,
): Refusal | null {
  if (session === null || ordered === null || session.order_id !== ordered.id) return 'unknown_order';
  const amounts = [session.amount, payment?.amount ?? session.amount];
  const equal = session.currency === 'JPY' && amounts.every((amount) => amount === ordered.amount);
  return equal ? null : 'other_amount';
}

export function signedBytes({ id, timestamp, payload }: Omit<SignedResult, 'signature'>): string {
  return `${id}.${timestamp}.${payload}`;
}

/** Names a secret without telling it. */
export function fingerprint(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex').slice(0, 12)}`;
}

function checkHmac(
  { id, timestamp, signature, payload }: SignedResult,
  secrets: string[],
): { ok: true; key: string } | { ok: false; refusal: Refusal } {
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  for (const secret of secrets) {
    try {
      new Webhook(secret).verify(payload, headers, { jsonParse: false });
      return { ok: true, key: fingerprint(secret) };
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      if (error.message.endsWith('too old')) return refuse('too_old');
      if (error.message.endsWith('too new')) return refuse('too_new');
    }
  }
  return refuse('bad_hmac');
}

/** The `kid` of the published key that signed, or null. Keys that are new to us are fetched once more. */
async function checkEd25519(result: SignedResult, keys: PublishedKeys): Promise<string | null> {
  return signer(result, await keys.known()) ?? signer(result, await keys.refreshed());
}

function signer(result: SignedResult, keys: PublishedKey[]): string | null {
  const bytes = Buffer.from(signedBytes(result));
  const given = result.signature
    .split(' ')
    .filter((item) => item.startsWith('v1a,'))
    .map((item) => Buffer.from(item.slice('v1a,'.length), 'base64'));
  return keys.find(({ key }) => given.some((signature) => verify(null, bytes, key, signature)))?.kid ?? null;
}

function readEvent(payload: string): ResultEvent | null {
  try {
    return ResultEventShape.parse(JSON.parse(payload));
  } catch {
    return null;
  }
}

function refuse(refusal: Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal };
}
