import { invalidValue, required, tooLong, type FieldError } from '../meta/field-error.ts';
import type { Container } from '../meta/types.ts';
import { oneOf } from './value-rules.ts';
import { descendingPath } from './volume-path.ts';

type SecurityContext = NonNullable<Container['securityContext']>;

const types = ['Localhost', 'RuntimeDefault', 'Unconfined'];
/** Of the kernel, PATH_MAX without its end. */
const longestName = 4095;

/** kubernetes pkg/apis/core/validation/validation.go validateSeccompProfileField and ValidateAppArmorProfileField. */
export const validateProfiles = (
  { seccompProfile: seccomp, appArmorProfile: appArmor }: Pick<SecurityContext, 'seccompProfile' | 'appArmorProfile'>,
  field: string,
): FieldError[] => [
  ...(seccomp ? validateSeccomp(seccomp, `${field}.seccompProfile`) : []),
  ...(appArmor ? validateAppArmor(appArmor, `${field}.appArmorProfile`) : []),
];

function validateSeccomp(profile: NonNullable<SecurityContext['seccompProfile']>, field: string): FieldError[] {
  const { type, localhostProfile } = profile;
  const at = `${field}.localhostProfile`;
  const known = type
    ? oneOf(`${field}.type`, type, types)
    : [required(`${field}.type`, 'type is required when seccompProfile is set')];
  if (type !== 'Localhost')
    return localhostProfile === undefined
      ? known
      : [...known, invalidValue(at, profile, 'can only be set when seccomp type is Localhost')];
  return localhostProfile === undefined
    ? [required(at, 'must be set when seccomp type is Localhost')]
    : descendingPath(at, localhostProfile);
}

function validateAppArmor(
  { type, localhostProfile }: NonNullable<SecurityContext['appArmorProfile']>,
  field: string,
): FieldError[] {
  const at = `${field}.localhostProfile`;
  const mustBeSet = required(at, 'must be set when AppArmor type is Localhost');
  if (!type) return [required(`${field}.type`, 'type is required when appArmorProfile is set')];
  if (type !== 'Localhost')
    return localhostProfile === undefined
      ? oneOf(`${field}.type`, type, types)
      : [
          ...oneOf(`${field}.type`, type, types),
          invalidValue(at, localhostProfile, 'can only be set when AppArmor type is Localhost'),
        ];
  if (localhostProfile === undefined) return [mustBeSet];
  if (localhostProfile.trim() !== localhostProfile)
    return [invalidValue(at, localhostProfile, 'must not be padded with whitespace')];
  if (localhostProfile === '') return [mustBeSet];
  return Buffer.byteLength(localhostProfile) > longestName ? [tooLong(at, longestName)] : [];
}
