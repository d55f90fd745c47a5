/** Examples of the OpenAPI document, by the name of their schema. A test parses each with its schema. */
const attempt = {
  id: 'att_01kz3m5h8q4v7c2e9t6r1y8w3n5b0d',
  object: 'attempt',
  method: 'card',
  status: 'succeeded',
  failure: null,
  card: { brand: 'visa', last4: '0002' },
  created_at: '2026-07-01T01:02:03.000Z',
  ended_at: '2026-07-01T01:02:09.000Z',
};

const refund = {
  id: 're_01kz3n0a5x2m8k4j7h1g6f3d9s0p2q',
  object: 'refund',
  amount: 2800,
  reason: 'One bowl was chipped',
  status: 'succeeded',
  failure: null,
  created_at: '2026-07-03T02:00:00.000Z',
};

const payment = {
  id: 'pay_01kz3m5h8p9w1x4z7a3s6d2f5g8h0j',
  object: 'payment',
  mode: 'test',
  session_id: 'cs_01kz3m4b2n6v9c1x5z8l3k7j0h4g2f',
  order_id: 'A-1001',
  status: 'captured',
  method: 'card',
  amount: 12800,
  currency: 'JPY',
  amount_captured: 12800,
  amount_refunded: 0,
  capture: 'automatic',
  card: {
    brand: 'visa',
    last4: '0002',
    exp_month: 12,
    exp_year: 2030,
    installments: 3,
    payment_type: 'installments',
  },
  saved_card: null,
  initiated_by: 'shopper',
  number: null,
  three_ds: {
    version: '2.2.0',
    trans_status: 'Y',
    eci: '05',
    liability_shift: true,
    ds_trans_id: '1f9c6a52-7d0e-4c35-9a2b-5e8d3b7f1c64',
    reason: null,
  },
  network: { rrn: '618210000123', approval_code: '104723', response_code: '00', japan_code: null },
  refunds: [],
  failure: null,
  late: false,
  duplicate: false,
  created_at: '2026-07-01T01:02:03.000Z',
  authorized_at: '2026-07-01T01:02:09.000Z',
  captured_at: '2026-07-01T01:02:09.000Z',
  capture_before: null,
  metadata: { cart: 'c-88' },
};

const actionItem = {
  id: 'act_01kz9d4w8m1x5c7v2b6n3q0r9t4y8u',
  object: 'action_item',
  mode: 'test',
  kind: 'late_payment',
  session_id: 'cs_01kz3m4b2n6v9c1x5z8l3k7j0h4g2f',
  payment_id: payment.id,
  order_id: 'A-1001',
  amount: 12800,
  resolution: 'returned',
  note: 'The bowls were sold out. Transferred back on 9 July.',
  created_at: '2026-07-06T03:00:00.000Z',
  resolved_at: '2026-07-09T05:30:00.000Z',
};

const sessionBody = {
  order_id: 'A-1001',
  amount: 12800,
  description: 'Two bowls and a teapot',
  line_items: [
    { name: 'Bowl', quantity: 2, unit_amount: 2800, tax_rate: 10 },
    { name: 'Teapot', quantity: 1, unit_amount: 7200, tax_rate: 10 },
  ],
  return_url: 'https://shop.example/orders/A-1001/done',
  cancel_url: 'https://shop.example/cart',
  customer: { name: '山田 花子', email: 'hanako@example.com' },
  locale: 'ja',
  card: { installments: [3, 6, 12], revolving: true },
  metadata: { cart: 'c-88' },
};

const sessionThen = {
  id: 'cs_01kz3m4b2n6v9c1x5z8l3k7j0h4g2f',
  object: 'session',
  mode: 'test',
  status: 'complete',
  ended_reason: 'paid',
  replaced_by: null,
  payment_status: 'paid',
  order_id: 'A-1001',
  amount: 12800,
  currency: 'JPY',
  description: 'Two bowls and a teapot',
  methods: ['card'],
  capture: 'automatic',
  locale: 'ja',
  expires_at: '2026-07-01T01:30:00.000Z',
  created_at: '2026-07-01T01:00:00.000Z',
  payment,
  attempts: [attempt],
  metadata: { cart: 'c-88' },
};

