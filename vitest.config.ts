import { defineConfig } from 'vitest/config';
import { engineEnvironment, engines } from './test/integration/engines.ts';

const patient = { setupFiles: 'test/patience.ts', expect: { poll: { timeout: 30_000 } } };
const onEngines = { ...patient, testTimeout: 240_000, hookTimeout: 300_000, maxWorkers: 2 };
const scenarios = { ...onEngines, globalSetup: 'test/clients/provide-kubectl.ts' };

/** Beside the sources, and what Kubernetes tests of its API server. */
const withoutEngine = ['src', 'scripts', 'bench', 'test/kubernetes-conformance'].map(
  (folder) => `${folder}/**/*.test.ts`,
);

/** These need both engines at once, or take the same ports of the machine on each. */
const onBoth = ['test/integration/two-instances.test.ts', 'test/integration/examples.test.ts'];

/**
 * `unit`: beside the sources and what Kubernetes tests of its API, no engine. `clients`: real clients on the API, no engine either. All others on real engines: `engines` the
 * conformance suites, `engines-docker` and `engines-podman` the scenarios on each, `engines-both` those that concern the two together, `engines-clients-docker` and
 * `engines-clients-podman` every command of every kubectl, and clients in other languages, on one k2d of each.
 */
export default defineConfig({
  test: {
    projects: [
      // Long enough for a machine that does other things at the same time.
      { test: { ...patient, name: 'unit', include: withoutEngine, testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { ...scenarios, name: 'clients', include: ['test/clients/*.test.ts'] } },
      { test: { ...onEngines, name: 'engines', include: ['test/conformance/**/*.test.ts'] } },
      ...engines.map((engine) => ({
        test: {
          ...scenarios,
          name: `engines-${engine.kind}`,
          include: ['test/integration/**/*.test.ts'],
          exclude: onBoth,
          env: engineEnvironment(engine),
        },
      })),
      ...engines.map((engine) => ({
        test: {
          ...onEngines,
          name: `engines-clients-${engine.kind}`,
          include: ['test/clients/{kubectl,python}/*.test.ts'],
          env: engineEnvironment(engine),
          globalSetup: [
            'test/clients/provide-kubectl.ts',
            'test/clients/python/provide-python.ts',
            'test/clients/kubectl/serve-k2d.ts',
          ],
        },
      })),
      { test: { ...scenarios, name: 'engines-both', include: onBoth } },
    ],
  },
});
