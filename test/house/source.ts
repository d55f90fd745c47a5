import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ROOT } from '../../src/lib/root.ts';

export interface SourceFile {
  /** From the repository's root, with forward slashes: `src/payments/pay.ts`. */
  path: string;
  text: string;
  lines: string[];
  /** Local imports, as paths like `path`. */
  imports: { path: string; typeOnly: boolean }[];
}

/** Every TypeScript file below a folder of the repository. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(join(ROOT, folder, name)))
    .sort((a, b) => a.path.localeCompare(b.path));
}

function read(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const imports = [...text.matchAll(/^(import|export)\s+(type\s)?[^;]*?from\s+'(\.[^']+)'/gms)].map(
    (match) => ({
      path: relative(ROOT, resolve(dirname(file), match[3] ?? '')),
      typeOnly: match[2] !== undefined,
    }),
  );
  return { path: relative(ROOT, file), text, lines: text.split('\n'), imports };
}
