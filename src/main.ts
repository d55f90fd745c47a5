import { type Config, ConfigError, SECRET_VARIABLES } from './config.ts';
import { migrate } from './db/migrate.ts';
import { describeError } from './lib/log.ts';
import { prepareConfig, type Role } from './roles/prepare-config.ts';

/**
 * `node dist/src/main.js [web | worker | serve | migrate | simulator | keys … | integrity …]`: `serve` is web and worker in one process;
 * without a role everything runs on one machine, children and database included. `keys` and `integrity` have commands of their own.
 */
const ROLES = [
  'all',
  'serve',
  'web',
  'worker',
  'migrate',
  'simulator',
  'keys',
  'integrity',
] as const satisfies readonly Role[];

process.on('uncaughtException', die).on('unhandledRejection', die);
await main(process.argv[2] ?? 'all').then((code) => process.exit(code), die);

async function main(argument: string): Promise<number> {
  const role = ROLES.find((known) => known === argument);
  if (role === undefined) {
    process.stderr.write(
      `There is no role ${argument}. Roles: web, worker, serve, migrate, simulator, keys, integrity; none = all of them.\n`,
    );
    return 1;
  }
  if (role === 'keys') {
    const { runKeys } = await import('./roles/run-keys.ts');
    return runKeys(process.argv.slice(3), () => configFor(role));
  }
  if (role === 'integrity') {
    const { runIntegrity } = await import('./roles/run-integrity.ts');
    return runIntegrity(process.argv.slice(3), () => configFor(role));
  }
  const config = await configFor(role);
  if (role === 'simulator') {
    const { runSimulator } = await import('./roles/run-simulator.ts');
    return runSimulator(config);
  }
  if (role === 'migrate') {
    if (config.databaseUrl === null) throw new ConfigError(['DATABASE_URL: is missing']);
    await migrate(config.databaseUrl);
    return 0;
  }
  const { runService } = await import('./roles/run-service.ts');
  return runService(role, config, process.env);
}

/** From here on neither a child nor a crash report gets the keys from our environment. */
async function configFor(role: Role): Promise<Config> {
  const config = await prepareConfig(role, process.env);
  for (const name of SECRET_VARIABLES) delete process.env[name];
  return config;
}

/** The last word of a process that cannot go on. An error of the database is named without what it was asked with. */
function die(error: unknown): never {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else {
    const { message, stack, ...rest } = describeError(error);
    const words = message !== undefined && error instanceof Error ? error.message : '';
    process.stderr.write(`PayResort+ cannot go on: ${words} ${JSON.stringify(rest)}\n${stack ?? ''}\n`);
  }
  process.exit(1);
}
