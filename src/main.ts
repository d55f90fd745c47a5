import { type Config, ConfigError } from './config.ts';
import { migrate } from './db/migrate.ts';
import { describeError } from './lib/log.ts';
import { SECRET_VARIABLES } from './lib/production-faults.ts';
import { prepareConfig, type Role } from './roles/prepare-config.ts';

type Command = (args: string[], readConfig: () => Promise<Config>) => Promise<number>;

/** What an operator does now and then; each says how it is asked for when it is asked wrongly. */
const COMMANDS = {
  keys: async () => (await import('./roles/run-keys.ts')).runKeys,
  integrity: async () => (await import('./roles/run-integrity.ts')).runIntegrity,
  certificates: async () => (await import('./roles/run-certificates.ts')).runCertificates,
  mail: async () => (await import('./roles/run-mail.ts')).runMail,
  audit: async () => (await import('./roles/run-audit.ts')).runAudit,
  user: async () => (await import('./roles/run-user.ts')).runUser,
  merchant: async () => (await import('./roles/run-merchant.ts')).runMerchant,
} as const satisfies Partial<Record<Role, () => Promise<Command>>>;
type CommandName = keyof typeof COMMANDS;

/**
 * `node dist/src/main.js [role]`: `serve` is web and worker in one process; without a role everything runs on one machine,
 * children and database included.
 */
const ROLES = ['all', 'serve', 'web', 'worker', 'migrate', 'simulator'] as const satisfies readonly Role[];

process.on('uncaughtException', die).on('unhandledRejection', die);
await main(process.argv[2] ?? 'all', process.argv.slice(3)).then((code) => process.exit(code), die);

async function main(name: string, args: string[]): Promise<number> {
  if (isCommand(name)) {
    const command = await COMMANDS[name]();
    return command(args, () => configFor(name));
  }
  const role = ROLES.find((known) => known === name);
  if (role === undefined) {
    const roles = ROLES.filter((known) => known !== 'all').join(', ');
    const commands = Object.keys(COMMANDS).join(', ');
    process.stderr.write(
      `There is no role ${name}. Roles: ${roles}; none = all of them. Commands: ${commands}.\n`,
    );
    return 1;
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

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
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
