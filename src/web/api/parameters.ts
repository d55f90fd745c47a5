import { METHOD_IDS } from '../../methods/method.ts';
import { ATTENTIONS } from '../../payments/queries.ts';
import { REQUEST_STATUSES } from '../../requests/state.ts';
import { PAYMENT_STATUSES } from './schemas.ts';

/** Parameters and headers of the OpenAPI document that several operations share. Queries go by their own names. */
type Json = Record<string, unknown>;

function queryParameter(name: string, schema: Json, description: string): Json {
  return { name, in: 'query', required: false, schema, description };
}

export const PARAMETERS: Record<string, Json> = {
  id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
  idempotency_key: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: 257 },
    description: 'Quoted or bare, at most 255 characters.',
    examples: { quoted: { value: '"8e03978e-40d5-43dd-bc93-6894a57f9324"' } },
  },
  limit: queryParameter(
    'limit',
    { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    'Items of a page.',
  ),
  cursor: queryParameter('cursor', { type: 'string' }, 'The next_cursor of the page before.'),
  order_id: queryParameter(
    'order_id',
    { type: 'string', pattern: '^[A-Za-z0-9_-]{1,100}$' },
    'Of this order only.',
  ),
  status: queryParameter('status', { enum: PAYMENT_STATUSES }, 'In this status only.'),
  request_status: queryParameter('status', { enum: REQUEST_STATUSES }, 'In this status only.'),
  batch_id: queryParameter('batch_id', { type: 'string' }, 'Of this batch only.'),
  method: queryParameter('method', { enum: METHOD_IDS }, 'By this method only.'),
  created_from: queryParameter(
    'created_from',
    { type: 'string', format: 'date-time' },
    'Created then or later.',
  ),
  created_to: queryParameter(
    'created_to',
    { type: 'string', format: 'date-time' },
    'Created then or earlier.',
  ),
  attention: queryParameter(
    'attention',
    { enum: ATTENTIONS },
    'Those that need somebody: holds that are about to lapse, late money, double money.',
  ),
  open: queryParameter(
    'open',
    { type: 'boolean' },
    'true: those to be resolved; false: those that are. Default both.',
  ),
  customer_reference: queryParameter(
    'customer_reference',
    { type: 'string', maxLength: 100 },
    'Kept for this customer only.',
  ),
  expires_before: queryParameter(
    'expires_before',
    { type: 'string', format: 'date-time' },
    'Expiring then or earlier.',
  ),
  webhook_id: header('webhook-id', "The event's id, the same at every try."),
  webhook_timestamp: header('webhook-timestamp', 'Unix seconds of this try.'),
  webhook_signature: header(
    'webhook-signature',
    'v1,… (HMAC-SHA256) and v1a,… (Ed25519), separated by spaces.',
  ),
};

function header(name: string, description: string): Json {
  return { name, in: 'header', required: true, schema: { type: 'string' }, description };
}

export const HEADERS: Record<string, Json> = {
  request_id: { description: 'Quote it when you ask about an answer.', schema: { type: 'string' } },
  replayed: {
    description: 'true: the answer of the first request with this key.',
    schema: { const: 'true' },
  },
};
