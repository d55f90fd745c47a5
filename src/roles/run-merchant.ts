import { z } from 'zod';
import { record } from '../audit/record.ts';
import type { Config, Mode } from '../config.ts';
import { inTransaction, openDatabase } from '../db/client.ts';
import { merchants } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { wallClock } from '../lib/clock.ts';
import { createApiKey } from '../merchants/keys.ts';
import { findMerchant } from '../merchants/merchant.ts';
import { createSecret } from '../merchants/secrets.ts';
import { changeSetting, doubtAbout, SETTING_NAMES, type SettingName } from '../merchants/settings.ts';
import { openKeyProvider } from '../vault/key-provider.ts';
import { openKeyRing } from '../vault/keyring.ts';
import { openClosers } from './closers.ts';
import { type Located, locateDatabase } from './locate-database.ts';
import { operator } from './operator.ts';

type MerchantDeps = Pick<Deps, 'db' | 'clock' | 'config' | 'keys'>;
type Command = (deps: MerchantDeps, args: string[]) => Promise<number>;

/** 0 done; 1 failed; 2 asked wrongly. */
const DONE = 0;
const FAILED = 1;
const ASKED_WRONGLY = 2;

const USAGE = `merchant list                                  every merchant
merchant show ID                               one merchant, with what its settings come to in live mode
merchant create ID NAME URL MCC BIN ACQUIRER_ID   a merchant, with keys and secrets of both modes, shown once
merchant set ID SETTING JSON                   sets one of: ${SETTING_NAMES.join(', ')}
merchant unset ID SETTING                      back to its default
merchant key ID test|live secret|publishable   one more API key, shown once
`;

const COMMANDS: Record<string, { takes: number; run: Command }> = {
  list: { takes: 0, run: list },
  show: { takes: 1, run: show },
  create: { takes: 6, run: create },
  set: { takes: 3, run: set },
  unset: { takes: 2, run: set },
  key: { takes: 3, run: key },
};

/** `merchant …`: what the bank's operators set up (docs/merchants.md). Answers the exit code. */
export async function runMerchant(args: string[], readConfig: () => Promise<Config>): Promise<number> {
  const [name = '', ...rest] = args;
  const command = COMMANDS[name];
  if (command === undefined || command.takes !== rest.length) return askedWrongly(USAGE);
  const closers = openClosers();
  try {
    const config = await locateDatabase(await readConfig(), closers);
    return await command.run(openMerchantDeps(config, closers), rest);
  } finally {
    await closers.closeAll();
  }
}

function openMerchantDeps(config: Located, closers: ReturnType<typeof openClosers>): MerchantDeps {
  if (config.keys === null) throw new Error('the commands of merchant need keys');
  const { db, close } = openDatabase(config.databaseUrl, 2);
  closers.add(close);
  const keys = openKeyRing(db, wallClock, openKeyProvider(config.keys.encryption), config.keyCacheMs);
  return { db, clock: wallClock, config, keys };
}

async function list({ db }: MerchantDeps): Promise<number> {
  const rows = await db.select().from(merchants).orderBy(merchants.merchantId);
  for (const { merchantId, name, url } of rows) say(`${merchantId}  ${name}  ${url}`);
  return DONE;
}

async function show(deps: MerchantDeps, [id = '']: string[]): Promise<number> {
  const merchant = await findMerchant(deps, id, 'live');
  if (merchant === null) return unknown(id);
  const { clock: _, mode: __, ...rest } = merchant;
  say(JSON.stringify(rest, null, 2));
  return DONE;
}

const NewMerchant = z.object({
  merchantId: z
    .string()
    .regex(/^A1\d{8}$/, 'ID must be A1 and eight digits')
    // Samples and trial events speak of it: nobody may be it.
    .refine((id) => id !== 'A100000000', 'ID A100000000 is kept for samples'),
  name: z.string().min(1).max(100),
  url: z.url('URL must be the address of the shop'),
  mcc: z.string().regex(/^\d{4}$/, 'MCC must be four digits'),
  acquirerBin: z.string().regex(/^\d{6,11}$/, 'BIN must be 6 to 11 digits'),
  acquirerMerchantId: z.string().regex(/^[\x21-\x7e]{1,15}$/, 'ACQUIRER_ID must be 1 to 15 ASCII characters'),
});

