import { describe, expect, test } from 'vitest';
import { ProtobufReader } from '../../src/api/codec/protobuf-reader.ts';
import { catalog } from '../../src/domain/resources/catalog.ts';
import { openApiDocuments } from './openapi-documents.ts';
import { openApiV2Protobuf } from '../../src/api/openapi/v2/to-protobuf.ts';
import { openApiV2 } from './openapi-v2.ts';

type Schema = { $ref?: string; properties?: Record<string, Schema> } & Record<string, unknown>;
type Operation = { parameters: Record<string, unknown>[] } & Record<string, unknown>;
type Document = {
  paths: Record<string, Record<string, Operation>>;
  definitions: Record<string, Schema>;
};

const json = openApiV2(openApiDocuments(catalog, 'v1.35.0'), 'v1.35.0');
const document = json as unknown as Document;

describe('the document', () => {
  test('has a model of every served kind', () => {
    const kinds = Object.values(document.definitions).flatMap(
      (schema) => (schema['x-kubernetes-group-version-kind'] ?? []) as object[],
    );
    for (const { group, version, kind } of catalog) expect(kinds).toContainEqual({ group, version, kind });
  });

  test('refers to nothing that it does not define', () => {
    const references = [...JSON.stringify(json).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    const missing = references.filter(
      (reference) => !Object.hasOwn(document.definitions, reference.replace('#/definitions/', '')),
    );
    expect(missing).toEqual([]);
  });

  test('says how lists merge, and nothing of defaults', () => {
    expect(document.definitions['io.k8s.api.core.v1.PodSpec']?.properties?.['containers']).toMatchObject({
      items: { $ref: '#/definitions/io.k8s.api.core.v1.Container' },
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
    const { protocol } = document.definitions['io.k8s.api.core.v1.ContainerPort']?.properties ?? {};
    expect(protocol).toMatchObject({ type: 'string' });
    expect(protocol).not.toHaveProperty('default');
  });

  test('has scalars where v3 has a choice', () => {
    expect(document.definitions['io.k8s.apimachinery.pkg.api.resource.Quantity']?.['type']).toBe('string');
    expect(document.definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toMatchObject({
      type: 'string',
      format: 'int-or-string',
    });
  });

  test('has bodies among the parameters', () => {
    const { post } = document.paths['/api/v1/namespaces/{namespace}/pods'] ?? {};
    expect(post?.parameters).toContainEqual({
      name: 'body',
      in: 'body',
      required: true,
      schema: { $ref: '#/definitions/io.k8s.api.core.v1.Pod' },
    });
    expect(post?.parameters.map(({ name }) => name)).toContain('fieldValidation');
    expect(post?.['x-kubernetes-group-version-kind']).toEqual({ group: '', version: 'v1', kind: 'Pod' });
  });
});

/** The fields of a message, by number; what is delimited stays bytes. */
function fieldsOf(bytes: Buffer): Map<number, Buffer[]> {
  const reader = new ProtobufReader(bytes);
  const fields = new Map<number, Buffer[]>();
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    if (wireType !== 2) reader.skip(wireType);
    else fields.set(number, [...(fields.get(number) ?? []), reader.bytes()]);
  }
  return fields;
}

const only = (bytes: Buffer, ...path: number[]): Buffer =>
  path.reduce((inner, number) => fieldsOf(inner).get(number)?.[0] ?? Buffer.alloc(0), bytes);

const namedIn = (bytes: Buffer, number: number): Map<string, Buffer> =>
  new Map((fieldsOf(bytes).get(number) ?? []).map((entry) => [only(entry, 1).toString(), only(entry, 2)]));

describe('the document in protobuf', () => {
  const bytes = openApiV2Protobuf(json);

  test('has the same paths and models', () => {
    expect(only(bytes, 1).toString()).toBe('2.0');
    expect([...namedIn(only(bytes, 8), 2).keys()]).toEqual(Object.keys(document.paths));
    expect([...namedIn(only(bytes, 9), 1).keys()]).toEqual(Object.keys(document.definitions));
  });

  test('has extensions as YAML', () => {
    const pod = namedIn(only(bytes, 9), 1).get('io.k8s.api.core.v1.Pod')!;
    const kinds = namedIn(pod, 31).get('x-kubernetes-group-version-kind')!;
    expect(JSON.parse(only(kinds, 2).toString())).toEqual([{ group: '', version: 'v1', kind: 'Pod' }]);
    const spec = namedIn(only(pod, 25), 1).get('spec')!;
    expect(only(spec, 1).toString()).toBe('#/definitions/io.k8s.api.core.v1.PodSpec');
  });

  test('has query parameters where clients look for them', () => {
    const path = namedIn(only(bytes, 8), 2).get('/api/v1/namespaces/{namespace}/pods/{name}')!;
    const names = fieldsOf(only(path, 8))
      .get(8)
      ?.map((item) => only(item, 1, 2, 3, 4).toString());
    expect(names).toEqual(expect.arrayContaining(['dryRun', 'fieldValidation']));
  });

  test('leaves nothing out unseen', () => {
    expect(() => openApiV2Protobuf({ ...json, host: 'x' })).toThrow('the message has no field host');
  });
});
