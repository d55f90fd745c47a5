import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../../src/lib/root.ts';
import { isAnswering, isReleased } from '../../src/roles/ports.ts';
import { consecutivePorts, makeDataDir, startRole } from '../support/processes.ts';

test('the simulator runs alone, says so, and ends with 0 on SIGTERM', async () => {
  const port = await consecutivePorts(2);
  const simulator = await startRole('simulator', {
    SIMULATOR_PORT: String(port),
    SIMULATOR_ACQUIRER_PORT: String(port + 1),
  });
  expect(await simulator.kill('SIGTERM')).toBe(0);
  expect(readFileSync(simulator.outputFile, 'utf8')).toContain('simulator listens');
  expect(await isReleased(port, 0)).toBe(true);
});

test('a child that dies is started again, and dies with its parent even when that is killed', async () => {
  const port = await consecutivePorts(2);
  const parent = spawnParent(port);
  const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
  const first = Number((await lines.next()).value);
  expect(await isAnswering(port, 20_000)).toBe(true);

  process.kill(first, 'SIGKILL');
  const second = Number((await lines.next()).value);
  expect(second).not.toBe(first);
  expect(await isAnswering(port, 20_000)).toBe(true);

  parent.kill('SIGKILL');
  expect(await isReleased(port, 10_000)).toBe(true);
});

/** A process that keeps a simulator running and prints the number of every child it starts. */
function spawnParent(port: number) {
  const children = pathToFileURL(join(ROOT, 'dist/src/roles/children.js')).href;
  const env = {
    SIMULATOR_PORT: String(port),
    SIMULATOR_ACQUIRER_PORT: String(port + 1),
    DATA_DIR: makeDataDir(`children-${port}`),
    LOG_LEVEL: 'silent',
  };
  const script = `
    import { keepRunning } from ${JSON.stringify(children)};
    const log = { info: ({ pid }) => process.stdout.write(pid + '\\n'), warn: () => {}, error: () => {} };
    const program = { name: 'simulator', file: 'dist/src/main.js', args: ['simulator'] };
    keepRunning({ ...program, ports: [${port}], log, env: ${JSON.stringify(env)} }, process.env);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    parent.kill('SIGKILL');
  });
  return parent;
}
