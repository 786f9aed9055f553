import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from '../kubernetes-conformance/control-plane.ts';
import { defineCustomResource } from '../kubernetes-conformance/custom-resource.ts';

/**
 * Argo CD, Flux and dashboards ask discovery for every kind, and then list and watch all of them: one that fails keeps Argo CD from seeing the
 * cluster at all (gitops-engine pkg/cache/cluster.go).
 */

// As client-go 0.35 asks.
const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

type Kind = { group: string; version: string; kind: string };
type Entry = {
  resource: string;
  responseKind: Kind;
  scope: string;
  singularResource: string;
  verbs: string[];
  subresources?: { subresource: string; verbs: string[] }[];
};
type Discovery = {
  items: { metadata: { name: string }; versions: { version: string; resources: Entry[] }[] }[];
};
type Plain = { name: string; singularName: string; namespaced: boolean; kind: string; verbs: string[] };

type Advertised = Entry & { apiVersion: string; root: string; path: string };

let plane: ControlPlane;
let all: Advertised[];
let listed: Advertised[];
let watched: Advertised[];
beforeAll(async () => {
  plane = await openControlPlane({ withOpenApi: true });
  await defineCustomResource(plane.client, { scope: 'Namespaced' });
  await plane.namespace();
  const documents: Discovery[] = await Promise.all(['/api', '/apis'].map((path) => plane.client.get(path, aggregated)));
  all = documents.flatMap(({ items }) =>
    items.flatMap(({ metadata: { name: group }, versions }) =>
      versions.flatMap(({ version, resources }) => {
        const apiVersion = group === '' ? version : `${group}/${version}`;
        const root = group === '' ? `/api/${version}` : `/apis/${apiVersion}`;
        return resources.map((entry) => ({ ...entry, apiVersion, root, path: `${root}/${entry.resource}` }));
      }),
    ),
  );
  listed = all.filter(({ verbs }) => verbs.includes('list'));
  watched = all.filter(({ verbs }) => verbs.includes('watch'));
});
afterAll(() => plane.close());

/** What every kind answers, under its path. */
const ofEach = async <T>(kinds: readonly Advertised[], ask: (kind: Advertised) => Promise<T>) =>
  Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind.path, await ask(kind)] as const)));

const expected = <T>(kinds: readonly Advertised[], value: (kind: Advertised) => T) =>
  Object.fromEntries(kinds.map((kind) => [kind.path, value(kind)]));

