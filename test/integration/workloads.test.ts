import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../conformance/runtime/eventually.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { engines } from './engines.ts';
import { busybox, podRows, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

/** Serves what it keeps: who made the volume, and in which version. */
const KEEP = 'echo "$VERSION" > /data/version; [ -f /data/maker ] || hostname > /data/maker';
const SERVE = `httpd -p 8080 -h /data; ${STAY}`;

const labels = { app: 'db' };
const template = (main: object, podLabels: object = labels, more: object = {}) => ({
  metadata: { labels: podLabels },
  spec: { terminationGracePeriodSeconds: 1, containers: [main], ...more },
});

const headless = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db' },
  spec: { clusterIP: 'None', selector: labels, ports: [{ port: 8080 }] },
};

const statefulSet = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    replicas: 3,
    serviceName: 'db',
    selector: { matchLabels: labels },
    template: template(
      busybox(`${KEEP}; ${SERVE}`, {
        env: [{ name: 'VERSION', value: 'one' }],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      }),
    ),
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
      },
    ],
  },
};

const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: template(busybox(STAY, { env: [{ name: 'VERSION', value: 'one' }] }), { app: 'agent' }),
  },
};

const replicationController = {
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name: 'old' },
  spec: { replicas: 2, template: template(busybox(STAY), { app: 'old' }) },
};

