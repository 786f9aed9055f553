import { expect, test } from 'vitest';
import type { Pod } from '../../meta/types.ts';
import { adoptAnnotation, adoptedBy, adoptingAnnotation } from '../../resources/adopted-pod.ts';
import { deployments } from '../../resources/deployment.ts';
import { foreignAnnotation } from '../../resources/foreign-pod.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { secrets } from '../../resources/secret.ts';
import { startAdoptionController } from './adoption-controller.ts';
import { startDeploymentController } from '../deployment/deployment-controller.ts';
import { startReplicaSetController } from '../replicaset/replicaset-controller.ts';
import { namesOf, quiet, testCluster, type TestCluster } from '../test-cluster.ts';

const key = { namespace: 'default', name: 'web' };

const foreign = (annotations: Record<string, string> = {}): Pod => ({
  metadata: { ...key, labels: { team: 'plc' }, annotations: { [foreignAnnotation]: 'root', ...annotations } },
  spec: {
    nodeName: 'plc-1',
    restartPolicy: 'Never',
    containers: [
      {
        name: 'web',
        image: 'web:1',
        env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'web-environment', key: 'web.TOKEN' } } }],
      },
    ],
  },
});

async function setUp(before: (cluster: TestCluster) => Promise<unknown>) {
  const cluster = await testCluster();
  await before(cluster);
  void startDeploymentController(cluster);
  void startReplicaSetController(cluster);
  void startAdoptionController({ ...cluster, secretEnvironment: async () => ({ 'web.TOKEN': 'sesame' }) });
  await quiet(cluster);
  return cluster;
}

/** As the kubelet shows it: first the pod, then what the engine says of its containers. */
async function show({ registry }: TestCluster, pod: Pod): Promise<void> {
  await registry.create(pods, pod);
  const found = { name: 'web', containerID: 'docker://abc', image: '', imageID: '', ready: true, restartCount: 0 };
  const status = { containerStatuses: [found] };
  await registry.update(pods, key, (current) => ({ ...current, status }), { subresource: 'status' });
}

const adopt = ({ registry }: TestCluster) =>
  registry.update(pods, key, (pod) => ({
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...pod.metadata?.annotations, [adoptAnnotation]: 'true' } },
  }));

test('a foreign pod becomes a Deployment whose one pod owns the container', async () => {
  const cluster = await setUp((cluster) => show(cluster, foreign()));
  const { registry } = cluster;
  expect(registry.all(deployments)).toEqual([]);
  await adopt(cluster);
  await quiet(cluster);
  const [pod, ...others] = registry.all(pods);
  expect(others).toEqual([]);
  expect(adoptedBy(pod!)).toEqual({ network: 'root', containers: { web: { id: 'abc', resources: {} } } });
  expect(pod).toMatchObject({
    spec: { restartPolicy: 'Always', nodeName: 'plc-1' },
    metadata: { labels: { team: 'plc' } },
  });
  const [set] = registry.all(replicaSets);
  expect(pod!.metadata!.ownerReferences?.[0]).toMatchObject({ kind: 'ReplicaSet', name: set!.metadata!.name });
  const deployment = registry.get(deployments, key);
  expect(deployment.spec).toMatchObject({
    replicas: 1,
    selector: { matchLabels: { 'app.kubernetes.io/instance': 'web' } },
  });
  expect(deployment.spec!.paused).toBeUndefined();
  expect(deployment.metadata!.annotations?.[adoptingAnnotation]).toBeUndefined();
  expect(deployment.spec!.template.metadata!.annotations).toBeUndefined();
  expect(registry.get(secrets, { ...key, name: 'web-environment' })).toMatchObject({
    data: { 'web.TOKEN': Buffer.from('sesame').toString('base64') },
    metadata: { ownerReferences: [{ kind: 'Deployment', name: 'web' }] },
  });
  expect(cluster.messages('Adopted')).toHaveLength(1);
});

test('scaled, it makes pods of its own from the template', async () => {
  const cluster = await setUp((cluster) => show(cluster, foreign({ [adoptAnnotation]: 'true' })));
  const { registry } = cluster;
  await registry.update(deployments, key, (d) => ({ ...d, spec: { ...d.spec!, replicas: 2 } }));
  await quiet(cluster);
  const all = registry.all(pods);
  expect([all.length, all.filter((pod) => adoptedBy(pod)).length]).toEqual([2, 1]);
  expect(registry.all(replicaSets)).toHaveLength(1);
});

test('begun before a crash it is finished, when the engine has been looked at', async () => {
  const cluster = await setUp(async ({ registry }) => {
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: foreign().spec!.containers } };
    await registry.create(deployments, {
      metadata: { ...key, annotations: { [adoptingAnnotation]: 'root' } },
      spec: { paused: true, selector: { matchLabels: { a: 'b' } }, template },
    });
  });
  const { registry } = cluster;
  expect(registry.all(pods)).toEqual([]);
  await show(cluster, foreign());
  await quiet(cluster);
  expect(registry.all(pods).map((pod) => adoptedBy(pod)?.network)).toEqual(['root']);
  expect(registry.get(deployments, key).spec!.paused).toBeUndefined();
});

test('a Deployment of that name stays as it is, and whoever asked is told', async () => {
  const cluster = await setUp(async ({ registry }) => {
    await registry.create(pods, foreign({ [adoptAnnotation]: 'true' }));
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await registry.create(deployments, {
      metadata: key,
      spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template },
    });
  });
  expect(namesOf(cluster.registry.all(pods))).toEqual(['web']);
  expect(cluster.messages('FailedAdoption')[0]).toContain('already exists');
});

test('fixed ports of the host allow no rolling update, and that is told', async () => {
  const cluster = await setUp((cluster) => {
    const pod = foreign({ [adoptAnnotation]: 'true' });
    const containers = [{ ...pod.spec!.containers[0]!, ports: [{ containerPort: 80, hostPort: 8080 }] }];
    return show(cluster, { ...pod, spec: { ...pod.spec!, containers } });
  });
  expect(cluster.registry.get(deployments, key).spec!.strategy).toEqual({ type: 'Recreate' });
  expect(cluster.messages('PartlyAdopted')).toContain('only one pod can hold port 8080 of the host');
});
