import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Environment } from '../../src/config.ts';
import { ROOT } from '../../src/lib/root.ts';
import { EVENT_TYPES } from '../../src/payments/decide.ts';

const document = (name: string) => readFileSync(join(ROOT, name), 'utf8');

test('the README has every environment variable, its default and its meaning', () => {
  const defaults: Record<string, unknown> = Environment.parse({});
  const rows = Object.entries(Environment.shape).map(
    ([name, schema]) => `| \`${name}\` | ${defaults[name] ?? ''} | ${schema.description} |`,
  );
  expect(document('README.md')).toContain(
    ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n'),
  );
});

test('the receiver guide names every event type', () => {
  const guide = document('docs/webhooks.md');
  expect(EVENT_TYPES.filter((type) => !guide.includes(`\`${type}\``))).toEqual([]);
});

test('the architecture names every room there is', () => {
  const rooms = [...document('ARCHITECTURE.md').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  for (const room of [
    'lib',
    'db',
    'vault',
    'threeds',
    'acquirer',
    'payments',
    'notify',
    'web',
    'simulator',
    'roles',
  ]) {
    expect(rooms).toContain(room);
  }
});
