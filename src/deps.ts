import type postgres from 'postgres';
import type { Acquirer } from './acquirer/port.ts';
import type { Config, Mode } from './config.ts';
import type { Db } from './db/client.ts';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import type { Mailer } from './mail/port.ts';
import type { KeyRing } from './vault/keyring.ts';
import type { VoucherCentre } from './vouchers/port.ts';

/** What is built once at the start and handed to every verb. */
export interface Deps {
  config: Config;
  db: Db;
  /** For LISTEN, NOTIFY waits and advisory locks only. */
  raw: postgres.Sql;
  clock: Clock;
  log: Log;
  keys: KeyRing;
  /** The acquirer's link per mode; null where the mode has no network. */
  acquirers: Record<Mode, Acquirer | null>;
  /** The voucher centre per mode; null where the mode has none. */
  vouchers: Record<Mode, VoucherCentre | null>;
  /** Null in a process that sends no mail. */
  mailer: Mailer | null;
  /** For the Directory Servers. Notifications go through `lib/fetch.ts`. */
  fetch: typeof fetch;
  /** Work that outlives the request that began it; a stopping process waits for it. */
  background: Background;
  /** True once everything this process runs is up, false again when it stops; `/readyz` tells it. */
  readiness: { ready: boolean };
}

export interface Background {
  run(work: Promise<unknown>): void;
  drained(): Promise<void>;
}

export function openBackground(onError: (error: unknown) => void): Background {
  const running = new Set<Promise<unknown>>();
  return {
    run: (work) => {
      const tracked = work.catch(onError).finally(() => running.delete(tracked));
      running.add(tracked);
    },
    drained: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
