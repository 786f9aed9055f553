import { describe, expect, test } from 'vitest';
import { keyOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import { ignore, isNotFound } from '../../meta/status-error.ts';
import type { Deployment, Pod } from '../../meta/types.ts';
import { memoryObjectStore } from '../../registry/registry-fixture.ts';
import { deployments } from '../../resources/deployment.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { startDeploymentController } from './deployment-controller.ts';
import { availableOf, sizeOf, sum } from './deployment-revisions.ts';
import { statusOf } from '../fake-kubelet.ts';
import { isPodActive, isPodReady } from '../pod-lifecycle.ts';
import { startReplicaSetController } from '../replicaset/replicaset-controller.ts';
import { rolloutBounds } from './rollout-bounds.ts';
import { longestHang, slowStore, turns } from '../property-world.ts';
import { quiet, testCluster, type TestCluster } from '../test-cluster.ts';

const key = { namespace: 'default', name: 'web' };

const template = (version: number): NonNullable<Deployment['spec']>['template'] => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: `web:${version}` }] },
});

const amount = ({ below }: Random): number | string => (below(2) === 0 ? below(4) : `${below(5) * 25}%`);

/** Both zero is refused by validation. */
const randomStrategy = (random: Random) => {
  const maxSurge = amount(random);
  const maxUnavailable = amount(random);
  const isNone = [maxSurge, maxUnavailable].every((each) => each === 0 || each === '0%');
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable: isNone ? 1 : maxUnavailable } };
};

const randomDeployment = (random: Random): Deployment => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 1 + random.below(6),
    selector: { matchLabels: { app: 'web' } },
    template: template(0),
    strategy: randomStrategy(random),
  },
});

/** Odd versions never get ready, as a bad image tag does not. */
const isBad = ({ spec }: Pod): boolean => Number(spec?.containers[0]?.image?.split(':')[1]) % 2 === 1;

const isOld = ({ spec }: Pod): boolean => spec?.containers[0]?.image !== 'web:100';

/** What may happen next in the world around the controllers. */
async function happen({ registry, clock }: TestCluster, random: Random): Promise<void> {
  const all = registry.all(pods, 'default');
  const going = random.pick(all.filter((pod) => !isPodActive(pod)));
  const waiting = random.pick(all.filter((pod) => isPodActive(pod) && !isPodReady(pod) && !isBad(pod)));
  const chance = random.below(10);
  if (chance === 0) {
    await registry.update(deployments, key, (d) => ({
      ...d,
      spec: { ...d.spec!, template: template(random.below(6)) },
    }));
  } else if (chance < 4 && going) {
    await registry.delete(pods, keyOf(going), { gracePeriodSeconds: 0 }).catch(ignore(isNotFound));
  } else if (waiting) {
    const ready = (pod: Pod): Pod => ({ ...pod, status: statusOf(pod, 'ready', '10.88.0.1', clock) });
    await registry.update(pods, keyOf(waiting), ready, { subresource: 'status' }).catch(ignore(isNotFound));
  }
}

