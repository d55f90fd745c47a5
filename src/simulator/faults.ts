import { z } from 'zod';

/** What a test may ask the network to do wrong, a number of times (control port, `POST /faults`). */
export const FaultRule = z.strictObject({
  match: z.strictObject({
    /** The acquirer's messages and the voucher centre's know the order, no others do. */
    order_id: z.string().optional(),
    last4: z
      .string()
      .regex(/^\d{4}$/)
      .optional(),
    /**
     * An MTI (`0200`, `0401`, …), a 3DS message type (`AReq`, `PReq`, `RReq`, `CRes`), or what passes between the
     * voucher centre and us: `issue`, `inquiry`, `withdraw`, `notice`.
     */
    message: z.string().optional(),
  }),
  action: z.enum(['drop_request', 'drop_answer', 'delay', 'duplicate', 'close', 'decline']),
  delay_ms: z.int().min(0).max(600_000).default(0),
  /** What a `decline` answers: DE39, and DE44 if any. */
  response_code: z
    .string()
    .regex(/^(?!00)[0-9A-Z]{2}$/)
    .default('05'),
  japan_code: z
    .string()
    .regex(/^[GC]\d\d$/)
    .nullable()
    .default(null),
  times: z.int().min(1).max(1_000_000).default(1),
});

export type FaultRule = z.infer<typeof FaultRule>;
export type Fault = {
  action: FaultRule['action'];
  delayMs: number;
  code: { responseCode: string; japanCode: string | null };
};

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
      const { action, delay_ms: delayMs, response_code: responseCode, japan_code: japanCode } = rule;
      return { action, delayMs, code: { responseCode, japanCode } };
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
