import type { RequestStatus } from '../db/schema.ts';

/**
 * What may follow what, for a payment request. Pure; test/requests/state.test.ts holds every pair against a table in
 * text. Money that comes after its end is never lost: then it is paid after all.
 */
export const REQUEST_EVENTS = [
  'amended',
  'queued',
  'mailed',
  'undelivered',
  'visited',
  'paid',
  'lapsed',
  'canceled',
] as const;
export type RequestEvent = (typeof REQUEST_EVENTS)[number];

export const REQUEST_STATUSES = [
  'draft',
  'scheduled',
  'sent',
  'bounced',
  'opened',
  'paid',
  'expired',
  'canceled',
] as const satisfies readonly RequestStatus[];

type Row = Partial<Record<RequestEvent, RequestStatus>>;

/** What may happen to each that is not over. */
const GOING_ON = { visited: 'opened', paid: 'paid', lapsed: 'expired', canceled: 'canceled' } as const;

const TRANSITIONS = {
  draft: { ...GOING_ON, amended: 'draft', queued: 'scheduled' },
  scheduled: { ...GOING_ON, queued: 'scheduled', mailed: 'sent', undelivered: 'bounced' },
  sent: { ...GOING_ON, queued: 'sent', mailed: 'sent', undelivered: 'bounced' },
  bounced: { ...GOING_ON, queued: 'scheduled', mailed: 'sent', undelivered: 'bounced' },
  opened: { ...GOING_ON, queued: 'opened', mailed: 'opened', undelivered: 'opened' },
  paid: {},
  expired: { paid: 'paid' },
  canceled: { paid: 'paid' },
} as const satisfies Record<RequestStatus, Row>;

/** The status after an event, or null where the event changes nothing. */
export function next(status: RequestStatus, event: RequestEvent): RequestStatus | null {
  const row: Row = TRANSITIONS[status];
  return row[event] ?? null;
}

/** Whether it can still be paid, as far as its status goes. */
export function isPayable(status: RequestStatus): boolean {
  return next(status, 'visited') !== null;
}
