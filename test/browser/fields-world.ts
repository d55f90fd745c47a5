import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { wallClock } from '../../src/lib/clock.ts';
import { type Listener, listen } from '../../src/roles/listen.ts';
import { fieldsRoutes } from '../../src/web/fields/routes.ts';
import { tokenScriptRoutes } from '../../src/web/fields/script.ts';
import { staticRoutes } from '../../src/web/static.ts';
import { eventually } from '../support/eventually.ts';
import { type ShopSite, startShopSite } from '../support/shop-site.ts';
import { openWorld, type TestMerchant, type World } from '../support/world.ts';

/** The card fields on `localhost`, and shops on `127.0.0.1` that show them. */
export interface FieldsWorld {
  world: World;
  /** Where the fields, the script and the API are. */
  origin: string;
  merchant: TestMerchant;
  shop: ShopSite;
  /** A shop of another merchant, closed with the test. */
  openShop(merchant: TestMerchant): Promise<ShopSite>;
  close(): Promise<void>;
}

export async function openFieldsWorld(): Promise<FieldsWorld> {
  const world = await openWorld({ clock: { ...wallClock, advance: () => {} } });
  world.app.route('/', staticRoutes());
  world.app.route('/', tokenScriptRoutes());
  world.app.route('/', fieldsRoutes(world.deps));
  const listener: Listener = await listen(world.app.fetch, '127.0.0.1', 0);
  const origin = `http://localhost:${listener.port}`;
  const merchant = await world.merchant();
  const shop = await startShopSite(origin, merchant.keys.pk_test);
  const close = async () => {
    await shop.close();
    await listener.close();
    await world.close();
  };
  const openShop = async (other: TestMerchant) => {
    const site = await startShopSite(origin, other.keys.pk_test);
    onTestFinished(() => site.close());
    return site;
  };
  return { world, origin, merchant, shop, openShop, close };
}

/** The shop's script that mounts the fields and keeps what becomes of them in `window.seen`. */
export function mounting(options = '{}'): string {
  return `window.seen = [];
    const fields = window.fields = PayResort(KEY).cardFields(${options});
    for (const type of ['ready', 'change', 'submit']) fields.on(type, (event) => seen.push({ type, ...event }));
    fields.mount('#card');
    const pay = () => fields.createToken().then(
      (token) => seen.push({ type: 'token', ...token }),
      ({ name, code, message, errors }) => seen.push({ type: 'error', name, code, message, errors }));
    document.querySelector('#pay').addEventListener('click', pay);`;
}

export interface Seen {
  type: string;
  [name: string]: unknown;
}

export interface ShopTab {
  page: Page;
  /** The frame with the fields. */
  frame: Frame;
  /** What the browser complained about: scripts, policies, missing files. */
  complaints: string[];
  /** Waits for the first thing seen of a type. */
  saw(type: string): Promise<Seen>;
  all(): Promise<Seen[]>;
}

/** A phone at the shop's page, with the fields ready to be typed into. */
export async function openShopTab(
  browser: Browser,
  shop: ShopSite,
  options: BrowserContextOptions = {},
): Promise<ShopTab> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'ja-JP',
    ...options,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  shop.log.length = 0;
  await page.goto(shop.origin);
  const all = () => page.evaluate<Seen[]>('window.seen');
  const saw = (type: string) =>
    eventually(`${type} was seen`, async () => (await all()).find((each) => each.type === type));
  const frame = await eventually('the frame', async () => page.frames()[1]);
  return { page, frame, complaints, saw, all };
}

export interface Typed {
  number: string;
  exp: string;
  csc: string;
  name: string;
}

export const GOOD: Typed = { number: '378282246310005', exp: '1230', csc: '9137', name: 'TARO YAMADA' };

/** By keys, field after field, as a person does. */
export async function type(frame: Frame, typed: Typed): Promise<void> {
  for (const [name, text] of Object.entries(typed)) await frame.locator(`#${name}`).pressSequentially(text);
}
