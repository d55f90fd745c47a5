import { beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../support/database.ts';
import { makeDataDir, runMain, type Variables } from '../support/processes.ts';

let env: Variables;

beforeAll(async () => {
  const { url } = await createDatabase();
  env = { DATABASE_URL: url, DATA_DIR: makeDataDir(`user-${process.pid}`), KEY_CACHE_MS: '10' };
});

const OWNER = ['owner', 'A100000042', 'Hanako', '髙橋 花子', 'hanako@koharu.example'];
const MERCHANT = [
  'create',
  'A100000042',
  'こはる商店',
  'https://koharu.example',
  '5719',
  '900001',
  '4000123',
];

test('an operator makes the first owner of a merchant, and helps who is locked out', async () => {
  const cases: [string[], number, string][] = [
    [['merchant', 'create'], 2, 'merchant create ID'],
    [['user'], 2, 'user owner ID LOGIN NAME EMAIL'],
    [['user', ...OWNER], 1, 'There is no merchant A100000042.'],
    [['merchant', ...MERCHANT], 0, 'live_secret_key'],
    [['user', ...OWNER.slice(0, 4), 'nowhere'], 2, 'EMAIL must be an address'],
    [['user', 'owner', 'A100000042', 'x', 'X', 'x@y.example'], 2, 'LOGIN must be'],
    [['user', ...OWNER], 0, '/console/join/'],
    [['user', ...OWNER], 1, 'There is a user hanako already.'],
    [['user', 'list', 'A100000042'], 0, 'hanako  owner  invited  hanako@koharu.example  髙橋 花子'],
    [['user', 'invite', 'A100000042', 'hanako'], 0, '/console/join/'],
    [['user', 'invite', 'A100000042', 'nobody'], 1, 'There is no user nobody.'],
    [['user', 'factors', 'A100000042', 'hanako'], 0, 'sets up a new second factor'],
    [['user', 'enable', 'A100000042', 'hanako'], 0, 'hanako may log in.'],
  ];
  for (const [args, code, output] of cases) {
    expect([args, await runMain(args, env)]).toMatchObject([
      args,
      { code, output: expect.stringContaining(output) },
    ]);
  }
});
