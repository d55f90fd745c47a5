import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The simulator's memory: an append-only file, one JSON value a line, read back at the start. It is written
 * before the answer that depends on it leaves, so that a killed simulator carries on where it was.
 */
export interface Journal {
  /** What the file held when it was opened, oldest first. */
  readonly past: unknown[];
  append(record: object): void;
  close(): void;
}

/** Opens or makes the file. A last line that a kill cut off is passed over. */
export function openJournal(path: string): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a+', 0o600);
  if (!endsInNewline(file)) writeSync(file, '\n');
  let open = true;
  const past = readFileSync(path, 'utf8').split('\n').flatMap(parseLine);
  return {
    past,
    append: (record) => {
      if (open) writeSync(file, `${JSON.stringify(record)}\n`);
    },
    close: () => {
      open = false;
      closeSync(file);
    },
  };
}

function endsInNewline(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === '\n';
}

function parseLine(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
