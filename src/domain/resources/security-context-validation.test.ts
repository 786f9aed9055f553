import { expect, test } from 'vitest';
import type { Container, PodSpec } from '../meta/types.ts';
import { validateContainerSecurity, validatePodSecurity } from './security-context-validation.ts';

type Context = NonNullable<Container['securityContext']>;

const ofContainer = (securityContext: Context) =>
  validateContainerSecurity({ name: 'c', securityContext }, 's').map(({ field, message }) => `${field}: ${message}`);

const unsupported = 'Unsupported value: "X": supported values: "Localhost", "RuntimeDefault", "Unconfined"';

test.each<[Context, string[]]>([
  [{ seccompProfile: { type: 'RuntimeDefault' }, appArmorProfile: { type: 'Localhost', localhostProfile: 'plc' } }, []],
  [{ seccompProfile: { type: 'Localhost', localhostProfile: 'line/plc.json' } }, []],
  [{ seccompProfile: { type: 'X' } }, [`s.seccompProfile.type: ${unsupported}`]],
  [
    { seccompProfile: { type: 'Localhost' } },
    ['s.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost'],
  ],
  [
    { seccompProfile: { type: 'Localhost', localhostProfile: '../plc' } },
    ['s.seccompProfile.localhostProfile: Invalid value: "../plc": must not contain \'..\''],
  ],
  [
    { seccompProfile: { type: 'Localhost', localhostProfile: '/plc' } },
    ['s.seccompProfile.localhostProfile: Invalid value: "/plc": must be a relative path'],
  ],
  [
    { seccompProfile: { type: 'Unconfined', localhostProfile: 'plc' } },
    [
      's.seccompProfile.localhostProfile: Invalid value: {"type":"Unconfined","localhostProfile":"plc"}: can only be set when seccomp type is Localhost',
    ],
  ],
  [{ appArmorProfile: { type: 'X' } }, [`s.appArmorProfile.type: ${unsupported}`]],
  [
    { appArmorProfile: { type: 'Localhost' } },
    ['s.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost'],
  ],
  [
    { appArmorProfile: { type: 'Localhost', localhostProfile: ' plc' } },
    ['s.appArmorProfile.localhostProfile: Invalid value: " plc": must not be padded with whitespace'],
  ],
  [
    { appArmorProfile: { type: 'RuntimeDefault', localhostProfile: 'plc' } },
    ['s.appArmorProfile.localhostProfile: Invalid value: "plc": can only be set when AppArmor type is Localhost'],
  ],
])('%j', (context, errors) => expect(ofContainer(context)).toEqual(errors));

test('/proc is unmasked only for pods with users of their own', () => {
  const spec: PodSpec = { containers: [{ name: 'c', securityContext: { procMount: 'Unmasked' } }] };
  expect(validatePodSecurity(spec, 'spec')).toEqual([
    {
      reason: 'FieldValueInvalid',
      field: 'spec.containers[0].securityContext.procMount',
      message: 'Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
    },
  ]);
  expect(validatePodSecurity({ ...spec, hostUsers: false }, 'spec')).toEqual([]);
});
