import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, Environment, readConfig } from '../../src/config.ts';
import { ROOT } from '../../src/lib/root.ts';

/** What stands in the files that deploy the service is there: variables, roles, paths. None of them can be run here. */
const text = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const UNITS = readdirSync(join(ROOT, 'deploy/systemd')).map((name) => `deploy/systemd/${name}`);
const ROLES = ['web', 'worker', 'serve', 'migrate', 'simulator'];
/** Demanded by production, and given by other means where a file of the key stands in for it. */
const REQUIRED = [
  {},
  { LIVE_DS_URL: 'https://ds.example/{brand}', LIVE_ACQUIRER: 'acquirer.example:1' },
].flatMap((given) => missing({ NODE_ENV: 'production', ...given }));
/** Of other programs. */
const FOREIGN = ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB', 'TLS_DIR', 'NODE_VERSION', 'CMD'];

function missing(environment: Record<string, string | undefined>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => fault.replace(/:.*/, ''));
  }
  return [];
}

function unknownVariables(source: string): string[] {
  const named = source.match(/\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b/g) ?? [];
  const known = [...Object.keys(Environment.shape), ...FOREIGN, 'AF_INET', 'AF_INET6', 'AF_UNIX'];
  return [...new Set(named)].filter((name) => !known.includes(name));
}

test.each(['Dockerfile', 'fly.toml', 'deploy/compose.yaml', 'deploy/secrets.env.example', ...UNITS])(
  '%s names only variables that there are',
  (name) => {
    expect(unknownVariables(text(name))).toEqual([]);
  },
);

test.each(['fly.toml', 'docs/deploy.md'])('%s says or sets everything that production demands', (name) => {
  const said = `${text(name)}${name === 'docs/deploy.md' ? text('README.md') : ''}`;
  expect(REQUIRED.filter((variable) => !said.includes(variable))).toEqual([]);
});

test('Compose sets everything that production demands, by its file of secrets or itself', () => {
  const said = text('deploy/compose.yaml') + text('deploy/secrets.env.example');
  expect(REQUIRED.filter((variable) => !said.includes(variable))).toEqual([]);
});

test('every role that is started is one', () => {
  const started = [
    ...[...text('fly.toml').matchAll(/^(?:web|worker|release_command) = "(\w+)"/gm)].map(([, role]) => role),
    ...[...text('deploy/compose.yaml').matchAll(/^ {4}command: (\w+)$/gm)].map(([, role]) => role),
    ...UNITS.flatMap((name) => /main\.js (\w+)/.exec(text(name))?.[1]),
    ...(/^CMD \["(\w+)"\]/m.exec(text('Dockerfile'))?.slice(1) ?? []),
  ];
  expect(started).toHaveLength(10);
  expect(started.filter((role) => !ROLES.includes(role ?? ''))).toEqual([]);
});

test('what the image is made of is there, and is not kept from it', () => {
  const copied = [...text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  const ignored = text('.dockerignore').trim().split('\n');
  expect(copied.length).toBeGreaterThan(5);
  expect(copied.filter((name) => !existsSync(join(ROOT, name)) || ignored.includes(name))).toEqual([]);
});

test('the ports agree', () => {
  const image = text('Dockerfile');
  const [, port = '', metrics = ''] = /PORT=(\d+) METRICS_PORT=(\d+)/.exec(image) ?? [];
  expect(image).toContain(`EXPOSE ${port} ${metrics}`);
  expect(text('fly.toml')).toContain(`internal_port = ${port}`);
  expect(text('fly.toml')).toContain(`[[metrics]]\nport = ${metrics}`);
  expect(text('deploy/nginx.conf')).toContain(`server web:${port} `);
});

test('who starts a process gives it as long to stop as a payment may take', () => {
  expect(text('fly.toml')).toContain('kill_timeout = "60s"');
  expect(text('deploy/compose.yaml')).toContain('stop_grace_period: 60s');
  for (const unit of UNITS.filter((name) => name.includes('@')))
    expect(text(unit)).toContain('TimeoutStopSec=60');
});

test('no process may leave a core dump', () => {
  expect(text('deploy/compose.yaml')).toContain('ulimits: { core: 0 }');
  for (const unit of UNITS) expect(text(unit)).toContain('LimitCORE=0');
});
