import type { Deployment } from '../meta/types.ts';
import { validateDeployment } from './deployment-validation.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { defineResource } from './resource-definition.ts';
import { hostnameWarnings } from './hostname-warnings.ts';
import { podWarnings } from './pod-warnings.ts';
import { updateWindowWarnings } from './update-permission.ts';
import { withDefaults } from './with-defaults.ts';
import { workloadColumns } from './workload-columns.ts';
import { keepsSelector } from './workload-validation.ts';

type Spec = NonNullable<Deployment['spec']>;

const defaultStrategy = (strategy: Spec['strategy']): NonNullable<Spec['strategy']> => {
  const typed = withDefaults(strategy ?? {}, { type: 'RollingUpdate' });
  if (typed.type !== 'RollingUpdate') return typed;
  return {
    ...typed,
    rollingUpdate: withDefaults(typed.rollingUpdate ?? {}, { maxSurge: '25%', maxUnavailable: '25%' }),
  };
};

/** kubernetes pkg/apis/apps/v1/defaults.go SetDefaults_Deployment */
const defaultDeployment = (deployment: Deployment): Deployment => {
  const spec = deployment.spec ?? ({} as Spec);
  return {
    ...deployment,
    spec: {
      ...withDefaults(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
      strategy: defaultStrategy(spec.strategy),
      template: defaultPodTemplate(spec.template),
    },
    status: deployment.status ?? {},
  };
};

/** kubernetes pkg/registry/apps/deployment/strategy.go */
export const deployments = defineResource<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status', 'scale'],
  statusMetadata: ['annotations'],
  hasGeneration: true,
  default: defaultDeployment,
  validate: validateDeployment,
  validateUpdate: (next, current) => keepsSelector(next.spec, current.spec),
  warnings: (deployment) => [
    ...updateWindowWarnings(deployment),
    ...hostnameWarnings(deployment, 'Pod names and hostnames'),
    ...podWarnings(deployment.spec?.template ?? {}, 'spec.template'),
  ],
  columns: [
    nameColumn,
    {
      name: 'Ready',
      type: 'string',
      cell: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    },
    { name: 'Up-to-date', type: 'string', cell: ({ status }) => status?.updatedReplicas ?? 0 },
    { name: 'Available', type: 'string', cell: ({ status }) => status?.availableReplicas ?? 0 },
    ageColumn,
    ...workloadColumns,
  ],
});
