import type { DaemonSet } from '../meta/types.ts';
import { validateDaemonSet } from './daemon-set-validation.ts';
import { formatLabels } from './format-selector.ts';
import { hostnameWarnings } from './hostname-warnings.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { podWarnings } from './pod-warnings.ts';
import { defineResource } from './resource-definition.ts';
import { updateWindowWarnings } from './update-permission.ts';
import { withDefaults } from './with-defaults.ts';
import { workloadColumns } from './workload-columns.ts';
import { keepsSelector } from './workload-validation.ts';

type Spec = NonNullable<DaemonSet['spec']>;
type Status = NonNullable<DaemonSet['status']>;

const defaultStrategy = (strategy: Spec['updateStrategy']): NonNullable<Spec['updateStrategy']> => {
  const typed = withDefaults(strategy ?? {}, { type: 'RollingUpdate' });
  if (typed.type !== 'RollingUpdate') return typed;
  return { ...typed, rollingUpdate: withDefaults(typed.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 }) };
};

const nothingScheduled: Status = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
};

/** kubernetes pkg/apis/apps/v1/defaults.go SetDefaults_DaemonSet */
const defaultDaemonSet = (set: DaemonSet): DaemonSet => {
  const spec = set.spec ?? ({} as Spec);
  return {
    ...set,
    spec: {
      ...withDefaults(spec, { revisionHistoryLimit: 10 }),
      updateStrategy: defaultStrategy(spec.updateStrategy),
      template: defaultPodTemplate(spec.template),
    },
    status: set.status ?? nothingScheduled,
  };
};

const count = (name: string, of: (status: Status) => number | undefined) => ({
  name,
  type: 'integer' as const,
  cell: ({ status }: DaemonSet) => (status && of(status)) ?? 0,
});

/** kubernetes pkg/registry/apps/daemonset/strategy.go */
export const daemonSets = defineResource<DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status'],
  hasGeneration: true,
  default: defaultDaemonSet,
  validate: validateDaemonSet,
  validateUpdate: (next, current) => keepsSelector(next.spec, current.spec),
  warnings: (set) => [
    ...updateWindowWarnings(set),
    ...hostnameWarnings(set, 'Pod names and hostnames'),
    ...podWarnings(set.spec?.template ?? {}, 'spec.template'),
  ],
  columns: [
    nameColumn,
    count('Desired', (status) => status.desiredNumberScheduled),
    count('Current', (status) => status.currentNumberScheduled),
    count('Ready', (status) => status.numberReady),
    count('Up-to-date', (status) => status.updatedNumberScheduled),
    count('Available', (status) => status.numberAvailable),
    {
      name: 'Node Selector',
      type: 'string',
      cell: ({ spec }) => formatLabels(spec?.template.spec?.nodeSelector),
    },
    ageColumn,
    ...workloadColumns,
  ],
});
