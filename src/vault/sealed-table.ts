import type { Queryable } from '../db/client.ts';
import type { DataKey, RotatablePurpose } from './keyring.ts';

/** A table of rows that are sealed with the keys of one purpose, as re-encryption and retirement see it. */
export interface SealedTable {
  /** As in the database. */
  name: string;
  purpose: RotatablePurpose;
  /** How many rows are sealed with this key. */
  count(on: Queryable, keyId: string): Promise<number>;
  /**
   * Seals up to `limit` rows behind `after` anew, in the order of their keys; rows that another transaction holds
   * are passed over. Answers the keys of those that it read. Null where rows do not live long enough.
   */
  reseal: ((tx: Queryable, step: ResealStep) => Promise<RowKey[]>) | null;
}

export interface ResealStep {
  from: DataKey;
  to: DataKey;
  after: RowKey;
  limit: number;
}

export interface RowKey {
  merchantId: string;
  id: string;
}
