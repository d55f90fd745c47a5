import type { Deps } from '../../deps.ts';
import { TESTING_TEXTS } from '../../i18n/console/testing.ts';
import { formatMoney } from '../../i18n/format.ts';
import { SECOND } from '../../lib/clock.ts';
import { Problem } from '../../lib/problem.ts';
import { listPayments } from '../../payments/queries.ts';
import { settleForTest } from '../../payments/settle-for-test.ts';
import { advanceClock, dueWithin } from '../../payments/test-clock.ts';
import { type Corner, cornerOf, type Stamp, stamp } from './developers-frame.ts';
import { type ConsoleAnswer, type ConsoleCall, type ConsoleRoute, page, redirect } from './route.ts';

const TESTING = '/console/developers/testing';
const STEPS = [300, 3600, 86_400, 259_200, 604_800, 2_592_000] as const;
type Step = (typeof STEPS)[number];
type Texts = (typeof TESTING_TEXTS)['ja'] | (typeof TESTING_TEXTS)['en'];

export interface TestingData extends Corner {
  t: Texts;
  said: { text: string; bad: boolean } | null;
  now: Stamp;
  steps: { value: number; text: string; selected: boolean }[];
  /** What the chosen step brings, before it is done. */
  preview: { lead: string; works: { text: string; count: string }[]; seconds: number; go: string } | null;
  waiting: { id: string; order: string; amount: string; method: string; created: Stamp }[];
  links: { text: string; href: string }[];
  cards: { digits: string[]; what: string }[];
}

/** Grouped as it stands on a card. Their scenarios: docs/simulator.md. */
const CARDS = [
  ['4000 0000 0000 0002', 'approved'],
  ['4000 0001 0000 0001', 'challenge'],
  ['4000 0002 0000 0000', 'refused'],
  ['4000 0003 0000 0009', 'rejected'],
  ['4000 0005 0000 0007', 'unavailable'],
  ['4000 0000 0500 0007', 'declined'],
  ['4000 0000 5100 0000', 'funds'],
  ['4000 0000 5400 0007', 'expired'],
  ['4000 0000 8200 0003', 'csc'],
  ['4000 0000 2100 0007', 'lost'],
  ['4000 0000 2200 0006', 'slow'],
] as const satisfies [string, keyof Texts['cards']['what']][];

export const testingRoutes: ConsoleRoute[] = [
  { method: 'get', path: TESTING, permission: 'developer.read', testOnly: true, run: show },
  {
    method: 'post',
    path: `${TESTING}/clock`,
    permission: 'developer.write',
    testOnly: true,
    run: async (deps, call) => {
      const seconds = stepOf(call.form.get('seconds'));
      if (seconds === null) return redirect(TESTING);
      await advanceClock(deps, call.merchant, seconds);
      return redirect(`${TESTING}?done=moved`);
    },
  },
  {
    method: 'post',
    path: `${TESTING}/settle`,
    permission: 'developer.write',
    testOnly: true,
    run: async (deps, call) => {
      const verb = call.form.get('verb') === 'expire' ? 'expire' : 'pay';
      const paymentId = call.form.get('payment')?.trim() ?? '';
      try {
        await settleForTest(deps, call.merchant, { paymentId, verb });
        return redirect(`${TESTING}?done=${verb === 'pay' ? 'paid' : 'expired'}`);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return redirect(`${TESTING}?done=${error.code === 'not_found' ? 'unknown' : 'refused'}`);
      }
    },
  },
];

async function show(deps: Deps, call: ConsoleCall): Promise<ConsoleAnswer> {
  const t = TESTING_TEXTS[call.language];
  const chosen = stepOf(call.query.get('seconds'));
  const waiting = await waitingPayments(deps, call);
  return page('developers-testing', {
    title: t.title,
    place: 'developers',
    data: {
      ...cornerOf(call, 'testing'),
      t,
      said: saidOf(call.query.get('done'), t),
      now: stamp(call.merchant.clock.now()),
      steps: STEPS.map((value) => ({ value, text: t.clock.steps[value], selected: value === chosen })),
      preview: chosen === null ? null : await previewOf(deps, call, chosen, t),
      waiting,
      links: linksOf(deps, t),
      cards: CARDS.map(([number, what]) => ({ digits: number.split(' '), what: t.cards.what[what] })),
    },
  });
}

function stepOf(text: string | null): Step | null {
  return STEPS.find((step) => String(step) === text) ?? null;
}

function saidOf(done: string | null, t: Texts): TestingData['said'] {
  if (done === 'moved' || done === 'paid' || done === 'expired') return { text: t.said[done], bad: false };
  return done === 'refused' || done === 'unknown' ? { text: t.said[done], bad: true } : null;
}

async function previewOf(
  deps: Deps,
  { merchant }: ConsoleCall,
  seconds: Step,
  t: Texts,
): Promise<TestingData['preview']> {
  const words: Record<string, string> = t.clock.works;
  const due = await dueWithin(deps, merchant, seconds * SECOND);
  const by = t.clock.steps[seconds];
  const works = due.map(({ name, jobs }) => ({
    text: words[name] ?? t.clock.works.other,
    count: t.clock.count(jobs),
  }));
  return {
    lead: works.length === 0 ? t.clock.nothing(by) : t.clock.will(by),
    works,
    seconds,
    go: t.clock.go(by),
  };
}

/** Numbers that wait for their money, and shoppers who are at a bank. */
async function waitingPayments(
  deps: Deps,
  { merchant, language }: ConsoleCall,
): Promise<TestingData['waiting']> {
  const methods: Record<string, string> = TESTING_TEXTS[language].settle.methods;
  const filter = {
    orderId: null,
    createdFrom: null,
    createdTo: null,
    attention: null,
    cursor: null,
    limit: 20,
  };
  const [numbers, banks] = await Promise.all([
    listPayments(deps, merchant, { ...filter, status: 'awaiting_payment', method: null }),
    listPayments(deps, merchant, { ...filter, status: 'requires_action', method: 'netbank' }),
  ]);
  return [...numbers.data, ...banks.data].flatMap(({ session, payment }) =>
    payment === null
      ? []
      : [
          {
            id: payment.id,
            order: session.orderId,
            amount: formatMoney(language, payment.amount),
            method: methods[payment.method] ?? payment.method,
            created: stamp(payment.createdAt),
          },
        ],
  );
}

/** Where the simulator is on this machine; elsewhere its address is the operator's to tell. */
function linksOf({ config }: Deps, t: Texts): TestingData['links'] {
  if (config.production) return [];
  const simulator = `http://127.0.0.1:${config.ports.simulator}`;
  return [
    { text: t.simulator.start, href: `${simulator}/` },
    { text: t.simulator.register, href: `${simulator}/register` },
    { text: t.simulator.ledger, href: `${simulator}/ledger` },
    ...(config.smtpUrl === null ? [{ text: t.simulator.inbox, href: '/demo/inbox' }] : []),
  ];
}
