import { z } from 'zod';
import { RETRY_ADVICE } from '../../acquirer/code-classes.ts';
import { LANGUAGES } from '../../i18n/language.ts';
import { BRANDS } from '../../lib/card.ts';
import { PAYMENT_TYPES } from '../../lib/payment-type.ts';
import { PROBLEMS } from '../../lib/problem.ts';
import { METHOD_IDS } from '../../methods/method.ts';
import { RESOLUTIONS } from '../../payments/action-items.ts';
import { EVENT_TYPES } from '../../payments/decide.ts';
import { FAILURES } from '../../payments/failures.ts';
import { PAYMENT_STATUSES } from './schemas.ts';

/** What callers get: contract, section 2. Loose, since fields may be added. Amounts in minor units, times RFC 3339. */
export const Time = z.iso.datetime();
export const Whole = z.int();
export const Mode = z.enum(['test', 'live']);
const Brand = z.enum(BRANDS);
export const text = z.string;

export function object<S extends z.ZodRawShape>(shape: S) {
  return z.looseObject(shape);
}

/** The keys of a table, as zod wants an enumeration: at least one. */
function codes<T extends string>(table: Record<T, unknown>) {
  return z.enum(Object.keys(table) as [T, ...T[]]);
}

const Failure = object({
  code: codes(FAILURES),
  message: text(),
  reason: text()
    .optional()
    .describe('What the network said, where it gave a code. For you, not for shoppers.'),
  advice: codes(RETRY_ADVICE).optional().describe('Whether and how to try again; docs/response-codes.md.'),
});

export const Attempt = object({
  id: text(),
  object: z.literal('attempt'),
  method: z.enum(METHOD_IDS),
  status: z.enum(['in_progress', 'succeeded', 'failed']),
  failure: Failure.nullable(),
  card: object({ brand: Brand, last4: text() }).nullable(),
  created_at: Time,
  ended_at: Time.nullable(),
});

export const Refund = object({
  id: text(),
  object: z.literal('refund'),
  amount: Whole,
  reason: text().nullable(),
  status: z.enum(['pending', 'succeeded', 'failed']),
  failure: object({ code: text(), message: text() }).nullable(),
  created_at: Time,
});

const PaymentCard = object({
  brand: Brand,
  last4: text(),
  exp_month: Whole,
  exp_year: Whole,
  installments: Whole.nullable().describe('Number of payments, of a payment type that has one.'),
  payment_type: z.enum(PAYMENT_TYPES).describe('How the cardholder pays the issuer back.'),
});

const ThreeDs = object({
  version: text(),
  trans_status: text().nullable(),
  eci: text().nullable(),
  liability_shift: z.boolean(),
  ds_trans_id: text().nullable(),
  reason: object({ code: text(), message: text() })
    .nullable()
    .describe('Why the issuer did not authenticate: transStatusReason, and what it means.'),
});

const Network = object({
  rrn: text(),
  approval_code: text().nullable(),
  response_code: text().nullable(),
  japan_code: text().nullable().describe('The Japanese code (G.., C..) beside it, where there is one.'),
});

const PaymentNumber = object({
  chain: text().nullable(),
  labels: z.array(text()),
  values: z.array(text()),
  expires_at: Time,
});

export const Payment = object({
  id: text(),
  object: z.literal('payment'),
  mode: Mode,
  session_id: text(),
  order_id: text(),
  status: z.enum(PAYMENT_STATUSES),
  method: z.enum(METHOD_IDS),
  amount: Whole,
  currency: z.literal('JPY'),
  amount_captured: Whole,
  amount_refunded: Whole,
  capture: z.enum(['automatic', 'manual']),
  card: PaymentCard.nullable(),
  saved_card: text().nullable().describe('The saved card that was paid by, or that the payment saved.'),
  initiated_by: z.enum(['shopper', 'merchant']),
  number: PaymentNumber.nullable(),
  three_ds: ThreeDs.nullable(),
  network: Network.nullable(),
  refunds: z.array(Refund),
  failure: Failure.nullable(),
  late: z.boolean(),
  duplicate: z.boolean(),
  created_at: Time,
  authorized_at: Time.nullable(),
  captured_at: Time.nullable(),
  capture_before: Time.nullable(),
  metadata: z.record(text(), text()),
  redirect_url: text().optional().describe('While requires_action: where the shopper goes on.'),
  receipt_url: text()
    .nullable()
    .optional()
    .describe('The receipt, for whoever has this address; null before the money came. Never in events.'),
});

