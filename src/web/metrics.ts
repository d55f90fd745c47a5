import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What `/metrics` tells, in Prometheus' text format. One registry a process. */
export interface Metrics {
  registry: Registry;
  /** Seconds an answer took, by surface, method and status class. */
  requests: Histogram<'surface' | 'method' | 'status'>;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'payresort_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['surface', 'method', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  return { registry, requests };
}
