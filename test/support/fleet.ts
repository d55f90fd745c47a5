import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from './database.ts';
import {
  consecutivePorts,
  type Demo,
  makeDataDir,
  type Running,
  startRole,
  type Variables,
} from './processes.ts';

/** Several processes on one database: as many web and worker processes as asked for, and one simulated network. */
export interface Fleet {
  demo: Demo;
  webs: (Running & { baseUrl: string })[];
  workers: Running[];
  simulator: Running;
  databaseUrl: string;
  /** Where its keys are. */
  dataDir: string;
  stop(): Promise<void>;
}

export async function startFleet(
  size: { webs: number; workers: number; role?: 'web' | 'serve' },
  env: Variables = {},
): Promise<Fleet> {
  const database = await createDatabase();
  const [first, simulatorPort] = [await consecutivePorts(size.webs), await consecutivePorts(3)];
  const dataDir = makeDataDir(`fleet-${first}`);
  const shared: Variables = {
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    PUBLIC_URL: `http://localhost:${first}`,
    SIMULATOR_PORT: String(simulatorPort),
    SIMULATOR_ACQUIRER_PORT: String(simulatorPort + 1),
    SHOP_PORT: String(simulatorPort + 2),
    ...env,
  };
  const simulator = await startRole('simulator', shared);
  const webs: Fleet['webs'] = [];
  for (let index = 0; index < size.webs; index += 1) {
    webs.push(await startRole(size.role ?? 'web', { ...shared, PORT: String(first + index) }));
  }
  const workers: Running[] = [];
  for (let index = 0; index < size.workers; index += 1) workers.push(await startRole('worker', shared));
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as Demo;
  const stop = async () => {
    await Promise.all([...webs, ...workers].map((process) => process.kill('SIGTERM')));
    await simulator.kill('SIGTERM');
    await database.drop();
  };
  return { demo, webs, workers, simulator, databaseUrl: database.url, dataDir, stop };
}
