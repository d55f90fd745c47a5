import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The package's own folder (the one that holds package.json), whether run from `src/` or from `dist/src/`. */
export const ROOT = findRoot(import.meta.dirname);

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from));
}
