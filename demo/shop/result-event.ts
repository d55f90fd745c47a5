import { z } from 'zod';

/** What this shop reads of a result; fields it does not know are left alone, so that the service may add some. */
const CardShape = z.object({
  brand: z.string(),
  last4: z.string(),
  payment_type: z.string().optional(),
  installments: z.int().nullish(),
});
const FailureShape = z.object({ code: z.string(), message: z.string() });

export const PaymentShape = z.object({
  id: z.string(),
  status: z.string(),
  method: z.string().nullable(),
  amount: z.int(),
  amount_captured: z.int(),
  amount_refunded: z.int(),
  card: CardShape.nullable(),
  failure: FailureShape.nullable(),
  capture_before: z.string().nullable(),
});
export type Payment = z.infer<typeof PaymentShape>;

export const SessionShape = z.object({
  id: z.string(),
  status: z.string(),
  ended_reason: z.string().nullable(),
  payment_status: z.string(),
  order_id: z.string(),
  amount: z.int(),
  currency: z.string(),
});
export type Session = z.infer<typeof SessionShape>;

export const ResultEventShape = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.object({
    merchant_id: z.string(),
    mode: z.string(),
    sequence: z.int().nullable(),
    session: SessionShape.nullable(),
    payment: PaymentShape.nullable(),
  }),
});
export type ResultEvent = z.infer<typeof ResultEventShape>;
