import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane({ outcome: ({ status }) => (status?.phase === 'Failed' ? 'leave' : 'ready') });
});
afterAll(() => plane.close());

type Kind = 'StatefulSet' | 'DaemonSet' | 'ReplicationController';

const template = (app: string, spec: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'c', image: 'busybox:1.35' }], ...spec },
});

async function setUp(kind: Kind) {
  const { client } = plane;
  const namespace = await plane.namespace();
  const root = kind === 'ReplicationController' ? '/api/v1' : '/apis/apps/v1';
  const path = `${root}/namespaces/${namespace}/${kind.toLowerCase()}s`;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const selects = (app: string) => (kind === 'ReplicationController' ? { app } : { matchLabels: { app } });
  const create = (name: string, spec: object = {}) =>
    client.create(path, {
      metadata: { name, labels: { test: 'yes' } },
      spec: { selector: selects(name), template: template(name), ...spec },
    });
  const podsOf = async (app: string) => (await client.get(`${pods}?labelSelector=app%3D${app}`)).items;
  const has = (app: string, count: number) => eventually(async () => expect(await podsOf(app)).toHaveLength(count));
  const isReady = (name: string) =>
    eventually(async () => {
      const { metadata, status } = await client.get(`${path}/${name}`);
      expect(status.observedGeneration).toBe(metadata.generation);
      expect(status.numberReady ?? status.readyReplicas).toBeGreaterThan(0);
    });
  return { client, namespace, path, pods, create, podsOf, has, isReady };
}

describe.each<[Kind]>([['StatefulSet'], ['DaemonSet'], ['ReplicationController']])('a %s', (kind) => {
  it('is listed, patched and deleted by label, and its pods go with it', async () => {
    const { client, namespace, path, create, has, isReady } = await setUp(kind);
    await create('one');
    await create('two');
    await isReady('one');
    await isReady('two');
    const everywhere = path.replace(`/namespaces/${namespace}`, '');
    const listed = (await client.get(`${everywhere}?labelSelector=test%3Dyes`)).items;
    const own = listed.filter(({ metadata }: { metadata: { namespace: string } }) => metadata.namespace === namespace);
    expect(own.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(['one', 'two']);
    const change = {
      metadata: { labels: { test: 'patched' } },
      spec: { minReadySeconds: 0, template: { spec: { terminationGracePeriodSeconds: 0 } } },
    };
    expect(await client.patch(`${path}/one`, change, 'strategic-merge')).toMatchObject({
      metadata: { labels: { test: 'patched' } },
      spec: { template: { spec: { terminationGracePeriodSeconds: 0, containers: [{ image: 'busybox:1.35' }] } } },
    });
    await client.remove(`${path}?labelSelector=test%3Dpatched`, { propagationPolicy: 'Background' });
    await has('one', 0);
    await has('two', 1);
    expect((await client.get(path)).items).toHaveLength(1);
  });

  it('keeps the conditions that others write into its status', async () => {
    const { client, path, create, isReady } = await setUp(kind);
    await create('one');
    await isReady('one');
    const status = `${path}/one/status`;
    const patched = { type: 'StatusPatched', status: 'True', reason: 'E2E', message: 'Set by e2e test' };
    await client.patch(status, { status: { conditions: [patched] } });
    expect((await client.get(status)).status.conditions).toMatchObject([patched]);
    const updated = { ...patched, type: 'StatusUpdate' };
    const read = await client.get(status);
    await client.update(status, { ...read, status: { ...read.status, conditions: [updated] } });
    await client.patch(`${path}/one`, { spec: { minReadySeconds: 1 } });
    await eventually(async () => expect((await client.get(status)).status.observedGeneration).toBe(2));
    expect((await client.get(status)).status.conditions).toMatchObject([updated]);
  });
});

describe.each<[Kind]>([['StatefulSet'], ['ReplicationController']])('a %s', (kind) => {
  it('is scaled through its own endpoint, by an update and by a patch', async () => {
    const { client, path, create, has, isReady } = await setUp(kind);
    await create('one');
    await isReady('one');
    const scale = await client.get(`${path}/one/scale`);
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { replicas: 1, selector: 'app=one' } });
    await client.update(`${path}/one/scale`, { ...scale, spec: { replicas: 2 } });
    await has('one', 2);
    await client.patch(`${path}/one/scale`, { spec: { replicas: 3 } });
    await has('one', 3);
    expect((await client.get(`${path}/one`)).spec.replicas).toBe(3);
  });
});

