import { channel } from 'node:diagnostics_channel';

/**
 * What goes by and is worth counting. Told by who does it, counted by who listens (`roles/flow-metrics.ts`); where nobody
 * does it costs a comparison. Ids and amounts are nobody's business here.
 */
export interface Observed {
  /** Ended, `outcome`: `succeeded` or why not. Milliseconds from its start, by the merchant's clock. */
  attempt: { mode: 'test' | 'live'; method: string; outcome: string; ms: number };
  /** From the page of the issuer's being offered to its result. */
  challenge: { mode: 'test' | 'live'; ms: number };
  /** A job as it was done: how long it took, and how long after its time it was begun. */
  job: { name: string; outcome: 'done' | 'again' | 'failed'; ms: number; lateMs: number };
}

const CHANNELS = {
  attempt: channel('payresort:attempt'),
  challenge: channel('payresort:challenge'),
  job: channel('payresort:job'),
} as const satisfies Record<keyof Observed, unknown>;

/**
 * Tells it. In a transaction: what is rolled back afterwards was told all the same, which for rates does not matter.
 */
export function observe<K extends keyof Observed>(what: K, told: Observed[K]): void {
  CHANNELS[what].publish(told);
}

export function onObserved<K extends keyof Observed>(what: K, listener: (told: Observed[K]) => void): void {
  CHANNELS[what].subscribe((told) => listener(told as Observed[K]));
}
