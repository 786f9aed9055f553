import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import { openControlPlane, type ControlPlane } from '../kubernetes-conformance/control-plane.ts';
import { eventually } from '../kubernetes-conformance/eventually.ts';

/** Requests of clients that no package registry has: what they send, replayed, and what they look at in the answers. */

let plane: ControlPlane;
let namespace: string;
beforeAll(async () => {
  plane = await openControlPlane({ withOpenApi: true });
  namespace = await plane.namespace();
});
afterAll(() => plane.close());

const deployment = (replicas: number, metadata: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'httpd:1' }] } },
  },
});

describe('Flux and Argo CD', () => {
  const applied = 'application/apply-patch+yaml';
  const path = (query: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/web?${query}`;
  const manager = 'fieldManager=kustomize-controller&force=true';
  const apply = (query: string, replicas: number) =>
    plane.client.attempt('PATCH', path(query), deployment(replicas), { 'content-type': applied });

  it('apply dry first, and look at what would change', async () => {
    const tried = await apply(`${manager}&dryRun=All`, 1);
    expect([tried.status, tried.body.spec.strategy.type]).toEqual([201, 'RollingUpdate']);
    expect((await plane.client.attempt('GET', path(''))).status).toBe(404);
    const { status, body } = await apply(manager, 1);
    expect([status, body.metadata.managedFields]).toEqual([
      201,
      [expect.objectContaining({ manager: 'kustomize-controller', operation: 'Apply' })],
    ]);
    // Nothing is different but what every dry run makes anew: it is not applied again.
    const same = await apply(`${manager}&dryRun=All`, 1);
    expect(same.body.spec).toEqual(body.spec);
    const drifted = await apply(`${manager}&dryRun=All`, 3);
    expect([drifted.body.spec.replicas, drifted.body.metadata.uid]).toEqual([3, body.metadata.uid]);
  });

  it('see from the status whether it is carried out', async () => {
    const { body } = await apply(manager, 2);
    await eventually(async () => {
      const { metadata, status } = await plane.client.get(path(''));
      expect(metadata.generation).toBeGreaterThanOrEqual(body.metadata.generation);
      expect(status).toMatchObject({
        observedGeneration: metadata.generation,
        replicas: 2,
        updatedReplicas: 2,
        availableReplicas: 2,
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'Available', status: 'True' }),
          expect.objectContaining({ type: 'Progressing', status: 'True' }),
        ]),
      });
    });
  });

  it('are told who else owns a field', async () => {
    const { status, body } = await apply('fieldManager=argocd-controller', 5);
    expect([status, body.reason, body.details.causes]).toEqual([
      409,
      'Conflict',
      [
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "kustomize-controller"',
          field: '.spec.replicas',
        },
      ],
    ]);
  });

  it('find orphans by metadata alone', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const { items } = await plane.client.get(`/apis/apps/v1/namespaces/${namespace}/replicasets?limit=500`, accept);
    expect(items).toMatchObject([{ metadata: { ownerReferences: [{ kind: 'Deployment', name: 'web' }] } }]);
    expect(Object.keys(items[0]).toSorted()).toEqual(['apiVersion', 'kind', 'metadata']);
  });
});

describe('Terraform', () => {
  const collection = () => `/api/v1/namespaces/${namespace}/configmaps`;
  const path = (query = '') => `${collection()}/settings${query}`;

  it('plans and applies a manifest', async () => {
    const manifest = (value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'planned', namespace },
      data: { key: value },
    });
    const apply = (value: string, query: string) =>
      plane.client.apply(`${collection()}/planned?fieldManager=Terraform&force=false${query}`, manifest(value));
    expect((await plane.client.attempt('GET', `${collection()}/planned`)).status).toBe(404);
    expect(await apply('a', '&dryRun=All')).toMatchObject({ status: 201, body: { data: { key: 'a' } } });
    expect(await apply('a', '')).toMatchObject({ status: 201 });
    expect(await apply('b', '&dryRun=All')).toMatchObject({ status: 200, body: { data: { key: 'b' } } });
    expect((await plane.client.get(`${collection()}/planned`)).data).toEqual({ key: 'a' });
    expect(await apply('b', '')).toMatchObject({ status: 200, body: { data: { key: 'b' } } });
  });

  it('changes what it made by JSON patch', async () => {
    await plane.client.create(`${collection()}?fieldManager=Terraform`, {
      metadata: { name: 'settings', labels: { 'acme.io/line': '1' } },
      data: { key: 'a', old: 'x' },
    });
    const operations = [
      { op: 'replace', path: '/metadata/labels/acme.io~1line', value: '2' },
      { op: 'add', path: '/metadata/annotations', value: { by: 'terraform' } },
      { op: 'remove', path: '/data/old' },
      { op: 'replace', path: '/data/key', value: 'b' },
    ];
    expect(await plane.client.patch(path('?fieldManager=Terraform'), operations, 'json')).toMatchObject({
      metadata: { labels: { 'acme.io/line': '2' }, annotations: { by: 'terraform' } },
      data: { key: 'b' },
    });
    const missing = await plane.client.attempt('PATCH', path(), [{ op: 'remove', path: '/data/old' }], {
      'content-type': 'application/json-patch+json',
    });
    expect([missing.status, missing.body.reason]).toEqual([422, 'Invalid']);
  });

  it('replaces a whole spec, and waits for the rollout by what it reads', async () => {
    const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    await plane.client.create(deployments, deployment(1, { name: 'infra' }));
    const operations = [{ op: 'replace', path: '/spec', value: deployment(2).spec }];
    const changed = await plane.client.patch(`${deployments}/infra`, operations, 'json');
    await eventually(async () =>
      expect((await plane.client.get(`${deployments}/infra`)).status).toMatchObject({
        observedGeneration: changed.metadata.generation,
        readyReplicas: 2,
      }),
    );
  });

  it('deletes, and polls until nothing is left', async () => {
    await plane.client.remove(path(), { propagationPolicy: 'Background' });
    expect((await plane.client.attempt('GET', path())).body).toMatchObject({ reason: 'NotFound', code: 404 });
  });
});

describe('Portainer', () => {
  it('makes an account with a token, and uses the token', async () => {
    const inside = `/api/v1/namespaces/${namespace}`;
    await plane.client.create(`${inside}/serviceaccounts`, { metadata: { name: 'portainer' } });
    await plane.client.create(`${inside}/secrets`, {
      metadata: { name: 'portainer', annotations: { 'kubernetes.io/service-account.name': 'portainer' } },
      type: 'kubernetes.io/service-account-token',
    });
    await plane.client.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'portainer' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'portainer', namespace }],
    });
    const data = await eventually(async () => {
      const secret = await plane.client.get(`${inside}/secrets/portainer`);
      expect(secret.data).toMatchObject({ token: expect.any(String), 'ca.crt': expect.any(String) });
      return secret.data as Record<string, string>;
    });
    expect(Buffer.from(data['namespace'] ?? '', 'base64').toString()).toBe(namespace);
    const authorization = `Bearer ${Buffer.from(data['token'] ?? '', 'base64').toString()}`;
    const { status } = await plane.bed.send('GET', '/api/v1/nodes', { headers: { authorization }, anonymous: true });
    expect(status).toBe(200);
  });

  it('shows an object as YAML', async () => {
    const { text, headers } = await plane.client.attempt('GET', `/api/v1/namespaces/${namespace}`, undefined, {
      accept: 'application/yaml',
    });
    expect(headers['content-type']).toBe('application/yaml');
    expect(parse(text)).toMatchObject({
      kind: 'Namespace',
      metadata: { name: namespace },
      status: { phase: 'Active' },
    });
  });
});

describe('Headlamp, in a browser', () => {
  const tokenOf = async (): Promise<string> => {
    const inside = `/api/v1/namespaces/${namespace}`;
    await plane.client.create(`${inside}/serviceaccounts`, { metadata: { name: 'headlamp' } });
    await plane.client.create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      metadata: { name: 'headlamp' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'ServiceAccount', name: 'headlamp', namespace }],
    });
    const { status } = await plane.client.create(`${inside}/serviceaccounts/headlamp/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    return status.token;
  };

  it('watches over a WebSocket, with its token among the protocols', async () => {
    const collection = `/api/v1/namespaces/${namespace}/configmaps`;
    const encoded = Buffer.from(await tokenOf()).toString('base64url');
    const { metadata } = await plane.client.get(collection);
    const socket = new WebSocket(
      `wss://127.0.0.1:${plane.bed.port}${collection}?watch=1&resourceVersion=${metadata.resourceVersion}`,
      ['base64.binary.k8s.io', `base64url.bearer.authorization.k8s.io.${encoded}`],
      { rejectUnauthorized: false },
    );
    const heard: { type: string; object: { metadata: { name: string } } }[] = [];
    socket.on('message', (data) => void heard.push(JSON.parse((data as Buffer).toString())));
    await once(socket, 'open');
    expect(socket.protocol).toBe('base64.binary.k8s.io');
    await plane.client.create(collection, { metadata: { name: 'shown' } });
    await plane.client.remove(`${collection}/shown`);
    await eventually(() =>
      expect(heard.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
        'ADDED shown',
        'DELETED shown',
      ]),
    );
    socket.terminate();
  });

  it('asks what its user may do before it shows buttons', async () => {
    const review = (verb: string) =>
      plane.client.create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace, verb, resource: 'pods', subresource: 'exec' } },
      });
    expect((await review('create')).status.allowed).toBe(true);
    const { status } = await plane.client.create('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace },
    });
    expect(status).toMatchObject({ incomplete: false, resourceRules: expect.any(Array) });
  });
});

describe('k9s', () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

  it('shows and follows a table with whole objects in its rows', async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments?includeObject=Object`;
    const { kind, columnDefinitions, rows, metadata } = await plane.client.get(path, table);
    expect([kind, columnDefinitions[0].name]).toEqual(['Table', 'Name']);
    expect(rows.find(({ cells }: { cells: unknown[] }) => cells[0] === 'web').object).toMatchObject({
      kind: 'Deployment',
      spec: { replicas: 2 },
    });
    const lines = await plane.bed.stream(`${path}&watch=true&resourceVersion=${metadata.resourceVersion}`, {
      accept: table,
    });
    await plane.client.patch(`/apis/apps/v1/namespaces/${namespace}/deployments/web`, {
      metadata: { annotations: { seen: 'yes' } },
    });
    for await (const { type, object } of lines) {
      expect([type, object.kind]).toEqual(['MODIFIED', 'Table']);
      break;
    }
  });
});
