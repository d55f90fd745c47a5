import { anchorLogs } from './audit/anchors.ts';
import { closeDays } from './books/close-days.ts';
import type { Deps } from './deps.ts';
import { purgeReports } from './integrity/reports.ts';
import { DAY, HOUR, MINUTE, plus } from './lib/clock.ts';
import { timeInJapan } from './lib/japan-day.ts';
import { purgeTrials } from './limits/trials.ts';
import { settleLinkOrder } from './links/stock.ts';
import { oweMails } from './mail/owe.ts';
import { purgeMails, sendBulkMail, sendMail } from './mail/send.ts';
import { mailUser } from './mail/user-mails.ts';
import { purgeIdempotencyKeys } from './merchants/idempotency.ts';
import { deliver } from './notify/deliver.ts';
import { fanOut } from './notify/fan-out.ts';
import { authorizeAuthenticated } from './payments/authorize.ts';
import { expireIfDue } from './payments/end-session.ts';
import { indexPayments } from './payments/index-payments.ts';
import { watchHold } from './payments/lapse.ts';
import { settleOperation } from './payments/settle-operation.ts';
import { type AttemptIds, endAttempt, giveUpAuthentication, giveUpResults } from './payments/watch.ts';
import { watchNumber } from './payments/watch-number.ts';
import { enqueue, type JobName } from './queue/enqueue.ts';
import { type Handler, type Worker, work } from './queue/work.ts';
import { expireRequest, followPayment } from './requests/follow.ts';
import { forgetBatches, importSlice } from './requests/import.ts';
import { warnOfExpiry } from './threeds/certificates.ts';
import { refreshCardRanges } from './threeds/enrolment.ts';
import { disableInactive } from './users/people.ts';
import { purgeUsers } from './users/purge.ts';
import { purgeVault } from './vault/purge.ts';
import { checkWeekly } from './web/integrity/check.ts';

/** Works off what is owed: one handler for every kind of job. Jobs carry ids; each handler reads the row again. */
const HANDLERS = {
  expire_session: (deps, ids) => expireIfDue(deps, text(ids, 'merchant_id'), text(ids, 'session_id')),
  end_attempt: (deps, ids) => endAttempt(deps, attemptIds(ids)),
  watch_authentication: (deps, ids) => giveUpAuthentication(deps, attemptIds(ids)),
  await_results: (deps, ids) => giveUpResults(deps, attemptIds(ids)),
  authorize: (deps, ids) => authorizeAuthenticated(deps, text(ids, 'merchant_id'), text(ids, 'session_id')),
  settle_operation: (deps, ids) => settleOperation(deps, text(ids, 'merchant_id'), text(ids, 'operation_id')),
  watch_hold: (deps, ids) => watchHold(deps, text(ids, 'merchant_id'), text(ids, 'session_id')),
  watch_number: (deps, ids) =>
    watchNumber(deps, {
      merchantId: text(ids, 'merchant_id'),
      sessionId: text(ids, 'session_id'),
      numberId: text(ids, 'number_id'),
    }),
  notify_event: async (deps, ids) => {
    await fanOut(deps, ids);
    await oweMails(deps, ids);
    await followPayment(deps, ids);
    await settleLinkOrder(deps, ids);
  },
  deliver,
  mail_user: mailUser,
  disable_inactive: async (deps) => {
    await disableInactive(deps);
    return { again: plus(deps.clock.now(), DAY) };
  },
  send_mail: sendMail,
  send_bulk_mail: sendBulkMail,
  expire_request: (deps, ids) => expireRequest(deps, text(ids, 'merchant_id'), text(ids, 'request_id')),
  import_requests: (deps, ids) => importSlice(deps, text(ids, 'merchant_id'), text(ids, 'batch_id')),
  purge: async (deps) => {
    await purgeVault(deps);
    await purgeIdempotencyKeys(deps);
    await purgeTrials(deps);
    await purgeReports(deps);
    await purgeMails(deps);
    await purgeUsers(deps);
    await forgetBatches(deps);
    return { again: plus(deps.clock.now(), MINUTE) };
  },
  refresh_card_ranges: async (deps) => {
    let fresh = true;
    for (const mode of ['test', 'live'] as const) {
      if (deps.config.networks[mode] !== null) fresh = (await refreshCardRanges(deps, mode)) && fresh;
    }
    // A Directory Server that was down is asked again soon; those that were up say within the hour that nothing is due.
    return { again: plus(deps.clock.now(), fresh ? 12 * HOUR : MINUTE) };
  },
  check_pages: (deps, _, job) => checkWeekly(deps, job),
  anchor_audit: anchorLogs,
  check_certificates: async (deps) => {
    warnOfExpiry(deps);
    return { again: plus(deps.clock.now(), DAY) };
  },
  close_days: async (deps) => ({
    again: (await closeDays(deps)) ? deps.clock.now() : nextQuarterPastMidnight(deps.clock.now()),
  }),
  index_payments: async (deps) => ((await indexPayments(deps)) ? { again: deps.clock.now() } : undefined),
} as const satisfies Record<JobName, Handler>;

/** Starts the worker and sees to it that the periodic jobs are there. */
export async function startWorker(deps: Deps): Promise<Worker> {
  const now = deps.clock.now();
  for (const name of [
    'purge',
    'refresh_card_ranges',
    'check_pages',
    'check_certificates',
    'disable_inactive',
    'anchor_audit',
    'index_payments',
    'close_days',
  ] as const) {
    const periodic = { name, key: 'periodic', payload: {}, runAt: now, clock: 'wall', now } as const;
    await enqueue(deps.db, { ...periodic, merchantId: null, mode: null });
  }
  return work(deps, HANDLERS);
}

/** In Japan: then the day before is over for good. */
function nextQuarterPastMidnight(now: Date): Date {
  return timeInJapan(plus(now, -15 * MINUTE), 1, 0.25);
}

function attemptIds(payload: Record<string, string>): AttemptIds {
  return {
    merchantId: text(payload, 'merchant_id'),
    sessionId: text(payload, 'session_id'),
    attemptId: text(payload, 'attempt_id'),
  };
}

function text(payload: Record<string, string>, name: string): string {
  const value = payload[name];
  if (value === undefined) throw new Error(`job without ${name}`);
  return value;
}
