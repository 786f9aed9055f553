import { atRest } from '../../resources/pod-usage-fixture.ts';
import { expect, test, vi } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, HorizontalPodAutoscaler, Pod } from '../../meta/types.ts';
import type { TestPlugin } from '../../registry/registry-fixture.ts';
import { catalog } from '../../resources/catalog.ts';
import { deployments } from '../../resources/deployment.ts';
import { horizontalPodAutoscalersV1 } from '../../resources/horizontal-pod-autoscaler-v1.ts';
import { horizontalPodAutoscalers } from '../../resources/horizontal-pod-autoscaler.ts';
import { pods } from '../../resources/pod.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { settles, testCluster } from '../test-cluster.ts';
import { startHorizontalPodAutoscalerController } from './horizontal-pod-autoscaler-controller.ts';

const key = { namespace: 'default', name: 'web' };
const spec = { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '100m' } } }] };
const labels = { app: 'web' };
const deployment = (replicas: number): Deployment => ({
  metadata: key,
  spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
});
const autoscaler = (more: Partial<NonNullable<HorizontalPodAutoscaler['spec']>> = {}): HorizontalPodAutoscaler => ({
  metadata: key,
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 6, ...more },
});

async function setUp(milliCores: number, plugins: Parameters<typeof testCluster>[0] = []) {
  const cluster = await testCluster(plugins);
  const { registry, clock } = cluster;
  const readUsage = vi.fn(async (asked: readonly Pod[]) => {
    const containers = {
      c: { ...atRest, cpuNanoCores: milliCores * 1e6 },
    };
    return new Map(asked.map((pod) => [metaOf(pod).uid ?? '', { time: clock.now(), windowMs: 1000, containers }]));
  });
  void startHorizontalPodAutoscalerController({ ...cluster, catalog: new ResourceCatalog(catalog), readUsage });
  const addPod = async (name: string) => {
    await registry.create(pods, { metadata: { namespace: 'default', name, labels }, spec });
    const startTime = '2026-03-01T09:00:00Z';
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: startTime }];
    const status = { phase: 'Running', startTime, conditions };
    await registry.update(pods, { namespace: 'default', name }, (pod) => ({ ...pod, status }), {
      subresource: 'status',
    });
  };
  const size = () => registry.get(deployments, key).spec?.replicas;
  const status = () => registry.get(horizontalPodAutoscalers, key).status;
  const conditions = () => Object.fromEntries((status()?.conditions ?? []).map(({ type, reason }) => [type, reason]));
  return { ...cluster, readUsage, addPod, size, status, conditions };
}

test('busy pods get company, as fast as the rules allow', async () => {
  const world = await setUp(400);
  await world.registry.create(deployments, deployment(1));
  await world.addPod('web-1');
  await world.registry.create(horizontalPodAutoscalers, autoscaler({ maxReplicas: 3 }));
  await settles(() => expect(world.size()).toBe(3));
  await settles(() =>
    expect(world.status()).toMatchObject({
      currentReplicas: 1,
      desiredReplicas: 3,
      lastScaleTime: expect.any(String),
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 400 } } }],
    }),
  );
  expect(world.conditions()).toEqual({
    AbleToScale: 'SucceededRescale',
    ScalingActive: 'ValidMetricFound',
    ScalingLimited: 'TooManyReplicas',
  });
  await settles(() =>
    expect(world.messages('SuccessfulRescale')).toEqual([
      'New size: 3; reason: cpu resource utilization (percentage of request) above target',
    ]),
  );
});

test('what could not be done does not count as growth', async () => {
  const world = await setUp(400);
  const { registry } = world;
  await registry.create(deployments, deployment(1));
  await world.addPod('web-1');
  const update = registry.update.bind(registry);
  let failures = 1;
  vi.spyOn(registry, 'update').mockImplementation((definition, ...rest) => {
    const isTarget = definition.kind === 'Deployment' && failures-- > 0;
    return isTarget ? Promise.reject(new Error('the disk is full')) : update(definition, ...rest);
  });
  await registry.create(horizontalPodAutoscalers, autoscaler());
  await settles(() => expect(world.size()).toBe(5));
});

test('idle pods stay for five minutes', async () => {
  const world = await setUp(10);
  await world.registry.create(deployments, deployment(2));
  await world.addPod('web-1');
  await world.addPod('web-2');
  await world.registry.create(horizontalPodAutoscalers, autoscaler());
  await settles(() => expect(world.conditions()).toMatchObject({ AbleToScale: 'ScaleDownStabilized' }));
  expect(world.size()).toBe(2);
  world.pass(301_000);
  await world.registry.update(horizontalPodAutoscalers, key, (hpa) => ({
    ...hpa,
    spec: { ...hpa.spec!, maxReplicas: 5 },
  }));
  await settles(() => expect(world.size()).toBe(1));
});

