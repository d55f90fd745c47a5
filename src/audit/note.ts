import { inTransaction } from '../db/client.ts';
import type { Deps } from '../deps.ts';
import { type AuditInput, type Recording, record } from './record.ts';

/** Records what changes nothing: what was seen, what was refused. */
export function note(
  deps: Pick<Deps, 'db' | 'config' | 'clock'>,
  recording: Recording,
  input: AuditInput,
): Promise<void> {
  return inTransaction(deps.db, 'audit.note', (tx) => record(tx, deps, recording, input));
}
