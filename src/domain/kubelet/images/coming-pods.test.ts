import { expect, test } from 'vitest';
import type { KubernetesObject } from '../../meta/types.ts';
import { openTestRegistry } from '../../registry/registry-fixture.ts';
import { cronJobs } from '../../resources/cron-job.ts';
import { loadCron } from '../../resources/cron-schedule.ts';
import { daemonSets } from '../../resources/daemon-set.ts';
import { deployments } from '../../resources/deployment.ts';
import { jobs } from '../../resources/job.ts';
import { replicationControllers } from '../../resources/replication-controller.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { statefulSets } from '../../resources/stateful-set.ts';
import { comingPods } from './coming-pods.ts';

const key = (name: string) => ({ namespace: 'default', name });

/** One workload of each kind: what it runs is named after the kind. */
const workload = ({ kind }: ResourceDefinition, spec: object = {}): KubernetesObject => {
  const restartPolicy = kind.endsWith('Job') ? 'Never' : 'Always';
  const labels = { app: kind };
  const selector = kind === 'ReplicationController' ? labels : { matchLabels: labels };
  const template = {
    metadata: { labels },
    spec: { restartPolicy, containers: [{ name: 'main', image: `${kind.toLowerCase()}:1` }] },
  };
  const own =
    kind === 'CronJob'
      ? { schedule: '0 3 * * *', jobTemplate: { spec: { template } } }
      : { template, ...(kind === 'Job' ? {} : { selector }) };
  return { metadata: key(kind.toLowerCase()), spec: { ...own, ...spec } } as KubernetesObject;
};

const kinds: readonly ResourceDefinition[] = [
  deployments,
  replicationControllers,
  statefulSets,
  daemonSets,
  jobs,
  cronJobs,
];

async function comingOf(spec: (definition: ResourceDefinition) => object) {
  await loadCron();
  const registry = await openTestRegistry();
  for (const definition of kinds) await registry.create(definition, workload(definition, spec(definition)));
  return { registry, images: () => comingPods(registry).map((pod) => pod.spec?.containers[0]?.image) };
}

test('every workload that makes pods tells what they will be', async () => {
  const { images } = await comingOf(() => ({}));
  expect(new Set(images())).toEqual(new Set(kinds.map(({ kind }) => `${kind.toLowerCase()}:1`)));
});

test('what was told to have none, or has ended, makes none', async () => {
  const { registry, images } = await comingOf(({ kind }) => {
    if (kind === 'CronJob') return { suspend: true };
    return kind === 'DaemonSet' || kind === 'Job' ? {} : { replicas: 0 };
  });
  const time = '2026-03-01T10:00:00Z';
  const status = {
    startTime: time,
    completionTime: time,
    conditions: ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True' })),
  };
  await registry.update(jobs, key('job'), (job) => ({ ...job, status }), { subresource: 'status' });
  expect(images()).toEqual(['daemonset:1']);
});
