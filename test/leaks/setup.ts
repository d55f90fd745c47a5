import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ROOT } from '../../src/lib/root.ts';

/** The folder that the other tests of this very run write to. */
export function setup(project: TestProject): void {
  const outputDir = join(ROOT, 'test-output', `run-${process.pid}`);
  mkdirSync(outputDir, { recursive: true });
  project.provide('outputDir', outputDir);
}
