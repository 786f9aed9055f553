import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { dnsLabel } from '../meta/names.ts';
import type { StatefulSet } from '../meta/types.ts';
import { withClaimVolumes } from './claim-volumes.ts';
import { atMostAll, readIntOrPercent, validateIntOrPercent } from './int-or-percent.ts';
import { named, nonNegative, oneOf } from './value-rules.ts';
import { validateWorkload } from './workload-validation.ts';

type Spec = NonNullable<StatefulSet['spec']>;

/** validateRollingUpdateStatefulSet */
function validateRollingUpdate({ updateStrategy }: Spec, field: string): FieldError[] {
  const { partition, maxUnavailable } = updateStrategy?.rollingUpdate ?? {};
  const most = `${field}.maxUnavailable`;
  return [
    ...nonNegative(`${field}.partition`, partition),
    ...(maxUnavailable === undefined ? [] : validateIntOrPercent(most, maxUnavailable)),
    ...(maxUnavailable !== undefined && readIntOrPercent(maxUnavailable).number === 0
      ? [invalidValue(most, maxUnavailable, 'cannot be 0')]
      : []),
    ...atMostAll(most, maxUnavailable),
  ];
}

function validateStrategy(spec: Spec): FieldError[] {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  const field = 'spec.updateStrategy';
  if (type === 'RollingUpdate') return validateRollingUpdate(spec, `${field}.rollingUpdate`);
  if (type !== 'OnDelete') return [invalidValue(field, spec.updateStrategy, "must be 'RollingUpdate' or 'OnDelete'")];
  return rollingUpdate
    ? [invalidValue(`${field}.rollingUpdate`, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'")]
    : [];
}

function validateManagementPolicy({ podManagementPolicy }: Spec): FieldError[] {
  const field = 'spec.podManagementPolicy';
  if (!podManagementPolicy) return [required(field)];
  return podManagementPolicy === 'OrderedReady' || podManagementPolicy === 'Parallel'
    ? []
    : [invalidValue(field, podManagementPolicy, "must be 'OrderedReady' or 'Parallel'")];
}

const retentions = ['Retain', 'Delete'];

/** Containers mount the claims' volumes, too. */
const withMountable = (spec: Spec): Spec =>
  spec.template?.spec
    ? {
        ...spec,
        template: {
          ...spec.template,
          spec: {
            ...spec.template.spec,
            volumes: withClaimVolumes(spec.template.spec.volumes, spec.volumeClaimTemplates, (name) => name),
          },
        },
      }
    : spec;

/** kubernetes pkg/apis/apps/validation/validation.go ValidateStatefulSetSpec */
export function validateStatefulSet({ spec }: StatefulSet): FieldError[] {
  if (!spec) return [];
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  const retention = 'spec.persistentVolumeClaimRetentionPolicy';
  return [
    ...validateManagementPolicy(spec),
    ...validateStrategy(spec),
    ...oneOf(`${retention}.whenDeleted`, whenDeleted, retentions),
    ...oneOf(`${retention}.whenScaled`, whenScaled, retentions),
    ...nonNegative('spec.replicas', spec.replicas),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...nonNegative('spec.ordinals.start', spec.ordinals?.start),
    ...(spec.serviceName ? named('spec.serviceName', spec.serviceName, dnsLabel) : []),
    ...validateWorkload(withMountable(spec), 'statefulset'),
  ];
}

const mutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

const withoutMutable = (spec: StatefulSet['spec']) =>
  Object.fromEntries(Object.entries(spec ?? {}).filter(([field]) => !(mutable as readonly string[]).includes(field)));

const listed = mutable.map((field) => `'${field}'`);

/** ValidateStatefulSetUpdate: pods and claims that exist belong to what may not change. */
export const validateStatefulSetUpdate = (next: StatefulSet, current: StatefulSet): FieldError[] =>
  sameJson(withoutMutable(next.spec), withoutMutable(current.spec))
    ? []
    : [
        forbiddenField(
          'spec',
          `updates to statefulset spec for fields other than ${listed.slice(0, -1).join(', ')} and ${listed.at(-1)} are forbidden`,
        ),
      ];
