import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../../src/db/schema.ts';
import { PERMISSIONS, ROLES } from '../../../src/users/policy.ts';
import type { ConsoleRoute } from '../../../src/web/console/route.ts';
import { CONSOLE_ROUTES } from '../../../src/web/console/routes.ts';
import { mountConsole, type Seen, type Visitor, visitor } from '../../support/console.ts';
import { openWorld, type TestMerchant, type World } from '../../support/world.ts';
import { foreignPaths, UNKNOWN } from './foreign.ts';

/** Every route × role × foreign merchant: deny by default, and not even existence leaks. */
let world: World;
let own: TestMerchant;
let foreign: TestMerchant;

beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
  [own, foreign] = [await world.merchant(), await world.merchant()];
});
afterAll(() => world.close());

const routes = CONSOLE_ROUTES.map((route) => ({ ...route, name: `${route.method} ${route.path}` }));

describe.each(routes)('$name', (route) => {
  test.each(ROLES)('%s', async (role) => {
    const roles: readonly string[] = PERMISSIONS[route.permission];
    const { status } = await ask(await somebody(role), route, withParams(route.path, UNKNOWN));
    if (roles.includes(role)) expect(status).not.toBe(403);
    else expect(status).toBe(403);
  });

  test('nobody', async () => {
    const path = withParams(route.path, UNKNOWN);
    const answer = await world.app.request(path, { method: route.method.toUpperCase() });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('Location')).toMatch(/^\/console\/login/);
  });

  test('what is another merchant’s is as if it were not', async () => {
    for (const path of await foreignPaths(world, foreign, route.path)) {
      const [theirs, nobodys] = [
        await ask(await somebody('owner'), route, path),
        await ask(await somebody('owner'), route, withParams(route.path, UNKNOWN)),
      ];
      expect([path, theirs.status]).toEqual([path, nobodys.status]);
      expect([path, said(theirs)]).toEqual([path, said(nobodys)]);
    }
  });

  if (route.method === 'post')
    test('a form of another site is refused', async () => {
      const { cookie } = await somebody('owner');
      const answer = await world.app.request(withParams(route.path, UNKNOWN), {
        method: 'POST',
        headers: {
          Cookie: cookie,
          'Content-Type': 'application/x-www-form-urlencoded',
          'Sec-Fetch-Site': 'cross-site',
          Origin: 'https://elsewhere.example',
        },
      });
      expect(answer.status).toBe(403);
    });
});

/** Anew for every question: one of the routes logs out. */
function somebody(role: Role): Promise<Visitor> {
  return visitor(world, own, role);
}

function ask(who: Visitor, { method }: Pick<ConsoleRoute, 'method'>, path: string): Promise<Seen> {
  return method === 'get' ? who.get(path) : who.post(path);
}

/** All that a page says, without the address it was asked at. */
function said({ html }: Seen): string {
  return html.replace(/href="[^"]*lang=[^"]*"/g, '').replace(/req_\w+/g, '');
}

function withParams(path: string, value: string): string {
  return path.replace(/:\w+(\{[^}]*\})?/g, value);
}
