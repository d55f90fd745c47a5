import { type DrawingContext, render } from 'bwip-js/node';

/** A QR code as one path of whole modules, its quiet zone of four included. */
export interface Qr {
  size: number;
  path: string;
}

const QUIET = 4;

/** Medium error correction: a seventh of it may be dirt or glare. */
export function qr(text: string): Qr {
  const options = { bcid: 'qrcode', text, eclevel: 'M', scale: 1 };
  return render(options, asPath());
}

/** The library gives outlines of dark and light regions, to be filled by turns (even-odd). */
function asPath(): DrawingContext<Qr> {
  const parts: string[] = [];
  let whole = 0;
  const nothing = () => {};
  return {
    scale: () => [1, 1],
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width) => {
      whole = width;
    },
    line: nothing,
    polygon: (points) => {
      const [first, ...rest] = points.map(([x, y]) => `${x + QUIET} ${y + QUIET}`);
      parts.push(`M${first}L${rest.join(' ')}z`);
    },
    hexagon: nothing,
    ellipse: nothing,
    fill: nothing,
    text: nothing,
    end: () => ({ size: whole + 2 * QUIET, path: parts.join('') }),
  };
}
