/**
 * A signed entry (contract, section 3): merchant_id, id, timestamp, signature, payload. The signature is the `v1` of
 * Standard Webhooks 1.0.0 over `id.timestamp.payload` with the merchant's entry secret of one mode.
 */
import { createHash } from 'node:crypto';
import { MODES, type Mode } from '../../config.ts';
import type { Deps } from '../../deps.ts';
import { type Fault, Problem } from '../../lib/problem.ts';
import { verifyHmac } from '../../lib/sign.ts';
import { findMerchant, type Merchant } from '../../merchants/merchant.ts';
import { activeSecrets } from '../../merchants/secrets.ts';
import type { CreateSessionInput } from '../../payments/create-session.ts';
import { validationFailed } from '../api/parse.ts';
import { readSession } from '../api/session-input.ts';
import { parseJson, toPointer } from '../body.ts';

export interface SignedEntry {
  merchantId: string;
  id: string;
  /** Unix seconds, as text. */
  timestamp: string;
  signature: string;
  /** The text that was signed. */
  payload: string;
}

const FIELDS = {
  merchant_id: [/^[A-Za-z0-9]{1,20}$/, "must be the merchant's id, A1 and eight digits"],
  id: [/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ -'],
  timestamp: [/^\d{1,12}$/, 'must be Unix seconds'],
  signature: [/^[\x21-\x7e]+( [\x21-\x7e]+)*$/, 'must be v1, and base64'],
  payload: [/^[\t\n\r\x20-\x7e]+$/, 'must be ASCII JSON: write other characters as \\u escapes'],
} as const;

/** Reads the five parameters; others are left alone. Throws `validation_failed`. */
export function readEntry(parameters: URLSearchParams): SignedEntry {
  const faults: Fault[] = [];
  const read = (name: keyof typeof FIELDS): string => {
    const [value, second] = parameters.getAll(name);
    const [pattern, detail] = FIELDS[name];
    const pointer = toPointer([name]);
    if (value === undefined) faults.push({ pointer, code: 'required', detail: 'is required' });
    else if (second !== undefined)
      faults.push({ pointer, code: 'duplicate_field', detail: 'is given twice' });
    else if (!pattern.test(value)) faults.push({ pointer, code: 'invalid_format', detail });
    return value ?? '';
  };
  const entry = {
    merchantId: read('merchant_id'),
    id: read('id'),
    timestamp: read('timestamp'),
    signature: read('signature'),
    payload: read('payload'),
  };
  if (faults.length > 0) throw validationFailed(faults);
  return entry;
}

/**
 * The merchant, in the mode of the secret that signed, or null. An unknown merchant and a bad signature look the
 * same from outside.
 */
export async function verifyEntry(deps: Deps, entry: SignedEntry): Promise<Merchant | null> {
  for (const mode of MODES) {
    const secrets = await activeSecrets(deps, entry.merchantId, mode, 'entry');
    if (secrets.some((secret) => verifyHmac(secret, entry, entry.signature))) {
      return findMerchant(deps, entry.merchantId, mode);
    }
  }
  return null;
}

export function payloadHash(entry: SignedEntry): Buffer {
  return createHash('sha256').update(entry.payload).digest();
}

/** The payload: the body of `POST /v1/sessions` and `mode`. Throws `malformed_json`, `validation_failed`. */
export function readPayload(deps: Deps, merchant: Merchant, entry: SignedEntry): CreateSessionInput {
  const payload = parseJson(Buffer.from(entry.payload));
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  const { mode, ...body } = isObject ? { mode: undefined, ...payload } : { mode: merchant.mode };
  const faults = modeFaults(mode, merchant.mode);
  const context = { merchant, config: deps.config };
  if (faults.length === 0) return readSession(isObject ? body : payload, context);
  throw validationFailed([...faults, ...faultsOf(() => readSession(body, context))]);
}

function modeFaults(given: unknown, mode: Mode): Fault[] {
  const pointer = '#/mode';
  if (given === undefined) return [{ pointer, code: 'required', detail: `is required: ${mode}` }];
  if (given === mode) return [];
  return [{ pointer, code: 'invalid_value', detail: `must be ${mode}: the mode of the secret that signed` }];
}

function faultsOf(read: () => unknown): Fault[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof Problem && error.faults !== undefined) return error.faults;
    throw error;
  }
}
