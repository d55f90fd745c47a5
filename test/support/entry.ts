import { Webhook } from 'standardwebhooks';
import { newOrderId } from './api.ts';
import type { Form } from './html.ts';
import type { Demo } from './processes.ts';

/** The signed form of contract 3, made as a cart would with a Standard Webhooks library. */
export function entryForm(demo: Demo, body: Record<string, unknown>, at = new Date()): Form {
  const id = newOrderId('nonce');
  const payload = JSON.stringify({ mode: 'test', ...body }).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const signature = new Webhook(demo.entry_secret.replace(/^esec_/, '')).sign(id, at, payload);
  const fields = {
    merchant_id: demo.merchant_id,
    id,
    timestamp: String(Math.floor(at.getTime() / 1000)),
    signature,
    payload,
  };
  return { action: `${demo.base_url}/pay`, method: 'post', fields, names: Object.keys(fields) };
}
