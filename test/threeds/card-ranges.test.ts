import { expect, test } from 'vitest';
import {
  applyChanges,
  type CardRange,
  commonVersion,
  findRange,
  readRangeChanges,
  replaceRanges,
} from '../../src/threeds/card-ranges.ts';
import { vector, vectors } from './vectors.ts';

function changesOf(name: string) {
  const changes = readRangeChanges(vector('pres', name).message);
  if (changes === null) throw new Error(`unreadable ${name}`);
  return changes;
}

function after(first: string, delta: string): CardRange[] {
  const standing = replaceRanges(changesOf(first)) ?? new Map();
  return [...(applyChanges(standing, changesOf(delta)) ?? new Map()).values()];
}

test.each(['visa/3DSS-210', 'visa/3DSS-220'])(
  '%s: a recorded delta adds one range and deletes one',
  (run) => {
    const ranges = after(`${run}-001`, `${run}-002`);
    expect(ranges.map(({ rangeStart }) => rangeStart.slice(-4))).toEqual([
      '1000',
      '2000',
      '3000',
      '4000',
      '6000',
    ]);
  },
);

test('a recorded list without action, with gaps in it, is read whole: 21 ranges and one more', () => {
  expect(changesOf('flow/ranges-first').every(({ action }) => action === 'A')).toBe(true);
  expect(after('flow/ranges-first', 'flow/ranges-delta')).toHaveLength(22);
  const ranges = changesOf('flow/ranges-first').map(({ range }) => range);
  expect(ranges.filter(({ methodUrl }) => methodUrl === null)).toHaveLength(1);
  expect(new Set(ranges.map(({ rangeStart }) => rangeStart.length))).toEqual(new Set([13, 14, 15, 16, 19]));
});

test('every recorded AReq has its number in a recorded range of its version', () => {
  const ranges = ['001', '002'].flatMap((run) => changesOf(`visa/3DSS-220-${run}`).map(({ range }) => range));
  const found = vectors('areq').map(({ message }) =>
    findRange(ranges, `4012${String(message.acctNumber).slice(4)}`),
  );
  expect(found.filter((range) => range === null)).toEqual([]);
});

const RANGE: CardRange = {
  rangeStart: '4000000000000000',
  rangeEnd: '4000000999999999',
  acsStart: '2.1.0',
  acsEnd: '2.2.0',
  dsStart: '2.1.0',
  dsEnd: '2.2.0',
  methodUrl: null,
};

test.each<[string, Partial<CardRange>, string | null]>([
  ['both', {}, '2.2.0'],
  ['an issuer of the old one', { acsEnd: '2.1.0' }, '2.1.0'],
  ['a server of the old one', { dsEnd: '2.1.0' }, '2.1.0'],
  ['an issuer of the new ones', { acsStart: '2.2.0', acsEnd: '2.3.1' }, '2.2.0'],
  ['later by number, not by letter', { acsEnd: '2.10.0', dsEnd: '2.10.0' }, '2.2.0'],
  ['nothing in common', { acsStart: '2.3.1', acsEnd: '2.3.1' }, null],
])('the highest common version, %s', (_, versions, version) => {
  expect(commonVersion({ ...RANGE, ...versions })).toBe(version);
});

test('a number is compared only with bounds of its own length', () => {
  expect(findRange([RANGE], '4000000100000001')).toBe(RANGE);
  expect(findRange([RANGE], '4000000999999999')).toBe(RANGE);
  expect(findRange([RANGE], '4000001000000000')).toBe(null);
  expect(findRange([RANGE], '400000010000000')).toBe(null);
  expect(findRange([RANGE], '40000001000000019')).toBe(null);
});

test('a change that does not fit what stands changes nothing', () => {
  const standing = new Map([[RANGE.rangeStart, RANGE]]);
  const inside = { ...RANGE, rangeStart: '4000000500000000' };
  const moved = { ...RANGE, rangeEnd: '4000000100000000' };
  const method = { ...RANGE, methodUrl: 'https://acs.example/method' };
  expect(applyChanges(standing, [{ action: 'A', range: RANGE }])).toBe(null);
  expect(applyChanges(standing, [{ action: 'A', range: inside }])).toBe(null);
  expect(applyChanges(standing, [{ action: 'D', range: inside }])).toBe(null);
  expect(applyChanges(standing, [{ action: 'M', range: moved }])).toBe(null);
  expect(applyChanges(standing, [{ action: 'M', range: method }])?.get(RANGE.rangeStart)).toBe(method);
  expect(applyChanges(standing, [{ action: 'D', range: RANGE }])?.size).toBe(0);
  expect(standing.size).toBe(1);
});

test.each<[string, Record<string, unknown>]>([
  ['no start', { startRange: undefined }],
  ['letters', { startRange: '400000000000000x' }],
  ['bounds of two lengths', { endRange: '40000009999999999' }],
  ['an end before its start', { endRange: '3999999999999999' }],
  ['an unknown action', { actionInd: 'X' }],
  ['no version', { acsEndProtocolVersion: undefined }],
  ['a version that is none', { acsEndProtocolVersion: '2' }],
  ['a method that is no address', { threeDSMethodURL: 'javascript:0' }],
  ['a method that is too long', { threeDSMethodURL: `https://acs.example/${'x'.repeat(256)}` }],
])('one item with %s makes the whole list unreadable', (_, fault) => {
  const item = {
    startRange: RANGE.rangeStart,
    endRange: RANGE.rangeEnd,
    acsStartProtocolVersion: '2.1.0',
    acsEndProtocolVersion: '2.2.0',
  };
  const list = { dsStartProtocolVersion: '2.1.0', dsEndProtocolVersion: '2.2.0' };
  expect(readRangeChanges({ ...list, cardRangeData: [item] })).toEqual([{ action: 'A', range: RANGE }]);
  expect(readRangeChanges({ ...list, cardRangeData: [{ ...item, ...fault }] })).toBe(null);
});
