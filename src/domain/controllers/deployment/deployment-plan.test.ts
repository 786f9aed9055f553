import { describe, expect, test } from 'vitest';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import { planDeployment, type DeploymentStep } from './deployment-plan.ts';
import { revisionsOf } from './deployment-revisions.ts';

type SetTraits = {
  size: number;
  available?: number;
  running?: number;
  desired?: number;
  max?: number;
  revision?: number;
  observed?: number;
  /** All of its pods were available once. */
  completed?: boolean;
};

const prefix = 'deployment.kubernetes.io';

/** Sets are named by their image, and were made in the order given. */
const set = (image: string, index: number, t: SetTraits, replicas: number, maxTotal: number): ReplicaSet => ({
  metadata: {
    name: image,
    namespace: 'default',
    generation: 1,
    creationTimestamp: `2026-03-01T10:00:0${index}Z`,
    annotations: {
      [`${prefix}/revision`]: String(t.revision ?? index + 1),
      ...(t.completed === false ? {} : { 'k2d.io/available-revision': String(t.revision ?? index + 1) }),
      [`${prefix}/desired-replicas`]: String(t.desired ?? replicas),
      [`${prefix}/max-replicas`]: String(t.max ?? maxTotal),
    },
  },
  spec: {
    replicas: t.size,
    selector: {},
    template: { metadata: { labels: { app: 'web', 'pod-template-hash': image } }, spec: podSpec(image) },
  },
  status: {
    replicas: t.running ?? t.size,
    availableReplicas: t.available ?? t.size,
    observedGeneration: t.observed ?? 1,
  },
});

const podSpec = (image: string) => ({ containers: [{ name: 'web', image }] });

type Spec = Partial<NonNullable<Deployment['spec']>>;

const rolling = (maxSurge: number | string, maxUnavailable: number | string): Spec => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
});

const recreate: Spec = { strategy: { type: 'Recreate' } };

function plan(
  sets: Record<string, SetTraits>,
  spec: Spec & { replicas: number; image: string },
  {
    oldPodsRun = false,
    mayNotStop = false,
    annotations = {},
  }: { oldPodsRun?: boolean; mayNotStop?: boolean; annotations?: Record<string, string> } = {},
): string[] {
  const { image, ...rest } = spec;
  const deployment: Deployment = {
    metadata: { name: 'web', namespace: 'default', generation: 1, uid: 'd', annotations },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: podSpec(image) },
      ...rolling(1, 0),
      ...rest,
    },
  };
  const surge = rest.strategy?.rollingUpdate?.maxSurge;
  const maxTotal = spec.replicas + (typeof surge === 'number' ? surge : rest.strategy?.type === 'Recreate' ? 0 : 1);
  const built = Object.entries(sets).map(([name, traits], i) => set(name, i, traits, spec.replicas, maxTotal));
  return planDeployment(deployment, revisionsOf(deployment, built), { run: oldPodsRun, mayNotStop }).map(text);
}

/** Steps as short texts: what the tables below compare. */
function text(step: DeploymentStep): string {
  const name = step.replicaSet.metadata?.name ?? '';
  switch (step.do) {
    case 'create':
      return `create of ${step.replicaSet.spec?.replicas} as revision ${step.replicaSet.metadata?.annotations?.[`${prefix}/revision`]}`;
    case 'describe':
      return `describe ${name} as revision ${step.annotations[`${prefix}/revision`]}`;
    case 'scale':
      return `scale ${name} to ${step.replicas}`;
    case 'delete':
      return `delete ${name}`;
  }
}

