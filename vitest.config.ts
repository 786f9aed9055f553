import { defineConfig } from 'vitest/config';

/** `unit`: beside the sources, no engine. `engines`: the conformance suites and the scenarios, on real engines. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'] } },
      {
        test: {
          name: 'engines',
          include: ['test/conformance/**/*.test.ts', 'test/integration/**/*.test.ts', 'test/clients/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
