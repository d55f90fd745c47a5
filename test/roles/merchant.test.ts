import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { apiClient, sessionBody } from '../support/api.ts';
import { createDatabase } from '../support/database.ts';
import { startFleet } from '../support/fleet.ts';
import { makeDataDir, runMain, type Variables } from '../support/processes.ts';

let env: Variables;

beforeAll(async () => {
  const { url } = await createDatabase();
  env = { DATABASE_URL: url, DATA_DIR: makeDataDir(`merchant-${process.pid}`), KEY_CACHE_MS: '10' };
});

const merchant = (...args: string[]) => runMain(['merchant', ...args], env);
const SHOP = ['A100000042', 'こはる商店', 'https://koharu.example', '5719', '900001', '400012345678901'];

describe('a command of merchant', () => {
  test.each<[string[], number, string]>([
    [[], 2, 'merchant create ID NAME'],
    [['create', 'A1'], 2, 'merchant create ID NAME'],
    [['create', 'D100000042', ...SHOP.slice(1)], 2, 'ID must be A1 and eight digits'],
    [['create', ...SHOP.slice(0, 3), '57', ...SHOP.slice(4)], 2, 'MCC must be four digits'],
    [['show', 'A100000042'], 1, 'There is no merchant A100000042.'],
    [['create', ...SHOP], 0, '"live_secret_key": "sk_live_'],
    [['create', ...SHOP], 1, 'There is a merchant A100000042 already.'],
    [['list'], 0, 'A100000042  こはる商店'],
    [['show', 'A100000042'], 0, '"whenAuthenticationUnavailable": "refuse"'],
    [['set', 'A100000042', 'whenAuthenticationUnavailable', '"proceed"'], 0, ''],
    [['show', 'A100000042'], 0, '"whenAuthenticationUnavailable": "proceed"'],
    [['unset', 'A100000042', 'whenAuthenticationUnavailable'], 0, ''],
    [['show', 'A100000042'], 0, '"whenAuthenticationUnavailable": "refuse"'],
    [['set', 'A100000042', 'whenAuthenticationUnavailable', 'proceed'], 2, 'must be JSON'],
    [['set', 'A100000042', 'whenAuthenticationUnavailable', '"maybe"'], 2, 'whenAuthenticationUnavailable'],
    [
      ['set', 'A100000042', 'paymentTypes', '{"installments":[4]}'],
      2,
      'paymentTypes.installments.0: must be one of',
    ],
    [['set', 'A100000042', 'registrationNumber', '"T700001205000"'], 2, 'must be T and 13 digits'],
    [['set', 'A100000042', 'registrationNumber', '"T1000012050002"'], 0, 'Set, but: The check digit'],
    [['set', 'A100000042', 'registrationNumber', '"Ｔ7000012050002"'], 0, ''],
    [['show', 'A100000042'], 0, '"registrationNumber": "T7000012050002"'],
    [['set', 'A100000042', 'nothing', '1'], 2, 'There is no setting nothing.'],
    [['set', 'A100000099', 'limitsInTestMode', 'true'], 1, 'There is no merchant'],
    [['key', 'A100000042', 'live', 'secret'], 0, 'sk_live_'],
    [['key', 'A100000042', 'live', 'other'], 2, 'merchant key ID'],
  ])('merchant %s → %i', async (args, code, text) => {
    expect(await merchant(...args)).toMatchObject({ code, output: expect.stringContaining(text) });
  });
});

test('a merchant that was set up can begin at once', async () => {
  const KEY_ENCRYPTION_KEY = randomBytes(32).toString('base64');
  const fleet = await startFleet({ webs: 1, workers: 0 }, { KEY_ENCRYPTION_KEY });
  onTestFinished(() => fleet.stop());
  const { output } = await runMain(['merchant', 'create', ...SHOP], {
    DATABASE_URL: fleet.databaseUrl,
    DATA_DIR: makeDataDir(`merchant-fleet-${process.pid}`),
    KEY_ENCRYPTION_KEY,
  });
  const keys = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  const api = apiClient(fleet.webs[0]?.baseUrl ?? '', keys.live_secret_key);
  const body = sessionBody({ return_url: 'https://koharu.example/back' });
  expect(await api('POST', '/v1/sessions', body)).toMatchObject({ status: 201, body: { mode: 'live' } });
});
