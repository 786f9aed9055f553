import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../conformance/runtime/eventually.ts';
import type { Kubectl } from '../clients/kubectl.ts';
import { engines } from './engines.ts';
import { busybox, deployment, pod, podRows, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const quota = (name: string, hard: object, scope: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name },
  spec: { hard, ...scope },
});

const limits = (...items: object[]) => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'sizes' },
  spec: { limits: items },
});

const sized = (name: string, resources: object, spec: object = {}) =>
  pod(name, { containers: [busybox(STAY, { resources })], ...spec });

const service = (name: string, type: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { type, ports: [{ port: 80 }] },
});

describe.each(engines)('quotas and limit ranges on $kind', (engine) => {
  const k2d = useK2d(engine, 'quotas');
  let kubectl: Kubectl;
  const namespaced = (name: string) =>
    beforeAll(async () => {
      kubectl = await k2d.namespace(name);
    });
  /** What kubectl says of an object that is not let in. */
  const refusal = async (object: object, command = 'create') => {
    const { code, stderr } = await kubectl.attempt(`${command} -f -`, { input: [object] });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Error from server (Forbidden): ') });
    return stderr.replace(/^.* is forbidden: /, '').trimEnd();
  };
  const used = async (name: string) =>
    JSON.parse(await kubectl.run(`get quota ${name} -o jsonpath={.status.used}`)) as Record<string, string>;
  const untilUsed = (name: string, expected: Record<string, string>) =>
    eventually(`quota ${name} has used ${JSON.stringify(expected)}`, async () => {
      const now = await used(name);
      return Object.entries(expected).every(([resource, amount]) => now[resource] === amount) ? true : undefined;
    });

  describe('a Deployment that its quota has no room for', () => {
    namespaced('cramped');
    const conditions = async () =>
      JSON.parse((await kubectl.run('get deployment app -o jsonpath={.status.conditions}')) || '[]') as {
        type: string;
        status: string;
        reason: string;
        message: string;
      }[];
    const failure = async () => (await conditions()).find(({ type }) => type === 'ReplicaFailure');

    it('says so in its conditions and events, and runs what there is room for', async () => {
      await kubectl.apply(
        quota('room', { pods: '1', 'requests.cpu': '300m', 'limits.memory': '64Mi' }),
        deployment(
          'app',
          { containers: [busybox(STAY, { resources: { requests: { cpu: '100m' }, limits: { memory: '16Mi' } } })] },
          { replicas: 3 },
        ),
      );
      const told = await eventually('the Deployment tells of its failure', failure);
      expect(told).toMatchObject({ status: 'True', reason: 'FailedCreate' });
      expect(told.message).toMatch(
        /^pods "app-\w+-\w{5}" is forbidden: exceeded quota: room, requested: pods=1, used: pods=1, limited: pods=1$/,
      );
      await kubectl.run('wait deployment/app --for=jsonpath={.status.availableReplicas}=1 --timeout=100s');
      await kubectl.until(
        'describe replicaset app',
        /Warning +FailedCreate +\S+ .*replicaset-controller +Error creating: pods "app-\w+-\w{5}" is forbidden: exceeded quota: room/,
      );
      expect(await kubectl.run('describe deployment app')).toMatch(/ReplicaFailure +True +FailedCreate/);
    });

    it('is described with what it uses', async () => {
      await untilUsed('room', { pods: '1' });
      expect((await kubectl.run('describe quota room')).replaceAll(/ +/g, ' ')).toBe(
        [
          'Name: room',
          'Namespace: cramped',
          'Resource Used Hard',
          '-------- ---- ----',
          'limits.memory 16Mi 64Mi',
          'pods 1 1',
          'requests.cpu 100m 300m',
          '',
        ].join('\n'),
      );
      expect(await kubectl.run('get quota room')).toMatch(
        /pods: 1\/1, requests.cpu: 100m\/300m +limits.memory: 16Mi\/64Mi/,
      );
      expect((await kubectl.run('describe namespace cramped')).replaceAll(/ +/g, ' ')).toContain(' pods 1 1\n');
    });

    it('gets its pods when the quota is raised', async () => {
      await kubectl.run(['patch', 'quota', 'room', '--type=merge', '-p', '{"spec":{"hard":{"pods":"5"}}}']);
      await kubectl.run('rollout status deployment/app --timeout=100s');
      expect(await podRows(kubectl, '-l app=app')).toHaveLength(3);
      await eventually('no failure is told of', async () => ((await failure()) ? undefined : true));
      await untilUsed('room', { pods: '3', 'requests.cpu': '300m', 'limits.memory': '48Mi' });
    });

    it('leaves no room for other sizes', async () => {
      const fits = { requests: { cpu: '1m' }, limits: { memory: '17Mi' } };
      expect(await refusal(sized('large', fits))).toBe(
        'exceeded quota: room, requested: limits.memory=17Mi,requests.cpu=1m, used: limits.memory=48Mi,requests.cpu=300m, limited: limits.memory=64Mi,requests.cpu=300m',
      );
      expect(await refusal(sized('boundless', {}))).toBe(
        'failed quota: room: must specify limits.memory for: main; requests.cpu for: main',
      );
    });

    it('frees what it used when it goes', async () => {
      await kubectl.run('delete deployment app');
      await untilUsed('room', { pods: '0', 'requests.cpu': '0', 'limits.memory': '0' });
    });
  });

  describe('a quota of objects', () => {
    namespaced('counted');
    beforeAll(async () => {
      await kubectl.apply(
        quota('objects', {
          configmaps: '2',
          services: '2',
          'services.nodeports': '1',
          'count/deployments.apps': '0',
          'count/leases.coordination.k8s.io': '1',
        }),
      );
    });

    it.each([
      [
        'configmaps',
        async () => {
          await kubectl.run('create configmap one');
          return refusal({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'two' } });
        },
        'exceeded quota: objects, requested: configmaps=1, used: configmaps=2, limited: configmaps=2',
      ],
      [
        'any kind by its name',
        () => refusal(deployment('app', { containers: [busybox(STAY)] })),
        'exceeded quota: objects, requested: count/deployments.apps=1, used: count/deployments.apps=0, limited: count/deployments.apps=0',
      ],
      [
        'node ports',
        async () => {
          await kubectl.apply(service('first', 'NodePort'), service('second', 'ClusterIP'));
          return refusal(service('second', 'NodePort'), 'apply');
        },
        'exceeded quota: objects, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
      ],
      [
        'services',
        () => refusal(service('third', 'ClusterIP')),
        'exceeded quota: objects, requested: services=1, used: services=2, limited: services=2',
      ],
    ])('counts %s', async (_, attempt, message) => {
      expect(await attempt()).toContain(message);
    });

    it('counts what is deleted no more, and nothing of a dry run', async () => {
      await kubectl.run('delete service first');
      expect(await kubectl.run('create service nodeport third --tcp=80 --dry-run=server')).toContain('created');
      expect(await kubectl.run('create service nodeport third --tcp=80')).toContain('created');
      await untilUsed('objects', { services: '2', 'services.nodeports': '1', configmaps: '2' });
    });

    it('is not overstepped by many at once', async () => {
      await kubectl.run('delete configmap one');
      const lease = (name: string) => ({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name },
        spec: { leaseDurationSeconds: 1 },
      });
      const names = Array.from({ length: 8 }, (_, index) => `lease-${index}`);
      const outcomes = await Promise.all(names.map((name) => kubectl.attempt('create -f -', { input: [lease(name)] })));
      expect(outcomes.filter(({ code }) => code === 0)).toHaveLength(1);
    });
  });

  describe('scopes', () => {
    namespaced('scoped');

    it('choose the pods that count', async () => {
      const important = {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'important' },
        value: 10,
      };
      const ofClass = { scopeName: 'PriorityClass', operator: 'In', values: ['important'] };
      await kubectl.apply(
        important,
        quota('careless', { pods: '0' }, { scopes: ['BestEffort'] }),
        quota('jobs', { pods: '0' }, { scopes: ['Terminating'] }),
        quota('important', { pods: '0' }, { scopeSelector: { matchExpressions: [ofClass] } }),
      );
      const size = { requests: { memory: '8Mi' } };
      const over = (name: string) => `exceeded quota: ${name}, requested: pods=1, used: pods=0, limited: pods=0`;
      expect(await refusal(sized('a', {}))).toBe(over('careless'));
      expect(await refusal(sized('a', size, { activeDeadlineSeconds: 9 }))).toBe(over('jobs'));
      expect(await refusal(sized('a', size, { priorityClassName: 'important' }))).toBe(over('important'));
      await kubectl.apply(sized('a', size));
      await kubectl.run('delete pod a');
    });
  });

  describe('a limit range', () => {
    namespaced('limited');
    beforeAll(async () => {
      await kubectl.apply(
        limits(
          {
            type: 'Container',
            default: { cpu: '200m', memory: '32Mi' },
            defaultRequest: { cpu: '100m', memory: '16Mi' },
            min: { memory: '8Mi' },
            max: { memory: '64Mi' },
            maxLimitRequestRatio: { cpu: '4' },
          },
          { type: 'Pod', max: { memory: '96Mi' } },
        ),
      );
    });

    it('gives containers what they do not ask for', async () => {
      await kubectl.apply(sized('plain', {}));
      expect(JSON.parse(await kubectl.run('get pod plain -o jsonpath={.spec.containers[0].resources}'))).toEqual({
        limits: { cpu: '200m', memory: '32Mi' },
        requests: { cpu: '100m', memory: '16Mi' },
      });
      expect(await kubectl.run('get pod plain -o jsonpath={.metadata.annotations}')).toContain(
        'LimitRanger plugin set: cpu, memory request for container main; cpu, memory limit for container main',
      );
    });

    it.each([
      ['too much', { limits: { memory: '65Mi' } }, 'maximum memory usage per Container is 64Mi, but limit is 65Mi'],
      ['too little', { limits: { memory: '4Mi' } }, 'minimum memory usage per Container is 8Mi, but request is 4Mi'],
      [
        'a limit too far from the request',
        { requests: { cpu: '10m' }, limits: { cpu: '100m' } },
        'cpu max limit to request ratio per Container is 4, but provided ratio is 10.000000',
      ],
    ])('refuses %s', async (_, resources, message) => {
      expect(await refusal(sized('odd', resources))).toBe(message);
    });

    it('refuses pods that are too large together', async () => {
      const resources = { limits: { memory: '50Mi' } };
      const containers = ['a', 'b'].map((name) => busybox(STAY, { name, resources }));
      expect(await refusal(pod('pair', { containers }))).toBe(
        'maximum memory usage per Pod is 96Mi, but limit is 100Mi',
      );
    });

    it('is described', async () => {
      const text = (await kubectl.run('describe limits sizes')).replaceAll(/ +/g, ' ');
      expect(text).toContain('\nContainer memory 8Mi 64Mi 16Mi 32Mi -\n');
      expect(text).toContain('\nContainer cpu - - 100m 200m 4\n');
      expect(text).toContain('\nPod memory - 96Mi - - -\n');
    });

    it('makes a quota of limits bearable', async () => {
      await kubectl.apply(quota('memory', { 'limits.memory': '64Mi' }));
      await kubectl.apply(sized('second', {}));
      expect(await refusal(sized('third', {}))).toBe(
        'exceeded quota: memory, requested: limits.memory=32Mi, used: limits.memory=64Mi, limited: limits.memory=64Mi',
      );
    });
  });
});
