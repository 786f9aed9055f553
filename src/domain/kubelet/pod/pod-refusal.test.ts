import { expect, test } from 'vitest';
import type { PodSpec, PodStatus } from '../../meta/types.ts';
import { podRefusal } from './pod-refusal.ts';

const refusal = (
  spec: Partial<PodSpec>,
  status: PodStatus = {},
  appArmor = false,
  allowedUnsafeSysctls: string[] = [],
) => podRefusal({ spec: { containers: [{ name: 'c' }], ...spec }, status }, { appArmor, allowedUnsafeSysctls });

const sysctl = (name: string, spec: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  ...spec,
  securityContext: { sysctls: [{ name, value: '1' }] },
});

test.each<[string, Partial<PodSpec>]>([
  ['"kernel.msgmax" not allowlisted', sysctl('kernel.msgmax')],
  ['"net/core/somaxconn" not allowlisted', sysctl('net/core/somaxconn')],
  [
    '"net.ipv4.tcp_syncookies" not allowed with host Net enabled',
    sysctl('net.ipv4.tcp_syncookies', { hostNetwork: true }),
  ],
  ['"kernel.shm_rmid_forced" not allowed with host IPC enabled', sysctl('kernel.shm_rmid_forced', { hostIPC: true })],
])('refuses %s', (message, spec) =>
  expect(refusal(spec)).toEqual({
    phase: 'Failed',
    reason: 'SysctlForbidden',
    message: `Pod was rejected: forbidden sysctl: ${message}`,
  }),
);

test('takes safe settings, in both writings, and those that the operator allows', () => {
  expect(refusal(sysctl('net/ipv4/tcp_syncookies'))).toBeUndefined();
  expect(refusal(sysctl('net.core.somaxconn'), {}, false, ['net.core.*'])).toBeUndefined();
});

test('refuses profiles of AppArmor where there is none, of pods that have not started', () => {
  const spec: Partial<PodSpec> = { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } };
  expect(refusal(spec)).toMatchObject({
    reason: 'AppArmor',
    message: 'Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host',
  });
  expect(refusal(spec, { phase: 'Running' })).toBeUndefined();
  expect(refusal(spec, {}, true)).toBeUndefined();
  expect(refusal({ securityContext: { appArmorProfile: { type: 'Unconfined' } } })).toBeUndefined();
});
