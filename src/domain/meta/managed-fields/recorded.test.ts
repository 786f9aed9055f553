import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JsonObject } from '../patch/json-value.ts';
import { checkFields } from '../schema/check-fields.ts';
import { schemaOfKind } from '../schema/schema-table.ts';
import type { KubernetesObject } from '../types.ts';
import { applyConfiguration } from './apply-configuration.ts';
import { pathSet, union, type FieldSet } from './field-set.ts';
import { deducedType } from './merge-type.ts';
import { fieldElement } from './path-element.ts';
import { mergeTypeOf } from './schema-merge-type.ts';
import { trackUpdate } from './track-update.ts';
import { allBut, type Writer } from './writer.ts';

/**
 * Steps that the field manager of Kubernetes 1.35 itself (apimachinery pkg/util/managedfields, with client-go's schemas) was given, and what it
 * made of them; generated objects, one write after another by several managers.
 */
type Step = {
  op: 'apply' | 'update' | 'patch' | 'reset';
  apiVersion: string;
  kind: string;
  deduced?: boolean;
  manager: string;
  force?: boolean;
  subresource?: string;
  live: KubernetesObject;
  object: KubernetesObject;
  result: { object: unknown } | { conflicts: string[] } | { error: string };
};

const steps = readFileSync(new URL('fixtures/kubernetes-1.35-field-manager.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Step);

const withStatus = new Set(['Deployment', 'Pod', 'Service', 'Ingress', 'PersistentVolume', 'StatefulSet']);

/** As the recording was told what an endpoint leaves alone. */
function ignored({ kind, subresource }: Step): FieldSet {
  const paths =
    subresource === 'status' ? [['spec'], ['metadata', 'finalizers']] : withStatus.has(kind) ? [['status']] : [];
  return paths.map((path) => pathSet(path.map(fieldElement))).reduce(union, {});
}

function performed(step: Step): unknown {
  const { op, apiVersion, kind, deduced, manager, force = false, subresource, live, object } = step;
  const schema = deduced ? undefined : schemaOfKind(apiVersion, kind);
  const writer: Writer = {
    manager,
    apiVersion,
    isServed: (version) => version === apiVersion,
    type: schema === undefined ? deducedType : mergeTypeOf(schema),
    ownable: allBut(ignored(step)),
    time: '2024-01-01T00:00:00Z',
    ...(subresource === undefined ? {} : { subresource }),
  };
  if (op !== 'apply') {
    const before = live.metadata === undefined ? undefined : live;
    const managedFields = trackUpdate(before, object, writer);
    const { managedFields: _given, ...metadata } = object.metadata ?? {};
    return { object: { ...object, metadata: { ...metadata, ...(managedFields && { managedFields }) } } };
  }
  const result = applyConfiguration(live, object as JsonObject, writer, force);
  switch (result.kind) {
    case 'invalid':
      return { error: result.message };
    case 'conflict':
      return {
        conflicts: result.conflicts
          .map(({ owner, path }) => `${owner.manager} ${owner.operation} ${owner.subresource ?? ''} ${path}`)
          .sort(),
      };
    case 'applied':
      return { object: schema === undefined ? result.object : checkFields(result.object, schema).object };
  }
}

test.each(steps.map((step, index) => [index + 1, step.op, step.kind, step] as const))(
  'line %i: %s %s',
  (_line, _op, _kind, step) => expect(performed(step)).toEqual(step.result),
);
