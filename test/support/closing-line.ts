import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { ROOT } from '../../src/lib/root.ts';

/**
 * Ends a run with `N passed, N failed`, and leaves the same line in test-output/result for whoever ran it.
 */
export function closingLine(): Reporter {
  return {
    onTestRunEnd: (modules, unhandledErrors) => {
      const passed = sum(modules, (module) => count(module, 'passed'));
      const broken = sum(modules, (module) => (count(module, 'failed') === 0 && !module.ok() ? 1 : 0));
      const failed = sum(modules, (module) => count(module, 'failed')) + broken + unhandledErrors.length;
      const line = `${passed} passed, ${failed} failed`;
      mkdirSync(join(ROOT, 'test-output'), { recursive: true });
      writeFileSync(join(ROOT, 'test-output', 'result'), `${line}\n`);
      process.stdout.write(`\n${line}\n`);
    },
  };
}

function count(module: TestModule, state: 'passed' | 'failed'): number {
  return [...module.children.allTests(state)].length;
}

function sum(modules: readonly TestModule[], of: (module: TestModule) => number): number {
  return modules.reduce((total, module) => total + of(module), 0);
}
