/** Geometry of the plots, in the units of their viewBox: drawn by the template, so that its escaping holds here too. */
export const PLOT = { width: 480, height: 190, left: 58, right: 4, top: 12, bottom: 26 } as const;

const INNER = { width: PLOT.width - PLOT.left - PLOT.right, height: PLOT.height - PLOT.top - PLOT.bottom };
const BASE = PLOT.top + INNER.height;

export interface Axis {
  /** Lines across, with what they stand for. */
  lines: { y: number; text: string }[];
  /** Days below, those that have room. */
  labels: { x: number; text: string }[];
}

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface BarPlot extends Axis {
  filled: Bar[];
  outlined: Bar[];
}

/** Two bars a day: the filled one and, narrower, the outlined one. */
export function barPlot(
  days: readonly { label: string; filled: number; outlined: number }[],
  textOf: (value: number) => string,
): BarPlot {
  const top = roundUp(Math.max(1, ...days.flatMap(({ filled, outlined }) => [filled, outlined])));
  const slot = INNER.width / days.length;
  const bar = (value: number, index: number, from: number, share: number): Bar[] => {
    const height = (value / top) * INNER.height;
    if (value <= 0) return [];
    return [
      {
        x: round(PLOT.left + index * slot + slot * from),
        y: round(BASE - Math.max(height, 1)),
        width: round(slot * share),
        height: round(Math.max(height, 1)),
      },
    ];
  };
  return {
    filled: days.flatMap(({ filled }, index) => bar(filled, index, 0.08, 0.5)),
    outlined: days.flatMap(({ outlined }, index) => bar(outlined, index, 0.64, 0.28)),
    ...axis(days, [0, top / 2, top], top, textOf),
  };
}

export interface LinePlot extends Axis {
  /** `d` of a path for each run of days that have a value. */
  paths: string[];
  points: { x: number; y: number }[];
}

/** Shares of one, a point a day; null leaves a gap. */
export function linePlot(
  days: readonly { label: string; share: number | null }[],
  textOf: (value: number) => string,
): LinePlot {
  const slot = INNER.width / days.length;
  const at = (share: number, index: number) => ({
    x: round(PLOT.left + (index + 0.5) * slot),
    y: round(BASE - share * INNER.height),
  });
  const placed = days.map(({ share }, index) => (share === null ? null : at(share, index)));
  const points = placed.filter((point) => point !== null);
  const paths: string[] = [];
  placed.forEach((point, index) => {
    if (point === null) return;
    const starts = (placed[index - 1] ?? null) === null;
    if (starts) paths.push(`M${point.x} ${point.y}`);
    else paths.push(`${paths.pop()}L${point.x} ${point.y}`);
  });
  return { paths, points, ...axis(days, [0, 0.5, 1], 1, textOf) };
}

function axis(
  days: readonly { label: string }[],
  values: number[],
  top: number,
  textOf: (value: number) => string,
): Axis {
  const slot = INNER.width / days.length;
  return {
    lines: values.map((value) => ({ y: round(BASE - (value / top) * INNER.height), text: textOf(value) })),
    labels: days.flatMap(({ label }, index) =>
      (days.length - 1 - index) % 7 === 0
        ? [{ x: round(PLOT.left + (index + 0.5) * slot), text: label }]
        : [],
    ),
  };
}

/** The next number of one digit that counts: 1, 2, 4, 6, 8 and ten times as much. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8, 10].find((digit) => digit * power >= value) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
