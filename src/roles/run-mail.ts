import { text } from 'node:stream/consumers';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/client.ts';
import { openLog } from '../lib/log.ts';
import { readBounce } from '../mail/return-path.ts';
import { openClosers } from './closers.ts';
import { locateDatabase } from './locate-database.ts';

/** 0 read, whatever it said; 2 asked wrongly. */
const ASKED_WRONGLY = 2;
const USAGE = 'mail bounce < MESSAGE   marks the mail that a delivery status notification is about\n';

/**
 * `mail bounce`: what the mail server of the return paths' domain pipes every message to `bounces+…` into
 * (docs/mail.md). Answers the exit code.
 */
export async function runMail(args: string[], readConfig: () => Promise<Config>): Promise<number> {
  if (args[0] !== 'bounce') {
    process.stderr.write(USAGE);
    return ASKED_WRONGLY;
  }
  const closers = openClosers();
  try {
    const config = await readConfig();
    const { databaseUrl } = await locateDatabase(config, closers);
    const { db, close } = openDatabase(databaseUrl, 1);
    closers.add(close);
    const said = await readBounce({ db, log: openLog(config.logLevel) }, await text(process.stdin));
    process.stdout.write(`${said}\n`);
    return 0;
  } finally {
    await closers.closeAll();
  }
}