describe('a ReplicationController', () => {
  it('adopts pods that match, and lets go of those that do not any more', async () => {
    const { client, pods, create, podsOf, has } = await setUp('ReplicationController');
    await client.create(pods, { ...template('one'), metadata: { name: 'orphan', labels: { app: 'one' } } });
    await create('one');
    const ownerOf = async (name: string) => (await client.get(`${pods}/${name}`)).metadata.ownerReferences;
    await eventually(async () =>
      expect(await ownerOf('orphan')).toMatchObject([{ apiVersion: 'v1', kind: 'ReplicationController', name: 'one' }]),
    );
    expect(await podsOf('one')).toHaveLength(1);
    await client.patch(`${pods}/orphan`, { metadata: { labels: { app: 'other' } } });
    await eventually(async () => expect(await ownerOf('orphan')).toBeUndefined());
    await has('one', 1);
  });

  it('says when a quota refuses its pods, and not any more when it does not', async () => {
    const { client, namespace, path, create } = await setUp('ReplicationController');
    await client.create(`/api/v1/namespaces/${namespace}/resourcequotas`, {
      metadata: { name: 'two' },
      spec: { hard: { pods: '2' } },
    });
    await create('one', { replicas: 3 });
    const conditions = async () => (await client.get(`${path}/one`)).status.conditions;
    await eventually(async () =>
      expect(await conditions()).toMatchObject([{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }]),
    );
    await client.patch(`${path}/one/scale`, { spec: { replicas: 2 } });
    await eventually(async () => expect(await conditions()).toBeUndefined());
  });
});

describe('a DaemonSet', () => {
  it('runs on the node, and again when its pod is deleted', async () => {
    const { client, pods, create, podsOf, has, isReady } = await setUp('DaemonSet');
    await create('one');
    await isReady('one');
    const [{ metadata }] = await podsOf('one');
    await client.remove(`${pods}/${metadata.name}`);
    await eventually(async () => {
      const [again] = await podsOf('one');
      expect(again?.metadata.uid).toBeDefined();
      expect(again?.metadata.uid).not.toBe(metadata.uid);
    });
    await has('one', 1);
  });

  it('replaces a pod that has failed', async () => {
    const { client, pods, create, podsOf, isReady } = await setUp('DaemonSet');
    await create('one');
    await isReady('one');
    const [{ metadata }] = await podsOf('one');
    await client.patch(`${pods}/${metadata.name}/status`, { status: { phase: 'Failed' } });
    await eventually(async () => {
      const [again] = await podsOf('one');
      expect(again?.status.phase).toBe('Running');
      expect(again?.metadata.uid).not.toBe(metadata.uid);
    });
  });

  it('follows the labels of the node, also when it looks for others', async () => {
    const { client, namespace, path, create, podsOf, has } = await setUp('DaemonSet');
    const color = `${namespace}-color`;
    const [{ metadata: node }] = (await client.get('/api/v1/nodes')).items;
    const paint = (value: string | null) =>
      client.patch(`/api/v1/nodes/${node.name}`, { metadata: { labels: { [color]: value } } });
    await create('one', { template: template('one', { nodeSelector: { [color]: 'blue' } }) });
    await eventually(async () => expect((await client.get(`${path}/one`)).status.observedGeneration).toBe(1));
    expect(await podsOf('one')).toEqual([]);
    await paint('blue');
    await has('one', 1);
    await paint('green');
    await has('one', 0);
    await client.patch(`${path}/one`, {
      spec: { updateStrategy: { type: 'RollingUpdate' }, template: { spec: { nodeSelector: { [color]: 'green' } } } },
    });
    await has('one', 1);
    await paint(null);
    await has('one', 0);
  });

  it('has a revision for each of its versions', async () => {
    const { client, namespace, path, create, podsOf, isReady } = await setUp('DaemonSet');
    await create('one');
    await isReady('one');
    const revisions = `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`;
    const hashes = async () =>
      (await client.get(`${revisions}?labelSelector=app%3Done`)).items.map(
        ({ metadata, revision }: { metadata: { labels: Record<string, string> }; revision: number }) =>
          `${revision} ${metadata.labels['controller-revision-hash']}`,
      );
    const [first] = await hashes();
    const label = async () =>
      (await podsOf('one')).map(
        (pod: { metadata: { labels: Record<string, string> } }) => pod.metadata.labels['controller-revision-hash'],
      );
    expect(await label()).toEqual([first?.slice(2)]);
    await client.patch(
      `${path}/one`,
      { spec: { template: { spec: { containers: [{ name: 'c', image: 'busybox:2' }] } } } },
      'strategic-merge',
    );
    await eventually(async () => expect(await hashes()).toHaveLength(2));
    const [second] = (await hashes()).filter((text: string) => text.startsWith('2 '));
    await eventually(async () => expect(await label()).toEqual([second?.slice(2)]));
    // What `kubectl rollout undo` sends.
    const items: { revision: number; data: object }[] = (await client.get(revisions)).items;
    const { data } = items.find(({ revision }) => revision === 1)!;
    await client.patch(`${path}/one`, data, 'strategic-merge');
    await eventually(async () => expect((await podsOf('one'))[0]?.spec.containers[0].image).toBe('busybox:1.35'));
    await eventually(async () => expect((await hashes()).toSorted()).toEqual([second, `3 ${first?.slice(2)}`]));
  });
});
