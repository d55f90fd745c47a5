import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../src/lib/problem.ts';
import { parseJson, toPointer } from '../../src/web/body.ts';

const faultsOf = (text: string) => {
  try {
    parseJson(Buffer.from(text));
    return [];
  } catch (error) {
    return error instanceof Problem ? (error.faults ?? [error.code]) : [String(error)];
  }
};

describe('names that stand twice are told where they are', () => {
  const doubles: [string, string][] = [
    ['{"a":1,"a":2}', '#/a'],
    ['{"a":{"b":1,"b":2}}', '#/a/b'],
    ['{"list":[0,{"x":[]},{"n":1,"n":2}]}', '#/list/2/n'],
    ['{"a":1,"\\u0061":2}', '#/a'],
    ['{"a\\"{":1,"b":"}{[","a\\"{":2}', '#/a%22%7B'],
    ['[[{"k":1,"k":1}]]', '#/0/0/k'],
  ];
  test.each(doubles)('%s → %s', (text, pointer) => {
    expect(faultsOf(text)).toMatchObject([{ pointer, code: 'duplicate_field' }]);
  });
  const singles = [
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"\\"a\\":1,","b":","}',
    '{}',
    '""',
  ];
  test.each(singles)('%s has none', (text) => {
    expect(faultsOf(text)).toEqual([]);
  });
});

test('whatever JSON.stringify writes is read as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('__proto__'));
      expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('pointers are escaped as a URI fragment', () => {
  expect(toPointer([])).toBe('#');
  expect(toPointer(['a', 0, 'x/y~z', 'あ', '\ud800'])).toBe('#/a/0/x~1y~0z/%E3%81%82/%EF%BF%BD');
});
