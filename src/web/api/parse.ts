import type { z } from 'zod';
import { type Fault, Problem } from '../../lib/problem.ts';
import { MOST_FAULTS, toPointer } from '../body.ts';

/** Parses what a caller sent. Throws `validation_failed` with every fault at once. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = check(schema, value);
  if (parsed.ok) return parsed.value;
  throw validationFailed(parsed.faults);
}

export type Checked<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

/** The same without throwing, for callers that look for further faults. */
export function check<S extends z.ZodType>(schema: S, value: unknown): Checked<z.output<S>> {
  const parsed = schema.safeParse(value, { error: explain });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, faults: distinct(parsed.error.issues.flatMap((issue) => toFaults(issue, value))) };
}

export function validationFailed(faults: Fault[]): Problem {
  const told = faults.slice(0, MOST_FAULTS);
  const count = faults.length === 1 ? 'One field needs' : `${faults.length} fields need`;
  return new Problem('validation_failed', `${count} attention; see errors.`, {}, told);
}

/** Query parameters as one object. A parameter that is given twice is a fault. Throws `validation_failed`. */
export function parseQuery<S extends z.ZodType>(schema: S, query: Record<string, string[]>): z.output<S> {
  const twice = Object.keys(query).filter((name) => (query[name]?.length ?? 0) > 1);
  const single = Object.fromEntries(Object.entries(query).map(([name, [value]]) => [name, value]));
  const parsed = check(schema, single);
  const faults = [
    ...(parsed.ok ? [] : parsed.faults),
    ...twice.map((name) => ({
      pointer: toPointer([name]),
      code: 'duplicate_field',
      detail: 'is given twice: give it once',
    })),
  ];
  if (faults.length > 0 || !parsed.ok) throw validationFailed(faults);
  return parsed.value;
}

type Issue = z.core.$ZodIssue;

function toFaults(issue: Issue, value: unknown): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: toPointer([...issue.path, key]),
      code: 'unknown_field',
      detail: 'is not a field: leave it out or correct its name',
    }));
  }
  const pointer = toPointer(issue.path);
  if (issue.code !== 'custom' && issue.path.length > 0 && valueAt(value, issue.path) === undefined) {
    return [{ pointer, code: 'required', detail: 'is required' }];
  }
  const own: unknown = issue.code === 'custom' ? issue.params?.code : undefined;
  return [{ pointer, code: typeof own === 'string' ? own : issue.code, detail: issue.message }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, step);
  }
  return at;
}

const TYPE_WORDS: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What to do about an issue, where the schema has no words of its own. Never quotes the value. */
function explain(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must ${bound(issue.origin, 'at least', Number(issue.minimum))}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', Number(issue.maximum))}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    default:
      return 'is not valid';
  }
}

function bound(origin: string, words: 'at least' | 'at most', limit: number): string {
  if (origin === 'string') return `have ${words} ${limit} characters`;
  if (origin === 'array') return `have ${words} ${limit} items`;
  return `be ${words} ${limit}`;
}

/** A number that is no safe integer breaks two rules at once; it is told once. */
function distinct(faults: Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ pointer, code }) => {
    const key = `${code} ${pointer}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
