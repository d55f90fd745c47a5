import type { Deps } from '../../deps.ts';
import type { Merchant } from '../../merchants/merchant.ts';
import { cancelRequest } from '../../requests/cancel.ts';
import { createRequest } from '../../requests/create.ts';
import { importBatch, keepBatch, loadBatch, presentBatch } from '../../requests/import.ts';
import { presentRequest } from '../../requests/present.ts';
import { countByStatus, listRequests, loadRequest } from '../../requests/queries.ts';
import { remindRequest, sendRequest } from '../../requests/send.ts';
import { parse, parseQuery } from './parse.ts';
import { readBatch, readPaymentRequest } from './request-input.ts';
import { CancelRequestBody, PaymentRequestsQuery, SendRequestBody } from './request-schemas.ts';
import { type ApiRoute, presentPage } from './route.ts';
import { EmptyBody } from './schemas.ts';

const tag = 'payment requests';
const key = 'secret';
const request = (description: string, status = 200) => ({ status, description, schema: 'PaymentRequest' });
const path = '/v1/payment-requests';

export const paymentRequestRoutes: ApiRoute[] = [
  {
    method: 'post',
    path,
    operationId: 'createPaymentRequest',
    summary: 'Ask a customer for a payment: a link of its own, sent by e-mail or given away by you',
    tag,
    key,
    permission: 'requests.write',
    work: 'preq',
    body: 'PaymentRequestBody',
    answers: [request('The payment request', 201)],
    problems: ['not_found', 'payment_request_exists', 'order_in_progress', 'order_already_paid'],
    run: async (deps, { merchant, body, workId }) => {
      const input = await readPaymentRequest(deps, merchant, body);
      const { id } = await createRequest(deps, merchant, input, workId);
      return { status: 201, body: await shown(deps, merchant, id) };
    },
  },
  {
    method: 'post',
    path: `${path}/batch`,
    operationId: 'createPaymentRequestBatch',
    summary: 'Ask up to 10,000 customers at once. All rows are checked before anything happens',
    tag,
    key,
    permission: 'requests.write',
    work: 'batch',
    bodyBytes: 8 * 1024 * 1024,
    body: 'PaymentRequestBatchBody',
    answers: [{ status: 202, description: 'The batch, being imported', schema: 'PaymentRequestBatch' }],
    problems: [],
    run: async (deps, { merchant, body, workId }) => {
      const { send, ...kept } = readBatch(merchant, body);
      const { id } = await keepBatch(deps, merchant, kept, workId);
      return { status: 202, body: presentBatch(await importBatch(deps, merchant, { id, send }), 0) };
    },
  },
  {
    method: 'get',
    path: `${path}/batch/{id}`,
    operationId: 'getPaymentRequestBatch',
    summary: 'Read how far a batch is',
    tag,
    key,
    permission: 'requests.read',
    answers: [{ status: 200, description: 'The batch', schema: 'PaymentRequestBatch' }],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => {
      const batch = await loadBatch(deps, merchant, id);
      const counts = Object.values(await countByStatus(deps, merchant, id));
      return {
        status: 200,
        body: presentBatch(
          batch,
          counts.reduce((sum, count) => sum + count, 0),
        ),
      };
    },
  },
  {
    method: 'get',
    path,
    operationId: 'listPaymentRequests',
    summary: 'List payment requests, newest first',
    tag,
    key,
    permission: 'requests.read',
    query: PaymentRequestsQuery,
    answers: [{ status: 200, description: 'A page of payment requests', schema: 'PaymentRequestList' }],
    problems: [],
    run: async (deps, { merchant, query }) => {
      const asked = parseQuery(PaymentRequestsQuery, query);
      const page = await listRequests(deps, merchant, {
        orderId: asked.order_id ?? null,
        batchId: asked.batch_id ?? null,
        status: asked.status ?? null,
        dueFrom: null,
        dueTo: null,
        search: null,
        personal: true,
        cursor: asked.cursor ?? null,
        limit: asked.limit,
      });
      return { status: 200, body: presentPage(page, (view) => presentRequest(deps, view)) };
    },
  },
  {
    method: 'get',
    path: `${path}/{id}`,
    operationId: 'getPaymentRequest',
    summary: 'Read a payment request',
    tag,
    key,
    permission: 'requests.read',
    answers: [request('The payment request')],
    problems: ['not_found'],
    run: async (deps, { merchant, id }) => ({ status: 200, body: await shown(deps, merchant, id) }),
  },
  {
    method: 'post',
    path: `${path}/{id}/send`,
    operationId: 'sendPaymentRequest',
    summary: 'Send it, or send it again, also to another address',
    tag,
    key,
    permission: 'requests.write',
    work: 'op',
    body: 'SendRequestBody',
    answers: [request('The payment request')],
    problems: ['not_found', 'invalid_state'],
    run: async (deps, { merchant, id, body, workId }) => {
      const { email = null, send_at } = parse(SendRequestBody, body);
      const sendAt = send_at === undefined ? null : new Date(send_at);
      await sendRequest(deps, merchant, { id, email, sendAt }, workId);
      return { status: 200, body: await shown(deps, merchant, id) };
    },
  },
  {
    method: 'post',
    path: `${path}/{id}/remind`,
    operationId: 'remindPaymentRequest',
    summary: 'Remind of one that was sent and is not paid yet',
    tag,
    key,
    permission: 'requests.write',
    work: 'op',
    body: 'EmptyBody',
    answers: [request('The payment request')],
    problems: ['not_found', 'invalid_state'],
    run: async (deps, { merchant, id, body, workId }) => {
      parse(EmptyBody, body);
      await remindRequest(deps, merchant, id, workId);
      return { status: 200, body: await shown(deps, merchant, id) };
    },
  },
  {
    method: 'post',
    path: `${path}/{id}/cancel`,
    operationId: 'cancelPaymentRequest',
    summary: 'Take it back: its link says so, and its order is free',
    tag,
    key,
    permission: 'requests.write',
    work: 'op',
    body: 'CancelRequestBody',
    answers: [request('The payment request')],
    problems: ['not_found', 'invalid_state', 'order_in_progress'],
    run: async (deps, { merchant, id, body }) => {
      const { notify } = parse(CancelRequestBody, body);
      await cancelRequest(deps, merchant, { id, tell: notify });
      return { status: 200, body: await shown(deps, merchant, id) };
    },
  },
];

async function shown(deps: Deps, merchant: Merchant, id: string): Promise<object> {
  return presentRequest(deps, await loadRequest(deps, merchant, id));
}
