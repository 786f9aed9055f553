import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeOpenApi } from '../../scripts/generate/write-openapi.ts';
import { openApiTestBed, type ApiTestBed } from '../../src/api/api-test-bed.ts';
import { openRegistry } from '../../src/cli/serve/open-registry.ts';
import { startControllers, startEarlyControllers } from '../../src/cli/serve/start-controllers.ts';
import { readConfig } from '../../src/config.ts';
import { startFakeKubelet, type PodOutcome } from '../../src/domain/controllers/fake-kubelet.ts';
import { systemClock } from '../../src/domain/meta/clock.ts';
import type { Pod } from '../../src/domain/meta/types.ts';
import { bootstrap } from '../../src/domain/registry/bootstrap.ts';
import { silentLogger } from '../../src/domain/registry/registry-fixture.ts';
import { ableNode } from '../../src/domain/resources/able-node-fixture.ts';
import { catalog as builtIn } from '../../src/domain/resources/catalog.ts';
import { nodes } from '../../src/domain/resources/node.ts';
import { ResourceCatalog } from '../../src/domain/resources/resource-catalog.ts';
import { Client } from './client.ts';
import { eventually } from './eventually.ts';

export type ControlPlane = {
  bed: ApiTestBed;
  client: Client;
  /** A namespace of the test's own, with what every namespace gets. */
  namespace: () => Promise<string>;
  close: () => Promise<void>;
};

type Options = {
  port?: number;
  /** OpenAPI documents take a moment to make; without them there are none. */
  withOpenApi?: boolean;
  /** What becomes of pods that have a node. */
  outcome?: (pod: Pod) => PodOutcome;
};

/** k2d as `serve` puts it together, files and all, without an engine: pods that have a node are ready at once, unless told otherwise. */
export async function openControlPlane(options: Options = {}): Promise<ControlPlane> {
  const { port, withOpenApi = false } = options;
  const dataPath = await mkdtemp(join(tmpdir(), 'k2d-control-plane-'));
  const openApiDirectory = join(dataPath, 'openapi');
  if (withOpenApi) await writeOpenApi(openApiDirectory);
  const config = readConfig({ K2D_DATA_PATH: dataPath, ...(port === undefined ? {} : { K2D_PORT: String(port) }) });
  const stop = new AbortController();
  const { signal } = stop;
  const catalog = new ResourceCatalog(builtIn);
  const registry = await openRegistry({
    config,
    catalog,
    logger: silentLogger,
    hasCaughtUp: () => true,
    node: ableNode,
  });
  await bootstrap(registry, config);
  await registry.create(nodes, { metadata: { name: config.nodeName } });
  const bed = await openApiTestBed({
    stored: { registry, catalog },
    openApiDirectory,
    ...(port === undefined ? {} : { port }),
  });
  const { tokens, authority } = bed;
  const parts = {
    config,
    registry,
    catalog,
    authority,
    tokens,
    hostIp: () => '127.0.0.1',
    secretEnvironment: async () => ({}),
    readUsage: async () => new Map(),
    pullAhead: async () => 'present' as const,
    logger: silentLogger,
    signal,
  };
  startEarlyControllers(parts);
  startControllers(parts);
  void startFakeKubelet({ registry, clock: systemClock, signal, outcome: options.outcome ?? outcome });
  const client = new Client(bed);
  return {
    bed,
    client,
    namespace: () => namespaceOf(client),
    close: async () => {
      stop.abort();
      await bed.close();
      await rm(dataPath, { recursive: true, force: true });
    },
  };
}

/** An image `…:never` is one that cannot be pulled. */
function outcome({ spec }: Pod): PodOutcome {
  if (spec?.nodeName === undefined) return 'leave';
  return spec.containers.some(({ image }) => image?.endsWith(':never')) ? 'pending' : 'ready';
}

async function namespaceOf(client: Client): Promise<string> {
  const { metadata } = await client.create('/api/v1/namespaces', { metadata: { generateName: 'conformance-' } });
  const inside = `/api/v1/namespaces/${metadata.name}`;
  await eventually(async () => {
    const given = [`${inside}/serviceaccounts/default`, `${inside}/configmaps/kube-root-ca.crt`];
    for (const path of given) expect((await client.attempt('GET', path)).status).toBe(200);
  });
  return metadata.name;
}
