import { z } from 'zod';
import type { LinkSettings } from '../db/schema.ts';
import { LANGUAGES } from '../i18n/language.ts';
import { METHOD_IDS } from '../methods/method.ts';

/** What may be decided of a link, as API and console take it. */
const Amount = z.int().min(1).max(99_999_999);
const Pieces = z.int().min(1).max(999);
const Asked = z.enum(['no', 'optional', 'required']);
const Id = z.string().regex(/^[a-z0-9_]{1,20}$/, 'must be 1 to 20 of a–z, 0–9 and _');
const Text = (most: number) => z.string().trim().min(1).max(most);

const Fixed = z.strictObject({ kind: z.literal('fixed'), amount: Amount });
const List = z.strictObject({
  kind: z.literal('list'),
  items: z
    .array(z.strictObject({ id: Id, name: Text(100), amount: Amount }))
    .min(1)
    .max(20)
    .refine((items) => distinct(items.map(({ id }) => id)), 'ids must differ'),
});
const Open = z
  .strictObject({ kind: z.literal('open'), least: Amount, most: Amount })
  .refine(({ least, most }) => least <= most, 'least must not be above most');

export const LinkSettingsInput = z
  .strictObject({
    title: Text(100),
    description: Text(1_000).nullable().default(null),
    price: z.discriminatedUnion('kind', [Fixed, List, Open]),
    quantity: z
      .strictObject({ least: Pieces, most: Pieces })
      .refine(({ least, most }) => least <= most, 'least must not be above most')
      .nullable()
      .default(null),
    taxRate: z
      .union([z.literal(0), z.literal(8), z.literal(10)])
      .nullable()
      .default(null),
    ask: z
      .strictObject({ name: Asked, email: Asked, phone: Asked, address: Asked })
      .default({ name: 'no', email: 'optional', phone: 'no', address: 'no' }),
    fields: z
      .array(
        z
          .strictObject({
            id: Id,
            label: Text(50),
            kind: z.enum(['text', 'choice']),
            options: z.array(Text(50)).max(20).default([]),
            required: z.boolean().default(false),
          })
          .refine(
            ({ kind, options }) => (kind === 'choice') === options.length > 0,
            'options belong to a choice',
          ),
      )
      .max(3)
      .refine((fields) => distinct(fields.map(({ id }) => id)), 'ids must differ')
      .default([]),
    methods: z.array(z.enum(METHOD_IDS)).min(1).nullable().default(null),
    locale: z.enum(['auto', ...LANGUAGES]).default('auto'),
    opensAt: z.iso.datetime({ offset: true }).nullable().default(null),
    closesAt: z.iso.datetime({ offset: true }).nullable().default(null),
    after: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('message'), text: Text(1_000).nullable() }),
        z.strictObject({
          kind: z.literal('redirect'),
          url: z.url({ protocol: /^https$/, error: 'must be an https address' }).max(1_024),
        }),
      ])
      .default({ kind: 'message', text: null }),
  } satisfies Record<keyof LinkSettings, z.ZodType>)
  .refine(({ price, quantity }) => price.kind !== 'open' || quantity === null, {
    path: ['quantity'],
    error: 'an entered amount has no quantity',
  })
  .refine(({ opensAt, closesAt }) => opensAt === null || closesAt === null || opensAt < closesAt, {
    path: ['closesAt'],
    error: 'must be after it opens',
  });

/** Pieces in all; null = no limit. */
export const Stock = z.int().min(0).max(1_000_000).nullable();

function distinct(ids: string[]): boolean {
  return new Set(ids).size === ids.length;
}
