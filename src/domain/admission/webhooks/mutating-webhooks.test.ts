import { describe, expect, it } from 'vitest';
import type { ConfigMap, Deployment, EndpointSlice, KubernetesObject } from '../../meta/types.ts';
import { systemUser } from '../../meta/user-info.ts';
import { configMaps } from '../../resources/config-map.ts';
import { deployments } from '../../resources/deployment.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import { foreignAnnotation } from '../../resources/foreign-pod.ts';
import { mutatingWebhookConfigurations } from '../../resources/mutating-webhook-configuration.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { admissionChain, type AdmissionPlugin, type AdmissionRequest, type Lister } from '../chain.ts';
import { clientRequest } from '../client-request.ts';
import { mutatingWebhooks } from './mutating-webhooks.ts';
import { answeringWebhooks, hook, listerWith, patching, type Answers } from './webhook-fixture.ts';

const metadata = { name: 'x', namespace: 'plant' };
const created = (data: Record<string, string> = {}) =>
  clientRequest<ConfigMap>(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });

const pluginOf = (answers: Answers, more: { hasCaughtUp?: () => boolean; earlier?: AdmissionPlugin[] } = {}) => {
  const webhooks = answeringWebhooks(answers);
  const plugin = mutatingWebhooks({
    ...webhooks.options,
    versionsOf: (definition) => [definition],
    earlier: admissionChain(more.earlier ?? []),
    hasCaughtUp: more.hasCaughtUp ?? (() => true),
  });
  const mutate = async (request: AdmissionRequest, lister: Lister) =>
    (await admissionChain([plugin]).mutate(
      request as AdmissionRequest & { object: KubernetesObject },
      lister,
    )) as ConfigMap;
  return { ...webhooks, plugin, mutate };
};

const set = (key: string, value: string) => patching({ op: 'add', path: `/data/${key}`, value });
const yes = () => ({ allowed: true });

describe('the review', () => {
  it('tells all that Kubernetes tells', async () => {
    const { mutate, asked } = pluginOf({ a: yes });
    const oldObject = { metadata, data: { old: '1' } };
    const user = { name: 'ann', groups: ['ops'], uid: '7' };
    const request = { ...clientRequest<ConfigMap>(configMaps, { metadata, data: {} }, oldObject), user, dryRun: true };
    await mutate(request, listerWith([hook('a')]));
    const resource = { group: '', version: 'v1', resource: 'configmaps' };
    const kind = { group: '', version: 'v1', kind: 'ConfigMap' };
    expect(asked[0]?.request).toEqual({
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind,
      resource,
      requestKind: kind,
      requestResource: resource,
      name: 'x',
      namespace: 'plant',
      operation: 'UPDATE',
      userInfo: { username: 'ann', groups: ['ops'], uid: '7' },
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {} },
      oldObject: { apiVersion: 'v1', kind: 'ConfigMap', ...oldObject },
      dryRun: true,
      options: { kind: 'UpdateOptions', apiVersion: 'meta.k8s.io/v1', dryRun: ['All'] },
    });
  });

  it('of the scale endpoint shows a Scale', async () => {
    const { mutate, asked } = pluginOf({ a: () => patching({ op: 'replace', path: '/spec/replicas', value: 2 }) });
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const spec = { replicas: 9, selector: { matchLabels: { a: 'b' } }, template };
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
    const request = clientRequest<Deployment>(deployments, web, web);
    const changed = await mutate({ ...request, subresource: 'scale' }, listerWith([hook('a')]));
    expect(asked[0]?.request).toMatchObject({
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      resource: { group: 'apps', version: 'v1', resource: 'deployments' },
      subResource: 'scale',
      object: { apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 9 } },
    });
    expect(changed).toMatchObject({ kind: 'Deployment', spec: { replicas: 2, template } });
  });
});

