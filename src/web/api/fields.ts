import { z } from 'zod';

export const CONTROL = /\p{Cc}/u;
export const LONE_SURROGATE = /\p{Surrogate}/u;

interface TextRule {
  min?: number;
  max: number;
  /** Whether tabs and line breaks may be in it. */
  lines?: boolean;
}

/** Text that every store and every page can carry. */
export function text({ min = 1, max, lines = false }: TextRule) {
  return z
    .string()
    .superRefine((value, context) => {
      const add = (code: string, message: string) =>
        context.addIssue({ code: 'custom', params: { code }, message });
      const length = [...value].length;
      if (length < min) add('too_small', `must have at least ${min} characters`);
      if (length > max) add('too_big', `must have at most ${max} characters`);
      if (CONTROL.test(lines ? value.replace(/[\t\n\r]/g, '') : value))
        add('invalid_characters', 'must not contain control characters');
      if (LONE_SURROGATE.test(value)) add('invalid_characters', 'must be valid Unicode');
    })
    .meta({ minLength: min, maxLength: max });
}

/** Text of one form. The length bound keeps the pattern cheap. */
export function pattern(expression: RegExp, detail: string) {
  return z.string().regex(expression, detail);
}

export function whole(min: number, max: number) {
  return z.int().min(min).max(max);
}
