import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { allPans, needlesOf, SECURITY_CODE_PATTERNS } from './needles.ts';

export interface Leak {
  where: string;
  what: string;
}

const MAX_LEAKS = 20;

/** Looks for every card number, in every form, and for security codes, in all files below a folder. */
export function scanFolder(folder: string): { files: number; leaks: Leak[] } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
  const leaks = files.flatMap((path) => scanText(path, readFileSync(path, 'latin1')));
  return { files: files.length, leaks: leaks.slice(0, MAX_LEAKS) };
}

const needles = allPans().flatMap((pan) =>
  needlesOf(pan).map((needle) => ({ ...needle, last4: pan.slice(-4) })),
);
/** One pass for all: a number of the test ranges in any form begins with one of these. */
const byStart = new Map<string, typeof needles>();
for (const needle of needles) {
  const start = needle.text.slice(0, 5);
  byStart.set(start, [...(byStart.get(start) ?? []), needle]);
}

export function scanText(where: string, text: string): Leak[] {
  const leaks: Leak[] = [];
  for (const [start, candidates] of byStart) {
    for (
      let at = text.indexOf(start);
      at >= 0 && leaks.length < MAX_LEAKS;
      at = text.indexOf(start, at + 1)
    ) {
      const found = candidates.find((needle) => text.startsWith(needle.text, at));
      if (found !== undefined)
        leaks.push({ where: `${where}:${at}`, what: `card …${found.last4}, ${found.form}` });
    }
  }
  for (const pattern of SECURITY_CODE_PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) leaks.push({ where: `${where}:${match.index}`, what: 'a security code' });
  }
  return leaks;
}
