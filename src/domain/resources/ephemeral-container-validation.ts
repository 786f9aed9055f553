import { sameJson } from '../meta/deep-equal.ts';
import { duplicate, fieldNotFound, forbiddenField, type FieldError } from '../meta/field-error.ts';
import type { PodSpec } from '../meta/types.ts';
import { validateContainer } from './container-validation.ts';
import { eachOf } from './value-rules.ts';

type EphemeralContainer = NonNullable<PodSpec['ephemeralContainers']>[number];

/** What makes no sense for somebody who only looks (allowedEphemeralContainerFields). */
const forbidden = [
  'ports',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
] as const;

const isSet = (value: unknown): boolean =>
  value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);

function validateOne(container: EphemeralContainer, spec: PodSpec, at: string): FieldError[] {
  const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  const target = container.targetContainerName;
  const notForThem = 'cannot be set for an Ephemeral Container';
  return [
    ...validateContainer(container, at, volumes),
    ...(target && !names.includes(target) ? [fieldNotFound(`${at}.targetContainerName`, target)] : []),
    ...forbidden
      .filter((field) => isSet(container[field]))
      .map((field) => forbiddenField(`${at}.${field}`, notForThem)),
    ...eachOf(`${at}.volumeMounts`, container.volumeMounts, ({ subPath, subPathExpr }, mount) => [
      ...(subPath ? [forbiddenField(`${mount}.subPath`, notForThem)] : []),
      ...(subPathExpr ? [forbiddenField(`${mount}.subPathExpr`, notForThem)] : []),
    ]),
  ];
}

/** kubernetes pkg/apis/core/validation/validation.go validateEphemeralContainers */
export function validateEphemeralContainers(spec: PodSpec, field: string): FieldError[] {
  const seen = new Set([...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name));
  return eachOf(`${field}.ephemeralContainers`, spec.ephemeralContainers, (container, at) => {
    const again = seen.has(container.name) ? [duplicate(`${at}.name`, container.name)] : [];
    seen.add(container.name);
    return [...again, ...validateOne(container, spec, at)];
  });
}

/** They can only be added (ValidatePodEphemeralContainersUpdate). */
export function keepsEphemeralContainers(next: PodSpec, current: PodSpec): FieldError[] {
  const field = 'spec.ephemeralContainers';
  const after = next.ephemeralContainers ?? [];
  return (current.ephemeralContainers ?? []).flatMap((old) => {
    const index = after.findIndex(({ name }) => name === old.name);
    if (index === -1)
      return [forbiddenField(field, `existing ephemeral containers "${old.name}" may not be removed\n`)];
    if (sameJson(after[index], old)) return [];
    return [forbiddenField(`${field}[${index}]`, `existing ephemeral containers "${old.name}" may not be changed\n`)];
  });
}
