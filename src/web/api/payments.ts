import { cancelPayment } from '../../payments/cancel-payment.ts';
import { capture } from '../../payments/capture.ts';
import { payByToken } from '../../payments/pay.ts';
import { presentPayment, presentRefund } from '../../payments/present.ts';
import { listPayments, loadPayment } from '../../payments/queries.ts';
import { refund } from '../../payments/refund.ts';
import type { Snapshot } from '../../payments/snapshot.ts';
import { parse, parseQuery } from './parse.ts';
import { type ApiRoute, presentPage } from './route.ts';
import { CaptureBody, EmptyBody, ListQuery, PaymentsQuery, RefundBody } from './schemas.ts';
import { readTokenPayment } from './session-input.ts';

const tag = 'payments';
const key = 'secret';
const payment = (description: string, status = 200) => ({ status, description, schema: 'Payment' });
const PENDING = 'No answer came in time: the operation is pending, the status as before';

export const paymentRoutes: ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/payments',
    operationId: 'createPayment',
    summary: 'Pay with a card token. Nothing is authorised in the call: send the shopper to redirect_url.',
    tag,
    key,
    permission: 'sessions.write',
    work: 'cs',
    body: 'PaymentBody',
    answers: [payment('The payment, requires_action with redirect_url', 201)],
    problems: ['not_found', 'token_used', 'token_expired', 'order_in_progress', 'order_already_paid'],
    run: async (deps, { merchant, body, workId }) => {
      const input = readTokenPayment(body, { merchant, config: deps.config });
      const snapshot = await payByToken(deps, merchant, input, workId);
      return { status: 201, body: presentPayment(deps, snapshot) };
    },
  },
  {
    method: 'get',
    path: '/v1/payments',
    operationId: 'listPayments',
    summary: 'List payments, newest first',
    tag,
    key,
    permission: 'payments.read',
    query: PaymentsQuery,
    answers: [{ status: 200, description: 'A page of payments', schema: 'PaymentList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const asked = parseQuery(PaymentsQuery, query);
      const page = await listPayments(deps, merchant, {
        orderId: asked.order_id ?? null,
        status: asked.status ?? null,
        method: asked.method ?? null,
        createdFrom: asked.created_from ?? null,
        createdTo: asked.created_to ?? null,
        attention: asked.attention ?? null,
        cursor: asked.cursor ?? null,
        limit: asked.limit,
      });
      return { status: 200, body: presentPage(page, (snapshot) => presentPayment(deps, snapshot)) };
    },
  },
  {
    method: 'get',
    path: '/v1/payments/{id}',
    operationId: 'getPayment',
    summary: 'Read a payment',
    tag,
    key,
    permission: 'payments.read',
    answers: [payment('The payment')],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => ({
      status: 200,
      body: presentPayment(deps, await loadPayment(deps, merchant, id)),
    }),
  },
  {
    method: 'post',
    path: '/v1/payments/{id}/capture',
    operationId: 'capturePayment',
    summary: 'Capture an authorised payment, once; a smaller amount releases the rest',
    tag,
    key,
    permission: 'payments.capture',
    work: 'op',
    body: 'CaptureBody',
    answers: [payment('The captured payment'), payment(PENDING, 202)],
    problems: ['not_found', 'invalid_state', 'operation_in_progress', 'amount_too_large', 'capture_declined'],
    run: async (deps, { merchant, id, body, workId }) => {
      const { amount = null } = parse(CaptureBody, body);
      const done = await capture(deps, merchant, { paymentId: id, amount, workId });
      return { status: done.settled ? 200 : 202, body: presentPayment(deps, done.snapshot) };
    },
  },
  {
    method: 'post',
    path: '/v1/payments/{id}/cancel',
    operationId: 'cancelPayment',
    summary: 'Release an authorised payment, or withdraw a number that awaits payment',
    tag,
    key,
    permission: 'payments.cancel',
    work: 'op',
    body: 'EmptyBody',
    answers: [payment('The voided payment'), payment(PENDING, 202)],
    problems: [
      'not_found',
      'invalid_state',
      'operation_in_progress',
      'number_not_withdrawable',
      'void_declined',
    ],
    run: async (deps, { merchant, id, body, workId }) => {
      parse(EmptyBody, body);
      const done = await cancelPayment(deps, merchant, { paymentId: id, workId });
      return { status: done.settled ? 200 : 202, body: presentPayment(deps, done.snapshot) };
    },
  },
  {
    method: 'post',
    path: '/v1/payments/{id}/refunds',
    operationId: 'createRefund',
    summary: 'Give money back, as often as there is some left; pending refunds count',
    tag,
    key,
    permission: 'payments.refund',
    work: 're',
    body: 'RefundBody',
    answers: [
      { status: 201, description: 'The refund', schema: 'Refund' },
      { status: 202, description: 'No answer came in time: the refund is pending', schema: 'Refund' },
    ],
    problems: [
      'not_found',
      'invalid_state',
      'operation_in_progress',
      'amount_too_large',
      'not_supported',
      'refund_declined',
    ],
    run: async (deps, { merchant, id, body, workId }) => {
      const { amount = null, reason } = parse(RefundBody, body);
      const done = await refund(deps, merchant, { paymentId: id, amount, reason: reason ?? null, workId });
      return { status: done.settled ? 201 : 202, body: presentRefund(done.refund) };
    },
  },
  {
    method: 'get',
    path: '/v1/payments/{id}/refunds',
    operationId: 'listRefunds',
    summary: "List a payment's refunds, newest first",
    tag,
    key,
    permission: 'payments.read',
    query: ListQuery,
    answers: [{ status: 200, description: 'A page of refunds', schema: 'RefundList' }],
    problems: ['not_found'],
    run: async (deps, { merchant, id, query }) => {
      const { cursor, limit } = parseQuery(ListQuery, query);
      const snapshot = await loadPayment(deps, merchant, id);
      return { status: 200, body: presentPage(refundPage(snapshot, cursor, limit), presentRefund) };
    },
  },
];

function refundPage({ operations }: Snapshot, cursor: string | undefined, limit: number) {
  const newestFirst = operations.filter(({ kind }) => kind === 'refund').toReversed();
  const after = cursor === undefined ? 0 : newestFirst.findIndex(({ id }) => id === cursor) + 1;
  const data = newestFirst.slice(after, after + limit);
  const more = newestFirst.length > after + limit;
  return { data, nextCursor: more ? (data.at(-1)?.id ?? null) : null };
}
