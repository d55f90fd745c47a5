import { expect, test } from 'vitest';
import { seamNames } from '../support/seams.ts';
import { sourceFiles } from './source.ts';

const service = sourceFiles('src').filter(({ path }) => !path.startsWith('src/simulator/'));

test('every seam has a literal name of its own', () => {
  const names = seamNames();
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.length).toBeGreaterThan(25);
});

/** What makes the call itself, and who may therefore only be called through a seam. */
const PRIMITIVES = ['src/lib/fetch.ts', 'src/lib/tls.ts', 'src/threeds/directory-server.ts'];

test('network calls pass a seam', () => {
  const calling =
    /\bdeps\.fetch\(|\bpostSafely\(|\baskDirectoryServer\(|\blink\.exchange\(|\bhttps?\.request\(/;
  const bare = service
    .filter(
      ({ path, text }) => !PRIMITIVES.includes(path) && calling.test(text) && !/throughSeam\(/.test(text),
    )
    .map(({ path }) => path);
  expect(bare).toEqual([]);
});
