/**
 * How long the simulated network waits, in milliseconds. Tests shorten them; the service's own limits are
 * not here.
 */
export interface Times {
  /** ACS: from the ARes to the first CReq (EMV 3DS Req 221), else RReq N, reason 14, cancel 05. */
  firstChallengeMs: number;
  /** ACS: between two inputs of the shopper (Req 226), else RReq N, reason 14, cancel 04. */
  inputMs: number;
  /** DS: for the RRes (Req 241 and 244). */
  resultsMs: number;
  /** DS: before an RReq is sent a second and last time. */
  resultsRetryMs: number;
  /** How long a request that is never answered is held open. */
  holdMs: number;
  /** Acquirer, AA 22: the answer comes this late, in time. */
  slowMs: number;
  /** Acquirer, AA 27: the answer comes this late, too late. */
  lateMs: number;
  /** Acquirer, AA 28: how long sign-on is refused after the links were closed. */
  refuseSignOnMs: number;
  /** Acquirer, AA 28: how long answers under way are waited for before the links are closed. */
  drainMs: number;
  /** Voucher centre: before each further try of a notice that was not acknowledged. */
  noticeRepeatsMs: readonly number[];
  /** Voucher centre: how long an acknowledgement is waited for. */
  noticeMs: number;
}

export const TIMES: Times = {
  firstChallengeMs: 30_000,
  inputMs: 600_000,
  resultsMs: 5_000,
  resultsRetryMs: 1_000,
  holdMs: 60_000,
  slowMs: 8_000,
  lateMs: 20_000,
  refuseSignOnMs: 1_500,
  drainMs: 300,
  noticeRepeatsMs: [1_000, 5_000, 30_000, 120_000, 600_000],
  noticeMs: 10_000,
};
