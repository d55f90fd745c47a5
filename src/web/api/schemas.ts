import { z } from 'zod';
import { LANGUAGES } from '../../i18n/language.ts';
import { asciiJson } from '../../lib/json.ts';
import { PAYMENT_TYPES } from '../../lib/payment-type.ts';
import { METHOD_IDS } from '../../methods/method.ts';
import { RESOLUTIONS } from '../../payments/action-items.ts';
import { EVENT_TYPES } from '../../payments/decide.ts';
import { ATTENTIONS } from '../../payments/queries.ts';
import { Customer, Risk } from './customer-schemas.ts';
import { CONTROL, LONE_SURROGATE, pattern, text, whole } from './fields.ts';

/**
 * What callers may send: contract, section 2. The same schemas parse requests and make the OpenAPI document. Every
 * object is strict; amounts are minor units; lengths count characters, not UTF-16 units.
 */
export const PAYMENT_STATUSES = [
  'requires_method',
  'requires_action',
  'processing',
  'awaiting_payment',
  'authorized',
  'captured',
  'partially_refunded',
  'refunded',
  'voided',
  'failed',
  'expired',
] as const;

export const AMOUNT_LIMIT = 99_999_999;
export const Amount = whole(1, AMOUNT_LIMIT).describe(
  "In the currency's minor unit, tax included; JPY has none.",
);

export const OrderId = pattern(/^[A-Za-z0-9_-]{1,100}$/, 'must be 1 to 100 of A-Z a-z 0-9 _ -');

const LineItem = z.strictObject({
  name: text({ max: 100 }),
  quantity: whole(1, 999),
  unit_amount: whole(-AMOUNT_LIMIT, AMOUNT_LIMIT).describe('Tax included; negative for a discount.'),
  tax_rate: z.literal([0, 8, 10]).optional(),
});

export const LineItems = z.array(LineItem).min(1).max(100);

export const Methods = z.array(z.enum(METHOD_IDS)).min(1);

const Counts = z.array(whole(2, 24)).max(23).optional();

export const CardOptions = z.strictObject({
  installments: Counts.describe('Numbers of payments to offer besides a lump sum.'),
  revolving: z.boolean().optional(),
  bonus: z.boolean().optional().describe('A lump sum charged to the next bonus; offered in its seasons.'),
  bonus_installments: Counts.describe('Numbers of payments to offer together with bonus payments.'),
  save: z
    .enum(['off', 'ask'])
    .optional()
    .describe('ask: the shopper may keep the card for customer.reference, and pays by kept ones.'),
  mandate: z
    .strictObject({
      description: text({ max: 200 }).describe('What you will charge and when, as the shopper reads it.'),
    })
    .optional()
    .describe('With save: ask. The shopper is also asked whether you may charge the card later for this.'),
});

/** With a token the payment type is chosen already: one, not an offer. */
const CardChoice = CardOptions.extend({
  payment_type: z
    .enum(PAYMENT_TYPES)
    .optional()
    .describe(
      'Default lump_sum. The two with a number of payments take it from their list, which has just it.',
    ),
});

export const Metadata = z
  .record(z.string(), text({ min: 0, max: 500, lines: true }))
  .superRefine((value, context) => {
    const add = (code: string, message: string, path: string[] = []) =>
      context.addIssue({ code: 'custom', params: { code }, message, path });
    const keys = Object.keys(value);
    if (keys.length > 20) add('too_big', 'must have at most 20 keys');
    for (const key of keys.slice(0, 100)) {
      const usable = [...key].length <= 40 && key !== '' && !CONTROL.test(key) && !LONE_SURROGATE.test(key);
      if (!usable) add('invalid_key', 'a key must have 1 to 40 characters, no control characters', [key]);
    }
    if (asciiJson(value).length > 1024) add('too_big', 'must have at most 1,024 bytes as ASCII JSON');
  })
  .meta({ maxProperties: 20 });

const Url = text({ max: 1024 })
  .describe(
    'https, or http to a loopback host outside production; no id, timestamp, signature, payload in its query.',
  )
  .meta({ format: 'uri' });

