import type { Json } from '../support/api.ts';

export interface Malformed {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

export interface Known {
  /** The OpenAPI document. */
  document: Json;
  secretKey: string;
  publishableKey: string;
  /** Ids and capabilities of what there is: of sessions, payments, links, pages. */
  ids: string[];
  /** Addresses of pages and forms. */
  pages: string[];
  /** Somebody's login at the console, and where it may go. */
  cookie: string;
  console: { method: string; path: string }[];
}

type Random = () => number;

/** One request that a broken or hostile client might send: from the OpenAPI document, or at a page, then damaged. */
export function malformed(known: Known, random: Random): Malformed {
  const kind = random();
  if (kind < 0.5) return damagedCall(known, random);
  if (kind < 0.75) return atConsole(known, random);
  if (kind < 0.9) return damagedForm(known, random);
  return trickyPath(known, random);
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

function damagedCall(known: Known, random: Random): Malformed {
  const [path, operations] = pick(Object.entries<Json>(known.document.paths), random);
  const [method, operation] = pick(Object.entries<Json>(operations), random);
  const filled = path.replace(/\{\w+\}/g, () =>
    random() < 0.6 ? pick(known.ids, random) : encodeURIComponent(textOf(random, 500)),
  );
  const query = random() < 0.3 ? `?${damagedQuery(operation, random)}` : '';
  const { schema, examples } = operation.requestBody?.content?.['application/json'] ?? {};
  const example = examples?.one?.value;
  const whole = random() < 0.5 && example !== undefined ? example : exampleOf(known.document, schema, random);
  const json = schema === undefined ? null : random() < 0.1 ? whole : damage(whole, random);
  return {
    method: method.toUpperCase(),
    path: `${filled}${query}`,
    headers: headersOf(known, random),
    body: json === null ? undefined : damagedText(JSON.stringify(json), random),
  };
}

/** As text that can be encoded: half characters become whole ones. */
function textOf(random: Random, most: number): string {
  return Buffer.from(String(pick(TEXTS, random)).slice(0, most)).toString();
}

function damagedQuery({ parameters = [] }: Json, random: Random): string {
  const names = [
    ...parameters.map((each: Json) => each.name ?? 'limit'),
    'limit',
    'cursor',
    '__proto__',
    'a[b]',
  ];
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const value = textOf(random, 300);
    return `${encodeURIComponent(pick(names, random))}=${random() < 0.9 ? encodeURIComponent(value) : '%E0%A4%A'}`;
  }).join('&');
}

function headersOf({ secretKey, publishableKey }: Known, random: Random): Record<string, string> {
  const keys = [...Array(12).fill(secretKey), publishableKey, `${secretKey}x`, '', 'sk_test_', 'é'];
  const types = [...Array(12).fill('application/json'), 'text/plain', 'application/xml', ';;;'];
  return clean({
    Authorization: `${random() < 0.98 ? 'Bearer' : 'Basic'} ${pick(keys, random)}`,
    'Content-Type': pick(types, random),
    ...(random() < 0.5 ? { 'Idempotency-Key': textOf(random, 400) } : {}),
    ...(random() < 0.1 ? { 'X-Request-Id': textOf(random, 400) } : {}),
    ...(random() < 0.1 ? { 'Accept-Language': textOf(random, 400) } : {}),
    ...(random() < 0.1 ? { Cookie: `console=${textOf(random, 400)}` } : {}),
    ...(random() < 0.1 ? { Origin: 'null' } : {}),
  });
}

/** What the client of these tests would refuse to send at all. */
function clean(headers: Record<string, string>): Record<string, string> {
  const sendable = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').trim();
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, sendable(value)]));
}