describe('rolling update', () => {
  const cases: [
    what: string,
    sets: Record<string, SetTraits>,
    spec: Spec & { replicas: number; image: string },
    steps: string[],
  ][] = [
    ['the first set has all replicas', {}, { replicas: 3, image: 'v1' }, ['create of 3 as revision 1']],
    [
      'a new template gets as many as the surge allows',
      { v1: { size: 3 } },
      { replicas: 3, image: 'v2' },
      ['create of 1 as revision 2'],
    ],
    [
      'without surge the new set starts empty',
      { v1: { size: 3 } },
      { replicas: 3, image: 'v2', ...rolling(0, 1) },
      ['create of 0 as revision 2'],
    ],
    [
      'and an old pod goes first',
      { v1: { size: 3 }, v2: { size: 0 } },
      { replicas: 3, image: 'v2', ...rolling(0, 1) },
      ['scale v1 to 2'],
    ],
    [
      'the old version stays while the new one is not available',
      { v1: { size: 3 }, v2: { size: 1, available: 0 } },
      { replicas: 3, image: 'v2' },
      [],
    ],
    [
      'an available new pod lets an old one go',
      { v1: { size: 3 }, v2: { size: 1 } },
      { replicas: 3, image: 'v2' },
      ['scale v1 to 2'],
    ],
    [
      'which makes room for the next',
      { v1: { size: 2 }, v2: { size: 1 } },
      { replicas: 3, image: 'v2' },
      ['scale v2 to 2'],
    ],
    [
      'unhealthy old pods go besides those that available ones replace',
      { v1: { size: 2 }, v2: { size: 2, available: 0 }, v3: { size: 1 } },
      { replicas: 3, image: 'v3', ...rolling(2, 1) },
      ['scale v1 to 1', 'scale v2 to 0'],
    ],
    [
      'several old sets shrink, the oldest first',
      { v1: { size: 2 }, v2: { size: 2 }, v3: { size: 3 } },
      { replicas: 4, image: 'v3', ...rolling(3, 0) },
      ['scale v1 to 0', 'scale v2 to 1'],
    ],
    [
      'a set that has not been worked on since it changed is waited for',
      { v1: { size: 2, observed: 0 }, v2: { size: 1 } },
      { replicas: 3, image: 'v2' },
      [],
    ],
    [
      'pods that an old set should no longer have take their place',
      { v1: { size: 2, running: 3 }, v2: { size: 1, available: 0 } },
      { replicas: 3, image: 'v2' },
      [],
    ],
    ['done is done', { v1: { size: 0 }, v2: { size: 3 } }, { replicas: 3, image: 'v2' }, []],
    [
      'more than replicas in the new set is too many',
      { v2: { size: 5, desired: 3 } },
      { replicas: 3, image: 'v2' },
      ['scale v2 to 3'],
    ],
  ];
  test.each(cases)('%s', (_what, sets, spec, steps) => {
    expect(plan(sets, spec)).toEqual(steps);
  });
});

test('a set that just shrank counts only what it keeps', () => {
  const sets = { v1: { size: 6, available: 8, running: 8 }, v2: { size: 5, available: 3 } };
  expect(plan(sets, { replicas: 10, image: 'v2', ...rolling(1, 2) })).toEqual(['scale v1 to 5']);
});

test('an old template that comes back is the newest revision, and grows', () => {
  expect(plan({ v1: { size: 0, revision: 1 }, v2: { size: 3, revision: 2 } }, { replicas: 3, image: 'v1' })).toEqual([
    'describe v1 as revision 3',
    'scale v1 to 1',
  ]);
});

