import type { Json } from '../../src/api/openapi/json.ts';
import { mapValues, pathItemV2, schemaV2, type PathItem, type Schema } from '../../src/api/openapi/v2/to-openapi-v2.ts';
import type { OpenApiDocument } from './openapi-documents.ts';

/**
 * All documents of OpenAPI v3 as the one of v2 that clients before Kubernetes 1.29 read (k8s.io/kube-openapi pkg/builder). It says nothing of
 * defaults, as Kubernetes' own does not: those clients would write them into patches.
 */
export function openApiV2(documents: readonly OpenApiDocument[], version: string): Json {
  const all = documents.map(({ document }) => document as unknown as Document);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: merged(all.map(({ paths }) => mapValues(paths, pathItemV2))),
    definitions: merged(all.map(({ components }) => mapValues(components.schemas, schemaV2))),
  };
}

type Document = {
  paths: Readonly<Record<string, PathItem>>;
  components: { schemas: Readonly<Record<string, Schema>> };
};

const merged = (records: readonly Record<string, Json>[]): Json =>
  Object.fromEntries(
    records.flatMap((record) => Object.entries(record)).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))),
  );
