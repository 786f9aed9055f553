import { required, type FieldError } from '../meta/field-error.ts';
import { selectorOf } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { ReplicationController } from '../meta/types.ts';
import { formatLabels } from './format-selector.ts';
import { hostnameWarnings } from './hostname-warnings.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { podWarnings } from './pod-warnings.ts';
import { defineResource } from './resource-definition.ts';
import { nonNegative } from './value-rules.ts';
import { withDefaults } from './with-defaults.ts';
import { containerColumns, replicaColumns } from './workload-columns.ts';
import { validateEndlessPods } from './workload-validation.ts';

type Spec = NonNullable<ReplicationController['spec']>;

const isEmpty = (labels: object | undefined): boolean => Object.keys(labels ?? {}).length === 0;

/** Who names no labels means those of the pods (kubernetes pkg/apis/core/v1/defaults.go SetDefaults_ReplicationController). */
const defaultReplicationController = (controller: ReplicationController): ReplicationController => {
  const spec = controller.spec ?? ({} as Spec);
  const labels = spec.template?.metadata?.labels;
  const inherits = !isEmpty(labels);
  return {
    ...controller,
    metadata: {
      ...metaOf(controller),
      ...(inherits && isEmpty(metaOf(controller).labels) ? { labels: labels! } : {}),
    },
    spec: {
      ...withDefaults(spec, { replicas: 1 }),
      ...(inherits && isEmpty(spec.selector) ? { selector: labels! } : {}),
      ...(spec.template ? { template: defaultPodTemplate(spec.template) } : {}),
    },
    status: controller.status ?? { replicas: 0 },
  };
};

/** kubernetes pkg/apis/core/validation/validation.go ValidateReplicationControllerSpec */
const validateReplicationController = ({ spec }: ReplicationController): FieldError[] =>
  spec
    ? [
        ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
        ...(isEmpty(spec.selector) ? [required('spec.selector')] : []),
        ...nonNegative('spec.replicas', spec.replicas),
        ...validateEndlessPods(spec, selectorOf(spec.selector ?? {}), 'ReplicationController'),
      ]
    : [];

/** kubernetes pkg/registry/core/replicationcontroller/strategy.go */
export const replicationControllers = defineResource<ReplicationController>({
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status', 'scale'],
  scalePaths: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    matchLabels: ['spec', 'selector'],
  },
  hasGeneration: true,
  orphansByDefault: true,
  default: defaultReplicationController,
  validate: validateReplicationController,
  fields: [{ path: 'status.replicas', value: ({ status }) => String(status?.replicas ?? 0) }],
  warnings: (controller) => [
    ...hostnameWarnings(controller, 'Pod names and hostnames'),
    ...podWarnings(controller.spec?.template ?? {}, 'spec.template'),
  ],
  columns: [
    nameColumn,
    ...replicaColumns,
    ageColumn,
    ...containerColumns,
    {
      name: 'Selector',
      type: 'string',
      wide: true,
      cell: ({ spec }) => formatLabels(spec?.selector),
    },
  ],
});
