export interface Leaf {
  path: string;
  text: string;
}

/** Every text of a catalogue. What takes parameters is given marks for them, `⟦0⟧`, `⟦1⟧`, …. */
export function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'function') {
    const marks = Array.from({ length: value.length }, (_, index) => `⟦${index}⟧`);
    return leavesOf(value(...marks), path);
  }
  if (value === null || typeof value !== 'object') return [{ path, text: String(value ?? '') }];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, path === '' ? key : `${path}.${key}`),
  );
}
