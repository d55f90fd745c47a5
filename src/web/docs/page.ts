import { PROBLEMS } from '../../lib/problem.ts';
import { EVENT_TYPES } from '../../payments/decide.ts';
import { FAILURES } from '../../payments/failures.ts';
import { EXAMPLES } from '../api/examples.ts';
import { API_ROUTES } from '../api/routes.ts';
import { TOKEN_SCRIPTS } from '../fields/script.ts';
import { chargeMayExist, problemCodes } from '../problem.ts';

interface DocumentedField {
  name: string;
  required: boolean;
  rule: string;
}

/** What the template of `/docs` shows: the OpenAPI document, laid out for people. */
export function docsPage(document: Record<string, unknown>, publicUrl: string) {
  return {
    description: text(at(document, 'info', 'description')).split('\n\n'),
    groups: [...new Set(API_ROUTES.map(({ tag }) => tag))].map((tag) => ({
      tag,
      routes: API_ROUTES.filter((route) => route.tag === tag).map((route) => ({
        ...route,
        method: route.method.toUpperCase(),
        fields: route.body === undefined ? [] : fieldsOf(document, route.body),
        queries: route.query === undefined ? [] : Object.keys(route.query.shape),
        example: pretty(EXAMPLES[route.body ?? '']),
      })),
    })),
    scriptTag: scriptTag(publicUrl),
    session: pretty(EXAMPLES.Session),
    notification: pretty(EXAMPLES.Notification),
    events: EVENT_TYPES,
    failures: Object.entries(FAILURES).map(([code, message]) => ({ code, message })),
    problems: problemCodes().map((code) => ({
      code,
      ...PROBLEMS[code],
      chargeMayExist: chargeMayExist(code),
    })),
  };
}

/** The newest release of the card fields' script, pinned by its hash. */
function scriptTag(publicUrl: string): string {
  const newest = TOKEN_SCRIPTS.at(-1);
  return `<script src="${publicUrl}${newest?.href}" crossorigin="anonymous"
  integrity="${newest?.integrity}"></script>`;
}

function fieldsOf(document: Record<string, unknown>, schema: string): DocumentedField[] {
  const body = at(document, 'components', 'schemas', schema);
  const required = at(body, 'required');
  const names = Array.isArray(required) ? required : [];
  return Object.entries(members(at(body, 'properties'))).map(([name, rule]) => ({
    name,
    required: names.includes(name),
    rule: ruleOf(rule),
  }));
}

/** A schema in a few words. */
function ruleOf(schema: unknown): string {
  const [first]: unknown[] = [at(schema, 'anyOf')].flat();
  const shown = first ?? schema;
  const values = at(shown, 'enum');
  const words = [
    Array.isArray(values) ? values.join(' | ') : text(at(shown, 'type')),
    bounds('length', at(shown, 'minLength'), at(shown, 'maxLength')),
    bounds('', at(shown, 'minimum'), at(shown, 'maximum')),
    at(schema, 'default') === undefined ? '' : `default ${JSON.stringify(at(schema, 'default'))}`,
    text(at(schema, 'description')),
  ];
  return words.filter((word) => word !== '').join(' · ');
}

function bounds(word: string, low: unknown, high: unknown): string {
  if (typeof low !== 'number' || typeof high !== 'number') return '';
  return `${word} ${low.toLocaleString('en')}–${high.toLocaleString('en')}`.trim();
}

function pretty(example: unknown): string | null {
  return example === undefined ? null : JSON.stringify(example, null, 2);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function members(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((found, step) => Reflect.get(members(found), step), value);
}
