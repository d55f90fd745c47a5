/**
 * The signed entry `/pay`: a form instead of an API call. Signed like a result, but with the entry secret:
 * `v1,` + base64 of HMAC-SHA256 over `id.timestamp.payload`.
 */
import { Webhook } from 'standardwebhooks';
import { type Credentials, modeOf } from './credentials.ts';

export interface EntryForm {
  action: string;
  fields: Record<'merchant_id' | 'id' | 'timestamp' | 'signature' | 'payload', string>;
}

/** @param id used once per order and try: the same one with the same payload leads to the same session again. */
export function signEntry(
  credentials: Credentials,
  id: string,
  body: Record<string, unknown>,
  now: Date,
): EntryForm {
  const payload = asciiJson({ mode: modeOf(credentials), ...body });
  const secret = credentials.entry_secret.replace(/^esec_/, '');
  return {
    action: `${credentials.base_url}/pay`,
    fields: {
      merchant_id: credentials.merchant_id,
      id,
      timestamp: String(Math.floor(now.getTime() / 1000)),
      signature: new Webhook(secret).sign(id, now, payload),
      payload,
    },
  };
}

/** ASCII alone, so that no character set on the way can change the bytes. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