describe('webhooks', () => {
  it('are asked in order, each about what the one before made', async () => {
    const { mutate, asked } = pluginOf({ a: () => set('a', '1'), b: () => set('b', '2'), c: yes });
    const { data } = await mutate(created(), listerWith([hook('a'), hook('b'), hook('c')]));
    expect(data).toEqual({ a: '1', b: '2' });
    expect(asked.map(({ webhook, request }) => [webhook, (request.object as ConfigMap).data])).toEqual([
      ['a', {}],
      ['b', { a: '1' }],
      ['c', { a: '1', b: '2' }],
    ]);
  });

  it('refuse, and nobody is asked any more', async () => {
    const { mutate, asked } = pluginOf({ a: () => ({ status: { message: 'not on my watch' } }), b: yes });
    await expect(mutate(created(), listerWith([hook('a'), hook('b')]))).rejects.toThrow(
      'admission webhook "a.example.com" denied the request: not on my watch',
    );
    expect(asked).toHaveLength(1);
  });

  it('that cannot be asked count as their failurePolicy says', async () => {
    const { mutate, warned } = pluginOf({ a: () => 'EOF', b: () => set('b', '2') });
    await expect(mutate(created(), listerWith([hook('a')]))).rejects.toThrow(
      'Internal error occurred: failed calling webhook "a.example.com": failed to call webhook: EOF',
    );
    const lenient = hook('a', { failurePolicy: 'Ignore' });
    expect((await mutate(created(), listerWith([lenient, hook('b')]))).data).toEqual({ b: '2' });
    expect(warned).toEqual(['{"webhook":"a.example.com","reason":"failed to call webhook: EOF"}']);
  });

  it('that do something besides are not asked for a dry run', async () => {
    const { mutate, asked } = pluginOf({ a: yes });
    const dry = { ...created(), dryRun: true };
    const webhook = hook('a', { sideEffects: 'Some', failurePolicy: 'Ignore' });
    await expect(mutate(dry, listerWith([webhook]))).rejects.toMatchObject({
      status: { code: 400, message: 'admission webhook "a.example.com" does not support dry run' },
    });
    expect(asked).toEqual([]);
    await mutate(dry, listerWith([hook('a', { sideEffects: 'NoneOnDryRun' })]));
    expect(asked).toHaveLength(1);
  });

  it('speak to the client', async () => {
    const { mutate, warned } = pluginOf({
      a: () => ({ allowed: true, warnings: ['old'], auditAnnotations: { why: 'so' } }),
    });
    const heard: string[] = [];
    await mutate({ ...created(), warn: (text) => void heard.push(text) }, listerWith([hook('a')]));
    expect([heard, warned]).toEqual([['old'], ['{"webhook":"a.example.com","auditAnnotations":{"why":"so"}}']]);
  });

  it('of other resources are not asked', async () => {
    const { mutate } = pluginOf({});
    const rules = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['pods'] }];
    const request = created();
    expect(await mutate(request, listerWith([hook('a', { rules })]))).toBe(request.object);
  });
});

