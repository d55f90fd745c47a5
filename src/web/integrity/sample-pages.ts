import type { Config } from '../../config.ts';
import { MINUTE, plus } from '../../lib/clock.ts';
import { defaultSettings, type Merchant, offeredBy, SERVICE } from '../../merchants/merchant.ts';
import type {
  AttemptRow,
  AuthenticationRow,
  NumberRow,
  PaymentRow,
  SessionRow,
  Visit,
} from '../../payments/snapshot.ts';
import { type Composed, compose, type ReadyView } from '../pay/compose.ts';
import type { Place } from '../pay/page.ts';
import { UNTOUCHED } from '../pay/pages.ts';
import { selectView } from '../pay/select-view.ts';
import type { SampleName } from './check-token.ts';

/**
 * One page of every kind, of a session that does not exist: composed and sent as every other page is, and always
 * the same, so that it can be compared. No money, no card, no shopper stands behind it.
 */
export function samplePage(sample: Exclude<SampleName, 'fields'>, place: Place, config: Config): Composed {
  const visit = visitOf(sample);
  return compose(ready(visit), visit, place, config);
}

const AT = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-01T00:30:00Z');
const SHOP = 'https://shop.example';

/** The form of the sample session as this merchant's shoppers would see it, with its methods. */
export function samplePageOf(merchant: Merchant, place: Place, config: Config): Composed {
  const session: SessionRow = {
    ...SESSION,
    mode: merchant.mode,
    methods: offeredBy(merchant.settings),
    orderId: 'A-1001',
    amount: 12_800,
    card: {},
    expiresAt: plus(merchant.clock.now(), 30 * MINUTE),
  };
  const visit = { ...visitOf('form'), merchant, session };
  return compose(ready(visit), visit, place, config);
}

export const SAMPLE_MERCHANT: Merchant = {
  merchantId: 'A100000000',
  mode: 'live',
  name: 'PayResort+',
  url: SHOP,
  mcc: '5999',
  acquirerBin: '900001',
  acquirerMerchantId: 'A100000000',
  // Of test mode: those allow everything that a page can have to load.
  settings: { ...defaultSettings('test'), brandColor: '#00704a' },
  acting: SERVICE,
  clock: { now: () => AT },
};

const IDS = { merchantId: SAMPLE_MERCHANT.merchantId, sessionId: 'cs_sample' };

const SESSION: SessionRow = {
  merchantId: IDS.merchantId,
  id: IDS.sessionId,
  mode: 'live',
  origin: 'page',
  originId: null,
  token: '',
  orderId: 'sample',
  amount: 1_000,
  currency: 'JPY',
  description: null,
  lineItems: null,
  methods: ['card', 'konbini', 'payeasy', 'netbank'],
  capture: 'automatic',
  returnUrl: `${SHOP}/return`,
  cancelUrl: null,
  returnMethod: 'post',
  customer: {},
  risk: null,
  locale: 'auto',
  numberExpiresDays: 3,
  maxAttempts: 5,
  card: { installments: [3], revolving: true },
  metadata: {},
  status: 'open',
  endedReason: null,
  replacedBy: null,
  version: 1,
  sequence: 0,
  endingEventId: null,
  expiresAt: LATER,
  createdAt: AT,
  endedAt: null,
};

const ATTEMPT: AttemptRow = {
  ...IDS,
  id: 'att_sample',
  ordinal: 1,
  paymentId: 'pay_sample',
  method: 'card',
  status: 'in_progress',
  phase: 'preparing',
  failure: null,
  failureDetail: null,
  counts: true,
  tokenId: null,
  cardId: null,
  brand: 'visa',
  last4: '0000',
  expMonth: 12,
  expYear: 2030,
  cardholderName: null,
  paymentType: 'lump_sum',
  installments: null,
  savedCardId: null,
  consent: null,
  storedCredential: null,
  email: 'shopper@shop.example',
  language: 'ja',
  browser: null,
  createdAt: AT,
  deadlineAt: LATER,
  endedAt: null,
};

