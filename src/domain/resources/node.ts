import { duplicate, required, type FieldError } from '../meta/field-error.ts';
import { labelValue, qualifiedName } from '../meta/names.ts';
import type { Node } from '../meta/types.ts';
import { nodeColumns } from './node-columns.ts';
import { defineResource } from './resource-definition.ts';
import { taintEffects } from './toleration-validation.ts';
import { unique } from './unique.ts';
import { eachOf, givenName, named, oneOf } from './value-rules.ts';

/** kubernetes pkg/apis/core/validation/validation.go validateNodeTaints */
const validateNode = ({ spec }: Node): FieldError[] => [
  ...eachOf('spec.taints', spec?.taints, ({ key, value, effect }, at) => [
    ...givenName(`${at}.key`, key, qualifiedName),
    ...named(`${at}.value`, value ?? '', labelValue),
    ...(effect ? oneOf(`${at}.effect`, effect, taintEffects) : [required(`${at}.effect`)]),
  ]),
  ...unique(
    spec?.taints,
    ({ key, effect }) => `${key}:${effect}`,
    ({ key, effect }, index) => duplicate(`spec.taints[${index}]`, { key, effect }),
  ),
];

/** Kept although the kubelet makes it at start: labels, taints and unschedulable are intent (kubernetes pkg/registry/core/node/strategy.go). */
export const nodes = defineResource<Node>({
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  scope: 'Cluster',
  subresources: ['status'],
  validate: validateNode,
  fields: [{ path: 'spec.unschedulable', value: ({ spec }) => String(spec?.unschedulable ?? false) }],
  columns: nodeColumns,
});
