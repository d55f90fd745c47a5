import { expect, test } from 'vitest';
import { type SourceFile, sourceFiles } from './source.ts';

/** From the ground up: each row may import the rows before it, and itself. */
const ROWS = [
  ['lib', 'i18n'],
  ['db'],
  ['queue', 'merchants', 'audit', 'users', 'vault', 'integrity'],
  ['limits', 'threeds', 'acquirer', 'methods', 'vouchers'],
  ['payments'],
  ['links', 'notify', 'receipts', 'mail', 'books', 'requests'],
  ['web'],
];
const TOP = ['app.ts', 'worker.ts', 'main.ts', 'roles'];

const files = sourceFiles('src');

function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function rowOf(room: string): number {
  return TOP.includes(room) ? ROWS.length : ROWS.findIndex((row) => row.includes(room));
}

/** What a room may not import although its row comes later. */
const APART: Record<string, string[]> = {
  threeds: ['acquirer', 'payments'],
  acquirer: ['threeds', 'payments'],
  vouchers: ['payments', 'methods'],
  web: ['db'],
};

function faultOf(file: SourceFile, imported: string, typeOnly: boolean): string | null {
  const [from, to] = [roomOf(file.path), roomOf(imported)];
  if (!imported.startsWith('src/') || from === to) return null;
  if (to === 'config.ts') return null;
  if (to === 'deps.ts')
    return typeOnly || TOP.includes(from) ? null : 'deps.ts may only be imported as a type';
  if (from === 'config.ts' || from === 'deps.ts')
    return typeOnly || rowOf(to) === 0 ? null : 'only types and lib';
  if (to === 'simulator') return TOP.includes(from) ? null : 'only main starts the simulator';
  if (from === 'simulator') return to === 'lib' ? null : 'the simulator imports only lib';
  if (APART[from]?.includes(to) && !(from === 'web' && typeOnly)) return `${from} does not know ${to}`;
  return rowOf(to) <= rowOf(from) ? null : `${from} stands below ${to}`;
}

test('rooms import only what stands below them', () => {
  const faults = files.flatMap((file) =>
    file.imports.flatMap(({ path, typeOnly }) => {
      const fault = faultOf(file, path, typeOnly);
      return fault === null ? [] : [`${file.path} imports ${path}: ${fault}`];
    }),
  );
  expect(faults).toEqual([]);
});

test('payments never opens a card', () => {
  const opening = files
    .filter(({ path }) => roomOf(path) === 'payments' || roomOf(path) === 'web')
    .filter(({ text }) => /\b(openCard|openSecurityCode|\.reveal\()/.test(text));
  expect(opening.map(({ path }) => path)).toEqual([]);
});

test('there are no cycles', () => {
  const graph = new Map(
    files.map(({ path, imports }) => [path, imports.filter((i) => !i.typeOnly).map((i) => i.path)]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});
