import { invalidValue, type FieldError } from '../meta/field-error.ts';
import type { NameRule } from '../meta/names.ts';
import type { Container, PodSpec } from '../meta/types.ts';
import { containersOf, type PlacedContainer } from './containers-of.ts';
import { validateProfiles } from './security-profile-validation.ts';
import { between, eachOf, givenName, oneOf } from './value-rules.ts';

const maxId = 2 ** 31 - 1;

const sysctlName: NameRule = (name) =>
  name.length <= 253 && /^([a-z0-9][-_a-z0-9]*[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(name)
    ? []
    : [
        'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
      ];

/** kubernetes pkg/apis/core/validation/validation.go ValidatePodSecurityContext */
export function validatePodSecurity(spec: PodSpec, field: string): FieldError[] {
  const { securityContext, hostPID, shareProcessNamespace } = spec;
  const at = `${field}.securityContext`;
  const { runAsUser, runAsGroup, fsGroup, supplementalGroups, sysctls } = securityContext ?? {};
  return [
    ...between(`${at}.runAsUser`, runAsUser, 0, maxId),
    ...between(`${at}.runAsGroup`, runAsGroup, 0, maxId),
    ...between(`${at}.fsGroup`, fsGroup, 0, maxId),
    ...eachOf(`${at}.supplementalGroups`, supplementalGroups, (group, path) => between(path, group, 0, maxId)),
    ...eachOf(`${at}.sysctls`, sysctls, ({ name }, path) => givenName(`${path}.name`, name, sysctlName)),
    ...oneOf(`${at}.supplementalGroupsPolicy`, securityContext?.supplementalGroupsPolicy, ['Merge', 'Strict']),
    ...validateProfiles(securityContext ?? {}, at),
    ...(spec.hostUsers === false ? [] : containersOf(spec, field.slice(0, -'spec'.length)).flatMap(unmaskedProc)),
    ...(hostPID && shareProcessNamespace
      ? [invalidValue(`${at}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled')]
      : []),
  ];
}

const unmaskedProc = ({ container, place }: PlacedContainer): FieldError[] =>
  container.securityContext?.procMount === 'Unmasked'
    ? [invalidValue(`${place}.securityContext.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`')]
    : [];

/** ValidateSecurityContext */
export function validateContainerSecurity({ securityContext }: Container, field: string): FieldError[] {
  const { runAsUser, runAsGroup, privileged, allowPrivilegeEscalation, capabilities, procMount } =
    securityContext ?? {};
  const grants = [
    ...(privileged ? ['`privileged` to true'] : []),
    ...(capabilities?.add?.includes('CAP_SYS_ADMIN') ? ['`capabilities.Add` CAP_SYS_ADMIN'] : []),
  ];
  return [
    ...between(`${field}.runAsUser`, runAsUser, 0, maxId),
    ...between(`${field}.runAsGroup`, runAsGroup, 0, maxId),
    ...validateProfiles(securityContext ?? {}, field),
    ...oneOf(`${field}.procMount`, procMount, ['Default', 'Unmasked']),
    ...(allowPrivilegeEscalation === false
      ? grants.map((grant) =>
          invalidValue(field, securityContext, `cannot set \`allowPrivilegeEscalation\` to false and ${grant}`),
        )
      : []),
  ];
}
