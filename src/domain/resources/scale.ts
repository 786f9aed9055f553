import type { Labels } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import { internalError } from '../meta/status-error.ts';
import type { KubernetesObject, LabelSelector } from '../meta/types.ts';
import { valueAt, withValueAt } from './field-names.ts';
import { formatLabels, formatSelector } from './format-selector.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import type { Column, ResourceDefinition, ScalePaths } from './resource-definition.ts';

/** Where Kubernetes' own kinds have what all kinds that can be scaled have. */
const usualPaths: ScalePaths = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  labelSelector: ['spec', 'selector'],
};

/** autoscaling/v1 Scale */
export type Scale = KubernetesObject & {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
};

export const scaleKind = { apiVersion: 'autoscaling/v1', kind: 'Scale' };

/** printScale of Kubernetes' pkg/printers/internalversion/printers.go. */
export const scaleColumns: readonly Column<Scale>[] = [
  nameColumn,
  {
    name: 'Desired',
    type: 'integer',
    description: 'replicas is the desired number of instances for the scaled object.',
    cell: ({ spec }) => spec?.replicas ?? 0,
  },
  {
    name: 'Available',
    type: 'integer',
    description: 'replicas is the actual number of observed instances of the scaled object.',
    cell: ({ status }) => status?.replicas ?? 0,
  },
  ageColumn,
];

/** What the scale endpoint shows of an object. */
export function scaleOf({ scalePaths = usualPaths }: ResourceDefinition, object: KubernetesObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metaOf(object);
  const given = Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp });
  const selector = selectorText(scalePaths, object);
  const count = (path: readonly string[]) => Number(valueAt(object, path) ?? 0);
  return {
    ...scaleKind,
    metadata: Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    spec: { replicas: count(scalePaths.specReplicas) },
    status: { replicas: count(scalePaths.statusReplicas), ...(selector === undefined ? {} : { selector }) },
  };
}

/** Custom resources write it as text, in their status or their spec. */
function selectorText({ labelSelector, matchLabels }: ScalePaths, object: KubernetesObject): string | undefined {
  const labels = matchLabels && valueAt(object, matchLabels);
  if (labels) return formatLabels(labels as Labels);
  const selector = labelSelector && valueAt(object, labelSelector);
  return typeof selector === 'object' && selector !== null
    ? formatSelector(selector as LabelSelector)
    : (selector as string | undefined);
}

/** Custom resources need not say how many they want; then there is nothing to show (apiextensions-apiserver pkg/registry/customresource/etcd.go). */
export function requireReplicas({ scalePaths }: ResourceDefinition, object: KubernetesObject): void {
  if (scalePaths !== undefined && valueAt(object, scalePaths.specReplicas) === undefined)
    throw internalError(`the spec replicas field ".${scalePaths.specReplicas.join('.')}" does not exist`);
}

/** The object with as many replicas as the scale asks for. */
export const rescaled = (
  { scalePaths = usualPaths }: ResourceDefinition,
  object: KubernetesObject,
  scale: Scale,
): KubernetesObject => withValueAt(object, scalePaths.specReplicas, scale.spec?.replicas ?? 0);
