import { Gauge } from 'prom-client';
import type { Deps } from '../deps.ts';
import { unknownOutcomes } from '../payments/unknown-outcomes.ts';
import { backlogOf, oldestUndelivered } from '../queue/backlog.ts';
import type { Metrics } from '../web/metrics.ts';

/**
 * What waits in the database, read at each scrape. Every process tells the same: take the `max`.
 */
export function measureBacklog(deps: Pick<Deps, 'db' | 'clock'>, { registry }: Metrics): void {
  const registers = [registry];
  const oldest = new Gauge({
    name: 'payresort_jobs_oldest_seconds',
    help: 'How long the first of the due jobs of a lane has been waiting',
    labelNames: ['lane'] as const,
    registers,
  });
  new Gauge({
    name: 'payresort_jobs_due',
    help: 'Jobs whose time has come and that nobody does yet, by lane',
    labelNames: ['lane'] as const,
    registers,
    async collect() {
      const lanes = await backlogOf(deps);
      this.reset();
      oldest.reset();
      for (const { lane, due, oldestSeconds } of lanes) {
        this.set({ lane }, due);
        oldest.set({ lane }, oldestSeconds);
      }
    },
  });
  new Gauge({
    name: 'payresort_unknown_outcomes',
    help: 'Operations at the acquirer that have not been answered for more than a minute',
    labelNames: ['mode'] as const,
    registers,
    async collect() {
      const counts = await unknownOutcomes(deps);
      this.reset();
      for (const { mode, count } of counts) this.set({ mode }, count);
    },
  });
  new Gauge({
    name: 'payresort_oldest_undelivered_event_seconds',
    help: 'How long the oldest event that no endpoint has acknowledged has been on its way',
    registers,
    async collect() {
      this.set(await oldestUndelivered(deps));
    },
  });
}
