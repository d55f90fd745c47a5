import type { Config } from '../../../src/config.ts';
import { TEXTS } from '../../../src/i18n/language.ts';
import type { Language } from '../../../src/i18n/texts.ts';
import { defaultSettings, type Merchant, SERVICE } from '../../../src/merchants/merchant.ts';
import type { SavedCardRow } from '../../../src/payments/saved-cards.ts';
import type {
  AttemptRow,
  AuthenticationRow,
  NumberRow,
  PaymentRow,
  SessionRow,
  Visit,
} from '../../../src/payments/snapshot.ts';
import { NOTHING_KEPT } from '../../../src/web/pay/card-form.ts';
import { type Composed, compose, composeMessage, type ReadyView } from '../../../src/web/pay/compose.ts';
import type { Place } from '../../../src/web/pay/page.ts';
import { type FormState, UNTOUCHED } from '../../../src/web/pay/pages.ts';
import { selectView } from '../../../src/web/pay/select-view.ts';
import { testConfig } from '../../support/world.ts';

/** Visits made by hand: every state that a page can meet, without a database. */
export const NOW = new Date('2026-11-23T06:12:00Z');
export const TOKEN = '00000103kq7f9x2m5n8p4r6t0v1w3y5z';

export interface Changes {
  session?: Partial<SessionRow>;
  payment?: Partial<PaymentRow> | null;
  attempts?: Partial<AttemptRow>[];
  authentication?: Partial<AuthenticationRow> | null;
  savedCards?: Partial<SavedCardRow>[];
  numbers?: Partial<NumberRow>[];
  merchant?: Partial<Omit<Merchant, 'settings'>> & { settings?: Partial<Merchant['settings']> };
}

export function visitWith(changes: Changes = {}): Visit {
  return {
    merchant: merchantWith(changes.merchant),
    session: { ...SESSION, ...changes.session },
    payment: changes.payment ? { ...PAYMENT, ...changes.payment } : null,
    attempts: (changes.attempts ?? []).map((attempt) => ({ ...ATTEMPT, ...attempt })),
    authentication: changes.authentication ? { ...AUTHENTICATION, ...changes.authentication } : null,
    duplicates: [],
    operations: [],
    numbers: (changes.numbers ?? []).map((number) => ({ ...NUMBER, ...number })),
    savedCards: (changes.savedCards ?? []).map((card) => ({ ...SAVED, ...card })),
  };
}

function merchantWith({ settings, ...rest }: NonNullable<Changes['merchant']> = {}): Merchant {
  return {
    merchantId: SESSION.merchantId,
    mode: 'test',
    name: 'うつわと道具 こはる',
    url: 'https://koharu.example',
    mcc: '5719',
    acquirerBin: '900001',
    acquirerMerchantId: SESSION.merchantId,
    acting: SERVICE,
    settings: {
      ...defaultSettings('test'),
      contact: { email: 'shop@koharu.example', phone: '03-0000-0000', url: 'https://koharu.example' },
      captureWithinDays: null,
      termsUrl: 'https://koharu.example/law',
      paymentTypes: { installments: [3, 6], revolving: true, bonus: true, bonusInstallments: [6] },
      ...settings,
    },
    clock: { now: () => NOW },
    ...rest,
  };
}

const SESSION: SessionRow = {
  merchantId: 'A100000001',
  id: 'cs_1',
  mode: 'test',
  origin: 'page',
  originId: null,
  token: TOKEN,
  orderId: 'KH-20261123-0042',
  amount: 12_800,
  currency: 'JPY',
  description: '萩焼のマグカップほか2点',
  lineItems: [
    { name: '萩焼のマグカップ(白)', quantity: 2, unit_amount: 4_400, tax_rate: 10 },
    { name: '木の匙', quantity: 1, unit_amount: 1_760, tax_rate: 10 },
    { name: 'ほうじ茶 100g', quantity: 2, unit_amount: 1_120, tax_rate: 8 },
  ],
  methods: ['card'],
  capture: 'automatic',
  returnUrl: 'https://koharu.example/thanks',
  cancelUrl: 'https://koharu.example/cart',
  returnMethod: 'post',
  customer: {},
  risk: null,
  locale: 'auto',
  numberExpiresDays: 3,
  maxAttempts: 5,
  card: {},
  metadata: {},
  status: 'open',
  endedReason: null,
  replacedBy: null,
  version: 1,
  sequence: 0,
  endingEventId: null,
  expiresAt: new Date('2026-11-23T06:30:00Z'),
  createdAt: new Date('2026-11-23T06:00:00Z'),
  endedAt: null,
};

