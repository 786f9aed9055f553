import type { Pod } from '../../src/domain/meta/types.ts';
import { eventually } from '../../test/conformance/runtime/eventually.ts';
import type { ApiClient } from '../api-client.ts';
import type { Figure } from '../figure.ts';
import type { K2dUnderTest } from '../k2d-under-test.ts';
import { podSpec } from '../workload.ts';
import { idleCost } from './idle-cost.ts';

const NAME = 'waiting';
const labels = { app: NAME };
const PODS = `/api/v1/namespaces/default/pods?labelSelector=app%3D${NAME}`;
const PATIENCE_MS = 120_000;

const [container] = podSpec.containers;
const template = {
  metadata: { labels },
  spec: { ...podSpec, containers: [{ ...container, resources: { requests: { cpu: '10m' } } }] },
};
const selector = { matchLabels: labels };
const metadata = { name: NAME };

/** What controllers look after for as long as it exists: the last two by the clock. */
const workloads = [
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 3, selector, template } },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { serviceName: NAME, selector, template } },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME }, minReplicas: 3, maxReplicas: 4 },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata,
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } } },
    },
  },
];

/** `controllers.idle.cpu`: k2d's CPU per minute beside these workloads, when all of their pods run and nothing changes any more. */
export async function controllersIdle(
  k2d: K2dUnderTest,
  api: ApiClient,
  idleMs: number,
  signal: AbortSignal,
): Promise<Figure> {
  await k2d.kubectl.apply(...workloads);
  await standStill(api, 4);
  const figures = await idleCost(k2d, idleMs, signal);
  const kinds = workloads.map(({ kind }) => kind.toLowerCase()).join();
  await k2d.kubectl.run(`delete ${kinds} ${NAME} --cascade=foreground`);
  return { ...figures.find(({ name }) => name === 'cpu.idle')!, name: 'controllers.idle.cpu' };
}

/** All pods run, none is on its way out. */
async function standStill(api: ApiClient, count: number): Promise<void> {
  await eventually(
    `${count} pods run and no others`,
    async () => {
      const { items } = JSON.parse((await api.get(PODS)).body) as { items: Pod[] };
      const running = items.filter(
        ({ metadata: meta, status }) => status?.phase === 'Running' && !meta?.deletionTimestamp,
      );
      return items.length === count && running.length === count ? true : undefined;
    },
    PATIENCE_MS,
  );
}
