import { expect, test } from 'vitest';
import { type Change, decide } from '../../src/payments/decide.ts';
import type { AttemptRow, SessionRow, Snapshot } from '../../src/payments/snapshot.ts';

const NOW = new Date('2026-11-23T01:00:00Z');
const LATER = new Date('2026-11-23T01:30:00Z');

function openSession(changes: Partial<SessionRow> = {}): Snapshot {
  const session: SessionRow = {
    merchantId: 'A100000001',
    id: 'cs_1',
    mode: 'test',
    origin: 'page',
    originId: null,
    token: 't',
    orderId: 'order-1',
    amount: 12_800,
    currency: 'JPY',
    description: null,
    lineItems: null,
    methods: ['card'],
    capture: 'automatic',
    returnUrl: 'https://shop.example/return',
    cancelUrl: null,
    returnMethod: 'post',
    customer: {},
    risk: null,
    locale: 'auto',
    numberExpiresDays: 3,
    maxAttempts: 2,
    card: {},
    metadata: {},
    status: 'open',
    endedReason: null,
    replacedBy: null,
    version: 0,
    sequence: 0,
    endingEventId: null,
    expiresAt: LATER,
    createdAt: NOW,
    endedAt: null,
    ...changes,
  };
  return {
    session,
    payment: null,
    duplicates: [],
    attempts: [],
    authentication: null,
    operations: [],
    numbers: [],
  };
}

function attempt(id: string): AttemptRow {
  return {
    merchantId: 'A100000001',
    id,
    sessionId: 'cs_1',
    paymentId: '',
    ordinal: 1,
    method: 'card',
    status: 'in_progress',
    phase: 'authenticating',
    failure: null,
    failureDetail: null,
    counts: true,
    tokenId: 'tok_1',
    cardId: 'card_1',
    brand: 'visa',
    last4: '0002',
    expMonth: 12,
    expYear: 2030,
    cardholderName: 'TARO YAMADA',
    savedCardId: null,
    consent: null,
    storedCredential: null,
    paymentType: 'lump_sum',
    installments: null,
    email: null,
    language: null,
    browser: null,
    createdAt: NOW,
    deadlineAt: LATER,
    endedAt: null,
  };
}

const start = (id: string): Change => ({
  event: 'attempt_started',
  attempt: attempt(id),
  paymentId: 'pay_1',
});
const sent: Change = { event: 'authorization_sent' };
const approved: Change = {
  event: 'approved',
  holdLifeMs: LATER.getTime() - NOW.getTime(),
  savedCardId: null,
};
const failed = (counts = true): Change => ({
  event: 'attempt_failed',
  failure: 'card_declined',
  detail: '05',
  counts,
});

/** Plays changes one after the other; each row: session, reason, payment, attempts, events told. */
function play(session: Partial<SessionRow>, changes: Change[], now = NOW) {
  let snapshot = openSession(session);
  const events: string[] = [];
  for (const change of changes) {
    const decision = decide(snapshot, change, now);
    snapshot = decision.after;
    events.push(...decision.events);
  }
  return {
    session: `${snapshot.session.status} ${snapshot.session.endedReason}`,
    payment: snapshot.payment?.status ?? null,
    attempts: snapshot.attempts.map(({ status }) => status).join(' '),
    events: events.join(' '),
    snapshot,
  };
}

const CASES: [string, Partial<SessionRow>, Change[], Date, [string, string | null, string, string]][] = [
  [
    'an automatic payment',
    {},
    [start('a'), sent, approved],
    NOW,
    ['complete paid', 'captured', 'succeeded', 'payment.captured session.completed'],
  ],
  [
    'a manual payment',
    { capture: 'manual' },
    [start('a'), sent, approved],
    NOW,
    ['complete paid', 'authorized', 'succeeded', 'payment.authorized session.completed'],
  ],
  [
    'a decline',
    {},
    [start('a'), sent, failed()],
    NOW,
    ['open null', 'requires_method', 'failed', 'payment.attempt_failed'],
  ],
  [
    'the last decline',
    {},
    [start('a'), failed(), start('b'), failed()],
    NOW,
    [
      'expired attempts_used',
      'failed',
      'failed failed',
      'payment.attempt_failed payment.attempt_failed session.expired',
    ],
  ],
  [
    'a message never sent',
    { maxAttempts: 1 },
    [start('a'), sent, failed(false)],
    NOW,
    ['open null', 'requires_method', 'failed', 'payment.attempt_failed'],
  ],
  [
    'a decline after the time is over',
    {},
    [start('a'), failed()],
    LATER,
    ['expired timed_out', 'failed', 'failed', 'payment.attempt_failed session.expired'],
  ],
  [
    'success after the time is over',
    {},
    [start('a'), sent, approved],
    LATER,
    ['complete paid', 'captured', 'succeeded', 'payment.captured session.completed'],
  ],
];

test.each(CASES)('%s', (_, session, changes, now, [sessionState, payment, attempts, events]) => {
  expect(play(session, changes, now)).toMatchObject({ session: sessionState, payment, attempts, events });
});

test('a session ends only when no attempt is in flight', () => {
  const end: Change = { event: 'session_ended', status: 'expired', reason: 'timed_out', replacedBy: null };
  expect(() => play({}, [start('a'), end])).toThrow(/impossible/);
  expect(play({}, [end])).toMatchObject({
    session: 'expired timed_out',
    payment: null,
    events: 'session.expired',
  });
});

test('a second attempt never starts beside the first', () => {
  expect(() => play({}, [start('a'), start('b')])).toThrow(/impossible/);
});

test('refunds add up to the capture, pending ones included, and end as refunded', () => {
  const paid: Change[] = [start('a'), sent, approved];
  const give = (amount: number): Change[] => [
    { event: 'refund_started', amount },
    { event: 'refund_approved', amount },
  ];
  expect(play({}, [...paid, ...give(2_800)])).toMatchObject({ payment: 'partially_refunded' });
  const all = play({}, [...paid, ...give(2_800), ...give(10_000)]);
  expect(all).toMatchObject({ payment: 'refunded' });
  expect(all.snapshot.payment).toMatchObject({ amountRefunded: 12_800, amountRefunding: 0 });
});
