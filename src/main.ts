import { ConfigError, SECRET_VARIABLES } from './config.ts';
import { migrate } from './db/migrate.ts';
import { describeError } from './lib/log.ts';
import { prepareConfig, type Role } from './roles/prepare-config.ts';

/**
 * `node dist/src/main.js [web | worker | serve | migrate | simulator]`: `serve` is web and worker in one process; without a
 * role everything runs on one machine, children and database included.
 */
const ROLES = ['all', 'serve', 'web', 'worker', 'migrate', 'simulator'] as const satisfies readonly Role[];

process.on('uncaughtException', die).on('unhandledRejection', die);
await main(process.argv[2] ?? 'all').then((code) => process.exit(code), die);

async function main(argument: string): Promise<number> {
  const role = ROLES.find((known) => known === argument);
  if (role === undefined) {
    process.stderr.write(
      `There is no role ${argument}. Roles: web, worker, serve, migrate, simulator; none = all of them.\n`,
    );
    return 1;
  }
  const config = await prepareConfig(role, process.env);
  for (const name of SECRET_VARIABLES) delete process.env[name];
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
