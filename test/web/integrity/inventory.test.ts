import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBaseline } from '../../../src/web/integrity/baseline.ts';
import { type InventoryEntry, inventoryFaults, readInventory } from '../../../src/web/integrity/inventory.ts';
import { activeParts, loadedFiles } from '../../../src/web/integrity/parts.ts';
import { openWorld, type World } from '../../support/world.ts';
import { galleryNames, galleryPage, messagePages } from '../pay/visits.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(() => world.close());

describe('the inventory is found wanting where', () => {
  const file = 'views/static/pay.js';
  const served = [{ file, integrity: 'sha384-now' }];
  const entry: InventoryEntry = {
    file,
    purpose: 'Does what it does.',
    pages: ['form'],
    integrity: 'sha384-now',
  };

  test.each([
    ['a file is new', [], 'is served and not in the inventory'],
    ['a file was changed', [{ ...entry, integrity: 'sha384-before' }], 'was changed, it is now sha384-now'],
    ['nobody has said why', [{ ...entry, purpose: '' }], 'has no purpose'],
    ['a file is gone', [entry, { ...entry, file: 'gone.js' }], 'gone.js: is in the inventory and not served'],
  ])('%s', (_, listed, fault) => {
    expect(inventoryFaults(listed, served)).toEqual([expect.stringContaining(fault)]);
  });

  test('nowhere', () => expect(inventoryFaults([entry], served)).toEqual([]));
});

test('the inventory says on which pages each is loaded', async () => {
  const { pages } = await makeBaseline(world.deps);
  // Cards are typed on none of these.
  const elsewhere = ['shop', 'receipt', 'request', 'link', 'console'];
  const listed = readInventory().filter(({ pages }) => !pages.some((page) => elsewhere.includes(page)));
  const stem = (file: string) => file.replace(/^views(.*)\.(js|css)$/, '$1.');
  for (const { file, pages: said } of listed) {
    expect(said.length, `a sample page loads ${file}, or the self-check does not see it`).toBeGreaterThan(0);
    const loading = Object.entries(pages).filter(([, { html }]) =>
      loadedFiles(html).some((path) => path.startsWith(stem(file)) && path.endsWith(file.slice(-3))),
    );
    expect([file, loading.map(([name]) => name)]).toEqual([file, said]);
  }
});

test('whatever a page loads, it loads with its integrity', () => {
  const pages = [...galleryNames().map((name) => galleryPage(name)), ...Object.values(messagePages())];
  const loading = pages
    .flatMap(({ html }) => activeParts(html))
    .filter((part) => /^<(script|link) /.test(part));
  expect(loading.length).toBeGreaterThan(100);
  const bare = loading.filter((part) => !/ integrity="sha384-/.test(part) && !/rel="icon"/.test(part));
  expect(bare).toEqual([]);
});

test('what a page names as integrity is what is served there, the colours of a merchant too', async () => {
  const { pages, files } = await makeBaseline(world.deps);
  const named = Object.values(pages).flatMap(({ html }) => [
    ...html.matchAll(/(?:src|href)="([^"]+)" integrity="([^"]+)"/g),
  ]);
  expect(named.some(([, path]) => path?.startsWith('/static/brand/'))).toBe(true);
  for (const [, path = '', integrity] of named)
    expect([path, files[path]?.integrity]).toEqual([path, integrity]);
});
