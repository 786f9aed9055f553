import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

type Row = {
  kind: string;
  apiVersion: string;
  plural: string;
  cluster?: boolean;
  /** What an object of the kind needs besides its metadata. */
  content: (namespace: string) => object;
  /** A merge patch of something else than metadata, where the kind lets it change. */
  change?: object;
};

const template = { spec: { containers: [{ name: 'c', image: 'busybox:1.35' }] } };
const reference = (namespace: string) => ({ apiVersion: 'v1', kind: 'Pod', name: 'p', namespace });
const webhook = {
  name: 'hook.example.com',
  clientConfig: { url: 'https://hook.example.com' },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};

const kinds: readonly Row[] = [
  {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    plural: 'configmaps',
    content: () => ({ data: { a: '1' } }),
    change: { data: { a: '2' } },
  },
  {
    kind: 'Secret',
    apiVersion: 'v1',
    plural: 'secrets',
    content: () => ({ type: 'Opaque', data: { key: 'dmFsdWU=' } }),
    change: { data: { key: 'dmFsdWUx' } },
  },
  {
    kind: 'ServiceAccount',
    apiVersion: 'v1',
    plural: 'serviceaccounts',
    content: () => ({ automountServiceAccountToken: false }),
    change: { automountServiceAccountToken: true },
  },
  {
    kind: 'PodTemplate',
    apiVersion: 'v1',
    plural: 'podtemplates',
    content: () => ({ template }),
    change: { template: { metadata: { labels: { changed: 'yes' } } } },
  },
  {
    kind: 'ControllerRevision',
    apiVersion: 'apps/v1',
    plural: 'controllerrevisions',
    content: () => ({ data: { spec: { template } }, revision: 1 }),
    change: { revision: 2 },
  },
  {
    kind: 'LimitRange',
    apiVersion: 'v1',
    plural: 'limitranges',
    content: () => ({ spec: { limits: [{ type: 'Container', max: { cpu: '500m' } }] } }),
    change: { spec: { limits: [{ type: 'Container', max: { cpu: '600m' } }] } },
  },
  {
    kind: 'ResourceQuota',
    apiVersion: 'v1',
    plural: 'resourcequotas',
    content: () => ({ spec: { hard: { cpu: '1', memory: '500Mi' } } }),
    change: { spec: { hard: { memory: '750Mi' } } },
  },
  {
    kind: 'Endpoints',
    apiVersion: 'v1',
    plural: 'endpoints',
    content: () => ({
      subsets: [{ addresses: [{ ip: '10.0.0.24' }], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }],
    }),
    change: {
      subsets: [{ addresses: [{ ip: '10.0.0.25' }], ports: [{ name: 'http-test', port: 8080, protocol: 'TCP' }] }],
    },
  },
  {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    plural: 'endpointslices',
    content: () => ({
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'] }],
      ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    }),
    change: { endpoints: [{ addresses: ['10.0.0.2'] }] },
  },
  {
    kind: 'Event (core/v1)',
    apiVersion: 'v1',
    plural: 'events',
    content: (namespace) => ({ involvedObject: reference(namespace), reason: 'Test', message: 'a', type: 'Normal' }),
    change: { message: 'b' },
  },
  {
    kind: 'Event (events.k8s.io/v1)',
    apiVersion: 'events.k8s.io/v1',
    plural: 'events',
    content: (namespace) => ({
      regarding: reference(namespace),
      eventTime: '2026-01-02T03:04:05.000006Z',
      reportingController: 'example.com/test',
      reportingInstance: 'test-1',
      action: 'Do',
      reason: 'Test',
      type: 'Normal',
      note: 'a',
    }),
    change: { series: { count: 2, lastObservedTime: '2026-01-02T04:04:05.000007Z' } },
  },
  {
    kind: 'Lease',
    apiVersion: 'coordination.k8s.io/v1',
    plural: 'leases',
    content: () => ({
      spec: {
        holderIdentity: 'holder',
        leaseDurationSeconds: 30,
        acquireTime: '2026-01-02T03:04:05.000006Z',
        renewTime: '2026-01-02T03:04:10.000006Z',
        leaseTransitions: 0,
      },
    }),
    change: { spec: { holderIdentity: 'holder2', leaseDurationSeconds: 29, leaseTransitions: 1 } },
  },
  {
    kind: 'RuntimeClass',
    apiVersion: 'node.k8s.io/v1',
    plural: 'runtimeclasses',
    cluster: true,
    content: () => ({ handler: 'handler' }),
    change: { overhead: { podFixed: { cpu: '10m' } } },
  },
  {
    kind: 'IngressClass',
    apiVersion: 'networking.k8s.io/v1',
    plural: 'ingressclasses',
    cluster: true,
    content: () => ({ spec: { controller: 'example.com/controller' } }),
    change: { spec: { parameters: { apiGroup: 'example.com', kind: 'Parameters', name: 'p' } } },
  },
  {
    kind: 'Ingress',
    apiVersion: 'networking.k8s.io/v1',
    plural: 'ingresses',
    content: () => ({ spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } }),
    change: { spec: { rules: [{ host: 'plant.example' }] } },
  },
  {
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    plural: 'networkpolicies',
    content: () => ({ spec: { podSelector: { matchLabels: { app: 'web' } } } }),
    change: { spec: { policyTypes: ['Ingress', 'Egress'] } },
  },
  {
    kind: 'StorageClass',
    apiVersion: 'storage.k8s.io/v1',
    plural: 'storageclasses',
    cluster: true,
    content: () => ({ provisioner: 'example.com/fake', reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
    change: { allowVolumeExpansion: true },
  },
  {
    kind: 'PriorityClass',
    apiVersion: 'scheduling.k8s.io/v1',
    plural: 'priorityclasses',
    cluster: true,
    content: () => ({ value: 100, description: 'a' }),
    change: { description: 'b' },
  },
  {
    kind: 'CronJob',
    apiVersion: 'batch/v1',
    plural: 'cronjobs',
    content: () => ({
      spec: {
        schedule: '0 0 31 2 *',
        jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } },
      },
    }),
    change: { spec: { suspend: true } },
  },
  {
    kind: 'Node',
    apiVersion: 'v1',
    plural: 'nodes',
    cluster: true,
    content: () => ({ spec: { unschedulable: true } }),
    change: { spec: { taints: [{ key: 'example.com/test', effect: 'NoSchedule' }] } },
  },
  ...(['Mutating', 'Validating'] as const).map((form): Row => ({
    kind: `${form}WebhookConfiguration`,
    apiVersion: 'admissionregistration.k8s.io/v1',
    plural: `${form.toLowerCase()}webhookconfigurations`,
    cluster: true,
    content: () => ({ webhooks: [webhook] }),
    change: { webhooks: [{ ...webhook, timeoutSeconds: 5 }] },
  })),
];

