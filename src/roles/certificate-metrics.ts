import { Gauge } from 'prom-client';
import type { Deps } from '../deps.ts';
import { SECOND } from '../lib/clock.ts';
import { certificateInventory } from '../threeds/certificates.ts';
import type { Metrics } from '../web/metrics.ts';

/** How long the certificates of this process' files still last, read at each scrape: the soonest end of each file. */
export function measureCertificates(
  { config, clock }: Pick<Deps, 'config' | 'clock'>,
  metrics: Metrics,
): void {
  const registers = [metrics.registry];
  const unreadable = new Gauge({
    name: 'payresort_certificates_unreadable',
    help: 'Files of certificates that cannot be read',
    registers,
  });
  new Gauge({
    name: 'payresort_certificate_expiry_seconds',
    help: 'Time until a certificate ends; negative once it has',
    labelNames: ['name'] as const,
    registers,
    collect() {
      this.reset();
      const soonest = new Map<string, number>();
      let faults = 0;
      for (const each of certificateInventory(config)) {
        if ('fault' in each) {
          faults += 1;
          continue;
        }
        const left = (each.notAfter.getTime() - clock.now().getTime()) / SECOND;
        soonest.set(each.name, Math.min(left, soonest.get(each.name) ?? left));
      }
      for (const [name, left] of soonest) this.set({ name }, left);
      unreadable.set(faults);
    },
  });
}
