import { z } from 'zod';
import { LANGUAGES } from '../../i18n/language.ts';
import { METHOD_IDS } from '../../methods/method.ts';
import { REQUEST_STATUSES } from '../../requests/state.ts';
import { list, Mode, object, Time, text, Whole } from './objects.ts';

/** What callers get about payment requests. */
export const PaymentRequest = object({
  id: text(),
  object: z.literal('payment_request'),
  mode: Mode,
  url: text().describe('The link of the mail. Opening it changes nothing.'),
  status: z.enum(REQUEST_STATUSES),
  order_id: text(),
  amount: Whole,
  currency: z.literal('JPY'),
  description: text().nullable(),
  line_items: z.array(z.looseObject({})).nullable(),
  customer: object({ name: text().nullable(), email: text().nullable() }),
  locale: z.enum(LANGUAGES),
  subject: text().nullable(),
  message: text().nullable(),
  methods: z.array(z.enum(METHOD_IDS)).nullable().describe('null = all that the merchant has.'),
  due_at: Time.describe('The end of the day in Japan until which it may be paid.'),
  send_at: Time.nullable(),
  remind_days: z.array(Whole),
  times_sent: Whole,
  last_mail: object({
    status: z.enum(['queued', 'sent', 'bounced', 'failed', 'dropped']),
    answer: text().nullable().describe('What the mail server said.'),
    at: Time,
  }).nullable(),
  sent_at: Time.nullable().describe('When the mail server took its mail.'),
  opened_at: Time.nullable().describe('When somebody first went on from the link to pay.'),
  paid_at: Time.nullable(),
  ended_at: Time.nullable(),
  session_id: text().nullable().describe('Of the latest visit that went on to pay.'),
  payment_id: text().nullable(),
  batch_id: text().nullable(),
  metadata: z.record(text(), text()),
  created_at: Time,
});

export const PaymentRequestBatch = object({
  id: text(),
  object: z.literal('payment_request_batch'),
  mode: Mode,
  name: text(),
  status: z.enum(['importing', 'imported']),
  send: z.boolean(),
  rows: Whole,
  done: Whole.describe('Rows that were gone through so far.'),
  skipped: Whole.describe('Rows of orders that have a request, or are paid, already.'),
  created_at: Time,
  finished_at: Time.nullable(),
});

export const PaymentRequestList = list(PaymentRequest);