async function setUp(random: Random, store = memoryObjectStore()) {
  const cluster = await testCluster([], store);
  const { registry } = cluster;
  const deployment = await registry.create(deployments, randomDeployment(random));
  const bounds = rolloutBounds(deployment);
  const violations: string[] = [];
  const active = () => registry.all(pods, 'default').filter(isPodActive);
  const ready = () => active().filter(isPodReady).length;

  registry.subscribe(pods, ({ type, object, previous }) => {
    if (type === 'ADDED' && active().length > bounds.maxTotal) violations.push(`${active().length} pods`);
    const goes = previous && isPodActive(previous) && !(type === 'MODIFIED' && isPodActive(object));
    if (goes && isPodReady(previous) && ready() < bounds.minAvailable) violations.push(`${ready()} ready`);
  });

  /** What the sets' statuses promise to keep once they have the sizes that are asked for. */
  const promised = () => sum(registry.all(replicaSets), (set) => Math.min(availableOf(set), sizeOf(set)));
  const decisions: string[] = [];
  registry.subscribe(replicaSets, ({ type, object, previous }) => {
    if (type !== 'MODIFIED' || !previous || sizeOf(object) >= sizeOf(previous)) return;
    const before =
      promised() - Math.min(availableOf(object), sizeOf(object)) + Math.min(availableOf(object), sizeOf(previous));
    if (promised() < Math.min(bounds.minAvailable, before)) decisions.push(`promises ${promised()} of ${before}`);
  });
  void startDeploymentController(cluster);
  void startReplicaSetController(cluster);
  return { cluster, bounds, violations, decisions, active };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** A good version at last, and everybody does what they should: it ends as it was asked for. */
async function finish({ cluster, bounds, active }: World, random: Random): Promise<void> {
  const { registry } = cluster;
  await registry.update(deployments, key, (d) => ({ ...d, spec: { ...d.spec!, template: template(100) } }));
  const isDone = () => active().length === bounds.replicas && active().every((pod) => isPodReady(pod) && !isOld(pod));
  for (let turn = 0; turn < 500 && !isDone(); turn++) {
    await happenGood(cluster, random);
    await quiet(cluster);
  }
  await quiet(cluster, longestHang + 10);
  expect(registry.get(deployments, key).status).toMatchObject({
    updatedReplicas: bounds.replicas,
    availableReplicas: bounds.replicas,
    replicas: bounds.replicas,
    unavailableReplicas: 0,
  });
  expect(active().map(({ spec }) => spec?.containers[0]?.image)).toEqual(Array(bounds.replicas).fill('web:100'));
}

const happenGood = (cluster: TestCluster, random: Random): Promise<void> =>
  happen(cluster, { ...random, below: (n) => (n === 10 ? 1 + random.below(9) : random.below(n)) });

const seeds = Array.from({ length: 25 }, (_, i) => i + 1);

describe('whatever happens', () => {
  test.each(seeds)('with time in between, no ready pod too few and no pod too many (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const world = await setUp(random);
    for (let step = 0; step < 80; step++) {
      await quiet(world.cluster);
      await happen(world.cluster, random);
    }
    await quiet(world.cluster);
    await finish(world, random);
    expect(world.violations).toEqual([]);
    expect(world.decisions).toEqual([]);
  });

  test.each(seeds)('all at once, no pod too many and no decision that promises too little (seed %i)', async (seed) => {
    const random = seededRandom(1000 + seed);
    const world = await setUp(random, slowStore(random));
    for (let step = 0; step < 120; step++) {
      await turns(random.below(6));
      await happen(world.cluster, random);
    }
    await quiet(world.cluster);
    await finish(world, random);
    expect(world.violations.filter((text) => text.endsWith('pods'))).toEqual([]);
    expect(world.decisions).toEqual([]);
  });

  test.each(seeds.slice(0, 10))('also when it is scaled on the way, it ends as asked for (seed %i)', async (seed) => {
    const random = seededRandom(2000 + seed);
    const world = await setUp(random);
    let replicas = world.bounds.replicas;
    for (let step = 0; step < 80; step++) {
      await happen(world.cluster, random);
      if (random.below(8) > 0) continue;
      replicas = random.below(8);
      await world.cluster.registry.update(deployments, key, (d) => ({ ...d, spec: { ...d.spec!, replicas } }));
    }
    await quiet(world.cluster);
    await finish({ ...world, bounds: { ...world.bounds, replicas } }, random);
  });

  test.each(seeds.slice(0, 10))('while updates are blocked no update stops a pod (seed %i)', async (seed) => {
    const random = seededRandom(3000 + seed);
    const world = await setUp(random);
    const { registry } = world.cluster;
    const block = (value: string) =>
      registry.update(deployments, key, (d) => ({
        ...d,
        metadata: { ...d.metadata, annotations: { ...d.metadata?.annotations, 'k2d.io/update-window': value } },
      }));
    let blocked = false;
    const stopped: string[] = [];
    registry.subscribe(pods, ({ object, previous }) => {
      const goes = previous && isPodActive(previous) && !isPodActive(object);
      if (blocked && goes) stopped.push(object.spec?.containers[0]?.image ?? '');
    });
    for (let step = 0; step < 80; step++) {
      await quiet(world.cluster);
      if (random.below(8) === 0) {
        await block(blocked ? 'open' : 'blocked');
        blocked = !blocked;
      }
      await happen(world.cluster, random);
    }
    blocked = false;
    await block('open');
    await finish(world, random);
    expect(stopped).toEqual([]);
  });
});
