import { forbiddenField, required, type FieldError } from '../meta/field-error.ts';
import { validateLabels } from '../meta/label-validation.ts';
import { dnsLabel, dnsSubdomain } from '../meta/names.ts';
import type { PodSpec } from '../meta/types.ts';
import { validateHostPorts } from './container-port-validation.ts';
import { validateContainers } from './container-validation.ts';
import { validateDns } from './dns-validation.ts';
import { validatePodSecurity } from './security-context-validation.ts';
import { validateTolerations } from './toleration-validation.ts';
import { between, eachOf, ipAddress, named, oneOf } from './value-rules.ts';
import { validateVolumes } from './volume-validation.ts';

const restartPolicies = ['Always', 'Never', 'OnFailure'];
const preemptionPolicies = ['Never', 'PreemptLowerPriority'];

const optionalName = (field: string, name: string | undefined, rule: typeof dnsLabel): FieldError[] =>
  name ? named(field, name, rule) : [];

/** kubernetes pkg/apis/core/validation/validation.go ValidatePodSpec, in its order. */
export const validatePodSpec = (spec: PodSpec, field: string): FieldError[] => [
  ...validateVolumes(spec, `${field}.volumes`),
  ...validateContainers(spec, field),
  ...(spec.ephemeralContainers?.length
    ? [forbiddenField(`${field}.ephemeralContainers`, 'cannot be set on create')]
    : []),
  ...validateHostPorts(spec, field),
  ...oneOf(`${field}.restartPolicy`, spec.restartPolicy, restartPolicies),
  ...validateDns(spec, field),
  ...validateLabels(spec.nodeSelector ?? {}, `${field}.nodeSelector`),
  ...validatePodSecurity(spec, field),
  ...eachOf(`${field}.imagePullSecrets`, spec.imagePullSecrets, ({ name }, at) =>
    name ? [] : [required(`${at}.name`)],
  ),
  ...optionalName(`${field}.serviceAccountName`, spec.serviceAccountName, dnsSubdomain),
  ...optionalName(`${field}.nodeName`, spec.nodeName, dnsSubdomain),
  ...between(`${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, 2 ** 31 - 1),
  ...optionalName(`${field}.hostname`, spec.hostname, dnsLabel),
  ...optionalName(`${field}.subdomain`, spec.subdomain, dnsLabel),
  ...validateTolerations(spec.tolerations, `${field}.tolerations`),
  ...eachOf(`${field}.hostAliases`, spec.hostAliases, ({ ip, hostnames }, at) => [
    ...ipAddress(`${at}.ip`, ip),
    ...eachOf(`${at}.hostnames`, hostnames, (name, path) => named(path, name, dnsSubdomain)),
  ]),
  ...optionalName(`${field}.priorityClassName`, spec.priorityClassName, dnsSubdomain),
  ...optionalName(`${field}.runtimeClassName`, spec.runtimeClassName, dnsSubdomain),
  ...oneOf(`${field}.preemptionPolicy`, spec.preemptionPolicy, preemptionPolicies),
];