const FIELDS = [
  ...[
    'q',
    'cursor',
    'after',
    'before',
    'from',
    'until',
    'to',
    'least',
    'most',
    'status',
    'method',
    'attention',
    'lang',
  ],
  ...[
    'amount',
    'order',
    'name',
    'email',
    'due',
    'title',
    'price',
    'stock',
    'work',
    'role',
    'language',
    'reason',
    'color',
  ],
  ...[
    'user',
    'login',
    'send',
    'send_at',
    'template',
    'remind',
    'item_name',
    'item_amount',
    'phone',
    'url',
    'events',
  ],
];

/** As somebody who is logged in: every address of the console, its filters and its forms. */
function atConsole(known: Known, random: Random): Malformed {
  const { method, path } = pick(known.console, random);
  const filled = path.replace(/:\w+/g, () =>
    random() < 0.7 ? pick(known.ids, random) : encodeURIComponent(textOf(random, 300)),
  );
  const fields = Array.from({ length: Math.floor(random() * 6) }, () => [
    pick(FIELDS, random),
    random() < 0.3
      ? pick(['1', '100', 'a@example.com', '2026-12-01', 'owner', 'captured'], random)
      : textOf(random, 3_000),
  ]);
  const form = new URLSearchParams(fields as [string, string][]).toString();
  const get = method === 'get';
  return {
    method: method.toUpperCase(),
    path: get ? `${filled}?${form.slice(0, 6_000)}` : filled,
    headers: {
      Cookie: known.cookie,
      'Sec-Fetch-Site': 'same-origin',
      ...(get ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    body: get ? undefined : damagedText(form, random),
    ...(!get && random() < 0.1 ? damagedUpload(known, random) : {}),
  };
}

function damagedUpload({ cookie }: Known, random: Random): Pick<Malformed, 'headers' | 'body'> {
  const part = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${textOf(random, 3_000)}\r\n--x--\r\n`;
  const type = pick(
    ['multipart/form-data; boundary=x', 'multipart/form-data', 'multipart/form-data; boundary=y'],
    random,
  );
  return {
    headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': type },
    body: damagedText(part, random),
  };
}

function damagedForm(known: Known, random: Random): Malformed {
  const names = [
    'number',
    'exp',
    'csc',
    'name',
    'method',
    'payload',
    'id',
    'timestamp',
    'signature',
    'merchant_id',
  ];
  const more = [
    'threeDSSessionData',
    'cres',
    'threeDSMethodData',
    'login_id',
    'password',
    'code',
    'quantity',
    'js',
    'tz',
  ];
  const fields = Array.from({ length: Math.floor(random() * 8) }, () => [
    pick([...names, ...more, '__proto__', 'constructor', ''], random),
    textOf(random, 5_000),
  ]);
  const sameSite: Record<string, string> = random() < 0.7 ? { 'Sec-Fetch-Site': 'same-origin' } : {};
  return {
    method: random() < 0.8 ? 'POST' : pick(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'], random),
    path: pick(known.pages, random),
    headers: {
      ...sameSite,
      'Content-Type': pick(
        [
          'application/x-www-form-urlencoded',
          'application/x-www-form-urlencoded',
          'multipart/form-data',
          'multipart/form-data; boundary=x',
          'application/json',
        ],
        random,
      ),
    },
    body: damagedText(new URLSearchParams(fields as [string, string][]).toString(), random),
  };
}

const TRICKS = [
  '/static/../package.json',
  '/static/%2e%2e/%2e%2e/package.json',
  '/static/..%2f..%2fpackage.json',
  '/static/%00',
  '/static/pay.css%00.js',
  '/js/..%5c..%5cpackage.json',
  '//evil.example/%2f..',
  '/p/%c0%ae%c0%ae/',
  '/p/%E0%A4%A',
  '/v1/sessions/%E0%A4%A',
  '/console/%2e%2e/v1',
  '/logos/../../etc/passwd',
  '/legal/%27%3b--',
  '/docs/../.env',
  '/.git/config',
  '/%',
  '/?%',
];

function trickyPath(known: Known, random: Random): Malformed {
  const path =
    random() < 0.5
      ? pick(TRICKS, random)
      : `${pick(known.pages, random)}/${encodeURIComponent(textOf(random, 300))}`;
  return { method: pick(['GET', 'HEAD', 'POST', 'OPTIONS'], random), path, headers: {}, body: undefined };
}

/** A value that the schema allows, more or less: patterns are not followed. */
function exampleOf(document: Json, schema: Json, random: Random, depth = 0): Json {
  if (schema === undefined || depth > 8) return null;
  if (schema.$ref !== undefined) {
    const name = String(schema.$ref).split('/').at(-1) ?? '';
    return exampleOf(document, document.components.schemas[name], random, depth + 1);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(schema.enum, random);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return exampleOf(document, pick(choices, random), random, depth + 1);
  if (schema.allOf !== undefined)
    return Object.assign(
      {},
      ...schema.allOf.map((each: Json) => exampleOf(document, each, random, depth + 1)),
    );
  const type = Array.isArray(schema.type) ? pick(schema.type, random) : schema.type;
  if (type === 'integer' || type === 'number') return Math.floor(random() * 10_000) + (schema.minimum ?? 0);
  if (type === 'boolean') return random() < 0.5;
  if (type === 'array') return [exampleOf(document, schema.items, random, depth + 1)];
  if (type === 'null') return null;
  if (type !== 'object' && schema.properties === undefined)
    return schema.format === 'uri' ? 'https://shop.example/return' : `x${Math.floor(random() * 1e9)}`;
  const named = Object.entries<Json>(schema.properties ?? {}).filter(
    ([name]) => schema.required?.includes(name) || random() < 0.5,
  );
  return Object.fromEntries(
    named.map(([name, each]) => [name, exampleOf(document, each, random, depth + 1)]),
  );
}

/** Somewhere in it a value becomes another, goes, or comes. */
function damage(value: Json, random: Random): Json {
  if (value === null || typeof value !== 'object' || random() < 0.15) return pick(TEXTS, random);
  const keys = Object.keys(value);
  const key = keys.length === 0 ? 'x' : pick(keys, random);
  const copy: Json = Array.isArray(value) ? [...value] : { ...value };
  const what = random();
  if (what < 0.15) delete copy[key];
  else if (what < 0.25)
    copy[pick(['__proto__', 'constructor', 'toString', 'x'.repeat(5_000), ''], random)] = pick(TEXTS, random);
  else copy[key] = damage(value[key], random);
  return copy;
}

function damagedText(text: string, random: Random): string | Uint8Array {
  const what = random();
  if (what < 0.8) return text;
  if (what < 0.85) return text.slice(0, Math.floor(text.length * random()));
  if (what < 0.9) return `${text}${text}`;
  if (what < 0.93) return '['.repeat(20_000);
  if (what < 0.96) return Uint8Array.from({ length: 200 }, () => Math.floor(random() * 256));
  return text.replace(/[0-9]/, '1e999').replace(/"/, '\\u0000"');
}

/** What breaks things. */
const TEXTS: readonly (string | number | boolean | null | object)[] = [
  '',
  ' ',
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  Number.MAX_SAFE_INTEGER + 1,
  -0,
  [],
  {},
  [[[[[[]]]]]],
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\ufeff',
  '\u202e\u200b',
  '🈲'.repeat(300),
  'ﷺ'.repeat(300),
  'x'.repeat(70_000),
  "' or '1'='1",
  "'; drop table payments; --",
  '<%= process.env %>',
  '{{7*7}}#{7*7}<script>alert(1)</script>',
  '%s%n%x',
  '../../../../etc/passwd',
  'file:///etc/passwd',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::1]:5432/',
  'javascript:alert(1)',
  'https://user:pass@shop.example:99999/',
  'a@b',
  '２０２６',
  '1e5',
  '0x10',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  'NaN',
  'undefined',
  '__proto__',
  'constructor',
  '\r\nX-Injected: 1',
  'Bearer Bearer',
  '🏳️‍🌈',
];