async function create(deps: MerchantDeps, args: string[]): Promise<number> {
  const [merchantId, name, url, mcc, acquirerBin, acquirerMerchantId] = args;
  const read = NewMerchant.safeParse({ merchantId, name, url, mcc, acquirerBin, acquirerMerchantId });
  if (!read.success) return askedWrongly(faultsOf(read.error));
  const acting = operator();
  const isNew = await inTransaction(deps.db, 'roles.create_merchant', async (tx) => {
    const made = await tx
      .insert(merchants)
      .values({ ...read.data, settings: {}, createdAt: deps.clock.now() })
      .onConflictDoNothing()
      .returning({ merchantId: merchants.merchantId });
    if (made.length === 0) return false;
    const whose = { merchantId: read.data.merchantId, mode: null, acting };
    await record(tx, deps, whose, { action: 'merchant.created', target: whose.merchantId });
    return true;
  });
  if (!isNew) {
    process.stderr.write(`There is a merchant ${merchantId} already.\n`);
    return FAILED;
  }
  const credentials: Record<string, string> = {};
  for (const mode of ['test', 'live'] as const) {
    const owner = { merchantId: read.data.merchantId, mode, acting };
    credentials[`${mode}_secret_key`] = await createApiKey(deps, { ...owner, kind: 'secret' });
    credentials[`${mode}_publishable_key`] = await createApiKey(deps, { ...owner, kind: 'publishable' });
    credentials[`${mode}_entry_secret`] = await createSecret(deps, { ...owner, kind: 'entry' });
    credentials[`${mode}_webhook_secret`] = await createSecret(deps, { ...owner, kind: 'signing' });
  }
  say(JSON.stringify(credentials, null, 2));
  return DONE;
}

/** `set` with a value, `unset` without one. */
async function set(deps: MerchantDeps, [id = '', name = '', json]: string[]): Promise<number> {
  const setting = SETTING_NAMES.find((known) => known === name);
  if (setting === undefined)
    return askedWrongly(`There is no setting ${name}. There are ${SETTING_NAMES.join(', ')}.\n`);
  try {
    const value: unknown = json === undefined ? undefined : JSON.parse(json);
    if (
      !(await changeSetting(
        deps,
        { merchantId: id, acting: operator() },
        setting satisfies SettingName,
        value,
      ))
    )
      return unknown(id);
    const doubt = doubtAbout(setting, value);
    if (doubt !== null) process.stderr.write(`Set, but: ${doubt}\n`);
    return DONE;
  } catch (error) {
    if (error instanceof SyntaxError)
      return askedWrongly('The value must be JSON, such as true, 30, "refuse" or ["card"].\n');
    if (error instanceof z.ZodError) return askedWrongly(faultsOf(error));
    throw error;
  }
}

async function key(deps: MerchantDeps, [id = '', mode, kind]: string[]): Promise<number> {
  const read = z.object({ mode: z.enum(['test', 'live']), kind: z.enum(['secret', 'publishable']) });
  const asked = read.safeParse({ mode, kind });
  if (!asked.success) return askedWrongly(USAGE);
  if ((await findMerchant(deps, id, asked.data.mode satisfies Mode)) === null) return unknown(id);
  say(await createApiKey(deps, { merchantId: id, acting: operator(), ...asked.data }));
  return DONE;
}

function faultsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}\n`).join('');
}

function unknown(id: string): number {
  process.stderr.write(`There is no merchant ${id}.\n`);
  return FAILED;
}

function askedWrongly(text: string): number {
  process.stderr.write(text);
  return ASKED_WRONGLY;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
