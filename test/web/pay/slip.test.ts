import { expect, test } from 'vitest';
import { slipDrawing } from '../../../src/web/pay/slip.ts';

/** A sample that a vendor of barcodes publishes. */
const CODE = '91912345000000000000004520875004013100295004';

test('a slip shows its code as people read it, and none where the code is wrong', () => {
  expect(slipDrawing(CODE)?.text).toBe('(91)912345-0000000000000045208750-040131-0-029500-4');
  expect(slipDrawing(`${CODE.slice(0, 43)}5`)).toBeNull();
  expect(slipDrawing(CODE.slice(1))).toBeNull();
});

test('its bars are GS1-128 in set C: 25 symbols of 11 modules and the stop, with quiet zones', () => {
  const { width = 0, bars = '' } = slipDrawing(CODE) ?? {};
  expect(width).toBe(10 + 25 * 11 + 13 + 10);
  const modules = modulesOf(bars, width);
  expect([modules.slice(0, 10), modules.slice(-10)]).toEqual(['0'.repeat(10), '0'.repeat(10)]);
  const symbols = modules.slice(10, -23).match(/.{11}/g) ?? [];
  // Start C, FNC1, the pairs 91 and 91, and the check symbol 39 (ISO/IEC 15417, table 1).
  expect(symbols.slice(0, 4).map(widths)).toEqual(['211232', '411131', '412121', '412121']);
  expect(widths(symbols.at(-1) ?? '')).toBe('211313');
  expect(widths(modules.slice(-23, -10))).toBe('2331112');
  expect(symbols.filter((symbol) => widths(symbol).length !== 6)).toEqual([]);
});

/** `1` for each dark module. */
function modulesOf(path: string, width: number): string {
  const dark = new Set<number>();
  for (const [, x, thick] of path.matchAll(/M(\d+) 0h(\d+)/g)) {
    for (let at = 0; at < Number(thick); at += 1) dark.add(Number(x) + at);
  }
  return Array.from({ length: width }, (_, at) => (dark.has(at) ? '1' : '0')).join('');
}

function widths(modules: string): string {
  return (modules.match(/1+|0+/g) ?? []).map((run) => run.length).join('');
}