const sessionFields = {
  order_id: OrderId,
  amount: Amount,
  currency: z.enum(['JPY']).default('JPY'),
  description: text({ max: 200, lines: true }).nullish(),
  line_items: LineItems.nullish().describe('When given, the items sum to `amount`.'),
  methods: Methods.optional().describe("Among the merchant's methods; default all of them."),
  capture: z.enum(['automatic', 'manual']).default('automatic'),
  return_url: Url,
  cancel_url: Url.nullish(),
  return_method: z.enum(['post', 'get']).default('post'),
  customer: Customer.default({}),
  risk: Risk.nullish(),
  locale: z
    .enum(['auto', ...LANGUAGES])
    .default('auto')
    .describe("Language of the page; `auto`: the browser's. The shopper may choose another there."),
  expires_in: whole(60, 7_776_000).default(1800).describe('Seconds.'),
  number_expires_days: whole(0, 60).default(3),
  max_attempts: whole(1, 10).default(5),
  card: CardOptions.default({}),
  metadata: Metadata.default({}),
};

export const SessionBody = z.strictObject(sessionFields);

const id = (prefix: string) =>
  pattern(new RegExp(`^${prefix}_[0-9a-z]{1,64}$`), `must be an id, ${prefix}_…`);

export const PaymentBody = z.strictObject({
  token: id('tok'),
  ...sessionFields,
  card: CardChoice.default({}),
});

export const ChargeBody = z.strictObject({
  order_id: OrderId,
  amount: Amount,
  capture: sessionFields.capture,
  description: sessionFields.description,
  metadata: Metadata.default({}),
});

export const CaptureBody = z.strictObject({ amount: Amount.optional() });
export const EmptyBody = z.strictObject({});
export const RefundBody = z.strictObject({ amount: Amount.optional(), reason: text({ max: 200 }).nullish() });

export const ResolveBody = z.strictObject({
  resolution: z
    .enum(RESOLUTIONS)
    .describe('kept: the money is yours after all. returned: you gave it back, outside.'),
  note: text({ max: 500, lines: true }).nullish().describe('For your records.'),
});

/** What is wrong with the card's fields themselves is found by the vault. */
export const TokenBody = z.strictObject({
  card: z.strictObject({
    number: text({ min: 0, max: 100 }),
    exp_month: whole(1, 12),
    exp_year: whole(0, 2099).describe('Four digits, or two.'),
    csc: text({ min: 0, max: 20 }),
    name: text({ min: 0, max: 100 }),
  }),
});

export const EndpointBody = z.strictObject({
  url: text({ max: 1024 })
    .describe('https, or http to a loopback host outside production; no private address in production.')
    .meta({ format: 'uri' }),
  events: z
    .array(z.enum(EVENT_TYPES))
    .min(1)
    .nullish()
    .describe('Default every type but payment.authorization_expiring, which must be named.'),
});

export const ResendBody = z.strictObject({ endpoint_id: id('we').optional() });

export const ClockBody = z.strictObject({ advance_seconds: whole(1, 31_622_400).describe('Forward only.') });

const Limit = pattern(/^([1-9]\d?|100)$/, 'must be 1 to 100')
  .default('20')
  .transform(Number);
const Cursor = pattern(/^[a-z]{2,5}_[0-9a-z]{1,64}$/, 'must be a next_cursor of this list').optional();
const Time = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: 'must be an RFC 3339 time, such as 2026-07-01T09:00:00+09:00',
  })
  .refine((text) => Number.isFinite(Date.parse(text)), 'must be a time that exists')
  .transform((text) => new Date(text))
  .optional();

export const NoQuery = z.strictObject({});
export const ListQuery = z.strictObject({ cursor: Cursor, limit: Limit });
export const SessionsQuery = ListQuery.extend({ order_id: OrderId.optional() });
export const SavedCardsQuery = ListQuery.extend({
  customer_reference: text({ max: 100 }).optional(),
  expires_before: Time,
});
export const ActionItemsQuery = ListQuery.extend({
  open: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});
export const PaymentsQuery = ListQuery.extend({
  order_id: OrderId.optional(),
  status: z.enum(PAYMENT_STATUSES).optional(),
  method: z.enum(METHOD_IDS).optional(),
  created_from: Time,
  created_to: Time,
  attention: z.enum(ATTENTIONS).optional(),
});
