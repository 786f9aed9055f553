import { duplicate, forbiddenField, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { dnsLabel } from '../meta/names.ts';
import type { Container, PodSpec } from '../meta/types.ts';
import { validateContainerPorts } from './container-port-validation.ts';
import { validateEnvironment } from './environment-validation.ts';
import { validateProbes } from './probe-validation.ts';
import { validateResourceRequirements } from './resource-requirements-validation.ts';
import { validateContainerSecurity } from './security-context-validation.ts';
import { validateStopSignals } from './stop-signal-validation.ts';
import { unique } from './unique.ts';
import { eachOf, givenName, oneOf } from './value-rules.ts';
import { validateVolumeMounts } from './volume-mount-validation.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const messagePolicies = ['FallbackToLogsOnError', 'File'];

function validateImage(image: string | undefined, field: string): FieldError[] {
  if (!image) return [required(field)];
  return image.trim() === image ? [] : [invalidValue(field, image, 'must not have leading or trailing whitespace')];
}

export const validateContainer = (container: Container, field: string, volumes: ReadonlySet<string>): FieldError[] => [
  ...givenName(`${field}.name`, container.name, dnsLabel),
  ...validateImage(container.image, `${field}.image`),
  ...oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, pullPolicies),
  ...oneOf(`${field}.terminationMessagePolicy`, container.terminationMessagePolicy, messagePolicies),
  ...validateProbes(container, field),
  ...validateContainerPorts(container, `${field}.ports`),
  ...validateEnvironment(container, field),
  ...validateVolumeMounts(container, `${field}.volumeMounts`, volumes),
  ...validateResourceRequirements(container, `${field}.resources`),
  ...validateContainerSecurity(container, `${field}.securityContext`),
];

/** Init containers end, so nobody asks whether they live (validateInitContainers); those that stay are sidecars. */
const neverProbed = (container: Container, field: string): FieldError[] =>
  container.restartPolicy === 'Always'
    ? []
    : (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
        .filter((name) => container[name] !== undefined)
        .map((name) =>
          forbiddenField(`${field}.${name}`, 'may not be set for init containers without restartPolicy=Always'),
        );

/** kubernetes pkg/apis/core/validation/validation.go validateContainers, validateInitContainers; names are unique over both. */
export function validateContainers(spec: PodSpec, field: string): FieldError[] {
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  return [
    ...(spec.containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...eachOf(`${field}.containers`, spec.containers, (container, at) => validateContainer(container, at, volumes)),
    ...eachOf(`${field}.initContainers`, spec.initContainers, (container, at) => [
      ...validateContainer(container, at, volumes),
      ...neverProbed(container, at),
    ]),
    ...validateContainerNames(spec, field),
    ...validateStopSignals(spec, field),
  ];
}

function validateContainerNames({ containers, initContainers = [] }: PodSpec, field: string): FieldError[] {
  const places = [
    ...containers.map(({ name }, index) => ({ name, at: `${field}.containers[${index}].name` })),
    ...initContainers.map(({ name }, index) => ({ name, at: `${field}.initContainers[${index}].name` })),
  ];
  return unique(
    places,
    ({ name }) => name,
    ({ at }, _index, name) => duplicate(at, name),
  );
}