test('bounds hold without any figures; a target of no pods is left alone', async () => {
  const world = await setUp(50);
  await world.registry.create(deployments, deployment(0));
  await world.registry.create(horizontalPodAutoscalers, autoscaler({ minReplicas: 2 }));
  await settles(() => expect(world.conditions()).toMatchObject({ ScalingActive: 'ScalingDisabled' }));
  expect(world.readUsage).not.toHaveBeenCalled();
  await world.registry.update(deployments, key, (d) => ({ ...d, spec: { ...d.spec!, replicas: 1 } }));
  await world.registry.update(horizontalPodAutoscalers, key, (hpa) => ({
    ...hpa,
    spec: { ...hpa.spec!, maxReplicas: 5 },
  }));
  await settles(() => expect(world.size()).toBe(2));
});

test('says what stands in the way', async () => {
  const world = await setUp(50);
  await world.registry.create(horizontalPodAutoscalers, autoscaler());
  await settles(() => expect(world.conditions()).toEqual({ AbleToScale: 'FailedGetScale' }));
  await settles(() => expect(world.messages('FailedGetScale')).toEqual(['Deployment "web" not found']));
  await world.registry.create(deployments, deployment(2));
  await world.registry.update(horizontalPodAutoscalers, key, (hpa) => ({
    ...hpa,
    spec: { ...hpa.spec!, maxReplicas: 5 },
  }));
  await settles(() => expect(world.conditions()).toMatchObject({ ScalingActive: 'FailedGetResourceMetric' }));
  await settles(() =>
    expect(world.messages('FailedComputeMetricsReplicas')).toEqual([
      expect.stringMatching(
        /^invalid metrics \(1 invalid out of 1\), first error is: failed to get resource metric value: ./,
      ),
    ]),
  );
  expect(world.size()).toBe(2);
});

test('says that the target could not be given its size', async () => {
  let isLocked = false;
  const lock: TestPlugin = {
    name: 'lock',
    validate({ definition }) {
      if (isLocked && definition.kind === 'Deployment') throw new Error('the plant is locked');
    },
  };
  const world = await setUp(400, [lock]);
  await world.registry.create(deployments, deployment(1));
  await world.addPod('web-1');
  isLocked = true;
  await world.registry.create(horizontalPodAutoscalers, autoscaler({ maxReplicas: 3 }));
  await settles(() =>
    expect(world.messages('FailedRescale')).toContain(
      'New size: 3; reason: cpu resource utilization (percentage of request) above target; error: the plant is locked',
    ),
  );
  expect(world.size()).toBe(1);
});

test('is the same in the words of autoscaling/v1', async () => {
  const { registry } = await setUp(50);
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  await registry.create(horizontalPodAutoscalersV1, {
    metadata: key,
    spec: { scaleTargetRef, maxReplicas: 4, targetCPUUtilizationPercentage: 60 },
  });
  expect(registry.get(horizontalPodAutoscalers, key)).toMatchObject({
    apiVersion: 'autoscaling/v2',
    spec: {
      scaleTargetRef,
      minReplicas: 1,
      maxReplicas: 4,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    },
  });
  const memory = {
    type: 'Resource',
    resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
  };
  const behavior = { scaleDown: { stabilizationWindowSeconds: 10 } };
  await registry.update(horizontalPodAutoscalers, key, (hpa) => ({
    ...hpa,
    spec: { ...hpa.spec!, metrics: [...hpa.spec!.metrics!, memory], behavior },
  }));
  const shown = registry.get(horizontalPodAutoscalersV1, key);
  expect(shown).toMatchObject({ apiVersion: 'autoscaling/v1', spec: { targetCPUUtilizationPercentage: 60 } });
  await registry.update(horizontalPodAutoscalersV1, key, (hpa) => ({ ...hpa, spec: { ...hpa.spec!, maxReplicas: 9 } }));
  expect(registry.get(horizontalPodAutoscalers, key).spec).toMatchObject({
    maxReplicas: 9,
    metrics: [{ resource: { name: 'cpu' } }, memory],
    behavior,
  });
});

test.each([
  ['no bounds', { maxReplicas: 0 }, 'spec.maxReplicas'],
  ['bounds the wrong way round', { minReplicas: 7 }, 'must be greater than or equal to `minReplicas`'],
  ['a metric of no kind', { metrics: [{ type: 'Guess' }] }, 'spec.metrics[0].type'],
  [
    'a target that says nothing',
    { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] },
    'must set either',
  ],
  [
    'a policy of no time',
    { behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 0 }] } } },
    'periodSeconds',
  ],
])('refuses %s', async (_what, more, text) => {
  const { registry } = await setUp(1);
  await expect(registry.create(horizontalPodAutoscalers, autoscaler(more))).rejects.toThrow(text);
});
