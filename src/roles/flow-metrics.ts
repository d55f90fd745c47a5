import { Counter, Gauge, Histogram } from 'prom-client';
import { MODES } from '../config.ts';
import type { Deps } from '../deps.ts';
import { SECOND } from '../lib/clock.ts';
import { onObserved } from '../lib/observed.ts';
import { watchSeams } from '../lib/seams.ts';
import type { Metrics } from '../web/metrics.ts';

/** Seconds: from a commit to the longest wait for the network. */
const STEP_BUCKETS = [0.002, 0.01, 0.05, 0.2, 0.5, 1, 2, 5, 10, 20];
/** Seconds: what shoppers and issuers take. */
const SHOPPER_BUCKETS = [1, 2, 5, 10, 20, 40, 90, 180, 600, 900];

/**
 * What this process does, in `/metrics`: attempts, challenges, jobs, and each commit and call to the network by its name.
 * Counters are of this process: add them up, `sum(rate(…))`.
 */
export function measureFlow({ acquirers }: Pick<Deps, 'acquirers'>, { registry }: Metrics): void {
  const registers = [registry];
  const attempts = new Counter({
    name: 'payresort_attempts_total',
    help: 'Attempts that ended, by way to pay and outcome: `succeeded`, or the failure',
    labelNames: ['mode', 'method', 'outcome'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'payresort_attempt_seconds',
    help: 'From the start of an attempt to its end, the shopper and the issuer included',
    labelNames: ['mode', 'method'] as const,
    buckets: SHOPPER_BUCKETS,
    registers,
  });
  onObserved('attempt', ({ mode, method, outcome, ms }) => {
    attempts.inc({ mode, method, outcome });
    durations.observe({ mode, method }, ms / SECOND);
  });
  const challenges = new Histogram({
    name: 'payresort_challenge_seconds',
    help: 'From the challenge to its result (RReq)',
    labelNames: ['mode'] as const,
    buckets: SHOPPER_BUCKETS,
    registers,
  });
  onObserved('challenge', ({ mode, ms }) => challenges.observe({ mode }, ms / SECOND));
  measureJobs(registers);
  measureSteps(registers);
  new Gauge({
    name: 'payresort_acquirer_link_up',
    help: 'Whether the link of this process to the acquirer is signed on',
    labelNames: ['mode'] as const,
    registers,
    collect() {
      for (const mode of MODES) {
        const link = acquirers[mode];
        if (link !== null) this.set({ mode }, link.ready() ? 1 : 0);
      }
    },
  });
}

function measureJobs(registers: Metrics['registry'][]): void {
  const durations = new Histogram({
    name: 'payresort_job_seconds',
    help: 'What a job took, by outcome: done, again (kept for later), failed (repeated with backoff)',
    labelNames: ['job', 'outcome'] as const,
    buckets: STEP_BUCKETS,
    registers,
  });
  const lateness = new Histogram({
    name: 'payresort_job_late_seconds',
    help: 'How long after its time a job was begun',
    labelNames: ['job'] as const,
    buckets: [0.05, 0.2, 1, 5, 20, 60, 300],
    registers,
  });
  onObserved('job', ({ name: job, outcome, ms, lateMs }) => {
    durations.observe({ job, outcome }, ms / SECOND);
    lateness.observe({ job }, lateMs / SECOND);
  });
}

function measureSteps(registers: Metrics['registry'][]): void {
  const steps = new Histogram({
    name: 'payresort_step_seconds',
    help: 'What a commit or a call to the network took: `threeds.areq`, `acquirer.sale`, `payments.…`',
    labelNames: ['step', 'outcome'] as const,
    buckets: STEP_BUCKETS,
    registers,
  });
  watchSeams(async (step, work) => {
    const from = performance.now();
    const took = () => (performance.now() - from) / SECOND;
    try {
      const result = await work();
      steps.observe({ step, outcome: 'ok' }, took());
      return result;
    } catch (error) {
      steps.observe({ step, outcome: 'error' }, took());
      throw error;
    }
  });
}
