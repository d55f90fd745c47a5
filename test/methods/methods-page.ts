import type { PaymentStatus } from '../../src/db/schema.ts';
import type { Choice, Method } from '../../src/methods/method.ts';
import { inputsOf, isWithdrawable, METHODS, numberParts } from '../../src/methods/methods.ts';

/** docs/methods.md with its tables made anew; what people wrote between them stays. */
export function methodsPage(page: string): string {
  const marked = /(<!-- table: (\w+) -->\n)[\s\S]*?(?=<!-- end -->)/g;
  return page.replace(marked, (_, mark: string, name: string) => {
    const rows = TABLES[name];
    if (rows === undefined) throw new Error(`no table ${name}`);
    const [head = [], ...rest] = rows();
    const lines = [head, head.map(() => '---'), ...rest].map((cells) => `| ${cells.join(' | ')} |`);
    return `${mark}${lines.join('\n').replaceAll('| --- ', '|---').replaceAll('--- |', '---|')}\n`;
  });
}

export const TABLES: Record<string, () => string[][]> = { methods, states, chains, banks };

const NONE = '–';
const names = METHODS.map(({ id }) => `\`${id}\``);

function methods(): string[][] {
  return [
    ['', ...names],
    ['on the page', ...METHODS.map(({ name }) => name.ja)],
    ['amount, yen', ...METHODS.map(({ limits }) => `${figure(limits.least)} to ${figure(limits.most)}`)],
    ['the shopper chooses', ...METHODS.map(({ choice }) => (choice === null ? NONE : `a ${choice.name}`))],
    ['and types', ...METHODS.map((method) => list(inputsOf(method, null)) || 'card data')],
    ['the session ends', ...METHODS.map(({ flow }) => ENDS[flow])],
    ['its deadline', ...METHODS.map(({ expires }) => DEADLINES[expires])],
    ['`"capture": "manual"`', ...METHODS.map(({ holds }) => (holds ? 'yes' : 'no, not offered then'))],
    ['cancelled before the money', ...METHODS.map(cancelled)],
    ['given back after it', ...METHODS.map(({ refunds }) => REFUNDS[refunds])],
  ];
}

const ENDS = {
  card: 'paid',
  number: 'with the number: `number_issued`',
  redirect: 'paid',
} as const satisfies Record<Method['flow'], string>;

const DEADLINES = {
  attempt: '15 minutes for the attempt',
  number_day: '23:59:59 in Japan of the day that `number_expires_days` names',
} as const satisfies Record<Method['expires'], string>;

const REFUNDS = {
  network: '`POST …/refunds`',
  transfer: 'outside, by a transfer of yours',
} as const satisfies Record<Method['refunds'], string>;

function cancelled(method: Method): string {
  if (method.voids === 'never') return 'no';
  const not = (method.choice?.of ?? []).filter((choice) => !isWithdrawable(method, choice));
  if (method.voids === 'hold') return 'the hold: `POST …/cancel`';
  return `the number: \`POST …/cancel\`${not.length === 0 ? '' : `, but not of ${list(not.map(({ id }) => id))}`}`;
}

function states(): string[][] {
  return [
    ['`status`', ...names],
    ...Object.entries(STATES).map(([status, cell]) => [`\`${status}\``, ...METHODS.map(cell)]),
  ];
}

/** What each status is to a method, and what can be done in it. */
const STATES: Record<PaymentStatus, (method: Method) => string> = {
  requires_method: () => 'the last attempt failed; the shopper may choose again',
  requires_action: ({ flow }) =>
    ({ card: '3-D Secure', number: NONE, redirect: "the shopper is at the bank's page" })[flow],
  processing: ({ flow }) =>
    ({ card: 'the acquirer is asked', number: 'the number is asked for', redirect: NONE })[flow],
  awaiting_payment: (method) => {
    if (method.flow !== 'number') return NONE;
    const cancel = method.voids === 'number' ? 'cancel it, or ' : '';
    return `the number is out: ${cancel}wait for the money or the deadline`;
  },
  authorized: ({ holds }) => (holds ? 'the money is held: capture or cancel it' : NONE),
  captured: ({ refunds }) =>
    refunds === 'network'
      ? 'the money is yours: refund it'
      : 'the money is yours: to give it back, transfer it',
  partially_refunded: ({ refunds }) => (refunds === 'network' ? 'refund the rest' : NONE),
  refunded: ({ refunds }) => (refunds === 'network' ? 'all was given back' : NONE),
  voided: ({ voids }) =>
    ({ hold: 'the hold was cancelled', number: `the number was cancelled; ${LATE}`, never: NONE })[voids],
  failed: ({ flow }) => (flow === 'card' ? 'no attempt succeeded' : `no attempt succeeded; ${LATE}`),
  expired: ({ flow, holds }) => {
    if (flow === 'number') return `nobody paid in time; ${LATE}`;
    return holds ? 'the hold lapsed' : NONE;
  },
};

const LATE = 'money that comes all the same is late';

function chains(): string[][] {
  return [
    ['`chain`', '', '`number.labels`', 'asked for besides', 'can be cancelled'],
    ...METHODS.flatMap((method) =>
      choicesOf(method, 'chain').map((choice) => [
        `\`${choice.id}\``,
        `${choice.name.ja} ${choice.name.en}`,
        numberParts(method, choice)
          .map(({ label }) => `${label.ja} (${label.en})`)
          .join('; '),
        list(choice.inputs) || NONE,
        isWithdrawable(method, choice) ? 'yes' : 'no',
      ]),
    ),
  ];
}

function banks(): string[][] {
  const all = METHODS.flatMap((method) => choicesOf(method, 'bank'));
  return [['code', '', ''], ...all.map(({ id, name }) => [`\`${id}\``, name.ja, name.en])];
}

function choicesOf({ choice }: Method, name: 'chain' | 'bank'): readonly Choice[] {
  return choice?.name === name ? choice.of : [];
}

function list(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(', ');
}

function figure(amount: number): string {
  return amount.toLocaleString('en-US');
}
