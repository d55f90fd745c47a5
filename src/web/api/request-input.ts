import type { z } from 'zod';
import type { RequestRow } from '../../db/schema.ts';
import type { Deps } from '../../deps.ts';
import type { Fault } from '../../lib/problem.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { dueAfter, type NewRequest, USUAL_DUE_DAYS } from '../../requests/create.ts';
import { dueOn, isTaken } from '../../requests/rules.ts';
import { loadTemplate, wordsOf } from '../../requests/templates.ts';
import { check, validationFailed } from './parse.ts';
import { PaymentRequestBatchBody, PaymentRequestBody } from './request-schemas.ts';
import { methodFaults, sumFaults } from './session-input.ts';

/** Reads the body of `POST /v1/payment-requests`. Throws `validation_failed` with every fault. */
export async function readPaymentRequest(deps: Deps, merchant: Merchant, body: unknown): Promise<NewRequest> {
  const checked = check(PaymentRequestBody, body);
  const own = checked.ok ? ownFaults(merchant, checked.value, '#') : [];
  const unsendable = checked.ok && checked.value.send && checked.value.customer.email == null;
  const faults = [
    ...(checked.ok ? [] : checked.faults),
    ...sumFaults(body),
    ...methodFaults(body, merchant),
    ...own,
    ...(unsendable
      ? [{ pointer: '#/customer/email', code: 'required', detail: 'is required to send it' }]
      : []),
  ];
  if (!checked.ok || faults.length > 0) throw validationFailed(faults);
  const { value } = checked;
  const template =
    value.template_id === undefined ? null : await loadTemplate(deps, merchant, value.template_id);
  const words = wordsOf(template, value.locale);
  const sendAt = value.send_at == null ? merchant.clock.now() : new Date(value.send_at);
  return {
    ...inputOf(merchant, value),
    subject: value.subject ?? words.subject,
    message: value.message ?? words.message,
    lineItems: value.line_items ?? null,
    methods: value.methods ?? null,
    sendAt: value.send ? sendAt : null,
    metadata: value.metadata,
  };
}

/** Reads the body of `POST /v1/payment-requests/batch`. Throws `validation_failed` with every fault. */
export function readBatch(merchant: Merchant, body: unknown) {
  const checked = check(PaymentRequestBatchBody, body);
  if (!checked.ok) throw validationFailed(checked.faults);
  const { name, send, requests } = checked.value;
  const seen = new Set<string>();
  const faults = requests.flatMap((request, index) => {
    const pointer = `#/requests/${index}`;
    const again = seen.has(request.order_id);
    seen.add(request.order_id);
    return [
      ...ownFaults(merchant, request, pointer),
      ...(isTaken(merchant, request.amount, null) ? [] : [{ pointer: `${pointer}/amount`, ...UNTAKEN }]),
      ...(again ? [{ pointer: `${pointer}/order_id`, ...TWICE }] : []),
      ...(send && request.customer.email == null
        ? [{ pointer: `${pointer}/customer/email`, ...MISSING }]
        : []),
    ];
  });
  if (faults.length > 0) throw validationFailed(faults);
  const rows = requests.map((request): RequestRow => {
    const { dueAt, ...input } = inputOf(merchant, request);
    return { ...input, dueAt: dueAt.toISOString(), sendAt: request.send_at ?? null };
  });
  return { name, send, rows };
}

const UNTAKEN = { code: 'outside_limits', detail: 'no method takes this amount' };
const TWICE = { code: 'duplicate_order', detail: 'stands twice in the batch: each order has one request' };
const MISSING = { code: 'required', detail: 'is required to send it' };

type Common = z.output<typeof PaymentRequestBatchBody>['requests'][number];

function inputOf(merchant: Merchant, body: Common) {
  const due =
    body.due_date === undefined ? dueAfter(merchant, USUAL_DUE_DAYS) : dueOn(merchant, body.due_date);
  if (typeof due === 'string') throw new Error(`due date was not checked: ${due}`);
  return {
    orderId: body.order_id,
    amount: body.amount,
    description: body.description ?? null,
    name: body.customer.name ?? null,
    email: body.customer.email ?? null,
    language: body.locale,
    subject: body.subject ?? null,
    message: body.message ?? null,
    dueAt: due,
    remindDays: [...new Set(body.remind_days)].sort((a, b) => b - a),
  };
}

const DUE_FAULTS = {
  invalid_date: 'must be a day that exists',
  in_past: 'must be today in Japan or later',
  too_far: 'must be within a year',
} as const;

/** What a schema cannot see: days that have gone. */
function ownFaults(merchant: Merchant, { due_date, send_at }: Common, pointer: string): Fault[] {
  const due = due_date === undefined ? dueAfter(merchant, USUAL_DUE_DAYS) : dueOn(merchant, due_date);
  if (typeof due === 'string')
    return [{ pointer: `${pointer}/due_date`, code: due, detail: DUE_FAULTS[due] }];
  if (send_at == null) return [];
  const at = new Date(send_at);
  const late = {
    pointer: `${pointer}/send_at`,
    code: 'after_due',
    detail: 'must be before the request is due',
  };
  const past = { pointer: `${pointer}/send_at`, code: 'in_past', detail: 'must not have gone by' };
  if (at >= due) return [late];
  return at.getTime() < merchant.clock.now().getTime() - 60_000 ? [past] : [];
}
