import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { reviews } from '../../domain/authorization/reviews.ts';
import { checkFields } from '../../domain/meta/schema/check-fields.ts';
import { schemaOfKind } from '../../domain/meta/schema/schema-table.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { catalog } from '../../domain/resources/catalog.ts';
import { apiVersionOf } from '../../domain/resources/resource-definition.ts';
import { subresources } from '../subresources/subresource-list.ts';
import { protobufBody } from './protobuf-fixture.ts';
import { decodeProtobuf } from './protobuf.ts';

/**
 * Two objects of every kind with all their fields set, encoded by Kubernetes itself (k8s.io/apimachinery v0.35.0, filled by reflection over
 * the Go types): as protobuf, and as JSON. In the second of each, pointers point to zeros, numbers are negative, alternatives are the others.
 */
type Encoded = { body: string; json: { apiVersion: string; kind: string } };
const objects = brotliDecompressSync(
  readFileSync(new URL('fixtures/kubernetes-1.35-objects.jsonl.br', import.meta.url)),
)
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Encoded);

test.each(objects.map(({ body, json }) => ({ ...json, body, json })))('$apiVersion $kind', ({ body, json }) => {
  const type = schemaOfKind(json.apiVersion, json.kind);
  if (type === undefined) throw new Error(`no schema of ${json.kind}`);
  const checked = checkFields(json, type);
  expect([checked.unknown, checked.typeErrors]).toEqual([[], []]);
  expect(decodeProtobuf(Buffer.from(body, 'base64'))).toEqual({
    kind: 'decoded',
    object: checked.object,
    duplicates: [],
  });
});

test.each(objects.map(({ json }) => json))('$apiVersion $kind in the encoding that other tests use', (json) => {
  const known = checkFields(json, schemaOfKind(json.apiVersion, json.kind)!).object;
  expect(decodeProtobuf(protobufBody(known as KubernetesObject))).toMatchObject({ object: known });
});

describe('no kind that is served is left out', () => {
  const encoded = new Set(objects.map(({ json: { apiVersion, kind } }) => `${apiVersion} ${kind}`));
  const served = [
    ...catalog,
    ...reviews,
    ...subresources.flatMap(({ responseKind, connects }) => (responseKind && !connects ? [responseKind] : [])),
    { group: '', version: 'v1', kind: 'DeleteOptions' },
  ];
  test.each(served.map((definition) => `${apiVersionOf(definition)} ${definition.kind}`))('%s', (name) =>
    expect(encoded).toContain(name),
  );
});
