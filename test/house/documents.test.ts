import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ACTIONS } from '../../src/audit/actions.ts';
import { Environment } from '../../src/config.ts';
import { ROOT } from '../../src/lib/root.ts';
import { defaultSettings } from '../../src/merchants/merchant.ts';
import { SETTING_NAMES } from '../../src/merchants/settings.ts';
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
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map(({ name }) => name).filter((name) => !rooms.includes(name))).toEqual([]);
});

test('the guide to merchants names every setting and its default', () => {
  const guide = document('docs/merchants.md');
  const live = defaultSettings('live');
  const rows = SETTING_NAMES.map((name) => `| \`${name}\` | \`${JSON.stringify(live[name])}\` |`);
  expect(rows.filter((row) => !guide.includes(row))).toEqual([]);
});

test('the guide to the audit log says of every action when it is recorded, and of no other', () => {
  const listed = [...document('docs/audit.md').matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| \S/gm)].map(
    (match) => match[1],
  );
  expect(listed).toEqual([...ACTIONS]);
});

test('every package that we chose is listed with its licence, and no other', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(document('package.json'));
  const chosen = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const rows = [...document('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual(chosen.sort());
  for (const [, name = '', licence] of rows) {
    const file = join(ROOT, 'node_modules', name, 'package.json');
    if (existsSync(file))
      expect([name, JSON.parse(readFileSync(file, 'utf8')).license]).toEqual([name, licence]);
  }
});

test('what the matrix of PCI DSS names is there', () => {
  const named = document('docs/pci-dss.md').match(/`(?:src|test)\/[^`]+`/g) ?? [];
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !existsSync(join(ROOT, path.replaceAll('`', ''))))).toEqual([]);
});

test('every link from one document to another leads somewhere', () => {
  const documents = [
    'README.md',
    'ARCHITECTURE.md',
    ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
  ];
  const broken = documents
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) =>
      [...document(name).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .filter(([, target = '']) => !existsSync(join(ROOT, dirname(name), target)))
        .map(([, target]) => `${name}: ${target}`),
    );
  expect(broken).toEqual([]);
});
