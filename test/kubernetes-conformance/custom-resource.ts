import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { eventually } from './eventually.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

export type CustomResource = {
  group: string;
  plural: string;
  kind: string;
  /** `group/v1` */
  apiVersion: string;
  /** Path of its definition. */
  definition: string;
  /** Path of the collection in a version; of a namespace where there are any. */
  collection: (namespace?: string, version?: string) => string;
};

export type DefinitionOptions = {
  scope?: 'Namespaced' | 'Cluster';
  group?: string;
  labels?: Readonly<Record<string, string>>;
  /** Of the one version; anything goes without. */
  schema?: object;
  /** More of the one version. */
  version?: object;
  /** Instead of the one version. */
  versions?: readonly object[];
};

/** No schema to speak of. */
export const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export const versionOf = (name: string, schema: object = anything, more: object = {}) => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  ...more,
});

/** A definition under names that no other test has. */
export function customResourceDefinition(options: DefinitionOptions = {}) {
  const { scope = 'Cluster', labels = {}, schema, version, versions = [versionOf('v1', schema, version)] } = options;
  const singular = `noxu${randomBytes(4).toString('hex')}`;
  const { group = `${singular}.example.com` } = options;
  const kind = `N${singular.slice(1)}`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}`, labels },
    spec: { group, scope, names: { plural: `${singular}s`, singular, kind, listKind: `${kind}List` }, versions },
  };
}

/** Defines a resource and waits until it is served. */
export async function defineCustomResource(client: Client, options: DefinitionOptions = {}): Promise<CustomResource> {
  const object = customResourceDefinition(options);
  const { group, names } = object.spec;
  await client.create(definitions, object);
  const definition = `${definitions}/${object.metadata.name}`;
  await eventually(async () => {
    const { status } = await client.get(definition);
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'Established', status: 'True' }));
  });
  return {
    group,
    plural: names.plural,
    kind: names.kind,
    apiVersion: `${group}/v1`,
    definition,
    collection: (namespace, version = 'v1') =>
      `/apis/${group}/${version}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${names.plural}`,
  };
}
