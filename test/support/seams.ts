import { sourceFiles } from '../house/source.ts';

/** Every named seam of the service, read from the source: `inTransaction(…, 'name', …)` and `throughSeam('name', …)`. */
export function seamNames(): string[] {
  const pattern = /\b(?:inTransaction\(\s*[^,]+,|throughSeam\()\s*['`]([^'`]+)['`]/g;
  return sourceFiles('src')
    .filter(({ path }) => !path.startsWith('src/simulator/'))
    .flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}
