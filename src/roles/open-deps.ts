import { type OpenAcquirerOptions, openAcquirer } from '../acquirer/open-acquirer.ts';
import type { Acquirer } from '../acquirer/port.ts';
import { type Config, MODES, type Mode } from '../config.ts';
import { openDatabase } from '../db/client.ts';
import { type Deps, openBackground } from '../deps.ts';
import { type Clock, wallClock } from '../lib/clock.ts';
import { describeError, openLog } from '../lib/log.ts';
import { armSeam } from '../lib/seams.ts';
import { openSmtpMailer } from '../mail/smtp.ts';
import { confirmKek } from '../vault/data-keys.ts';
import { openKeyProvider } from '../vault/key-provider.ts';
import { openKeyRing } from '../vault/keyring.ts';
import { openVoucherCentre } from '../vouchers/connector.ts';
import type { VoucherCentre } from '../vouchers/port.ts';
import { claimTerminal } from './claim-terminal.ts';
import { openClosers } from './closers.ts';
import { connectionName } from './known-keks.ts';

export interface OpenedDeps {
  deps: Deps;
  /** Resolves when this process has lost its terminal id to another: then it must stop. */
  lost: Promise<void>;
  /** Waits for work in the background, closes the links, then the database. */
  close(): Promise<void>;
}

/**
 * Builds what is injected into every verb. `config` must name a database and keys (`prepareConfig` sees to
 * it).
 */
export async function openDeps(config: Config & { databaseUrl: string }): Promise<OpenedDeps> {
  if (config.killAt !== null) armSeam(config.killAt);
  if (config.keys === null) throw new Error('openDeps needs keys');
  const closers = openClosers();
  const log = openLog(config.logLevel);
  const clock = wallClock;
  try {
    const { db, raw, close } = openDatabase(config.databaseUrl, config.databasePool);
    closers.add(close);
    const provider = openKeyProvider(config.keys.encryption);
    const keys = openKeyRing(db, clock, provider, config.keyCacheMs);
    await confirmKek({ db, clock, provider });
    const claim = await claimTerminal(config.databaseUrl, connectionName(provider.ids));
    closers.add(claim.close);
    const acquirers: Record<Mode, Acquirer | null> = { test: null, live: null };
    for (const mode of MODES) {
      const network = config.networks[mode];
      if (network === null) continue;
      const acquirer = openAcquirer({
        address: network.acquirer,
        timeoutMs: config.acquirerTimeoutMs,
        terminal: claim.terminal,
        log,
        deps: { db, keys, clock },
      } satisfies OpenAcquirerOptions);
      acquirers[mode] = acquirer;
      closers.add(() => acquirer.close());
    }
    const vouchers = { test: centreOf(config, 'test', clock), live: centreOf(config, 'live', clock) };
    const mailer =
      config.smtpUrl === null ? null : openSmtpMailer({ url: config.smtpUrl, from: config.mailFrom });
    closers.add(async () => mailer?.close());
    const background = openBackground((error) =>
      log.error(describeError(error), 'work in the background failed'),
    );
    closers.add(() => background.drained());
    const readiness = { ready: false };
    const deps: Deps = {
      config,
      db,
      raw,
      clock,
      log,
      keys,
      acquirers,
      vouchers,
      mailer,
      fetch,
      background,
      readiness,
    };
    return { deps, lost: claim.lost, close: () => closeAll(closers.closeAll, log) };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

function centreOf(config: Config, mode: Mode, clock: Clock): VoucherCentre | null {
  const settings = config.networks[mode]?.vouchers ?? null;
  if (settings === null) return null;
  const noticeUrl = `${config.publicUrl}/vouchers/notices/${mode}`;
  return openVoucherCentre({ ...settings, noticeUrl, timeoutMs: config.voucherTimeoutMs, clock, fetch });
}

async function closeAll(closers: () => Promise<unknown[]>, log: Deps['log']): Promise<void> {
  for (const error of await closers()) log.error(describeError(error), 'something did not close');
}
