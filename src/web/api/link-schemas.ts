import { z } from 'zod';
import type { LinkSettings } from '../../db/schema.ts';
import { LANGUAGES } from '../../i18n/language.ts';
import { pattern, text, whole } from './fields.ts';
import { Amount, Methods } from './schemas.ts';

/** Payment links as callers send them and get them. */
const Id = pattern(/^[a-z0-9_]{1,20}$/, 'must be 1 to 20 of a–z, 0–9 and _');
const Pieces = whole(1, 999);
const Asked = z.enum(['no', 'optional', 'required']);
const Moment = z.iso.datetime({ offset: true, error: 'must be a time of RFC 3339' }).nullable().optional();

const Price = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('fixed'), amount: Amount }),
    z.strictObject({
      type: z.literal('list'),
      items: z
        .array(z.strictObject({ id: Id, name: text({ max: 100 }), amount: Amount }))
        .min(1)
        .max(20),
    }),
    z.strictObject({ type: z.literal('open'), least: Amount, most: Amount }),
  ])
  .describe('`fixed`; `list`: the shopper chooses one; `open`: the shopper enters an amount within bounds.');

const Field = z.strictObject({
  id: Id,
  label: text({ max: 50 }),
  type: z.enum(['text', 'choice']),
  options: z
    .array(text({ max: 50 }))
    .max(20)
    .optional()
    .describe('Of a `choice`.'),
  required: z.boolean().default(false),
});

const After = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message'),
    text: text({ max: 1_000, lines: true }).nullable().optional(),
  }),
  z.strictObject({
    type: z.literal('redirect'),
    url: z.url({ protocol: /^https$/, error: 'must be an https address' }).max(1_024),
  }),
]);

const Body = z.strictObject({
  title: text({ max: 100 }),
  description: text({ max: 1_000, lines: true }).nullable().optional(),
  price: Price,
  quantity: z
    .strictObject({ least: Pieces, most: Pieces })
    .nullable()
    .optional()
    .describe('How many pieces one shopper may take; null: it is not asked.'),
  stock: whole(0, 1_000_000).nullable().optional().describe('Pieces there are in all; null: no limit.'),
  tax_rate: z
    .union([z.literal(0), z.literal(8), z.literal(10)])
    .nullable()
    .optional(),
  collect: z
    .strictObject({ name: Asked, email: Asked, phone: Asked, address: Asked })
    .partial()
    .optional()
    .describe('Default: the e-mail address, optional.'),
  fields: z.array(Field).max(3).optional().describe('Up to three questions of your own.'),
  methods: Methods.nullable().optional(),
  locale: z.enum(['auto', ...LANGUAGES]).optional(),
  opens_at: Moment,
  closes_at: Moment,
  after: After.optional(),
});

/** Some of it, for a change. */
export const PaymentLinkChange = Body.partial();

export const PaymentLinkBody = Body.superRefine((body, context) => {
  const fault = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: 'custom', path, message, params: { code: 'contradiction' } });
  const { price, quantity, fields = [], opens_at: opens, closes_at: closes } = body;
  if (price.type === 'open' && price.least > price.most) fault(['price', 'least'], 'must not be above most');
  if (price.type === 'open' && quantity != null) fault(['quantity'], 'an entered amount has no quantity');
  if (price.type === 'list' && isDouble(price.items)) fault(['price', 'items'], 'ids must differ');
  if (quantity != null && quantity.least > quantity.most)
    fault(['quantity', 'least'], 'must not be above most');
  if (isDouble(fields)) fault(['fields'], 'ids must differ');
  for (const [index, { type, options = [] }] of fields.entries())
    if ((type === 'choice') !== options.length > 0)
      fault(['fields', index, 'options'], 'a choice has options, a text none');
  if (opens != null && closes != null && new Date(opens) >= new Date(closes))
    fault(['closes_at'], 'must be after opens_at');
});

function isDouble(items: { id: string }[]): boolean {
  return new Set(items.map(({ id }) => id)).size < items.length;
}

/** What a body says, as it is kept. */
export function toSettings(body: z.output<typeof PaymentLinkBody>): LinkSettings {
  const { price, collect, after } = body;
  return {
    title: body.title,
    description: body.description ?? null,
    price: priceOf(price),
    quantity: body.quantity ?? null,
    taxRate: body.tax_rate ?? null,
    ask: { name: 'no', email: 'optional', phone: 'no', address: 'no', ...collect },
    fields: (body.fields ?? []).map(({ id, label, type, options = [], required }) => ({
      ...{ id, label, kind: type, options, required },
    })),
    methods: body.methods ?? null,
    locale: body.locale ?? 'auto',
    opensAt: body.opens_at ?? null,
    closesAt: body.closes_at ?? null,
    after:
      after?.type === 'redirect'
        ? { kind: 'redirect', url: after.url }
        : { kind: 'message', text: after?.text ?? null },
  };
}

function priceOf(price: z.output<typeof Price>): LinkSettings['price'] {
  switch (price.type) {
    case 'fixed':
      return { kind: 'fixed', amount: price.amount };
    case 'list':
      return { kind: 'list', items: price.items };
    default:
      return { kind: 'open', least: price.least, most: price.most };
  }
}

const Whole = z.int();

export const PaymentLink = z.looseObject({
  id: z.string(),
  object: z.literal('payment_link'),
  mode: z.enum(['test', 'live']),
  url: z.string().describe('What shoppers open; `/qr.svg` and `/qr.png` below it are its QR code.'),
  status: z.enum(['active', 'inactive']),
  state: z
    .enum(['open', 'not_yet', 'closed', 'sold_out', 'inactive'])
    .describe('Whether something can be ordered now.'),
  title: z.string(),
  description: z.string().nullable(),
  price: z.looseObject({ type: z.enum(['fixed', 'list', 'open']) }),
  quantity: z.looseObject({ least: Whole, most: Whole }).nullable(),
  stock: z
    .looseObject({ total: Whole, taken: Whole, left: Whole })
    .nullable()
    .describe('`taken`: paid for or being paid for. Null: no limit.'),
  tax_rate: Whole.nullable(),
  collect: z.looseObject({ name: Asked, email: Asked, phone: Asked, address: Asked }),
  fields: z.array(z.looseObject({ id: z.string(), label: z.string() })),
  methods: z.array(z.string()).nullable(),
  locale: z.string(),
  opens_at: z.string().nullable(),
  closes_at: z.string().nullable(),
  after: z.looseObject({ type: z.enum(['message', 'redirect']) }),
  created_at: z.iso.datetime(),
});

export const PaymentLinkList = z.looseObject({
  object: z.literal('list'),
  data: z.array(PaymentLink),
  next_cursor: z.string().nullable(),
});
