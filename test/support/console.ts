import type { Role } from '../../src/db/schema.ts';
import { users } from '../../src/db/schema.ts';
import { newId } from '../../src/lib/ids.ts';
import { beginLogin, type UserRow } from '../../src/users/logins.ts';
import { cookieName } from '../../src/web/console/cookie.ts';
import { consoleRoutes } from '../../src/web/console/routes.ts';
import { staticRoutes } from '../../src/web/static.ts';
import { recorded } from './transcript.ts';
import type { TestMerchant, World } from './world.ts';

/** A page of the console as it was answered. */
export interface Seen {
  status: number;
  headers: Headers;
  html: string;
}

/** Somebody at a merchant who is logged in to the console, with both factors. */
export interface Visitor {
  user: UserRow;
  cookie: string;
  get(path: string): Promise<Seen>;
  /** As a browser posts a form of our own page; a redirect is not followed. */
  post(path: string, form?: Record<string, string>): Promise<Seen>;
}

/** Mounts the console on the world's app. Once per world. */
export function mountConsole({ app, deps }: World): void {
  app.route('/', staticRoutes());
  app.route('/', consoleRoutes(deps));
}

let made = 0;

/** A user of the merchant with this role, put there without an invitation, and logged in. */
export async function visitor(
  world: World,
  merchant: Pick<TestMerchant, 'merchantId'>,
  role: Role = 'owner',
  mode: 'test' | 'live' = 'test',
): Promise<Visitor> {
  made += 1;
  const now = world.deps.clock.now();
  const [user] = await world.deps.db
    .insert(users)
    .values({
      merchantId: merchant.merchantId,
      id: newId('usr', now),
      login: `${role}-${made}`,
      name: '髙橋 一郎',
      email: `${role}-${made}@shop.example`,
      role,
      language: 'ja',
      status: 'active',
      createdAt: now,
    })
    .returning();
  if (user === undefined) throw new Error('no user');
  const from = { stage: 'complete', mode, userAgent: 'test', ip: null } as const;
  const cookie = `${cookieName(world.deps.config.publicUrl)}=${await beginLogin(world.deps, user, from)}`;
  const ask = async (path: string, init: RequestInit): Promise<Seen> => {
    const response = await world.app.request(path, init);
    return { status: response.status, headers: response.headers, html: await recorded(response) };
  };
  return {
    user,
    cookie,
    get: (path) => ask(path, { headers: { Cookie: cookie } }),
    post: (path, form = {}) =>
      ask(path, {
        method: 'POST',
        headers: {
          Cookie: cookie,
          'Content-Type': 'application/x-www-form-urlencoded',
          'Sec-Fetch-Site': 'same-origin',
        },
        body: new URLSearchParams(form).toString(),
      }),
  };
}