describe.each(kinds)('$kind', ({ apiVersion, plural, cluster = false, content, change }) => {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const everywhere = `${root}/${plural}`;

  it('is found, made, read, listed, watched, patched, replaced and deleted, alone and together', async () => {
    const { client } = plane;
    const namespace = await plane.namespace();
    const path = cluster ? everywhere : `${root}/namespaces/${namespace}/${plural}`;
    const listed = (await client.get(root)).resources.find(({ name }: { name: string }) => name === plural);
    expect(listed.verbs.toSorted()).toEqual(
      ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'].toSorted(),
    );

    const labels = { test: namespace };
    const objectOf = (name: string) => ({ metadata: { name, labels }, ...content(namespace) });
    const names = ['a', 'b', 'c'].map((letter) => `${namespace}-${letter}`);
    const [first = ''] = names;
    const selected = `labelSelector=test%3D${namespace}`;
    const { resourceVersion } = (await client.get(`${everywhere}?${selected}`)).metadata;
    const watch = await client.watch(`${everywhere}?${selected}`, resourceVersion);
    for (const name of names) {
      const made = await client.create(path, objectOf(name));
      expect(made).toMatchObject(content(namespace));
      expect(made.metadata).toMatchObject({ uid: expect.any(String), creationTimestamp: expect.any(String) });
    }
    expect(await client.attempt('POST', path, objectOf(first))).toMatchObject({
      status: 409,
      body: { reason: 'AlreadyExists' },
    });

    for (const collection of [path, everywhere]) {
      const { items } = await client.get(`${collection}?${selected}`);
      expect(items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(names);
    }
    const made = await client.get(`${path}/${first}`);

    const annotations = { patched: 'true' };
    const patched = await client.patch(`${path}/${first}`, { metadata: { annotations } });
    expect(patched.metadata).toMatchObject({ uid: made.metadata.uid, annotations });
    if (change !== undefined) {
      expect(await client.patch(`${path}/${first}`, change)).toMatchObject(change);
      expect(await client.get(`${path}/${first}`)).toMatchObject(change);
    }
    const current = await client.get(`${path}/${first}`);
    const replaced = await client.update(`${path}/${first}`, {
      ...current,
      ...content(namespace),
      metadata: { ...current.metadata, annotations: { updated: 'true' } },
    });
    expect(replaced).toMatchObject({ ...content(namespace), metadata: { annotations: { updated: 'true' } } });
    expect(await client.attempt('PUT', `${path}/${first}`, current)).toMatchObject({
      status: 409,
      body: { reason: 'Conflict' },
    });

    await client.remove(`${path}/${first}`);
    expect((await client.attempt('GET', `${path}/${first}`)).status).toBe(404);
    expect((await client.get(`${path}?${selected}`)).items.length).toBe(2);
    await client.remove(`${path}?${selected}`);
    expect((await client.get(`${path}?${selected}`)).items).toEqual([]);

    const told: string[] = [];
    while (told.filter((text) => text.startsWith('DELETED')).length < names.length) {
      const { type, object } = await watch.next();
      told.push(`${type} ${object.metadata.name} ${Object.keys(object.metadata.annotations ?? {}).join()}`);
    }
    // Controllers have their say in between: a quota gets its status.
    expect(told.filter((text) => !text.startsWith('MODIFIED'))).toEqual([
      ...names.map((name) => `ADDED ${name} `),
      `DELETED ${first} updated`,
      ...names.slice(1).map((name) => `DELETED ${name} `),
    ]);
    expect(told).toEqual(expect.arrayContaining([`MODIFIED ${first} patched`, `MODIFIED ${first} updated`]));
    await watch.stop();
  });
});
