import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../support/world.ts';

/**
 * The schema can be spread by merchant (Citus and its like): the catalogue is asked whether every unique constraint, unique
 * index and foreign key holds the merchant. What does not is listed here, with its reason.
 */
const OF_NOBODY = 'of the whole service, small, read by all: a reference table';
const QUEUE =
  'the outbox, claimed across merchants: kept on one node, with two-phase commits from the others, or cut by merchant';
const WITHOUT: Record<string, string> = {
  backfills_pkey: OF_NOBODY,
  card_range_loads_mode_brand_pk: OF_NOBODY,
  card_ranges_mode_brand_range_start_pk: OF_NOBODY,
  data_keys_one_active: OF_NOBODY,
  data_keys_pkey: OF_NOBODY,
  jobs_key: QUEUE,
  jobs_pkey: QUEUE,
  key_encryption_keys_one_active: OF_NOBODY,
  key_encryption_keys_pkey: OF_NOBODY,
  login_addresses_pkey: 'counts by address, whoever is tried: kept on one node',
  paces_pkey: OF_NOBODY,
  page_checks_pkey: OF_NOBODY,
  page_reports_day_hash_pk: OF_NOBODY,
};

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

test('every unique index holds the merchant, or says why not', async () => {
  const rows = await world.deps.raw<{ name: string; place: string; columns: string[] }[]>`
    select i.relname as name, t.relname as place,
      array(select a.attname from unnest(x.indkey) with ordinality k(n, at) join pg_attribute a
        on a.attrelid = x.indrelid and a.attnum = k.n order by k.at) as columns
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where x.indisunique and t.relnamespace = 'public'::regnamespace order by 2, 1`;
  expect(rows.length).toBeGreaterThan(30);
  const without = rows.filter(({ columns }) => !columns.includes('merchant_id')).map(({ name }) => name);
  expect(without.sort()).toEqual(Object.keys(WITHOUT).sort());
});

test('every foreign key joins rows of one merchant', async () => {
  const rows = await world.deps.raw<{ name: string; columns: string[] }[]>`
    select conname as name, array(select attname from pg_attribute where attrelid = conrelid
      and attnum = any(conkey)) as columns
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by 1`;
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter(({ columns }) => !columns.includes('merchant_id'))).toEqual([]);
});