const PAYMENT: PaymentRow = {
  merchantId: SESSION.merchantId,
  id: 'pay_1',
  mode: 'test',
  sessionId: SESSION.id,
  orderId: SESSION.orderId,
  status: 'captured',
  method: 'card',
  amount: SESSION.amount,
  currency: 'JPY',
  amountCaptured: SESSION.amount,
  amountRefunded: 0,
  amountRefunding: 0,
  capture: 'automatic',
  late: false,
  duplicate: false,
  createdAt: NOW,
  authorizedAt: NOW,
  capturedAt: NOW,
  captureBefore: null,
  expiryToldAt: null,
  receiptToken: '000001r8v3m6n9b2c5x7z1l4k8j0h3g6',
};

const ATTEMPT: AttemptRow = {
  merchantId: SESSION.merchantId,
  id: 'att_1',
  sessionId: SESSION.id,
  paymentId: PAYMENT.id,
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
  savedCardId: null,
  consent: null,
  storedCredential: null,
  cardholderName: 'TARO YAMADA',
  paymentType: 'lump_sum',
  installments: null,
  email: null,
  language: null,
  browser: null,
  createdAt: NOW,
  deadlineAt: new Date('2026-11-23T06:27:00Z'),
  endedAt: null,
};

const AUTHENTICATION: AuthenticationRow = {
  merchantId: SESSION.merchantId,
  transId: '00000001-0000-8000-8000-000000000001',
  attemptId: ATTEMPT.id,
  sessionId: SESSION.id,
  version: '2.2.0',
  methodUrl: null,
  methodCompletedAt: null,
  acsTransId: '5b9e0c2e-0000-4000-8000-000000000001',
  dsTransId: '1f2e3d4c-0000-4000-8000-000000000001',
  acsUrl: 'https://acs.example/challenge',
  transStatus: 'C',
  reason: null,
  eci: null,
  authenticationValue: null,
  cardholderInfo: null,
  challengeCancel: null,
  challengedAt: NOW,
  returnedAt: null,
  resultsAt: null,
  createdAt: NOW,
};

const SAVED: SavedCardRow = {
  merchantId: SESSION.merchantId,
  id: 'sc_1',
  mode: 'test',
  customerReference: 'member-77',
  cardId: 'card_1',
  fingerprint: Buffer.alloc(0),
  brand: 'visa',
  last4: '0002',
  expMonth: 12,
  expYear: 2030,
  cardholderName: 'TARO YAMADA',
  consents: [],
  paymentId: 'pay_0',
  firstRrn: '632715000010',
  firstDsTransId: null,
  firstEci: null,
  createdAt: NOW,
  expiresAt: new Date('2030-12-31T15:00:00Z'),
  deletedAt: null,
  deletedBy: null,
};

export interface Shown {
  state?: FormState;
  place?: Partial<Place>;
  config?: Config;
  stays?: boolean;
}

export const CONFIG = testConfig();

/** The page of a visit, with signatures that are none. */
export function pageFor(visit: Visit, shown: Shown = {}): Composed {
  const place: Place = { path: `/p/${TOKEN}`, language: 'ja', chosen: false, ...shown.place };
  return compose(ready(visit, shown), visit, place, shown.config ?? CONFIG);
}

function ready(visit: Visit, { state = UNTOUCHED, stays = false }: Shown): ReadyView {
  const view = selectView(visit);
  if (view.kind === 'form' || view.kind === 'preparing') return { ...view, ...state };
  if (view.kind === 'challenge') return { ...view, fullPageData: 'full-page', framedData: 'framed' };
  if (view.kind !== 'ended') return view;
  const { returnMethod: method, returnUrl: url } = visit.session;
  const fields = {
    id: 'evt_1',
    timestamp: '1795414320',
    signature: 'v1,AAAA',
    payload: '{"type":"session.completed","note":"\\u3042 <&> \' quotes"}',
  };
  return { ...view, result: { method, url, fields }, stays };
}

const CHALLENGE = { attempts: [{ phase: 'challenge' as const }], authentication: {} };
const PAID = {
  session: { status: 'complete' as const, endedReason: 'paid' as const, endedAt: NOW },
  payment: {},
  attempts: [{ status: 'succeeded' as const, phase: null }],
};

function endedBy(endedReason: SessionRow['endedReason'], status: SessionRow['status']): Changes {
  return { session: { endedReason, status, endedAt: NOW } };
}

function failedWith(failure: AttemptRow['failure'], more: Changes = {}): Changes {
  return { ...more, attempts: [{ status: 'failed', phase: null, failure, endedAt: NOW }] };
}

const FAULTY: FormState = {
  ...UNTOUCHED,
  kept: { ...NOTHING_KEPT, exp: '01/20', name: '山田太郎', email: 'taro@' },
  faults: {
    number: { code: 'check_digit', text: 'カード番号に打ち間違いがないかご確認ください。' },
    exp: { code: 'expired', text: '有効期限が過ぎています。' },
    csc: { code: 'missing', text: 'セキュリティコードを入力してください。' },
    name: { code: 'invalid_characters', text: 'カード名義はローマ字で入力してください。例: TARO YAMADA' },
    email: { code: 'invalid', text: 'メールアドレスの形をご確認ください。例: taro@example.com' },
  },
};