/** What an event does not tell: addresses. */
const paymentNow = {
  ...payment,
  receipt_url: 'https://pay.example/receipts/000001h4r7t2w9y5b3n8m1c6x0v4z7k2',
};

const session = {
  ...sessionThen,
  url: 'https://pay.example/p/000001k8v3m6n9b2c5x7z1l4k8j0h3g6',
  payment: paymentNow,
};

const notification = {
  type: 'session.completed',
  timestamp: '2026-07-01T01:02:09.000Z',
  data: { merchant_id: 'A100000001', mode: 'test', sequence: 2, session: sessionThen, payment },
};

const event = { id: 'evt_01kz3m5q4w7e1r8t2y5u9i3o6p0a4s', object: 'event', ...notification };

const endpoint = {
  id: 'we_01kz2a9s8d7f6g5h4j3k2l1z0x9c8v',
  object: 'webhook_endpoint',
  url: 'https://shop.example/notifications',
  events: null,
  status: 'enabled',
  created_at: '2026-06-30T00:00:00.000Z',
};

export const EXAMPLES: Record<string, unknown> = {
  SessionBody: sessionBody,
  PaymentBody: {
    token: 'tok_01kz3p7m5n8b2v6c9x1z4l7k0j3h6g',
    ...sessionBody,
    card: { payment_type: 'installments', installments: [3] },
  },
  CaptureBody: { amount: 10000 },
  RefundBody: { amount: 2800, reason: 'One bowl was chipped' },
  ResolveBody: { resolution: actionItem.resolution, note: actionItem.note },
  TokenBody: {
    card: { number: '4000000000000002', exp_month: 12, exp_year: 2030, csc: '123', name: 'HANAKO YAMADA' },
  },
  ChargeBody: { order_id: 'A-1001-2026-08', amount: 3000, description: 'August' },
  EndpointBody: { url: endpoint.url, events: ['payment.captured', 'session.completed'] },
  ResendBody: { endpoint_id: endpoint.id },
  ClockBody: { advance_seconds: 1800 },
  Session: session,
  Payment: paymentNow,
  Refund: refund,
  ActionItem: actionItem,
  Token: {
    id: 'tok_01kz3p7m5n8b2v6c9x1z4l7k0j3h6g',
    object: 'token',
    mode: 'test',
    card: { brand: 'visa', last4: '0002', exp_month: 12, exp_year: 2030 },
    expires_at: '2026-07-01T01:15:00.000Z',
  },
  SavedCard: {
    id: 'sc_01kz3p9c4v7b1n5m8x2z6l3k0j9h4g',
    object: 'saved_card',
    mode: 'test',
    customer_reference: 'member-77',
    status: 'active',
    card: { brand: 'visa', last4: '0002', exp_month: 12, exp_year: 2030 },
    purposes: ['next_time', 'merchant_charges'],
    agreements: [
      {
        purposes: ['next_time', 'merchant_charges'],
        description: '毎月の会費 3,000円',
        text_version: '1',
        language: 'ja',
        session_id: session.id,
        agreed_at: '2026-07-01T01:02:03.000Z',
      },
    ],
    payment_id: payment.id,
    created_at: '2026-07-01T01:02:09.000Z',
    expires_at: '2030-12-31T15:00:00.000Z',
  },
  Event: event,
  Notification: notification,
  WebhookEndpoint: endpoint,
  Delivery: {
    id: 'del_01kz3m5r6t9y2u5i8o1p4a7s0d3f6g',
    object: 'delivery',
    event_id: event.id,
    endpoint_id: endpoint.id,
    try: 1,
    status: 'delivered',
    response_status: 204,
    error: null,
    next_try_at: null,
    created_at: '2026-07-01T01:02:09.000Z',
  },
  ClockReading: { now: '2026-07-01T01:30:00.000Z' },
};
