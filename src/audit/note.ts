import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import type { Merchant } from '../merchants/merchant.ts';
import { type AuditInput, record } from './record.ts';

/** Records what changes nothing: what was seen, what was refused. */
export function note(
  deps: Pick<Deps, 'db' | 'config' | 'clock'>,
  merchant: Pick<Merchant, 'merchantId' | 'mode' | 'acting'>,
  input: AuditInput,
): Promise<void> {
  return inTransaction(deps.db, 'audit.note', (tx) => record(tx, deps, merchant, input));
}
