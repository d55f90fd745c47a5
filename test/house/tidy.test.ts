import { expect, test } from 'vitest';
import { sourceFiles } from './source.ts';

const source = sourceFiles('src');
const all = [...source, ...sourceFiles('demo'), ...sourceFiles('test')];

/** What may not stand in the code, and what stands there instead. */
const BANNED: { what: RegExp; instead: string; where?: RegExp; except?: RegExp }[] = [
  {
    what: /\b(TODO|FIXME|XXX|HACK)\b/,
    instead: 'do it, or say so in the documents',
    except: /^test\/house\//,
  },
  { what: /\.(only|skip|todo)\(/, instead: 'a test that runs', where: /^test\//, except: /^test\/house\// },
  { what: /\benum\s+\w+\s*\{/, instead: 'a union of string literals' },
  { what: /@ts-(ignore|expect-error|nocheck)/, instead: 'the right type', except: /^test\/house\// },
  {
    what: /process\.env\b/,
    instead: 'config.ts',
    where: /^src\//,
    except: /^src\/(config|main)\.ts|^src\/(roles|simulator)\//,
  },
  {
    what: /\bnew Date\(\)|\bDate\.now\(\)/,
    instead: 'deps.clock',
    where: /^src\//,
    except: /^src\/lib\/clock\.ts|^src\/simulator\//,
  },
  {
    what: /\.transaction\(/,
    instead: 'inTransaction, which names the seam',
    where: /^src\//,
    except: /^src\/db\//,
  },
];

test('nothing banned stands in the code', () => {
  const faults = all.flatMap(({ path, lines }) =>
    BANNED.filter(({ where, except }) => (where?.test(path) ?? true) && !except?.test(path)).flatMap(
      ({ what, instead }) =>
        lines.flatMap((line, index) =>
          what.test(line) ? [`${path}:${index + 1}: ${line.trim()} → ${instead}`] : [],
        ),
    ),
  );
  expect(faults).toEqual([]);
});

test('files have at most 300 lines, lines at most 130 characters', () => {
  const readInOrder = ['src/db/schema.ts'];
  const catalogue = /^src\/i18n\/(ja|en|zh-hans|zh-hant|ko)\.ts$/;
  const long = [...source, ...sourceFiles('demo')]
    .filter(({ path, lines }) => lines.length > 301 && !readInOrder.includes(path) && !catalogue.test(path))
    .map(({ path }) => path);
  const wide = source.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) =>
      line.length > 130 && !/https?:|`/.test(line) ? [`${path}:${index + 1}`] : [],
    ),
  );
  expect({ long, wide }).toEqual({ long: [], wide: [] });
});

test('what becomes of a payment request is written in one place', () => {
  const writing = source.filter(({ text }) => /\.(update|insert)\(\s*paymentRequests\s*\)/.test(text));
  expect(writing.map(({ path }) => path)).toEqual(['src/requests/write.ts']);
});

test('statuses of sessions, payments and attempts are written by advance alone', () => {
  const writing = /\.(update|insert)\(\s*(sessions|payments|attempts)\s*\)/;
  const writers = source.filter(({ text }) => writing.test(text)).map(({ path }) => path);
  expect(writers).toEqual(['src/payments/advance.ts', 'src/payments/create-session.ts']);
  const updates = source.filter(({ text }) => /\.update\(\s*(sessions|payments|attempts)\s*\)/.test(text));
  expect(updates.map(({ path }) => path)).toEqual(['src/payments/advance.ts']);
});
