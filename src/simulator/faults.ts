import { z } from 'zod';

/** What a test may ask the network to do wrong, a number of times (control port, `POST /faults`). */
export const FaultRule = z.strictObject({
  match: z.strictObject({
    /** Only the acquirer's messages know the order. */
    order_id: z.string().optional(),
    last4: z
      .string()
      .regex(/^\d{4}$/)
      .optional(),
    /** An MTI (`0200`, `0401`, …) or a 3DS message type (`AReq`, `PReq`, `RReq`, `CRes`). */
    message: z.string().optional(),
  }),
  action: z.enum(['drop_request', 'drop_answer', 'delay', 'duplicate', 'close']),
  delay_ms: z.int().min(0).max(600_000).default(0),
  times: z.int().min(1).max(1_000_000).default(1),
});

export type FaultRule = z.infer<typeof FaultRule>;
export type Fault = { action: FaultRule['action']; delayMs: number };

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  list(): FaultRule[];
  /** The oldest rule that fits this message, used up by one; null where everything goes well. */
  take(about: { orderId?: string; last4?: string; message: string }): Fault | null;
}

export function openFaults(): Faults {
  let rules: FaultRule[] = [];
  return {
    add: (rule) => {
      rules.push({ ...rule });
    },
    clear: () => {
      rules = [];
    },
    list: () => rules.map((rule) => ({ ...rule })),
    take: (about) => {
      const rule = rules.find(({ match }) => fits(match, about));
      if (!rule) return null;
      rule.times -= 1;
      rules = rules.filter((each) => each.times > 0);
      return { action: rule.action, delayMs: rule.delay_ms };
    },
  };
}

function fits(
  match: FaultRule['match'],
  about: { orderId?: string; last4?: string; message: string },
): boolean {
  if (match.order_id !== undefined && match.order_id !== about.orderId) return false;
  if (match.last4 !== undefined && match.last4 !== about.last4) return false;
  return match.message === undefined || match.message === about.message;
}
