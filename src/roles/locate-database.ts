import type { Config } from '../config.ts';
import { startEmbedded } from '../db/embedded.ts';
import type { Closers } from './closers.ts';

export type Located = Config & { databaseUrl: string };

/** DATABASE_URL, or the embedded server, started here. */
export async function locateDatabase(config: Config, closers: Closers): Promise<Located> {
  if (config.databaseUrl !== null) return { ...config, databaseUrl: config.databaseUrl };
  const embedded = await startEmbedded({ dataDir: config.dataDir, durable: true });
  closers.add(embedded.stop);
  return { ...config, databaseUrl: embedded.url };
}
