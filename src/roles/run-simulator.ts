import type { Config } from '../config.ts';
import { openLog } from '../lib/log.ts';
import { startSimulator } from '../simulator/main.ts';
import { untilSignal } from './signals.ts';

/** Runs the simulated network alone until SIGTERM or SIGINT; answers the exit code. */
export async function runSimulator(config: Config): Promise<number> {
  const signal = untilSignal();
  const simulator = await startSimulator({
    httpPort: config.ports.simulator,
    acquirerPort: config.ports.acquirer,
    tls: config.simulatorTls,
    voucherKey: config.simulatorVoucherKey,
    dataDir: config.dataDir,
    log: openLog(config.logLevel),
  });
  await signal;
  await simulator.close();
  return 0;
}