const AUTHENTICATION: AuthenticationRow = {
  ...IDS,
  attemptId: ATTEMPT.id,
  transId: '00000000-0000-8000-8000-000000000000',
  version: '2.2.0',
  methodUrl: 'https://issuer.example/method',
  methodCompletedAt: null,
  acsTransId: '00000000-0000-4000-8000-000000000000',
  dsTransId: null,
  acsUrl: 'https://issuer.example/challenge',
  transStatus: 'C',
  reason: null,
  eci: null,
  authenticationValue: null,
  cardholderInfo: null,
  challengeCancel: null,
  challengedAt: null,
  returnedAt: null,
  resultsAt: null,
  createdAt: AT,
};

const PHASES = {
  preparing: 'preparing',
  challenge: 'challenge',
  waiting: 'authorizing',
} as const satisfies Partial<Record<SampleName, AttemptRow['phase']>>;

function visitOf(sample: Exclude<SampleName, 'fields'>): Visit {
  const below = { payment: null, duplicates: [], operations: [], numbers: [], savedCards: [] };
  const visit = { merchant: SAMPLE_MERCHANT, session: SESSION, ...below };
  if (sample === 'form') return { ...visit, attempts: [], authentication: null };
  if (sample === 'number') return withNumber(visit);
  if (sample !== 'ended') {
    const attempt = { ...ATTEMPT, phase: PHASES[sample] };
    return { ...visit, attempts: [attempt], authentication: AUTHENTICATION };
  }
  const ended = { ...SESSION, status: 'expired', endedReason: 'timed_out', endedAt: AT } as const;
  return { ...visit, session: ended, attempts: [], authentication: null };
}

/** The chain whose page has the most on it: a barcode. */
function withNumber(visit: Omit<Visit, 'attempts' | 'authentication'>): Visit {
  const session = { ...SESSION, status: 'complete', endedReason: 'number_issued', endedAt: AT } as const;
  return {
    ...visit,
    session,
    payment: PAYMENT,
    attempts: [{ ...ATTEMPT, method: 'konbini', status: 'succeeded', phase: null }],
    authentication: null,
    numbers: [NUMBER],
  };
}

const PAYMENT: PaymentRow = {
  ...IDS,
  id: 'pay_sample',
  mode: 'live',
  orderId: SESSION.orderId,
  status: 'awaiting_payment',
  method: 'konbini',
  amount: SESSION.amount,
  currency: 'JPY',
  amountCaptured: 0,
  amountRefunded: 0,
  amountRefunding: 0,
  capture: 'automatic',
  late: false,
  duplicate: false,
  createdAt: AT,
  authorizedAt: null,
  capturedAt: null,
  captureBefore: null,
  expiryToldAt: null,
  receiptToken: null,
};

const NUMBER: NumberRow = {
  ...IDS,
  id: 'num_sample',
  mode: 'live',
  paymentId: PAYMENT.id,
  attemptId: ATTEMPT.id,
  orderId: SESSION.orderId,
  method: 'konbini',
  choice: 'seven_eleven',
  amount: SESSION.amount,
  payer: { name1: '見本', name2: '', kana: null, phone: null },
  status: 'issued',
  closing: null,
  closedBy: null,
  parts: { slip_number: '0000000000000' },
  barcode: '91900001000000000000000000000026010100010009',
  bankUrl: null,
  payBy: LATER,
  createdAt: AT,
  issuedAt: AT,
  closedAt: null,
  looks: 0,
};

function ready(visit: Visit): ReadyView {
  const view = selectView(visit);
  switch (view.kind) {
    case 'form':
    case 'preparing':
      return { ...view, ...UNTOUCHED };
    case 'challenge':
      return { ...view, fullPageData: 'sample', framedData: 'sample' };
    case 'ended':
      return { ...view, stays: false, result: { method: 'post', url: SESSION.returnUrl, fields: RESULT } };
    default:
      return view;
  }
}

const RESULT = { id: 'evt_sample', timestamp: '1767225600', signature: 'v1,sample', payload: '{}' };
