/**
 * JSON as EMV 3DS wants it read: an element that stands there twice is a fault (code 204), which `JSON.parse` passes
 * over in silence, so the text is walked once more for its keys.
 */
export interface ParsedJson {
  value: unknown;
  /** Keys that stand twice in one object, nested ones as `parent.child`. */
  duplicates: string[];
}

/** Null where the text is not JSON. */
export function parseJson(text: string): ParsedJson | null {
  try {
    return { value: JSON.parse(text), duplicates: duplicateKeys(text) };
  } catch {
    return null;
  }
}

/** An object or array that is open while the text is walked. */
interface Level {
  path: string;
  /** Null in an array. */
  keys: Set<string> | null;
  lastKey: string;
}

const MARK = /["{}[\]:]/g;

/** Relies on the text being well-formed. */
function duplicateKeys(text: string): string[] {
  const levels: Level[] = [];
  const duplicates = new Set<string>();
  let string: string | null = null;
  const marks = new RegExp(MARK);
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const [mark] = match;
    const level = levels.at(-1);
    if (mark === '{' || mark === '[') {
      levels.push({ path: pathOf(level), keys: mark === '{' ? new Set() : null, lastKey: '' });
    } else if (mark === '}' || mark === ']') {
      levels.pop();
    } else if (mark === ':' && level !== undefined && string !== null) {
      level.lastKey = String(JSON.parse(string));
      if (level.keys?.has(level.lastKey)) duplicates.add(pathOf(level));
      level.keys?.add(level.lastKey);
    } else if (mark === '"') {
      marks.lastIndex = endOfString(text, match.index);
    }
    string = mark === '"' ? text.slice(match.index, marks.lastIndex) : null;
  }
  return [...duplicates];
}

/** The place after the closing quote. Not by a pattern: on a text of megabytes that would run out of stack. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first -= 1;
  return (at - first) % 2 === 1;
}

/** Items of an array have their array's name. */
function pathOf(level: Level | undefined): string {
  if (level === undefined) return '';
  if (level.keys === null) return level.path;
  return level.path === '' ? level.lastKey : `${level.path}.${level.lastKey}`;
}