export const Session = object({
  id: text(),
  object: z.literal('session'),
  mode: Mode,
  url: text()
    .nullable()
    .describe('Send the shopper here, by redirect. Null of a charge of a saved card: it has no page.'),
  status: z.enum(['open', 'complete', 'expired', 'canceled']),
  ended_reason: z
    .enum([
      'paid',
      'number_issued',
      'shopper_canceled',
      'merchant_canceled',
      'merchant_expired',
      'timed_out',
      'attempts_used',
      'replaced',
    ])
    .nullable(),
  replaced_by: text().nullable(),
  payment_status: z.enum(['unpaid', 'pending', 'authorized', 'paid', 'refunded']),
  order_id: text(),
  amount: Whole,
  currency: z.literal('JPY'),
  description: text().nullable(),
  methods: z.array(z.enum(METHOD_IDS)),
  capture: z.enum(['automatic', 'manual']),
  locale: z.enum(['auto', ...LANGUAGES]),
  expires_at: Time,
  created_at: Time,
  payment: Payment.nullable(),
  attempts: z.array(Attempt).describe('Oldest first.'),
  metadata: z.record(text(), text()),
});

export const ActionItem = object({
  id: text(),
  object: z.literal('action_item'),
  mode: Mode,
  kind: z
    .enum(['late_payment', 'duplicate_payment', 'amount_differs'])
    .describe('What came: money after the end of its payment, once more, or another amount than was asked.'),
  session_id: text(),
  payment_id: text().describe('What the money became.'),
  order_id: text(),
  amount: Whole.describe('What came.'),
  resolution: z.enum(RESOLUTIONS).nullable(),
  note: text().nullable(),
  created_at: Time,
  resolved_at: Time.nullable().describe('Null while it is open.'),
});

const Agreement = object({
  purposes: z.array(z.enum(['next_time', 'merchant_charges'])),
  description: text().nullable(),
  text_version: text(),
  language: text(),
  session_id: text(),
  agreed_at: Time,
});

export const SavedCard = object({
  id: text(),
  object: z.literal('saved_card'),
  mode: Mode,
  customer_reference: text(),
  status: z.enum(['active', 'expired']),
  card: object({ brand: Brand, last4: text(), exp_month: Whole, exp_year: Whole }),
  purposes: z.array(z.enum(['next_time', 'merchant_charges'])),
  agreements: z.array(Agreement).describe('What the shopper agreed to, in which session; oldest first.'),
  payment_id: text().describe('The payment of the newest agreement.'),
  created_at: Time,
  expires_at: Time.describe('The end of its month in Japan.'),
});

export const Token = object({
  id: text(),
  object: z.literal('token'),
  mode: Mode,
  card: object({ brand: Brand, last4: text(), exp_month: Whole, exp_year: Whole }),
  expires_at: Time,
});

/** In an event the objects stand as they were then, without addresses and without anything of the customer. */
const SessionThen = Session.omit({ url: true });

export const EventData = object({
  merchant_id: text(),
  mode: Mode,
  sequence: Whole.nullable().describe("Counts the session's public events from 1, without holes."),
  session: SessionThen.nullable(),
  payment: Payment.nullable(),
});

export const Event = object({
  id: text(),
  object: z.literal('event'),
  type: z.enum(EVENT_TYPES),
  timestamp: Time,
  data: EventData,
});

export const Notification = object({ type: z.enum(EVENT_TYPES), timestamp: Time, data: EventData });

export const WebhookEndpoint = object({
  id: text(),
  object: z.literal('webhook_endpoint'),
  url: text(),
  events: z.array(z.enum(EVENT_TYPES)).nullable().describe('null = every type but those that must be named'),
  status: z.enum(['enabled', 'disabled']),
  created_at: Time,
});

export const Delivery = object({
  id: text(),
  object: z.literal('delivery'),
  event_id: text(),
  endpoint_id: text(),
  try: Whole,
  status: z.enum(['pending', 'delivered', 'failed']),
  response_status: Whole.nullable(),
  error: text().nullable(),
  next_try_at: Time.nullable(),
  created_at: Time,
});

export const ClockReading = object({ now: Time });

export const ProblemDetails = object({
  type: text(),
  title: text(),
  status: Whole,
  detail: text(),
  code: codes(PROBLEMS),
  request_id: text(),
  retryable: z.boolean().describe('The very same request may succeed later.'),
  charge_may_exist: z.boolean().describe('Money may have moved: look at the order before you try again.'),
  errors: z.array(object({ pointer: text(), code: text(), detail: text() })).optional(),
  session_id: text().optional().describe('order_in_progress, order_already_paid: the session in the way.'),
  payment_status: text().optional().describe('invalid_state: the status that the payment has.'),
  request_status: text().optional().describe('invalid_state: the status that the payment request has.'),
  payment_request_id: text().optional().describe('payment_request_exists: the one in the way.'),
  decline_code: text().optional().describe("…_declined: the network's code."),
  japan_code: text().optional().describe('…_declined: the Japanese code beside it.'),
});

export function list<T extends z.ZodType>(item: T) {
  return object({
    object: z.literal('list'),
    data: z.array(item).describe('Newest first.'),
    next_cursor: text().nullable().describe('Give it as `cursor` for the next page; null at the end.'),
  });
}

export const SessionList = list(Session);
export const SavedCardList = list(SavedCard);
export const PaymentList = list(Payment);
export const ActionItemList = list(ActionItem);
export const RefundList = list(Refund);
export const EventList = list(Event);
export const EndpointList = list(WebhookEndpoint);
export const DeliveryList = list(Delivery);
