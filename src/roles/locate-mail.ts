import { createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SMTPServer } from 'smtp-server';
import type { Config } from '../config.ts';
import { wallClock } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { Closers } from './closers.ts';

/** SMTP_URL, or outside production a catcher of our own: what it is given ends in `DATA_DIR/inbox`, and nowhere else. */
export async function locateMail(config: Config, closers: Closers): Promise<Config> {
  if (config.smtpUrl !== null || config.production) return config;
  const catcher = await startCatcher(join(config.dataDir, 'inbox'));
  closers.add(catcher.close);
  return { ...config, smtpUrl: catcher.url };
}

export interface Catcher {
  /** `smtp://127.0.0.1:{port}`. */
  url: string;
  close(): Promise<void>;
}

const LARGEST = 1_000_000;

/** A mail server on a free port of this machine that keeps every mail as a file, `{id}.eml`. */
export async function startCatcher(folder: string): Promise<Catcher> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST,
    logger: false,
    onData: (stream, _session, done) => {
      const name = `${newId('mail', wallClock.now())}.eml`;
      const unfinished = join(folder, `.${name}`);
      pipeline(stream, createWriteStream(unfinished, { mode: 0o600 })).then(
        () => {
          renameSync(unfinished, join(folder, name));
          done(null);
        },
        (error: Error) => done(error),
      );
    },
  });
  const address = await new Promise<ReturnType<typeof server.server.address>>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server.server.address()));
  });
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
