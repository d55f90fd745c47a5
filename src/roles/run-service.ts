import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../app.ts';
import { type Config, ConfigError, MODES } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import type { Deps } from '../deps.ts';
import { describeError } from '../lib/log.ts';
import { identityFaults } from '../threeds/certificates.ts';
import { openMetrics } from '../web/metrics.ts';
import { startWorker } from '../worker.ts';
import { measureBacklog } from './backlog-metrics.ts';
import { measureCardTesting } from './card-testing-metrics.ts';
import { measureCertificates } from './certificate-metrics.ts';
import { keepRunning } from './children.ts';
import { type Closers, openClosers } from './closers.ts';
import { switchCoreDumpsOff } from './core-dumps.ts';
import { measureFlow } from './flow-metrics.ts';
import { greeting } from './greeting.ts';
import { measureIntegrity } from './integrity-metrics.ts';
import { measureKeys } from './key-metrics.ts';
import { listen } from './listen.ts';
import { type Located, locateDatabase } from './locate-database.ts';
import { locateMail } from './locate-mail.ts';
import { metricsApp } from './metrics-app.ts';
import { openDeps } from './open-deps.ts';
import { isAnswering } from './ports.ts';
import { demoFile, prepareDemo, shopUrl, tokenShopUrl } from './prepare-demo.ts';
import { openResultsListeners } from './results-listener.ts';
import { untilSignal } from './signals.ts';

type Variables = Record<string, string | undefined>;

const CHILD_START_MS = 20_000;
const LINK_START_MS = 5_000;

/**
 * Runs web, worker, or all on one machine, until SIGTERM or SIGINT; then drains, closes in reverse order and
 * answers the exit code.
 */
export async function runService(
  role: 'all' | 'serve' | 'web' | 'worker',
  config: Config,
  environment: Variables,
): Promise<number> {
  const signal = untilSignal().then(() => 0);
  const faults = identityFaults(config);
  if (faults.length > 0) throw new ConfigError(faults);
  const closers = openClosers();
  try {
    const mailed = role === 'web' ? config : await locateMail(config, closers);
    const located = await locateDatabase(mailed, closers);
    if (role === 'all' || !config.production) await migrate(located.databaseUrl);
    const { deps, lost, close } = await openDeps(located);
    closers.add(close);
    if (switchCoreDumpsOff() === false) {
      deps.log.warn({}, 'core dumps of this process are on and would hold keys: set the core limit to 0');
    }
    await startParts(role, deps, located, environment, closers);
    deps.readiness.ready = true;
    deps.log.info({ role, terminal: deps.acquirers.test?.terminal }, 'ready');
    const code = await Promise.race([signal, lost.then(() => 1)]);
    if (code !== 0) deps.log.error({}, 'another process has this terminal id now: stopping');
    deps.readiness.ready = false;
    return (await closeAll(closers, deps)) ? code : 1;
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

/** In the order in which they need each other; they are closed in the opposite one. */
async function startParts(
  role: 'all' | 'serve' | 'web' | 'worker',
  deps: Deps,
  config: Located,
  environment: Variables,
  closers: Closers,
): Promise<void> {
  const demo = !config.production && role !== 'worker';
  const withChildren = demo && role === 'all';
  if (withChildren) startSimulator(deps, environment, closers);
  if (demo) await prepareDemo(deps, config.databaseUrl);
  if (withChildren) startShop(deps, environment, closers);
  if (role !== 'web') closers.add((await startWorker(deps)).stop);
  const metrics = openMetrics();
  measureKeys(deps, metrics);
  measureCardTesting(deps, metrics);
  measureIntegrity(deps, metrics);
  measureCertificates(deps, metrics);
  measureFlow(deps, metrics);
  measureBacklog(deps, metrics);
  if (config.production && config.metricsPort > 0) {
    const listener = await listen(metricsApp(deps, metrics).fetch, config.host, config.metricsPort);
    closers.add(listener.close);
  }
  if (role !== 'worker') {
    await openResultsListeners(deps, metrics, closers);
    const listener = await listen(createApp(deps, metrics).fetch, config.host, config.port);
    closers.add(listener.close);
    process.stdout.write(`Listening on http://${config.host}:${listener.port} (${config.publicUrl})\n`);
  }
  if (withChildren) {
    const { simulator, shop, tokenShop } = config.ports;
    for (const port of [simulator, shop, tokenShop]) {
      if (!(await isAnswering(port, CHILD_START_MS))) throw new Error(`nothing answers on port ${port}`);
    }
  }
  await untilSignedOn(deps);
  if (withChildren) process.stdout.write(greeting(config));
}

/**
 * Gives the links a moment, so that the first payment finds them. A network that is down does not keep us
 * down.
 */
async function untilSignedOn({ acquirers, log }: Deps): Promise<void> {
  const links = MODES.flatMap((mode) => acquirers[mode] ?? []);
  for (let waitedMs = 0; waitedMs < LINK_START_MS; waitedMs += 20) {
    if (links.every((link) => link.ready())) return;
    await sleep(20);
  }
  log.warn({}, 'started without every acquirer link');
}

function startSimulator({ config, log }: Deps, environment: Variables, closers: Closers): void {
  const { simulator, acquirer } = config.ports;
  const child = keepRunning(
    {
      name: 'simulator',
      file: 'dist/src/main.js',
      args: ['simulator'],
      env: {
        PORT: String(config.port),
        PUBLIC_URL: config.publicUrl,
        DATA_DIR: config.dataDir,
        LOG_LEVEL: config.logLevel,
        SIMULATOR_PORT: String(simulator),
        SIMULATOR_ACQUIRER_PORT: String(acquirer),
        TEST_VOUCHER_KEY: config.simulatorVoucherKey.export().toString('base64'),
        ...tlsVariables(config.simulatorTls),
      },
      ports: [simulator, acquirer],
      log,
    },
    environment,
  );
  closers.add(child.stop);
}

function tlsVariables(tls: Config['simulatorTls']): Record<string, string> {
  if (tls === null) return {};
  const { port, files } = tls;
  return {
    SIMULATOR_DS_PORT: String(port),
    SIMULATOR_DS_CERT: files.cert,
    SIMULATOR_DS_KEY: files.key,
    SIMULATOR_DS_CA: files.ca.join(''),
  };
}

function startShop({ config, log }: Deps, environment: Variables, closers: Closers): void {
  const child = keepRunning(
    {
      name: 'shop',
      file: join('dist', 'demo', 'shop', 'main.js'),
      env: {
        SHOP_PORT: String(config.ports.shop),
        SHOP_URL: shopUrl(config),
        TOKEN_SHOP_PORT: String(config.ports.tokenShop),
        TOKEN_SHOP_URL: tokenShopUrl(config),
        SHOP_CREDENTIALS: demoFile(config),
        DATA_DIR: config.dataDir,
      },
      ports: [config.ports.shop, config.ports.tokenShop],
      log,
    },
    environment,
  );
  closers.add(child.stop);
}

async function closeAll(closers: Closers, deps: Deps): Promise<boolean> {
  const failures = await closers.closeAll();
  for (const error of failures) deps.log.error(describeError(error), 'something did not close');
  return failures.length === 0;
}