describe.each(engines)('workloads on $kind', (engine) => {
  const k2d = useK2d(engine, 'workloads');
  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await k2d.namespace('workloads');
  });

  const get = (what: string, path: string) => kubectl.run(['get', ...what.split(' '), '-o', `jsonpath=${path}`]);
  const rolledOut = (what: string) => kubectl.run(`rollout status ${what} --timeout=100s`);
  const history = async (what: string) => (await kubectl.run(`rollout history ${what}`)).match(/^\d+/gm);
  const names = async (selector: string) => (await podRows(kubectl, `-l ${selector}`)).map(({ name }) => name);
  /** What the pod answers under its own name, asked by another one. */
  const ask = (name: string, path: string) =>
    eventually(`${name} answers`, async () => {
      const { code, stdout } = await kubectl.attempt(`exec db-0 -- timeout 2 wget -q -O - http://${name}:8080/${path}`);
      return code === 0 ? stdout.trim() : undefined;
    });

  describe('a StatefulSet', () => {
    const makers = () => Promise.all([0, 1, 2].map((ordinal) => ask(`db-${ordinal}.db`, 'maker')));
    const versions = () => Promise.all([0, 1, 2].map((ordinal) => ask(`db-${ordinal}.db`, 'version')));

    beforeAll(async () => {
      await kubectl.apply(headless, statefulSet);
      await rolledOut('statefulset/db');
    });

    it('makes its pods in order, each with a claim of its own', async () => {
      expect(await names('app=db')).toEqual(['db-0', 'db-1', 'db-2']);
      const times = async (path: string) =>
        (await get('pods -l app=db', `{.items[*]${path}}`)).split(' ').map(Date.parse);
      const ready = await times('.status.conditions[?(@.type=="Ready")].lastTransitionTime');
      const created = await times('.metadata.creationTimestamp');
      expect(created[1]).toBeGreaterThanOrEqual(ready[0]!);
      expect(created[2]).toBeGreaterThanOrEqual(ready[1]!);
      expect(await get('pvc', '{.items[*].metadata.name}')).toBe('data-db-0 data-db-1 data-db-2');
      expect(await get('pvc', '{.items[*].status.phase}')).toBe('Bound Bound Bound');
      expect(await kubectl.run('get statefulset db -o wide --no-headers')).toMatch(/^db +3\/3 .*main .*busybox/);
      expect(await kubectl.run('get all')).toMatch(/statefulset.apps\/db +3\/3/);
      await kubectl.until('describe statefulset db', /Pods Status: +3 Running[^]*SuccessfulCreate/);
    });

    it('gives them names that resolve', async () => {
      expect(await makers()).toEqual(['db-0', 'db-1', 'db-2']);
      expect(await ask('db-2.db.workloads.svc.cluster.local', 'maker')).toBe('db-2');
      expect(await kubectl.run('exec db-1 -- hostname -f')).toBe('db-1.db.workloads.svc.cluster.local\n');
    });

    it('finds its data again after a pod was deleted, and after scaling down and up', async () => {
      await kubectl.run('exec db-1 -- touch /data/kept');
      const before = await get('pod db-1', '{.metadata.uid}');
      await kubectl.run('delete pod db-1');
      await rolledOut('statefulset/db');
      expect(await get('pod db-1', '{.metadata.uid}')).not.toBe(before);
      expect(await kubectl.run('exec db-1 -- ls /data')).toContain('kept');
      await kubectl.run('scale statefulset/db --replicas=1');
      await kubectl.run('wait --for=delete pod/db-1 pod/db-2 --timeout=100s');
      expect(await names('app=db')).toEqual(['db-0']);
      expect(await get('pvc', '{.items[*].metadata.name}')).toBe('data-db-0 data-db-1 data-db-2');
      await kubectl.run('scale statefulset/db --replicas=3');
      await rolledOut('statefulset/db');
      expect(await makers()).toEqual(['db-0', 'db-1', 'db-2']);
      expect(await kubectl.run('exec db-1 -- ls /data')).toContain('kept');
    });

    it('rolls out a canary, then everywhere, keeps a history and goes back', async () => {
      const partition = (ordinal: number) =>
        kubectl.run([
          'patch',
          'statefulset',
          'db',
          '-p',
          `{"spec":{"updateStrategy":{"rollingUpdate":{"partition":${ordinal}}}}}`,
        ]);
      await partition(2);
      await kubectl.run('set env statefulset/db VERSION=two');
      expect(await rolledOut('statefulset/db')).toContain(
        'partitioned roll out complete: 1 new pods have been updated',
      );
      expect(await versions()).toEqual(['one', 'one', 'two']);
      await partition(0);
      await rolledOut('statefulset/db');
      expect(await versions()).toEqual(['two', 'two', 'two']);
      expect(await history('statefulset/db')).toEqual(['1', '2']);
      expect(await kubectl.run('rollout history statefulset/db --revision=1')).toMatch(/VERSION:\s+one/);
      await kubectl.run('rollout undo statefulset/db');
      await rolledOut('statefulset/db');
      expect(await versions()).toEqual(['one', 'one', 'one']);
      expect(await history('statefulset/db')).toEqual(['2', '3']);
      expect(await kubectl.attempt('rollout pause statefulset/db')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('pausing is not supported') as string,
      });
    });

    it('restarts its pods from the last to the first', async () => {
      await kubectl.run('rollout restart statefulset/db');
      await rolledOut('statefulset/db');
      const path = '{.items[*].metadata.creationTimestamp}';
      const created = (await get('pods -l app=db', path)).split(' ').map(Date.parse);
      expect(created).toEqual(created.toSorted((a, b) => b - a));
      expect(await makers()).toEqual(['db-0', 'db-1', 'db-2']);
    });

    it('goes with its pods, and leaves the claims', async () => {
      await kubectl.run('delete statefulset db');
      await kubectl.run('wait --for=delete pod -l app=db --timeout=100s');
      expect(await get('controllerrevisions', '{.items[*].metadata.name}')).toBe('');
      expect(await get('pvc', '{.items[*].metadata.name}')).toBe('data-db-0 data-db-1 data-db-2');
      await kubectl.run('delete pvc --all');
    });
  });

  it('a DaemonSet has one pod, whose versions come and go', async () => {
    const version = () => get('pods -l app=agent', '{.items[*].spec.containers[0].env[0].value}');
    await kubectl.apply(daemonSet);
    await rolledOut('daemonset/agent');
    expect(await kubectl.run('get daemonset agent --no-headers')).toMatch(/^agent +1 +1 +1 +1 +1 +<none>/);
    await kubectl.run('set env daemonset/agent VERSION=two');
    await rolledOut('daemonset/agent');
    expect(await version()).toBe('two');
    expect(await history('daemonset/agent')).toEqual(['1', '2']);
    await kubectl.run('rollout undo daemonset/agent');
    await rolledOut('daemonset/agent');
    expect(await version()).toBe('one');
    expect(await history('daemonset/agent')).toEqual(['2', '3']);
    const before = await names('app=agent');
    await kubectl.run('rollout restart daemonset/agent');
    await rolledOut('daemonset/agent');
    expect(await names('app=agent')).not.toEqual(before);
    expect(await kubectl.attempt('rollout pause daemonset/agent')).toMatchObject({ code: 1 });
    const [other] = await names('app=agent');
    expect(
      await kubectl.run(
        `drain ${await get('nodes', '{.items[*].metadata.name}')} --ignore-daemonsets --pod-selector=app=agent`,
      ),
    ).toContain('drained');
    expect(await names('app=agent')).toEqual([other]);
    await kubectl.run('uncordon -l kubernetes.io/os=linux');
    await kubectl.run('delete daemonset agent');
    await kubectl.run('wait --for=delete pod -l app=agent --timeout=100s');
  });

  it('a ReplicationController keeps its pods, scales, and may leave them behind', async () => {
    await kubectl.apply(replicationController);
    await kubectl.run('wait --for=jsonpath={.status.readyReplicas}=2 rc/old --timeout=100s');
    expect(await kubectl.run('get rc old -o wide --no-headers')).toMatch(/^old +2 +2 +2 .*app=old/);
    await kubectl.run('scale rc old --replicas=1');
    await kubectl.run('wait --for=jsonpath={.status.replicas}=1 rc/old --timeout=100s');
    await kubectl.run('delete rc old --cascade=orphan');
    await eventually("its pod is nobody's", async () =>
      (await get('pods -l app=old', '{.items[*].metadata.ownerReferences}')) === '' ? true : undefined,
    );
    await eventually('it is the only one', async () => {
      const [pod, ...others] = await podRows(kubectl, '-l app=old');
      return (pod?.ready === '1/1' && others.length === 0) || undefined;
    });
  });
});