const WRONG_EMAIL: FormState = {
  ...UNTOUCHED,
  kept: { ...NOTHING_KEPT, email: 'taro@' },
  faults: {
    email: { code: 'invalid', text: 'メールアドレスの形をご確認ください。例: taro@example.com' },
  },
};

const PLANS = { installments: [3, 6, 12], revolving: true };

const WRONG_PLAN: FormState = {
  ...UNTOUCHED,
  kept: { ...NOTHING_KEPT, exp: '12/30', name: 'TARO YAMADA', paymentType: 'revolving' },
  faults: {
    payment_type: {
      code: 'not_for_brand',
      text: 'American Expressのカードでは「リボ払い」をお使いいただけません。ほかのお支払い回数をお選びください。',
    },
  },
};

const KNOWN = { customer: { email: 'taro@example.com' } };
const KEEPING = {
  customer: { email: 'taro@example.com', reference: 'member-77' },
  card: { save: 'ask' as const, mandate: { description: '毎月1日に会費 3,000円(2026年12月から解約まで)' } },
};
const EXPIRED = {
  ...{ id: 'sc_2', brand: 'amex' as const, last4: '0008', expMonth: 3, expYear: 2026 },
  expiresAt: new Date('2026-03-31T15:00:00Z'),
};

const METHOD = { methodUrl: 'https://acs.example/method', acsTransId: null, acsUrl: null };

/** Every view there is, by name. */
export const GALLERY = {
  form: { visit: visitWith() },
  formKnownCustomer: {
    visit: visitWith({
      session: { customer: { email: 'taro@example.com' }, lineItems: null, description: null },
    }),
  },
  formInvalid: { visit: visitWith(), shown: { state: FAULTY } },
  formDeclined: {
    visit: visitWith({
      ...failedWith('authentication_failed', {
        session: { maxAttempts: 2 },
        authentication: { cardholderInfo: '詳しくはカード裏面の番号へお電話ください。' },
      }),
    }),
  },
  formAskingToKeep: { visit: visitWith({ session: KEEPING }) },
  formWithKeptCards: { visit: visitWith({ session: KEEPING, savedCards: [{}, EXPIRED] }) },
  formAbandoned: { visit: visitWith(failedWith('abandoned')) },
  preparing: {
    visit: visitWith({ session: KNOWN, attempts: [{ phase: 'preparing' }], authentication: METHOD }),
  },
  preparingWithoutMethod: {
    visit: visitWith({
      session: KNOWN,
      attempts: [{ phase: 'preparing' }],
      authentication: { ...METHOD, methodUrl: null },
    }),
  },
  preparingForEmail: {
    visit: visitWith({ attempts: [{ phase: 'preparing' }], authentication: METHOD }),
  },
  preparingWrongEmail: {
    visit: visitWith({ attempts: [{ phase: 'preparing' }], authentication: METHOD }),
    shown: { state: WRONG_EMAIL },
  },
  waitingForIssuer: { visit: visitWith({ attempts: [{ phase: 'authenticating' }] }) },
  challenge: { visit: visitWith(CHALLENGE) },
  challengeReturned: { visit: visitWith({ ...CHALLENGE, authentication: { returnedAt: NOW } }) },
  confirming: { visit: visitWith({ attempts: [{ phase: 'authorizing' }], authentication: {} }) },
  formWithPlans: { visit: visitWith({ session: { ...KNOWN, card: PLANS } }) },
  formWrongPlan: {
    visit: visitWith({ session: { ...KNOWN, card: PLANS } }),
    shown: { state: WRONG_PLAN },
  },
  formPlanDeclined: {
    visit: visitWith({
      session: { ...KNOWN, card: PLANS },
      attempts: [
        {
          ...{ status: 'failed', phase: null, failure: 'insufficient_funds', endedAt: NOW },
          ...{ paymentType: 'installments', installments: 6 },
        },
      ],
    }),
  },
  preparingWithPlan: {
    visit: visitWith({
      session: KNOWN,
      attempts: [{ phase: 'preparing', paymentType: 'installments', installments: 6 }],
      authentication: METHOD,
    }),
  },
  paidInInstallments: {
    visit: visitWith({
      ...PAID,
      attempts: [{ status: 'succeeded', phase: null, paymentType: 'installments', installments: 3 }],
    }),
  },
  paid: { visit: visitWith(PAID) },
  paidByGet: { visit: visitWith({ ...PAID, session: { ...PAID.session, returnMethod: 'get' } }) },
  paidAndStaying: { visit: visitWith(PAID), shown: { stays: true } },
  alreadyPaid: {
    visit: visitWith({
      ...PAID,
      session: { ...PAID.session, endedAt: new Date(NOW.getTime() - 86_400_000) },
    }),
  },
  accepted: { visit: visitWith({ ...PAID, payment: { status: 'authorized', capturedAt: null } }) },
  voided: { visit: visitWith({ ...PAID, payment: { status: 'voided' } }) },
  refunded: { visit: visitWith({ ...PAID, payment: { status: 'refunded', amountRefunded: 12_800 } }) },
  canceled: { visit: visitWith(endedBy('shopper_canceled', 'canceled')) },
  merchantCanceled: { visit: visitWith(endedBy('merchant_canceled', 'canceled')) },
  timedOut: { visit: visitWith(endedBy('timed_out', 'expired')) },
  merchantExpired: { visit: visitWith(endedBy('merchant_expired', 'expired')) },
  attemptsUsed: { visit: visitWith(endedBy('attempts_used', 'expired')) },
  replaced: { visit: visitWith(endedBy('replaced', 'expired')) },
  formBranded: {
    visit: visitWith({
      merchant: { mode: 'live', name: 'BRAND & CO. <Tokyo>', settings: { brandColor: '#F2C14E' } },
      session: { customer: { phone: '+819000000000' } },
    }),
  },
  formEnglish: { visit: visitWith(), shown: { place: { language: 'en', chosen: true } } },
  paidEnglish: { visit: visitWith(PAID), shown: { place: { language: 'en', chosen: true } } },
  formCrowded: {
    visit: visitWith({
      merchant: { name: '全国共済生活協同組合連合会オンラインストア東日本第二営業所' },
      session: {
        amount: 99_999_999,
        orderId: 'A'.repeat(100),
        description: 'とても長い商品名がここに入りますので折り返して表示されることを確かめます。'.repeat(3),
      },
    }),
  },
} as const satisfies Record<string, { visit: Visit; shown?: Shown }>;

