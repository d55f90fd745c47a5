import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { apiClient, sessionBody } from '../support/api.ts';
import { testPan } from '../support/cards.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/processes.ts';
import { pay } from '../support/shopper.ts';

/** What operators are told to watch is there to be watched, and every alarm says what to do. */
let stack: Stack;
let metrics: string;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

const text = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const RULES = text('deploy/prometheus/alerts.yaml');

test('a payment is counted by how it ended, its steps by name', async () => {
  const api = apiClient(stack.baseUrl, stack.demo.secret_key);
  const { body: session } = await api('POST', '/v1/sessions', sessionBody());
  await pay(session.url, { number: testPan('01') }, { javascript: false, otp: '123456' });
  metrics = await eventually('counted', async () => {
    const told = await (await fetch(`${stack.baseUrl}/metrics`)).text();
    const counted = /payresort_attempts_total\{[^}]*outcome="succeeded"[^}]*\} 1/.test(told);
    return counted && told.includes('notify.deliver') ? told : undefined;
  });
  for (const step of ['threeds.areq', 'acquirer.sale', 'notify.deliver', 'queue.finish'])
    expect(metrics).toMatch(new RegExp(`payresort_step_seconds_count\\{[^}]*step="${step}"`));
  expect(metrics).toMatch(/payresort_challenge_seconds_count\{mode="test"\} 1/);
  expect(metrics).toMatch(/payresort_acquirer_link_up\{mode="test"\} 1/);
  expect(metrics).toMatch(/payresort_oldest_undelivered_event_seconds \d/);
});

test.each(['deploy/prometheus/alerts.yaml', 'deploy/grafana/payresort.json', 'docs/operations.md'])(
  '%s names only metrics that there are',
  async (name) => {
    metrics ??= await (await fetch(`${stack.baseUrl}/metrics`)).text();
    const known = [...metrics.matchAll(/^# HELP (\S+)/gm)].map(([, metric = '']) => metric);
    const named = [...new Set(text(name).match(/\b(?:payresort|process|nodejs)_[a-z0-9_]+/g) ?? [])];
    const base = (metric: string) => metric.replace(/_(bucket|count|sum)$/, '');
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((metric) => !known.includes(metric) && !known.includes(base(metric)))).toEqual([]);
  },
);

test('every alert has a page in the guide, and every page an alert', () => {
  const alerts = [...RULES.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const pages = [...text('docs/operations.md').matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  expect(pages).toEqual(alerts);
  for (const page of text('docs/operations.md').split(/^### /m).slice(1)) {
    expect(page).toContain('*What it means.*');
    expect(page).toContain('*Do.*');
  }
});

test('the text is what Prometheus reads', async () => {
  const { headers } = await fetch(`${stack.baseUrl}/metrics`);
  expect(headers.get('content-type')).toBe(Registry.PROMETHEUS_CONTENT_TYPE);
});
