import { Gauge } from 'prom-client';
import type { Deps } from '../deps.ts';
import { openBreakers, trialFigures } from '../limits/trials.ts';
import type { Metrics } from '../web/metrics.ts';

/** What the limits against card testing do, in `/metrics`, read at each scrape. */
export function measureCardTesting(deps: Pick<Deps, 'db' | 'clock'>, { registry }: Metrics): void {
  new Gauge({
    name: 'payresort_card_testing_breakers_open',
    help: 'Merchants where everybody is challenged because cards are being tested',
    labelNames: ['mode'] as const,
    registers: [registry],
    async collect() {
      const open = await openBreakers(deps);
      this.reset();
      for (const { mode, total } of open) this.set({ mode }, total);
    },
  });
  new Gauge({
    name: 'payresort_card_trials',
    help: 'Card attempts of the last hour under the limits, by verdict, the limit behind it, and outcome',
    labelNames: ['mode', 'verdict', 'limit', 'outcome'] as const,
    registers: [registry],
    async collect() {
      const figures = await trialFigures(deps);
      this.reset();
      for (const { mode, verdict, reason, outcome, total } of figures) {
        this.set({ mode, verdict, limit: reason ?? 'none', outcome }, total);
      }
    },
  });
}
