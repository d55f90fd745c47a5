import { Gauge } from 'prom-client';
import type { Deps } from '../deps.ts';
import { lastCheck } from '../integrity/checks.ts';
import { recentReports } from '../integrity/reports.ts';
import { SECOND } from '../lib/clock.ts';
import type { Metrics } from '../web/metrics.ts';

/** Whether the pages are what was built, in `/metrics`, read at each scrape. Alarm on a finding and on an old check. */
export function measureIntegrity(deps: Pick<Deps, 'db' | 'clock'>, { registry }: Metrics): void {
  const registers = [registry];
  new Gauge({
    name: 'payresort_page_findings',
    help: 'Differences that the last check of the payment pages found',
    registers,
    async collect() {
      this.set((await lastCheck(deps))?.findings.length ?? 0);
    },
  });
  new Gauge({
    name: 'payresort_page_check_age_seconds',
    help: 'Time since the payment pages were checked; absent before the first check',
    registers,
    async collect() {
      const last = await lastCheck(deps);
      if (last === null) this.remove();
      else this.set((deps.clock.now().getTime() - last.checkedAt.getTime()) / SECOND);
    },
  });
  new Gauge({
    name: 'payresort_page_reports',
    help: 'Breaches of a policy that browsers have reported yesterday and today',
    labelNames: ['directive'] as const,
    registers,
    async collect() {
      this.reset();
      for (const { directive, count } of await recentReports(deps, 1)) this.inc({ directive }, count);
    },
  });
}
