import type { FieldError } from '../meta/field-error.ts';
import type { ReplicaSet } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { defineResource } from './resource-definition.ts';
import { nonNegative } from './value-rules.ts';
import { hostnameWarnings } from './hostname-warnings.ts';
import { podWarnings } from './pod-warnings.ts';
import { withDefaults } from './with-defaults.ts';
import { replicaColumns, workloadColumns } from './workload-columns.ts';
import { keepsSelector, validateWorkload } from './workload-validation.ts';

/** kubernetes pkg/apis/apps/v1/defaults.go SetDefaults_ReplicaSet */
const defaultReplicaSet = (replicaSet: ReplicaSet): ReplicaSet => {
  const spec = replicaSet.spec ?? ({} as NonNullable<ReplicaSet['spec']>);
  return {
    ...replicaSet,
    spec: { ...withDefaults(spec, { replicas: 1 }), template: defaultPodTemplate(spec.template) },
    status: replicaSet.status ?? { replicas: 0 },
  };
};

/** kubernetes pkg/apis/apps/validation/validation.go ValidateReplicaSetSpec */
const validateReplicaSet = ({ spec }: ReplicaSet): FieldError[] =>
  spec
    ? [
        ...nonNegative('spec.replicas', spec.replicas),
        ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
        ...validateWorkload(spec, 'replicaset'),
      ]
    : [];

/** kubernetes pkg/registry/apps/replicaset/strategy.go */
export const replicaSets = defineResource<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status', 'scale'],
  hasGeneration: true,
  default: defaultReplicaSet,
  validate: validateReplicaSet,
  validateUpdate: (next, current) => keepsSelector(next.spec, current.spec),
  fields: [{ path: 'status.replicas', value: ({ status }) => String(status?.replicas ?? 0) }],
  warnings: (replicaSet) => [
    ...hostnameWarnings(replicaSet, 'Pod names and hostnames'),
    ...podWarnings(replicaSet.spec?.template ?? {}, 'spec.template'),
  ],
  columns: [nameColumn, ...replicaColumns, ageColumn, ...workloadColumns],
});
