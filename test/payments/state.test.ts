import { expect, test } from 'vitest';
import { next, type PaymentEvent, TRANSITIONS } from '../../src/payments/state.ts';

/**
 * Every pair of status and event, in text: rows are statuses, columns events, `.` = cannot happen. This table is
 * written by hand; the code's is held against it.
 */
const TABLE = `
                    start   ask     fail    sent    appr    sold  num    paid  late  end    cap  capno  void    voidno  refst  part   full   refno  lapse    warn
none                action  process .       .       .       .     .      .     .     .      .    .      .       .       .      .      .      .      .        .
requires_method     action  process .       .       .       .     .      .     capt  failed .    .      .       .       .      .      .      .      .        .
requires_action     .       .       method  process .       .     .      capt  .     .      .    .      .       .       .      .      .      .      .        .
processing          .       .       method  .       auth    capt  await  capt  .     .      .    .      .       .       .      .      .      .      .        .
awaiting_payment    .       .       .       .       .       .     .      capt  .     .      .    .      voided  .       .      .      .      .      expired  .
authorized          .       .       .       .       .       .     .      .     .     .      capt auth   voided  auth    .      .      .      .      expired  auth
captured            .       .       .       .       .       .     .      .     .     .      .    .      .       .       capt   part   refd   capt   .        .
partially_refunded  .       .       .       .       .       .     .      .     .     .      .    .      .       .       part   part   refd   part   .        .
refunded            .       .       .       .       .       .     .      .     .     .      .    .      .       .       .      .      .      .      .        .
voided              .       .       .       .       .       .     .      .     capt  .      .    .      .       .       .      .      .      .      .        .
failed              .       .       .       .       .       .     .      .     capt  .      .    .      .       .       .      .      .      .      .        .
expired             .       .       .       .       .       .     .      .     capt  .      .    .      .       .       .      .      .      .      .        .
`;

const EVENTS: Record<string, PaymentEvent> = {
  start: 'attempt_started',
  ask: 'number_requested',
  num: 'number_issued',
  paid: 'deposited',
  late: 'deposited_late',
  fail: 'attempt_failed',
  sent: 'authorization_sent',
  appr: 'approved',
  sold: 'sold',
  end: 'session_ended',
  cap: 'capture_approved',
  capno: 'capture_declined',
  void: 'void_approved',
  voidno: 'void_declined',
  refst: 'refund_started',
  part: 'partial_refund_approved',
  full: 'full_refund_approved',
  refno: 'refund_declined',
  lapse: 'lapsed',
  warn: 'hold_expiring',
};

const STATUSES: Record<string, string | null> = {
  '.': null,
  action: 'requires_action',
  method: 'requires_method',
  process: 'processing',
  await: 'awaiting_payment',
  auth: 'authorized',
  capt: 'captured',
  part: 'partially_refunded',
  refd: 'refunded',
  voided: 'voided',
  failed: 'failed',
  expired: 'expired',
};

test('a payment moves by the table and by nothing else', () => {
  const [head = '', ...rows] = TABLE.trim().split('\n');
  const columns = head.trim().split(/\s+/);
  const seen = new Set<string>();
  for (const row of rows) {
    const [status = '', ...cells] = row.trim().split(/\s+/);
    seen.add(status);
    expect(cells, status).toHaveLength(columns.length);
    for (const [index, cell] of cells.entries()) {
      const event = EVENTS[columns[index] ?? ''];
      if (event === undefined) throw new Error(`unknown column ${columns[index]}`);
      expect(next(status as keyof typeof TRANSITIONS, event), `${status} + ${event}`).toBe(
        STATUSES[cell] ?? null,
      );
    }
  }
  expect([...seen].sort()).toEqual(Object.keys(TRANSITIONS).sort());
});
