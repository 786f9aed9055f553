import { dnsLabel } from '../meta/names.ts';
import type { PersistentVolumeClaim, StatefulSet } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { persistentVolumeClaims } from './persistent-volume-claim.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { podWarnings } from './pod-warnings.ts';
import { apiVersionOf, defineResource } from './resource-definition.ts';
import { validateStatefulSet, validateStatefulSetUpdate } from './stateful-set-validation.ts';
import { updateWindowWarnings } from './update-permission.ts';
import { withDefaults } from './with-defaults.ts';
import { containerColumns } from './workload-columns.ts';

type Spec = NonNullable<StatefulSet['spec']>;
type Status = NonNullable<StatefulSet['status']>;

/** Who says RollingUpdate and no more gets no partition: it matters where new pods of a rollout come from. */
function defaultStrategy(strategy: Spec['updateStrategy']): NonNullable<Spec['updateStrategy']> {
  const typed = strategy?.type ? strategy : { rollingUpdate: {}, ...strategy, type: 'RollingUpdate' };
  return typed.type === 'RollingUpdate' && typed.rollingUpdate
    ? { ...typed, rollingUpdate: withDefaults(typed.rollingUpdate, { partition: 0 }) }
    : typed;
}

const defaultClaim = (claim: PersistentVolumeClaim): PersistentVolumeClaim =>
  persistentVolumeClaims.default({
    ...claim,
    apiVersion: apiVersionOf(persistentVolumeClaims),
    kind: persistentVolumeClaims.kind,
  });

/** kubernetes pkg/apis/apps/v1/defaults.go SetDefaults_StatefulSet */
const defaultStatefulSet = (set: StatefulSet): StatefulSet => {
  const spec = set.spec ?? ({} as Spec);
  const retention = spec.persistentVolumeClaimRetentionPolicy ?? {};
  return {
    ...set,
    spec: {
      ...withDefaults(spec, { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 }),
      updateStrategy: defaultStrategy(spec.updateStrategy),
      persistentVolumeClaimRetentionPolicy: withDefaults(retention, { whenDeleted: 'Retain', whenScaled: 'Retain' }),
      template: defaultPodTemplate(spec.template),
      ...(spec.volumeClaimTemplates ? { volumeClaimTemplates: spec.volumeClaimTemplates.map(defaultClaim) } : {}),
    },
    status: { replicas: 0, availableReplicas: 0, ...set.status },
  };
};

/** kubernetes pkg/registry/apps/statefulset/strategy.go */
export const statefulSets = defineResource<StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status', 'scale'],
  hasGeneration: true,
  nameRule: dnsLabel,
  // Which version was the former one, nothing else tells.
  keepsStatus: ({ status }) => status?.currentRevision !== undefined,
  keptStatus: (status) => {
    const { currentRevision, collisionCount } = status as Status;
    return { currentRevision, collisionCount };
  },
  default: defaultStatefulSet,
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  warnings: (set) => [...updateWindowWarnings(set), ...podWarnings(set.spec?.template ?? {}, 'spec.template')],
  columns: [
    nameColumn,
    {
      name: 'Ready',
      type: 'string',
      cell: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    },
    ageColumn,
    ...containerColumns,
  ],
});
