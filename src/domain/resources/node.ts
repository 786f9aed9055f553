import type { Node } from '../meta/types.ts';
import { nodeColumns } from './node-columns.ts';
import { defineResource } from './resource-definition.ts';

/** Kept although the kubelet makes it at start: labels, taints and unschedulable are intent (kubernetes pkg/registry/core/node/strategy.go). */
export const nodes = defineResource<Node>({
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  scope: 'Cluster',
  subresources: ['status'],
  fields: [{ path: 'spec.unschedulable', value: ({ spec }) => String(spec?.unschedulable ?? false) }],
  columns: nodeColumns,
});
