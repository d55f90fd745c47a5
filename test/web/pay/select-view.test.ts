import { expect, test } from 'vitest';
import type { AttemptRow } from '../../../src/payments/snapshot.ts';
import { selectView, viewVersion } from '../../../src/web/pay/select-view.ts';
import { type Changes, NOW, visitWith } from './visits.ts';

const METHOD_URL = 'https://acs.example/method';
const inFlight = (phase: AttemptRow['phase'], authentication: Changes['authentication'] = {}): Changes => ({
  attempts: [{ phase }],
  authentication,
});
const ended = (status: 'complete' | 'expired' | 'canceled', endedReason: string, payment?: object) =>
  ({ session: { status, endedReason }, payment: payment ?? null }) as Changes;

test.each<{ state: string; changes: Changes; view: object }>([
  { state: 'open, nothing tried', changes: {}, view: { kind: 'form', failed: null, attemptsLeft: 5 } },
  {
    state: 'open, an attempt failed',
    changes: { attempts: [{ status: 'failed', phase: null, failure: 'card_declined' }] },
    view: { kind: 'form', failed: { failure: 'card_declined' }, attemptsLeft: 4 },
  },
  {
    state: 'open, an attempt failed that was never sent',
    changes: { attempts: [{ status: 'failed', phase: null, failure: 'network_unavailable', counts: false }] },
    view: { kind: 'form', attemptsLeft: 5 },
  },
  {
    state: 'preparing, with a 3DS Method',
    changes: inFlight('preparing', { methodUrl: METHOD_URL }),
    view: { kind: 'preparing', method: { url: METHOD_URL } },
  },
  {
    state: 'preparing, the 3DS Method done',
    changes: inFlight('preparing', { methodUrl: METHOD_URL, methodCompletedAt: NOW }),
    view: { kind: 'preparing', method: null },
  },
  {
    state: 'preparing, not enrolled',
    changes: inFlight('preparing', null),
    view: { kind: 'preparing', method: null },
  },
  {
    state: 'preparing, with an address that the session gave',
    changes: { ...inFlight('preparing', null), session: { customer: { phone: '+819012345678' } } },
    view: { kind: 'preparing', askEmail: false },
  },
  {
    state: 'preparing, without any address',
    changes: inFlight('preparing', null),
    view: { kind: 'preparing', askEmail: true },
  },
  {
    state: 'authenticating',
    changes: inFlight('authenticating'),
    view: { kind: 'waiting', for: 'issuer' },
  },
  {
    state: 'challenge',
    changes: inFlight('challenge'),
    view: { kind: 'challenge', acsUrl: 'https://acs.example/challenge' },
  },
  {
    state: 'challenge, the browser is back',
    changes: inFlight('challenge', { returnedAt: NOW }),
    view: { kind: 'waiting', for: 'challenge_result' },
  },
  {
    state: "challenge, with another attempt's transaction",
    changes: inFlight('challenge', { attemptId: 'att_0' }),
    view: { kind: 'waiting', for: 'issuer' },
  },
  {
    state: 'authenticated',
    changes: inFlight('authenticated'),
    view: { kind: 'waiting', for: 'network' },
  },
  { state: 'authorizing', changes: inFlight('authorizing'), view: { kind: 'waiting', for: 'network' } },
  { state: 'reversing', changes: inFlight('reversing'), view: { kind: 'waiting', for: 'network' } },
  ...(
    [
      ['paid', ended('complete', 'paid', {})],
      ['accepted', ended('complete', 'paid', { status: 'authorized' })],
      ['paid', ended('complete', 'paid', { status: 'partially_refunded' })],
      ['refunded', ended('complete', 'paid', { status: 'refunded' })],
      ['voided', ended('complete', 'paid', { status: 'voided' })],
      ['voided', ended('complete', 'paid', { status: 'expired' })],
      ['shopperCanceled', ended('canceled', 'shopper_canceled')],
      ['merchantCanceled', ended('canceled', 'merchant_canceled')],
      ['timedOut', ended('expired', 'timed_out')],
      ['merchantExpired', ended('expired', 'merchant_expired')],
      ['attemptsUsed', ended('expired', 'attempts_used')],
      ['replaced', ended('expired', 'replaced')],
    ] as const
  ).map(([outcome, changes]) => ({
    state: `${changes.session?.status}, ${changes.session?.endedReason}, ${changes.payment?.status ?? '-'}`,
    changes,
    view: { kind: 'ended', outcome },
  })),
])('$state → $view.kind', ({ changes, view }) => {
  expect(selectView(visitWith(changes))).toMatchObject(view);
});

test('an address is asked for only when the shop gave neither e-mail nor phone', () => {
  const asks = (customer: object) => {
    const view = selectView(visitWith({ session: { customer } }));
    return view.kind === 'form' && view.askEmail;
  };
  expect(asks({})).toBe(true);
  expect(asks({ name: '山田' })).toBe(true);
  expect(asks({ email: 'taro@example.com' })).toBe(false);
  expect(asks({ phone: '+819012345678' })).toBe(false);
});

test('the version that a waiting page compares changes with the session and when the browser is back', () => {
  const before = visitWith(inFlight('challenge'));
  const back = visitWith(inFlight('challenge', { returnedAt: NOW }));
  const later = visitWith({ ...inFlight('challenge'), session: { version: 2 } });
  expect(new Set([before, back, later].map(viewVersion)).size).toBe(3);
});
