import { defineConfig } from 'vitest/config';
import { closingLine } from './test/support/closing-line.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    allowOnly: false,
    reporters: ['default', closingLine()],
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: ['test/leaks/**'],
          globalSetup: ['test/support/global-setup.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Reads what all the others have produced.
        extends: true,
        test: {
          name: 'leaks',
          include: ['test/leaks/**/*.test.ts'],
          globalSetup: ['test/leaks/setup.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
