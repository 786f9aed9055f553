import { expect, test } from 'vitest';
import { reviews } from '../../src/domain/authorization/reviews.ts';
import { subresourcesOf } from '../../src/api/discovery.ts';
import { catalog } from '../../src/domain/resources/catalog.ts';
import { openApiDocuments } from './openapi-documents.ts';

type Schema = { properties?: Record<string, Record<string, unknown>> } & Record<string, unknown>;
type Operation = {
  'x-kubernetes-group-version-kind'?: unknown;
  'x-kubernetes-action'?: string;
  parameters?: { name: string }[];
};
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
const documents = new Map(
  openApiDocuments([...catalog, ...reviews], 'v1.35.0').map(({ path, document }) => [
    path,
    document as unknown as Document,
  ]),
);
const documentOf = (path: string): Document => {
  const document = documents.get(path);
  if (document === undefined) throw new Error(`no document ${path}`);
  return document;
};
const schemaOf = (path: string, name: string) => documentOf(path).components.schemas[name];

test('every resource of the catalog can be patched with fieldValidation and dryRun, which is where kubectl looks', () => {
  const patches = [...documents.values()].flatMap(({ paths }) =>
    Object.values(paths).flatMap(({ patch }) => (patch === undefined ? [] : [patch])),
  );
  for (const { group, version, kind } of catalog) {
    const patch = patches.find(
      (operation) =>
        JSON.stringify(operation['x-kubernetes-group-version-kind']) === JSON.stringify({ group, version, kind }),
    );
    expect(
      patch?.parameters?.map(({ name }) => name),
      kind,
    ).toEqual(expect.arrayContaining(['fieldValidation', 'dryRun']));
  }
});

test('every reference leads to a schema of the same document', () => {
  for (const [path, document] of documents) {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    const missing = [...references]
      .map(([, name]) => name)
      .filter((name) => !Object.hasOwn(document.components.schemas, name ?? ''));
    expect(missing, path).toEqual([]);
  }
});

test('lists say how they merge', () => {
  const containers = schemaOf('apis/apps/v1', 'io.k8s.api.core.v1.PodSpec')?.properties?.['containers'];
  expect(containers).toMatchObject({
    type: 'array',
    items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }], default: {} },
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge',
  });
  expect(schemaOf('api/v1', 'io.k8s.api.core.v1.ContainerPort')?.properties?.['protocol']).toMatchObject({
    default: 'TCP',
  });
  expect(schemaOf('api/v1', 'io.k8s.api.core.v1.ObjectReference')).toMatchObject({ 'x-kubernetes-map-type': 'atomic' });
});

test('a kind says which it is, what it needs and what its fields mean', () => {
  const pod = schemaOf('api/v1', 'io.k8s.api.core.v1.Pod');
  expect(pod).toMatchObject({
    'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Pod' }],
    type: 'object',
  });
  expect(Object.keys(pod?.properties ?? {})).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  expect(schemaOf('api/v1', 'io.k8s.api.core.v1.Volume')?.['required']).toEqual(['name']);
  expect(schemaOf('api/v1', 'io.k8s.api.core.v1.Container')?.properties?.['image']?.['description']).toMatch(/image/i);
});

test('a scale is a Scale, in a document that has that schema', () => {
  const { paths } = documentOf('apis/apps/v1');
  expect(
    paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale']?.['patch']?.[
      'x-kubernetes-group-version-kind'
    ],
  ).toEqual({
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
  });
});

const verbOfMethod = { get: 'get', post: 'create', put: 'update', patch: 'patch', delete: 'delete' } as const;

test('every subresource is there, with its verbs and what it speaks of', () => {
  for (const definition of catalog) {
    const { group, version, kind, plural, scope } = definition;
    const prefix = group === '' ? `api/${version}` : `apis/${group}/${version}`;
    const place = scope === 'Namespaced' ? '/namespaces/{namespace}' : '';
    for (const { name, verbs, responseKind } of subresourcesOf(definition)) {
      const operations = documentOf(prefix).paths[`/${prefix}${place}/${plural}/{name}/${name}`] ?? {};
      const served = Object.entries(verbOfMethod).filter(([method]) => Object.hasOwn(operations, method));
      expect(served.map(([, verb]) => verb).toSorted(), `${plural}/${name}`).toEqual(Object.keys(verbs).toSorted());
      for (const [method] of served) {
        expect(operations[method]?.['x-kubernetes-group-version-kind']).toEqual(
          responseKind ?? { group, version, kind },
        );
      }
    }
  }
});

test('what subresources speak of has its schema', () => {
  const post = (name: string) =>
    documentOf('api/v1').paths[`/api/v1/namespaces/{namespace}/${name}`]?.['post'] as unknown;
  expect(post('serviceaccounts/{name}/token')).toMatchObject({
    requestBody: {
      content: {
        'application/vnd.kubernetes.protobuf': {
          schema: { $ref: '#/components/schemas/io.k8s.api.authentication.v1.TokenRequest' },
        },
      },
    },
  });
  expect(post('pods/{name}/eviction')).toMatchObject({
    'x-kubernetes-group-version-kind': { group: 'policy', version: 'v1', kind: 'Eviction' },
  });
});

test('bodies of built-in kinds may be JSON, YAML or protobuf', () => {
  const types = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
  for (const { paths } of documents.values()) {
    for (const { post, put } of Object.values(paths)) {
      for (const operation of [post, put]) {
        const { requestBody } = (operation ?? {}) as { requestBody?: { content: object } };
        if (requestBody !== undefined) expect(Object.keys(requestBody.content)).toEqual(types);
      }
    }
  }
});

test('a review can be created, and nothing else', () => {
  const { paths } = documentOf('apis/authorization.k8s.io/v1');
  const own = Object.entries(paths).filter(([path]) => path.endsWith('subjectaccessreviews'));
  expect(own.map(([path, operations]) => [path, Object.keys(operations)])).toEqual([
    ['/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', ['post', 'parameters']],
    ['/apis/authorization.k8s.io/v1/subjectaccessreviews', ['post', 'parameters']],
    ['/apis/authorization.k8s.io/v1/namespaces/{namespace}/localsubjectaccessreviews', ['post', 'parameters']],
  ]);
});
