import { type DrawingContext, render } from 'bwip-js/node';
import { parseSlipCode } from '../../vouchers/slip-code.ts';

export interface SlipDrawing {
  /** In modules, quiet zones included. */
  width: number;
  /** The bars as one filled path of height 1. */
  bars: string;
  /** What stands below it, for people. */
  text: string;
}

/** Modules of white that a reader wants on either side. */
const QUIET = 10;

/** The barcode of a payment slip (GS1-128); null for a code that is none. */
export function slipDrawing(code: string): SlipDrawing | null {
  if (parseSlipCode(code) === null) return null;
  const { width, bars } = render({ bcid: 'gs1-128', text: `(91)${code.slice(2)}`, scale: 1 }, asPath());
  return { width: width + 2 * QUIET, bars, text: printed(code) };
}

/** The library draws each bar as a line down its middle; here they become one path. */
function asPath(): DrawingContext<{ width: number; bars: string }> {
  const bars: string[] = [];
  let whole = 0;
  const nothing = () => {};
  return {
    scale: () => [1, 1],
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width) => {
      whole = width;
    },
    line: (x0, _, x1, __, thick) => {
      bars.push(`M${QUIET + Math.floor((x0 + x1 - thick) / 2)} 0h${thick}v1h-${thick}z`);
    },
    polygon: nothing,
    hexagon: nothing,
    ellipse: nothing,
    fill: nothing,
    text: nothing,
    end: () => ({ width: whole, bars: bars.join('') }),
  };
}

function printed(code: string): string {
  const part = (from: number, length: number) => code.slice(from, from + length);
  const parts = [part(2, 6), part(8, 22), part(30, 6), part(36, 1), part(37, 6), part(43, 1)];
  return `(91)${parts.join('-')}`;
}
