import { afterAll, beforeAll, expect, test } from 'vitest';
import { mountConsole, visitor } from '../../support/console.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  mountConsole(world);
});
afterAll(() => world.close());

test('who is not logged in is sent to the login, and back', async () => {
  const response = await world.app.request('/console/payments?status=captured');
  expect(response.status).toBe(303);
  expect(response.headers.get('Location')).toBe(
    `/console/login?next=${encodeURIComponent('/console/payments?status=captured')}`,
  );
});

test('a login opens the console, in its language, with what the role may open', async () => {
  const merchant = await world.merchant();
  const owner = await visitor(world, merchant);
  const home = await owner.get('/console');
  expect(home.status).toBe(200);
  expect(home.html).toContain('監査ログ');
  const viewer = await visitor(world, merchant, 'viewer');
  expect((await viewer.get('/console?lang=en')).html).not.toContain('Audit log');
});

test('fifteen idle minutes, or twelve hours, end it', async () => {
  const merchant = await world.merchant();
  const idle = await visitor(world, merchant);
  world.clock.advance(15 * 60_000);
  expect((await idle.get('/console')).status).toBe(303);
  const busy = await visitor(world, merchant);
  for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
    world.clock.advance(600_000);
    expect((await busy.get('/console')).status).toBe(200);
  }
  world.clock.advance(600_000);
  expect((await busy.get('/console')).status).toBe(303);
});

test('a page that does not exist says so', async () => {
  const somebody = await visitor(world, await world.merchant());
  expect((await somebody.get('/console/nothing')).status).toBe(404);
});