describe('every kind that is advertised', () => {
  it('is one that can be watched and written, or is measured for who reads it', () => {
    expect(watched.length).toBeGreaterThan(40);
    const all = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
    const measured = ({ path }: Advertised) => path.startsWith('/apis/metrics.k8s.io/');
    expect(expected(listed, ({ verbs }) => verbs.toSorted())).toEqual(
      expected(listed, (kind) => (measured(kind) ? ['get', 'list'] : all)),
    );
  });

  it('is listed, in pages too', async () => {
    const pageOf = async ({ path }: Advertised) => {
      const { apiVersion, kind, items, metadata } = await plane.client.get(`${path}?limit=1`);
      return { apiVersion, kind, items, version: metadata.resourceVersion };
    };
    const seen = await ofEach(listed, pageOf);
    expect(seen).toEqual(
      expected(listed, ({ apiVersion, responseKind: { kind }, verbs }) => ({
        apiVersion,
        kind: `${kind}List`,
        items: expect.any(Array),
        version: verbs.includes('watch') ? expect.stringMatching(/^\d+$/) : '',
      })),
    );
  });

  it('is watched from the version of its list, with bookmarks, until the time is over', async () => {
    const query = 'watch=true&allowWatchBookmarks=true&timeoutSeconds=1';
    const seen = await ofEach(watched, async ({ path }) => {
      const { metadata } = await plane.client.get(path);
      const lines = await plane.bed.stream(`${path}?${query}&resourceVersion=${metadata.resourceVersion}`);
      const events = await Array.fromAsync(lines);
      const { type, object } = events.at(-1) ?? {};
      return { type, kind: object?.kind, apiVersion: object?.apiVersion };
    });
    expect(seen).toEqual(
      expected(watched, ({ apiVersion, responseKind: { kind } }) => ({ type: 'BOOKMARK', kind, apiVersion })),
    );
  });

  it('is watched with what there is at first, as client-go 0.35 and Helm 4 do', async () => {
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const seen = await ofEach(watched, async ({ path }) => {
      for await (const { type, object } of await plane.bed.stream(`${path}?${query}&timeoutSeconds=10`)) {
        if (type === 'BOOKMARK') return object.metadata?.annotations;
      }
      return undefined;
    });
    expect(seen).toEqual(expected(watched, () => ({ 'k8s.io/initial-events-end': 'true' })));
  });

  it.each([
    ['as=Table;v=v1;g=meta.k8s.io', 'Table', 'meta.k8s.io/v1'],
    ['as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', 'PartialObjectMetadataList', 'meta.k8s.io/v1'],
  ])('is listed as %s', async (form, kind, apiVersion) => {
    const seen = await ofEach(listed, async ({ path }) => {
      const body = await plane.client.get(path, `application/json;${form},application/json`);
      return [body.kind, body.apiVersion];
    });
    expect(seen).toEqual(expected(listed, () => [kind, apiVersion]));
  });

  it('is the same in plain discovery', async () => {
    const roots = [...new Set(all.map(({ root }) => root))];
    const documents = await Promise.all(
      roots.map(async (root) => {
        const { resources } = (await plane.client.get(root)) as { resources: Plain[] };
        return resources.map((resource) => ({ ...resource, path: `${root}/${resource.name}` }));
      }),
    );
    const plain = documents.flat();
    expect(plain.map(({ path }) => path).toSorted()).toEqual(
      all
        .flatMap(({ path, subresources = [] }) => [
          path,
          ...subresources.map(({ subresource }) => `${path}/${subresource}`),
        ])
        .toSorted(),
    );
    const byPath = Object.fromEntries(plain.map((resource) => [resource.path, resource]));
    expect(
      expected(all, ({ path }) => {
        const { singularName, namespaced, kind, verbs = [] } = byPath[path] ?? {};
        return { singularName, namespaced, kind, verbs: verbs.toSorted() };
      }),
    ).toEqual(
      expected(all, ({ singularResource, scope, responseKind: { kind }, verbs }) => ({
        singularName: singularResource,
        namespaced: scope === 'Namespaced',
        kind,
        verbs: verbs.toSorted(),
      })),
    );
  });

  it('is described in OpenAPI v2, where Terraform and Argo CD look kinds up', async () => {
    type Definition = { 'x-kubernetes-group-version-kind'?: Kind[] };
    const { definitions } = (await plane.client.get('/openapi/v2')) as { definitions: Record<string, Definition> };
    const described = Object.values(definitions)
      .flatMap((definition) => definition['x-kubernetes-group-version-kind'] ?? [])
      .map(({ group, version, kind }) => [group, version, kind].join('/'));
    const missing = all.filter(
      ({ responseKind: { group, version, kind } }) => !described.includes([group, version, kind].join('/')),
    );
    expect(missing.map(({ path }) => path)).toEqual([]);
  });

  it('is described in OpenAPI v3, with the way to patch it', async () => {
    type Operations = { patch?: { parameters?: { name: string }[] }; parameters?: { name: string }[] };
    const { paths: documents } = await plane.client.get('/openapi/v3');
    const roots = [...new Set(watched.map(({ root }) => root))];
    const paths: Record<string, Operations> = {};
    for (const root of roots) {
      const { serverRelativeURL } = documents[root.slice(1)];
      Object.assign(paths, (await plane.client.get(serverRelativeURL)).paths);
    }
    const seen = expected(watched, ({ root, resource, scope }) => {
      const { patch, parameters = [] } =
        paths[`${root}/${scope === 'Namespaced' ? 'namespaces/{namespace}/' : ''}${resource}/{name}`] ?? {};
      return [...(patch?.parameters ?? []), ...parameters].map(({ name }) => name);
    });
    expect(seen).toEqual(
      expected(watched, () => expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation', 'force'])),
    );
  });
});
