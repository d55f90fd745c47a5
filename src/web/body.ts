import type { Context } from 'hono';
import { type Fault, Problem } from '../lib/problem.ts';

/** The most bytes that a request's body may have. */
export const BODY_LIMIT = 64 * 1024;

/** The body's bytes. Throws `unsupported_media_type` and `too_large`; reads no further than the limit. */
export async function readBody(c: Context, mediaType: string, limit: number = BODY_LIMIT): Promise<Buffer> {
  const declared = Number(c.req.header('Content-Length') ?? '0');
  if (declared > limit) throw tooLarge(limit);
  const body = await readLimited(c.req.raw.body, limit);
  const type = (c.req.header('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (body.length > 0 && type !== mediaType) {
    throw new Problem('unsupported_media_type', `Send the header Content-Type: ${mediaType}.`);
  }
  return body;
}

const FORM = 'application/x-www-form-urlencoded';

/** A form's fields, as `readBody`. NUL, which nobody types and PostgreSQL does not keep, is left out. */
export async function readForm(c: Context): Promise<URLSearchParams> {
  const body = await readBody(c, FORM);
  return new URLSearchParams(body.toString('utf8').replace(/%00|\0/g, ''));
}

async function readLimited(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (stream === null) return Buffer.alloc(0);
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): Problem {
  return new Problem('too_large', `Send at most ${limit / 1024} KB.`);
}

/** Bytes as a JSON value. An empty body is `{}`. Throws `malformed_json`, and `validation_failed` for double names. */
export function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  const text = decode(body);
  const value = parse(text);
  const faults = structureFaults(text);
  if (faults.length > 0) {
    throw new Problem('validation_failed', 'The structure of the body is ambiguous.', {}, faults);
  }
  return value;
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Problem('malformed_json', 'The body is not UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold what nobody should read.
    throw new Problem(
      'malformed_json',
      'The body cannot be read as JSON. Check quotes, commas and brackets.',
    );
  }
}

interface Level {
  /** Null inside an array. */
  names: Set<string> | null;
  /** The member that is being read: its name or its index. */
  at: string;
  index: number;
}

/** Nothing of ours is nested deeper. */
const MOST_LEVELS = 16;
/** What is wrong beyond this number is told after these are mended. */
export const MOST_FAULTS = 100;

/**
 * Names that stand twice in one object: `JSON.parse` would keep the last in silence, another reader the first. The
 * text is known to be JSON. `__proto__` is a fault too, since objects lose it on the way.
 */
function structureFaults(text: string): Fault[] {
  const faults: Fault[] = [];
  const levels: Level[] = [];
  let expectsName = false;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      if (levels.length === MOST_LEVELS)
        return [fault(levels, 'too_deep', 'is nested too deep: send it flat')];
      levels.push(
        token === '{' ? { names: new Set(), at: '', index: 0 } : { names: null, at: '0', index: 0 },
      );
      expectsName = token === '{';
    } else if (token === '}' || token === ']') {
      levels.pop();
      expectsName = false;
    } else if (token === ',' && level !== undefined) {
      level.index += 1;
      if (level.names === null) level.at = String(level.index);
      expectsName = level.names !== null;
    } else if (expectsName && level?.names) {
      level.at = String(JSON.parse(token));
      if (level.names.has(level.at))
        faults.push(fault(levels, 'duplicate_field', 'is given twice: give it once'));
      if (level.at === '__proto__')
        faults.push(fault(levels, 'unknown_field', 'is not a field: leave it out'));
      level.names.add(level.at);
      expectsName = false;
    }
    if (faults.length === MOST_FAULTS) break;
  }
  return faults;
}

function fault(levels: Level[], code: string, detail: string): Fault {
  return { pointer: toPointer(levels.map(({ at }) => at)), code, detail };
}

/** A path as a JSON Pointer in a URI fragment (RFC 6901, section 6). */
export function toPointer(path: readonly PropertyKey[]): string {
  const escaped = path.map((step) => {
    const name = String(step)
      .slice(0, 100)
      .replace(/\p{Surrogate}/gu, '\ufffd');
    return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
  });
  return ['#', ...escaped].join('/');
}

/** A field of a body that nobody has checked yet. */
export function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name)
    ? Reflect.get(body, name)
    : undefined;
}
