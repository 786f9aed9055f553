import {
  ApiException,
  AppsV1Api,
  CoordinationV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
  Watch,
  type V1ConfigMap,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openApiTestBed, type ApiTestBed } from '../../src/api/api-test-bed.ts';
import { freePort } from '../conformance/runtime/published-port.ts';

const namespace = 'default';
const name = 'web';
const labels = { app: name };

let bed: ApiTestBed;
let config: KubeConfig;
let core: CoreV1Api;
let apps: AppsV1Api;
beforeAll(async () => {
  // The address in the kubeconfig is the one it listens on.
  bed = await openApiTestBed({ port: await freePort() });
  config = new KubeConfig();
  config.loadFromFile(bed.kubeconfigPath);
  core = config.makeApiClient(CoreV1Api);
  apps = config.makeApiClient(AppsV1Api);
});
afterAll(() => bed.close());

const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof ApiException)) throw error;
      const { code, body } = error;
      return { code, reason: (JSON.parse(String(body)) as { reason?: string }).reason };
    },
  );

describe('typed clients', () => {
  it('create, read, replace, list and delete', async () => {
    const body: V1ConfigMap = { metadata: { name: 'settings', namespace, labels }, data: { a: '1' } };
    const created = await core.createNamespacedConfigMap({ namespace, body });
    expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date);
    expect(await core.readNamespacedConfigMap({ namespace, name: 'settings' })).toEqual(created);
    const replacement = (data: Record<string, string>) => ({ metadata: created.metadata ?? {}, data });
    const replace = { namespace, name: 'settings' };
    const replaced = await core.replaceNamespacedConfigMap({ ...replace, body: replacement({ a: '2' }) });
    expect(replaced.data).toEqual({ a: '2' });
    const stale = core.replaceNamespacedConfigMap({ ...replace, body: replacement({}) });
    expect(await failure(stale)).toEqual({ code: 409, reason: 'Conflict' });
    const { items } = await core.listNamespacedConfigMap({ namespace, labelSelector: `app=${name}` });
    expect(items).toEqual([replaced]);
    expect((await core.deleteNamespacedConfigMap({ namespace, name: 'settings' })).status).toBe('Success');
    const gone = core.readNamespacedConfigMap({ namespace, name: 'settings' });
    expect(await failure(gone)).toEqual({ code: 404, reason: 'NotFound' });
  });

  it('read a list page by page', async () => {
    const names = ['page-1', 'page-2', 'page-3'];
    for (const each of names) {
      await core.createNamespacedSecret({ namespace, body: { metadata: { name: each, labels: { pages: 'yes' } } } });
    }
    const query = { namespace, labelSelector: 'pages=yes', limit: 2 };
    const first = await core.listNamespacedSecret(query);
    const { _continue } = first.metadata ?? {};
    const second = await core.listNamespacedSecret({ ...query, ...(_continue === undefined ? {} : { _continue }) });
    expect([...first.items, ...second.items].map(({ metadata }) => metadata?.name)).toEqual(names);
    expect(second.metadata?._continue).toBeFalsy();
  });

  it('renew a lease to the microsecond', async () => {
    const leases = config.makeApiClient(CoordinationV1Api);
    const renewTime = new V1MicroTime('2026-01-02T03:04:05.678Z');
    const metadata = { name: 'leader', namespace };
    const created = await leases.createNamespacedLease({ namespace, body: { metadata, spec: { renewTime } } });
    // It sends microseconds, and reads the time as the text that came.
    const body = { metadata: created.metadata ?? {}, spec: { renewTime, holderIdentity: 'me' } };
    const renewed = await leases.replaceNamespacedLease({ namespace, name: 'leader', body });
    // It sends microseconds, and reads the time as the text that came.
    expect(renewed.spec).toEqual({ renewTime: '2026-01-02T03:04:05.678000Z', holderIdentity: 'me' });
  });

  it('use kinds by their names', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const metadata = { name: 'any', namespace };
    await objects.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    expect(await objects.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata })).toMatchObject({ metadata });
    expect((await objects.delete({ apiVersion: 'v1', kind: 'ConfigMap', metadata })).status).toBe('Success');
  });
});

describe('patches', () => {
  beforeEach(async () => {
    await failure(apps.deleteNamespacedDeployment({ namespace, name }));
    const containers = [{ name: 'main', image: 'one' }];
    const template = { metadata: { labels }, spec: { containers } };
    const body = { metadata: { name }, spec: { replicas: 0, selector: { matchLabels: labels }, template } };
    await apps.createNamespacedDeployment({ namespace, body });
  });

  const patch = async (type: PatchStrategy, body: object, options: object = {}) => {
    const request = { namespace, name, body, ...options };
    const { spec } = await apps.patchNamespacedDeployment(request, setHeaderOptions('Content-Type', type));
    return [spec?.paused, spec?.template.spec?.containers.map(({ image }) => image)];
  };
  const adds = { spec: { paused: true, template: { spec: { containers: [{ name: 'side', image: 'two' }] } } } };

  it.each([
    {
      type: PatchStrategy.JsonPatch,
      body: [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'two' }],
      result: [undefined, ['two']],
    },
    { type: PatchStrategy.MergePatch, body: adds, result: [true, ['two']] },
    { type: PatchStrategy.StrategicMergePatch, body: adds, result: [true, ['two', 'one']] },
  ])('$type', async ({ type, body, result }) => expect(await patch(type, body)).toEqual(result));

  it('application/apply-patch+yaml', async () => {
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, ...adds };
    const result = await patch(PatchStrategy.ServerSideApply, body, { fieldManager: 'client-node' });
    expect(result).toEqual([true, ['one', 'two']]);
    const unnamed = patch(PatchStrategy.ServerSideApply, body);
    expect(await failure(unnamed)).toEqual({ code: 422, reason: 'Invalid' });
  });

  it('of the scale', async () => {
    const options = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    const scale = await apps.patchNamespacedDeploymentScale(
      { namespace, name, body: { spec: { replicas: 3 } } },
      options,
    );
    expect(scale.spec).toEqual({ replicas: 3 });
  });
});

it('a watch begins with what there is, says when that was all, and ends with a bookmark', async () => {
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'watched' } } });
  const events: { phase: string; name: string | undefined; marks: object | undefined; version: number }[] = [];
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const query = {
    allowWatchBookmarks: true,
    sendInitialEvents: true,
    resourceVersionMatch: 'NotOlderThan',
    timeoutSeconds: 8,
    fieldSelector: 'metadata.name=watched',
  };
  await new Watch(config).watch(
    `/api/v1/namespaces/${namespace}/configmaps`,
    query,
    (phase: string, { metadata }: V1ConfigMap) => {
      events.push({
        phase,
        name: metadata?.name,
        marks: metadata?.annotations,
        version: Number(metadata?.resourceVersion),
      });
      if (events.length === 2) void core.deleteNamespacedConfigMap({ namespace, name: 'watched' }).catch(reject);
    },
    (error: unknown) => (error ? reject(error as Error) : resolve()),
  );
  await ended;
  const initialEventsEnd = { 'k8s.io/initial-events-end': 'true' };
  expect(events.map(({ phase, name: of, marks }) => [phase, of, marks])).toEqual([
    ['ADDED', 'watched', undefined],
    ['BOOKMARK', undefined, initialEventsEnd],
    ['DELETED', 'watched', undefined],
    ['BOOKMARK', undefined, undefined],
  ]);
  const versions = events.map(({ version }) => version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
});
