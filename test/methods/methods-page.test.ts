import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { methodsPage, TABLES } from './methods-page.ts';

const path = join(ROOT, 'docs/methods.md');

test('the tables of docs/methods.md are made of src/methods: npm run methods', async () => {
  await expect(methodsPage(readFileSync(path, 'utf8'))).toMatchFileSnapshot(path);
});

test('docs/methods.md has each of the tables', () => {
  const page = readFileSync(path, 'utf8');
  expect(Object.keys(TABLES).filter((name) => !page.includes(`<!-- table: ${name} -->`))).toEqual([]);
});
