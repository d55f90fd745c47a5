import { z } from 'zod';
import { LANGUAGES } from '../../i18n/language.ts';
import { MOST_ROWS } from '../../requests/import.ts';
import { EMAIL, MOST_REMIND_DAYS, MOST_REMINDERS } from '../../requests/rules.ts';
import { REQUEST_STATUSES } from '../../requests/state.ts';
import { pattern, text, whole } from './fields.ts';
import { Amount, LineItems, ListQuery, Metadata, Methods, OrderId } from './schemas.ts';

/** What callers may send about payment requests. */
const Email = pattern(EMAIL, 'must be an e-mail address').meta({ format: 'email', maxLength: 254 });
const Day = pattern(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, such as 2026-12-31');
const Time = z.iso.datetime({
  offset: true,
  error: 'must be an RFC 3339 time, such as 2026-07-01T09:00:00+09:00',
});

const fields = {
  order_id: OrderId,
  amount: Amount,
  description: text({ max: 200, lines: true }).nullish().describe('What it is for.'),
  customer: z.strictObject({ name: text({ max: 100 }).nullish(), email: Email.nullish() }).default({}),
  locale: z.enum(LANGUAGES).default('ja').describe('Language of the mail.'),
  subject: text({ max: 150 })
    .nullish()
    .describe('Of the mail; default our words. {name} {amount} {due} {order} {shop} are filled in.'),
  message: text({ max: 2000, lines: true })
    .nullish()
    .describe('Your words above the amount. {name} {amount} {due} {order} {shop} are filled in.'),
  due_date: Day.optional().describe('The last day in Japan on which it may be paid; default in 14 days.'),
  send_at: Time.nullish().describe('When the mail is to leave.'),
  remind_days: z
    .array(whole(0, MOST_REMIND_DAYS))
    .max(MOST_REMINDERS)
    .default([])
    .describe('Days before the due date on which to remind, at 10:00 in Japan.'),
};

export const PaymentRequestBody = z.strictObject({
  ...fields,
  currency: z.enum(['JPY']).default('JPY'),
  line_items: LineItems.nullish().describe('When given, the items sum to `amount`.'),
  methods: Methods.optional().describe("Among the merchant's methods; default all of them."),
  template_id: pattern(/^tmpl_[0-9a-z]{1,64}$/, 'must be an id, tmpl_…')
    .optional()
    .describe('Where subject and message are taken from when they are not given.'),
  send: z
    .boolean()
    .default(false)
    .describe(
      'Sends it: at send_at, or at once. Otherwise it is a draft, whose link you may give away yourself.',
    ),
  metadata: Metadata.default({}),
});

export const PaymentRequestBatchBody = z.strictObject({
  name: text({ max: 100 }).describe('For your console.'),
  send: z.boolean().default(false).describe('Sends them: each at its send_at, or at once.'),
  requests: z.array(z.strictObject(fields)).min(1).max(MOST_ROWS),
});

export const SendRequestBody = z.strictObject({
  email: Email.optional().describe('Another address than the one it has.'),
  send_at: Time.optional(),
});

export const CancelRequestBody = z.strictObject({
  notify: z.boolean().default(false).describe('Tells the customer by mail that there is nothing to pay.'),
});

export const PaymentRequestsQuery = ListQuery.extend({
  order_id: OrderId.optional(),
  batch_id: pattern(/^batch_[0-9a-z]{1,64}$/, 'must be an id, batch_…').optional(),
  status: z.enum(REQUEST_STATUSES).optional().meta({ parameter: 'request_status' }),
});
