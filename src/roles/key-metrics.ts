import { Gauge } from 'prom-client';
import type { Deps } from '../deps.ts';
import { SECOND } from '../lib/clock.ts';
import { type KeyRecord, keyInventory } from '../vault/inventory.ts';
import type { Metrics } from '../web/metrics.ts';

/** The inventory of keys in `/metrics`, read at each scrape: an alarm on age over period is one expression. */
export function measureKeys(deps: Pick<Deps, 'db' | 'clock'>, { registry }: Metrics): void {
  const gauge = (name: string, help: string, measure: (record: KeyRecord) => number | null) =>
    new Gauge({
      name,
      help,
      labelNames: ['purpose', 'state'] as const,
      registers: [registry],
      async collect() {
        this.reset();
        for (const record of await keyInventory(deps, [])) {
          const value = measure(record);
          if (value !== null) this.inc({ purpose: record.purpose, state: record.state }, value);
        }
      },
    });
  const ofActive = (value: (record: KeyRecord) => number | null) => (record: KeyRecord) =>
    record.state === 'active' ? value(record) : null;
  gauge('payresort_keys', 'Keys there are and were', () => 1);
  gauge(
    'payresort_key_age_seconds',
    'Age of the active key',
    ofActive(({ ageMs }) => ageMs / SECOND),
  );
  gauge(
    'payresort_key_period_seconds',
    'How old the active key may become; a key that stays for life has none',
    ofActive(({ periodMs }) => (periodMs === null ? null : periodMs / SECOND)),
  );
}
