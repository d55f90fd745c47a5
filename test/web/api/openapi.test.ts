import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { PROBLEMS } from '../../../src/lib/problem.ts';
import { EVENT_TYPES } from '../../../src/payments/decide.ts';
import { EXAMPLES } from '../../../src/web/api/examples.ts';
import * as objects from '../../../src/web/api/objects.ts';
import { openApi } from '../../../src/web/api/openapi.ts';
import * as requested from '../../../src/web/api/request-objects.ts';
import * as requests from '../../../src/web/api/request-schemas.ts';
import { apiRoutes } from '../../../src/web/api/routes.ts';
import * as schemas from '../../../src/web/api/schemas.ts';
import type { Json } from '../../support/api.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
const document: Json = JSON.parse(JSON.stringify(openApi('https://pay.example')));

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('every mounted route is documented, every documented route is mounted', () => {
  const mounted = apiRoutes(world.deps)
    .routes.filter(({ method, path }) => !['ALL', 'OPTIONS'].includes(method) && !path.includes('*'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  const documented = Object.entries<Json>(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual([...new Set(mounted)].sort());
});

test('every error code stands in the document', () => {
  expect(Object.keys(document.components.responses).sort()).toEqual(Object.keys(PROBLEMS).sort());
  expect(document.components.schemas.Problem.properties.code.enum.sort()).toEqual(
    Object.keys(PROBLEMS).sort(),
  );
});

test('every kind of event stands under webhooks', () => {
  expect(Object.keys(document.webhooks)).toEqual([...EVENT_TYPES]);
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path]) => path ?? '',
  );
  expect(references.length).toBeGreaterThan(100);
  const lost = new Set(
    references.filter(
      (path) =>
        path.split('/').reduce<Json>((at, step) => at?.[decodeURIComponent(step)], document) === undefined,
    ),
  );
  expect([...lost]).toEqual([]);
});

test('every schema is used', () => {
  const text = JSON.stringify(document);
  const unused = Object.keys(document.components.schemas).filter(
    (name) => !text.includes(`"#/components/schemas/${name}"`),
  );
  expect(unused).toEqual([]);
});

test('operation ids are unique, and POSTs take an Idempotency-Key, tokens apart', () => {
  const operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, method, parameters = [] } of operations) {
    const keyed = parameters.some(({ $ref }: Json) => $ref === '#/components/parameters/idempotency_key');
    expect([path, method, keyed]).toEqual([path, method, method === 'post' && path !== '/v1/tokens']);
  }
});

test('every example is what its schema says', () => {
  const named: Record<string, unknown> = { ...schemas, ...objects, ...requests, ...requested };
  for (const [name, example] of Object.entries(EXAMPLES)) {
    const schema = named[name];
    if (!(schema instanceof z.ZodType)) throw new Error(`no schema ${name}`);
    expect([name, schema.safeParse(example).error?.issues]).toEqual([name, undefined]);
  }
});

test('it is version 3.1 and speaks its language', () => {
  expect(document.openapi).toMatch(/^3\.1/);
  const text = JSON.stringify(document);
  expect(text).not.toContain('"nullable"');
  expect(text).not.toContain('"$id"');
  expect(document.components.schemas.SessionBody.required.sort()).toEqual([
    'amount',
    'order_id',
    'return_url',
  ]);
  expect(document.components.schemas.SessionBody.additionalProperties).toBe(false);
});
