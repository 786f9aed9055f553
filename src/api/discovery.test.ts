import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApiTestBed, type ApiTestBed } from './api-test-bed.ts';

let bed: ApiTestBed;
beforeAll(async () => {
  bed = await openApiTestBed();
});
afterAll(() => bed.close());

const get = async (path: string, accept = 'application/json') => bed.send('GET', path, { headers: { accept } });

test('the plain documents', async () => {
  expect((await get('/api')).body).toEqual({
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '10.0.0.1:6443' }],
  });
  const groups = (await get('/apis')).body;
  expect(groups.kind).toBe('APIGroupList');
  const apps = {
    name: 'apps',
    versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
    preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
  };
  expect(groups.groups).toContainEqual(apps);
  expect((await get('/apis/apps')).body).toEqual({ kind: 'APIGroup', apiVersion: 'v1', ...apps });
});

test('resources and subresources of a group version', async () => {
  const { kind, groupVersion, resources } = (await get('/apis/apps/v1')).body;
  expect([kind, groupVersion]).toEqual(['APIResourceList', 'apps/v1']);
  expect(resources).toContainEqual({
    name: 'deployments',
    singularName: 'deployment',
    namespaced: true,
    kind: 'Deployment',
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    shortNames: ['deploy'],
    categories: ['all'],
    storageVersionHash: '8aSe+NMegvE=',
  });
  expect(resources).toContainEqual({
    name: 'deployments/scale',
    singularName: '',
    namespaced: true,
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
    verbs: ['get', 'patch', 'update'],
  });
  const core = (await get('/api/v1')).body.resources.map(({ name }: { name: string }) => name);
  expect(core).toEqual(core.toSorted());
  expect(core).toEqual(expect.arrayContaining(['pods', 'pods/log', 'pods/status', 'namespaces/finalize']));
});

test.each([
  ['serviceaccounts/token', 'authentication.k8s.io', 'v1', 'TokenRequest'],
  ['pods/eviction', 'policy', 'v1', 'Eviction'],
])('%s speaks of another kind', async (name, group, version, kind) => {
  const { resources } = (await get('/api/v1')).body;
  expect(resources).toContainEqual({
    name,
    singularName: '',
    namespaced: true,
    group,
    version,
    kind,
    verbs: ['create'],
  });
});

const aggregated = (version: string) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

test.each(['v2', 'v2beta1'])('all of it in one %s document, sent once', async (version) => {
  const first = await get('/apis', `${aggregated(version)},application/json`);
  expect(first.headers['content-type']).toBe(aggregated(version));
  expect([first.body.kind, first.body.apiVersion]).toEqual(['APIGroupDiscoveryList', `apidiscovery.k8s.io/${version}`]);
  const apps = first.body.items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === 'apps');
  expect(apps.versions[0].resources[0]).toMatchObject({
    resource: 'deployments',
    responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    scope: 'Namespaced',
    singularResource: 'deployment',
    subresources: [
      { subresource: 'status', responseKind: { kind: 'Deployment' } },
      { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
    ],
  });
  const { etag = '' } = first.headers;
  expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
  const again = await bed.send('GET', '/apis', { headers: { accept: aggregated(version), 'if-none-match': etag } });
  expect([again.status, again.text]).toEqual([304, '']);
});

test('the order of the client decides between the versions, and an unknown form falls back to the plain one', async () => {
  const both = await get('/api', `${aggregated('v2')},${aggregated('v2beta1')},application/json`);
  expect(both.body.apiVersion).toBe('apidiscovery.k8s.io/v2');
  expect((await get('/api', `${aggregated('v3')},application/json`)).body.kind).toBe('APIVersions');
});
