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

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** Relies on the text being well-formed. */
function duplicateKeys(text: string): string[] {
  const levels: Level[] = [];
  const duplicates = new Set<string>();
  let string: string | null = null;
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      levels.push({ path: pathOf(level), keys: token === '{' ? new Set() : null, lastKey: '' });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (token === ':' && level !== undefined && string !== null) {
      level.lastKey = String(JSON.parse(string));
      if (level.keys?.has(level.lastKey)) duplicates.add(pathOf(level));
      level.keys?.add(level.lastKey);
    }
    string = token.startsWith('"') ? token : null;
  }
  return [...duplicates];
}

/** Items of an array have their array's name. */
function pathOf(level: Level | undefined): string {
  if (level === undefined) return '';
  if (level.keys === null) return level.path;
  return level.path === '' ? level.lastKey : `${level.path}.${level.lastKey}`;
}