test('annotations of the Deployment reach the set, its own bookkeeping does not', () => {
  const annotations = { team: 'plant', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
  expect(plan({ v1: { size: 3 } }, { replicas: 3, image: 'v1' }, { annotations })).toEqual([
    'describe v1 as revision 1',
  ]);
});

describe('Recreate', () => {
  const cases: [what: string, sets: Record<string, SetTraits>, oldPodsRun: boolean, steps: string[]][] = [
    ['old pods go first', { v1: { size: 3 } }, true, ['scale v1 to 0']],
    ['nothing new while they run', { v1: { size: 0 } }, true, []],
    ['then the new set comes whole', { v1: { size: 0, running: 0 } }, false, ['create of 3 as revision 2']],
    ['or grows whole', { v1: { size: 0 }, v2: { size: 0 } }, false, ['scale v2 to 3']],
  ];
  test.each(cases)('%s', (_what, sets, oldPodsRun, steps) => {
    expect(plan(sets, { replicas: 3, image: 'v2', ...recreate }, { oldPodsRun })).toEqual(steps);
  });
});

describe('scaling', () => {
  test('the only active set follows replicas at once', () => {
    expect(plan({ v1: { size: 3, desired: 3 } }, { replicas: 5, image: 'v1' })).toEqual(['scale v1 to 5']);
  });

  test('in the middle of a rollout in proportion to the sizes', () => {
    const sets = { v1: { size: 8, desired: 10, max: 13 }, v2: { size: 5, available: 0, desired: 10, max: 13 } };
    expect(plan(sets, { replicas: 30, image: 'v2', ...rolling(3, 2) })).toEqual(['scale v1 to 20', 'scale v2 to 13']);
    expect(plan(sets, { replicas: 5, image: 'v2', ...rolling(2, 1) })).toEqual(['scale v1 to 4', 'scale v2 to 3']);
    expect(plan(sets, { replicas: 0, image: 'v2', ...rolling(3, 2) })).toEqual(['scale v1 to 0', 'scale v2 to 0']);
  });

  test('a set that somebody scaled by hand to just what is wanted now learns what is wanted', () => {
    expect(plan({ v1: { size: 5, desired: 3 } }, { replicas: 5, image: 'v1' })).toEqual(['scale v1 to 5']);
    expect(plan({ v1: { size: 5, desired: 5 } }, { replicas: 5, image: 'v1' })).toEqual([]);
  });
});

describe('paused', () => {
  const paused = { replicas: 5, image: 'v2', paused: true };
  test('a new template waits, a new size does not', () => {
    expect(plan({ v1: { size: 3, desired: 3 } }, paused)).toEqual(['scale v1 to 5']);
    expect(plan({ v1: { size: 5 } }, paused)).toEqual([]);
  });
});

describe('postponed', () => {
  const mayNotStop = true;
  const spec = { replicas: 3, image: 'v2' };

  test('a new version does not begin, and one that has begun goes no further', () => {
    expect(plan({ v1: { size: 3 } }, spec, { mayNotStop })).toEqual([]);
    expect(plan({ v1: { size: 2 }, v2: { size: 1 } }, spec, { mayNotStop })).toEqual([]);
    expect(plan({ v1: { size: 3 } }, { ...spec, ...recreate }, { mayNotStop })).toEqual([]);
  });

  test('a new size does not wait', () => {
    expect(plan({ v1: { size: 3 } }, { ...spec, replicas: 5 }, { mayNotStop })).toEqual([]);
    expect(plan({ v1: { size: 3, desired: 3 } }, { ...spec, replicas: 5 }, { mayNotStop })).toEqual(['scale v1 to 5']);
  });

  test('old pods stay also when the new ones are all there', () => {
    const sets = { v1: { size: 1, desired: 2 }, v2: { size: 3 } };
    expect(plan(sets, spec, { mayNotStop })).toEqual([]);
  });
});

test('that all pods were available is noted with the revision, unless there are none', () => {
  const sets = { v1: { size: 3, completed: false } };
  expect(plan(sets, { replicas: 3, image: 'v1' })).toEqual(['describe v1 as revision 1']);
  expect(plan({ v1: { size: 3, available: 2, completed: false } }, { replicas: 3, image: 'v1' })).toEqual([]);
  expect(plan({ v1: { size: 0, completed: false } }, { replicas: 0, image: 'v1' })).toEqual([]);
});

describe('history', () => {
  const emptied = { size: 0 };
  const sets = { v1: emptied, v2: emptied, v3: emptied, v4: { size: 3 } };
  const spec = { replicas: 3, image: 'v4', revisionHistoryLimit: 1 };

  test('beyond the limit the oldest revisions go, when the rollout is complete', () => {
    expect(plan(sets, spec)).toEqual(['delete v1', 'delete v2']);
    expect(plan({ ...sets, v4: { size: 3, available: 2 } }, spec)).toEqual([]);
  });

  test('by revision, not by age', () => {
    expect(
      plan({ v1: { size: 0, revision: 9 }, v2: emptied, v3: { size: 3, revision: 10 } }, { ...spec, image: 'v3' }),
    ).toEqual(['delete v2']);
  });

  test('a set that still has pods stays', () => {
    expect(plan({ ...sets, v1: { size: 0, running: 1 } }, spec)).toEqual([]);
  });
});
