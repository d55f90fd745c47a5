import { classify } from '../../acquirer/response-codes.ts';
import type { PaymentStory } from '../../books/payment-story.ts';
import { CAUSES_TEXTS } from '../../i18n/console/causes.ts';
import { PAYMENT_TEXTS } from '../../i18n/console/payment.ts';
import { choiceOf, methodOf } from '../../methods/methods.ts';
import { declineOf } from '../../payments/failures.ts';
import type { AttemptRow, AuthenticationRow, OperationRow } from '../../payments/snapshot.ts';
import { liabilityShift } from '../../threeds/verdict.ts';
import { type Chip, maskedEmail, methodName, money, paidBy, type Stamp, stamp } from './payments-words.ts';
import type { ConsoleLanguage } from './route.ts';

/** Something that happened: what, more about it, and what came of it. */
export interface Moment {
  at: Stamp;
  title: string;
  lines: string[];
  chips: Chip[];
  bad: boolean;
  /** Less important: notifications and mails. */
  aside: boolean;
  link: { text: string; href: string } | null;
}

type Dated = Omit<Moment, 'at'> & { at: Date };

/** The story of a payment, oldest first. */
export function timelineOf(story: PaymentStory, language: ConsoleLanguage, personal: boolean): Moment[] {
  const moments = [
    ...begun(story, language),
    ...story.snapshot.attempts.flatMap((attempt) => attemptMoments(story, attempt, language)),
    ...story.authentications.map((proof) => proofMoment(story, proof, language)),
    ...story.snapshot.operations.map((operation) => operationMoment(story, operation, language)),
    ...numberMoments(story, language),
    ...ended(story, language),
    ...told(story, language, personal),
    ...acted(story, language),
  ];
  return moments
    .map((moment, place) => ({ moment, place }))
    .sort((a, b) => a.moment.at.getTime() - b.moment.at.getTime() || a.place - b.place)
    .map(({ moment }) => ({ ...moment, at: stamp(moment.at, true) }));
}

function moment(at: Date, title: string, rest: Partial<Dated> = {}): Dated {
  return { at, title, lines: [], chips: [], bad: false, aside: false, link: null, ...rest };
}

function begun({ snapshot, request }: PaymentStory, language: ConsoleLanguage): Dated[] {
  const t = PAYMENT_TEXTS[language];
  const { createdAt, origin, originId } = snapshot.session;
  const link =
    originId === null
      ? null
      : origin === 'link'
        ? { text: t.openLink, href: `/console/links/${originId}` }
        : origin === 'request'
          ? { text: t.openRequest, href: `/console/requests/${originId}` }
          : null;
  return [
    ...(request?.sentAt ? [moment(request.sentAt, t.requestSent)] : []),
    ...(request?.openedAt ? [moment(request.openedAt, t.requestOpened)] : []),
    moment(createdAt, t.origin[origin], { link }),
  ];
}

function attemptMoments(story: PaymentStory, attempt: AttemptRow, language: ConsoleLanguage): Dated[] {
  const t = PAYMENT_TEXTS[language];
  const by = paidBy(language, attempt.method, attempt);
  const title = t.attempt(String(attempt.ordinal), by);
  const start = moment(attempt.createdAt, title);
  if (attempt.status === 'in_progress' || attempt.endedAt === null)
    return [{ ...start, chips: [{ text: t.attemptEnd.in_progress, state: 'waiting' }] }];
  const failed = attempt.status === 'failed';
  const chip = { text: t.attemptEnd[attempt.status], state: failed ? 'bad' : 'good' } as const;
  const lines = failed ? whyFailed(story, attempt, language) : [];
  return [
    start,
    moment(attempt.endedAt, t.attemptResult(String(attempt.ordinal)), { chips: [chip], lines, bad: failed }),
  ];
}

/** Cause and remedy: by the code that the network gave, else by the failure. */
function whyFailed({ snapshot }: PaymentStory, attempt: AttemptRow, language: ConsoleLanguage): string[] {
  const t = PAYMENT_TEXTS[language];
  if (attempt.failure === null) return [];
  const decline = declineOf(snapshot, attempt);
  const [cause, remedy] = CAUSES_TEXTS[language].failures[attempt.failure];
  return decline === null
    ? [`${t.cause}: ${cause}`, `${t.remedy}: ${remedy}`]
    : [
        `${t.cause}: ${decline.reason[language]} (${t.code(decline.code)})`,
        `${t.remedy}: ${decline.remedy[language]}`,
      ];
}

function proofMoment({ snapshot }: PaymentStory, proof: AuthenticationRow, language: ConsoleLanguage): Dated {
  const [t, causes] = [PAYMENT_TEXTS[language], CAUSES_TEXTS[language]];
  const results: Readonly<Record<string, string>> = causes.threeDs;
  const reasons: Readonly<Record<string, string>> = causes.reasons;
  const { transStatus, reason, challengedAt, resultsAt, createdAt, eci, authenticationValue } = proof;
  const brand = snapshot.attempts.find(({ id }) => id === proof.attemptId)?.brand ?? null;
  const shifts = brand !== null && liabilityShift({ brand, transStatus, eci, authenticationValue });
  const good = transStatus === 'Y' || transStatus === 'A';
  const lines = [
    challengedAt === null ? causes.frictionless : causes.challenged,
    ...(reason === null ? [] : [`${t.reason}: ${reasons[reason] ?? causes.otherReason(reason)}`]),
    ...(good ? [shifts ? causes.shift : causes.noShift] : []),
  ];
  const text = results[transStatus ?? 'none'] ?? causes.threeDs.none;
  const at = resultsAt ?? challengedAt ?? createdAt;
  const chips = [{ text, state: good ? ('good' as const) : ('bad' as const) }];
  return moment(at, `${t.threeDs} ${proof.version}`, { lines, chips, bad: !good });
}