export type GalleryName = keyof typeof GALLERY;

export function galleryNames(): GalleryName[] {
  return Object.keys(GALLERY).filter((name): name is GalleryName => name in GALLERY);
}

export function galleryPage(name: GalleryName, more: Shown = {}): Composed {
  const { visit, shown }: { visit: Visit; shown?: Shown } = GALLERY[name];
  const language = more.place?.language;
  const state = shown?.state;
  const told = language && state ? { state: inWordsOf(language, state) } : {};
  return pageFor(visit, { ...shown, ...told, ...more });
}

/** The same faults as the page would tell them in another language. */
function inWordsOf(language: Language, state: FormState): FormState {
  const { form, paymentTypes } = TEXTS[language];
  const words: Record<string, Partial<Record<string, string>>> = {
    ...form.fields,
    payment_type: { not_for_brand: paymentTypes.notForBrand('American Express', paymentTypes.revolving) },
  };
  const faults = Object.entries(state.faults).flatMap(([name, fault]) =>
    fault === undefined ? [] : [[name, { ...fault, text: words[name]?.[fault.code] ?? fault.text }]],
  );
  return { ...state, faults: Object.fromEntries(faults) };
}

/** Pages without a session. */
export function messagePages(language: Language = 'ja'): Record<'notFound' | 'busy' | 'refused', Composed> {
  const place: Place = { path: `/p/${TOKEN}`, language, chosen: false };
  const no = { link: false, reference: null };
  const ours = { link: true, reference: 'req_01kq7f9x2m5n8p4r6t0v1w3y5z' };
  return {
    notFound: composeMessage(place, CONFIG, (t) => t.notFound, { status: 404, ...no }),
    busy: composeMessage(place, CONFIG, (t) => t.busy, { status: 503, ...ours }),
    refused: composeMessage(place, CONFIG, (t) => t.refused, { status: 403, ...ours, reference: null }),
  };
}

export const NUMBER: NumberRow = {
  merchantId: SESSION.merchantId,
  id: `num_${TOKEN}`,
  mode: 'test',
  sessionId: SESSION.id,
  paymentId: PAYMENT.id,
  attemptId: ATTEMPT.id,
  orderId: SESSION.orderId,
  method: 'konbini',
  choice: 'seven_eleven',
  amount: SESSION.amount,
  payer: { name1: '山田', name2: '太郎', kana: null, phone: null },
  status: 'issued',
  closing: null,
  closedBy: null,
  parts: { slip_number: '1234567890123' },
  barcode: null,
  bankUrl: null,
  payBy: new Date('2026-07-04T14:59:59Z'),
  createdAt: NOW,
  issuedAt: NOW,
  closedAt: null,
  looks: 0,
};