describe('a patch', () => {
  it.each<[string, object]>([
    ['that fits nothing', { op: 'remove', path: '/data/none' }],
    ['of a wrong type', { op: 'add', path: '/data', value: 7 }],
    ['of the whole', { op: 'replace', path: '', value: 'text' }],
    ['of the name', { op: 'replace', path: '/metadata/name', value: 'y' }],
    ['of the namespace', { op: 'replace', path: '/metadata/namespace', value: 'y' }],
  ])('%s is an error, whatever the failurePolicy', async (_title, operation) => {
    const { mutate } = pluginOf({ a: () => patching(operation) });
    await expect(mutate(created(), listerWith([hook('a', { failurePolicy: 'Ignore' })]))).rejects.toMatchObject({
      status: { code: 500, reason: 'InternalError' },
    });
  });

  it('brings defaults along, loses what the kind does not have, and gives no status', async () => {
    const more = [
      { op: 'add', path: '/spec/containers/-', value: { name: 'side', image: 'car:1', mystery: 1 } },
      { op: 'add', path: '/status', value: { phase: 'Running' } },
      { op: 'add', path: '/metadata/uid', value: 'mine' },
      { op: 'add', path: '/metadata/resourceVersion', value: '7' },
    ];
    const { mutate } = pluginOf({ a: () => patching(...more) });
    const pod = { metadata: { ...metadata, uid: 'theirs' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const changed = await mutate(clientRequest(pods, pods.default(pod)), listerWith([hook('a')]));
    expect(changed.metadata).toEqual({ ...metadata, uid: 'theirs' });
    expect(changed).toMatchObject({
      spec: { containers: [{ name: 'c' }, { name: 'side', imagePullPolicy: 'IfNotPresent' }] },
    });
    expect(JSON.stringify(changed)).not.toMatch(/mystery|Running/);
  });

  it('cannot change a delete, which may be refused', async () => {
    const { object: oldObject, ...request } = { ...created(), operation: 'DELETE' as const };
    const gone = { ...request, oldObject: oldObject! };
    const changing = pluginOf({ a: () => set('a', '1') });
    await expect(changing.plugin.validate?.(gone, listerWith([hook('a')]))).rejects.toThrow(
      'admission webhook "a.example.com" attempted to modify the object, which is not supported for this operation',
    );
    const refusing = pluginOf({ a: () => ({ allowed: false }) });
    await expect(refusing.plugin.validate?.(gone, listerWith([hook('a')]))).rejects.toThrow('without explanation');
    expect(refusing.asked[0]?.request).toMatchObject({ operation: 'DELETE', object: null, oldObject: { metadata } });
  });
});

describe('reinvocation', () => {
  const again = { reinvocationPolicy: 'IfNeeded' };
  /** Counts its turns in the object. */
  const counting = (key: string) => (request: { object: ConfigMap | object }) =>
    set(key, `${Number((request.object as ConfigMap).data?.[key] ?? 0) + 1}`);
  const once = (key: string) => () => set(key, '1');

  it('asks those again whose work a later one changed', async () => {
    const { mutate, asked } = pluginOf({ a: counting('a'), b: once('b'), c: once('c') });
    const { data } = await mutate(created(), listerWith([hook('a', again), hook('b'), hook('c', again)]));
    expect(data).toEqual({ a: '2', b: '1', c: '1' });
    // The second turn of `a` changes the object, so `c` is due as well.
    expect(asked.map(({ webhook }) => webhook)).toEqual(['a', 'b', 'c', 'a', 'c']);
  });

  it('asks nobody again when the last to change is the one that would be asked', async () => {
    const { mutate, asked } = pluginOf({ a: yes, b: once('b') });
    await mutate(created(), listerWith([hook('a'), hook('b', again)]));
    expect(asked.map(({ webhook }) => webhook)).toEqual(['a', 'b']);
  });

  it('asks nobody again who does not wish it, or when nothing changed', async () => {
    const { mutate, asked } = pluginOf({ a: yes, b: once('b'), c: yes });
    await mutate(created({ b: '1' }), listerWith([hook('a', again), hook('b'), hook('c')]));
    await mutate(created(), listerWith([hook('a'), hook('b')]));
    expect(asked.map(({ webhook }) => webhook)).toEqual(['a', 'b', 'c', 'a', 'b']);
  });

  it('lets the other plug-ins see what webhooks changed, and webhooks what those change then', async () => {
    const earlier: AdmissionPlugin = {
      name: 'Earlier',
      mutate: ({ object }) => ({ ...object, data: { ...(object as ConfigMap).data, earlier: 'seen' } }) as ConfigMap,
    };
    const { mutate, asked } = pluginOf({ a: once('a') }, { earlier: [earlier] });
    const { data } = await mutate(created(), listerWith([hook('a', again)]));
    expect(data).toEqual({ a: '1', earlier: 'seen' });
    expect(asked).toHaveLength(2);
  });
});

describe('nobody is asked', () => {
  const refusing = { a: () => ({ allowed: false }) };
  const foreign = { metadata: { ...metadata, annotations: { [foreignAnnotation]: 'id' } } };
  const computed: EndpointSlice = {
    metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } },
    addressType: 'IPv4',
    endpoints: [],
  };
  const byK2d = <T extends AdmissionRequest>(request: T) => ({ ...request, user: systemUser });

  it.each<[string, AdmissionRequest]>([
    ['about the node by k2d', byK2d(clientRequest(nodes, { metadata: { name: 'n' } }))],
    ['about containers of others by k2d', byK2d(clientRequest(pods, foreign))],
    ['about computed endpoints by k2d', byK2d(clientRequest(endpointSlices, computed))],
    ['about webhooks', clientRequest(mutatingWebhookConfigurations, { metadata: { name: 'm' } })],
  ])('%s', async (_title, request) => {
    const { mutate } = pluginOf(refusing);
    expect(await mutate(request, listerWith([hook('a')]))).toBe(request.object);
  });

  it('about anything by k2d before it has caught up', async () => {
    const { mutate } = pluginOf(refusing, { hasCaughtUp: () => false });
    const request = byK2d(created());
    expect(await mutate(request, listerWith([hook('a')]))).toBe(request.object);
    await expect(mutate(created(), listerWith([hook('a')]))).rejects.toThrow('denied the request');
  });

  it.each<[string, AdmissionRequest]>([
    ['the node by a client', clientRequest(nodes, { metadata: { name: 'n' } })],
    ['containers of others by a client', clientRequest(pods, foreign)],
    ['endpoints that a client wrote', byK2d(clientRequest(endpointSlices, { ...computed, metadata }))],
    ['anything else by k2d', byK2d(created())],
  ])('but about %s', async (_title, request) => {
    const { mutate } = pluginOf(refusing);
    await expect(mutate(request, listerWith([hook('a')]))).rejects.toThrow('denied the request');
  });
});