const CHIP_OF = { pending: 'waiting', succeeded: 'good', failed: 'bad', reversed: 'over' } as const;

function operationMoment({ deeds }: PaymentStory, operation: OperationRow, language: ConsoleLanguage): Dated {
  const t = PAYMENT_TEXTS[language];
  const { kind, status, amount, responseCode, japanCode, approvalCode, reason, createdAt } = operation;
  const decline = status === 'failed' && responseCode !== null ? classify(responseCode, japanCode) : null;
  const deed = deeds.find((one) => one.operation === operation.id);
  const lines = [
    ...(deed?.name ? [t.by(deed.name)] : []),
    ...(approvalCode === null ? [] : [`${t.facts.approval} ${approvalCode}`]),
    ...(kind === 'refund' && reason !== null ? [`${t.reason}: ${reason}`] : []),
    ...(decline === null
      ? []
      : [
          `${t.cause}: ${decline.reason[language]} (${t.code(decline.code)})`,
          `${t.remedy}: ${decline.remedy[language]}`,
        ]),
  ];
  return moment(createdAt, `${t.operation[kind]} ${money(language, amount)}`, {
    lines,
    chips: [{ text: t.operationState[status], state: CHIP_OF[status] }],
    bad: status === 'failed',
  });
}

function numberMoments({ snapshot, deposits }: PaymentStory, language: ConsoleLanguage): Dated[] {
  const t = PAYMENT_TEXTS[language];
  const issued = snapshot.numbers.flatMap((row) => {
    if (row.issuedAt === null) return [];
    const method = methodOf(row.method);
    const choice = method === null ? null : choiceOf(method, row.choice);
    const name = choice === null ? '' : ` (${choice.name[language]})`;
    const title = t.number(methodName(language, row.method), name);
    return [moment(row.issuedAt, title, { lines: [t.numberUntil(stamp(row.payBy).text)] })];
  });
  const came = deposits.map(({ amount, place, paidAt }) =>
    moment(paidAt, t.deposit(money(language, amount)), { lines: [t.place(place)] }),
  );
  return [...issued, ...came];
}

function ended({ snapshot }: PaymentStory, language: ConsoleLanguage): Dated[] {
  const { endedAt, endedReason } = snapshot.session;
  if (endedAt === null || endedReason === null) return [];
  return [moment(endedAt, PAYMENT_TEXTS[language].ended[endedReason])];
}

const DELIVERY_CHIP = { pending: 'waiting', delivered: 'good', failed: 'bad' } as const;
const MAIL_CHIP = {
  queued: 'waiting',
  sent: 'good',
  bounced: 'bad',
  failed: 'bad',
  dropped: 'over',
} as const;

function told({ events, mails }: PaymentStory, language: ConsoleLanguage, personal: boolean): Dated[] {
  const t = PAYMENT_TEXTS[language];
  const kinds: Readonly<Record<string, string>> = t.mails;
  return [
    ...events.map((event) =>
      moment(event.timestamp, t.event(event.type), {
        aside: true,
        lines: event.deliveries.length === 0 ? [t.noDelivery] : event.deliveries.map(({ url }) => url ?? ''),
        chips: event.deliveries.map(({ status, responseStatus }) => ({
          text: `${t.delivery[status]}${responseStatus === null ? '' : ` (${responseStatus})`}`,
          state: DELIVERY_CHIP[status],
        })),
        bad: event.deliveries.some(({ status }) => status === 'failed'),
      }),
    ),
    ...mails.map(({ kind, status, recipient, createdAt }) =>
      moment(createdAt, `${t.mail}: ${kinds[kind] ?? kind}`, {
        aside: true,
        lines: [personal ? recipient : maskedEmail(recipient)],
        chips: [{ text: t.mailStates[status], state: MAIL_CHIP[status] }],
        bad: status === 'bounced' || status === 'failed',
      }),
    ),
  ];
}

function acted({ items }: PaymentStory, language: ConsoleLanguage): Dated[] {
  const t = PAYMENT_TEXTS[language].items;
  return items.flatMap((item) => [
    moment(item.createdAt, t[item.kind], { bad: true, lines: [money(language, item.amount)] }),
    ...(item.resolvedAt === null || item.resolution === null
      ? []
      : [
          moment(item.resolvedAt, t.done[item.resolution], {
            lines: [
              ...(item.resolvedBy?.name ? [PAYMENT_TEXTS[language].by(item.resolvedBy.name)] : []),
              ...(item.note === null ? [] : [item.note]),
            ],
          }),
        ]),
  ]);
}
