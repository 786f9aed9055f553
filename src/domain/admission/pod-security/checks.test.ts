import { describe, expect, test } from 'vitest';
import type { Container, PodSpec } from '../../meta/types.ts';
import { checkedPod } from './check.ts';
import { violations } from './checks.ts';

type Context = NonNullable<Container['securityContext']>;

/** What the restricted level asks for, as small as it can be (kubernetes.io/docs/concepts/security/pod-security-standards). */
const good: Context = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

const pod = (spec: Partial<PodSpec>, annotations: Record<string, string> = {}) =>
  checkedPod({ annotations }, { containers: [{ name: 'a', securityContext: good }], ...spec });

const container = (context: Context, fields: Partial<Container> = {}): Partial<PodSpec> => ({
  containers: [{ name: 'a', securityContext: { ...good, ...context }, ...fields }],
});

const told = (
  level: 'baseline' | 'restricted',
  spec: Partial<PodSpec>,
  version = Infinity,
  annotations: Record<string, string> = {},
) => violations({ level, version }, pod(spec, annotations)).map(({ reason, detail }) => `${reason} (${detail})`);

test('the smallest restricted pod is good for every level', () => {
  expect(told('restricted', {})).toEqual([]);
  expect(told('baseline', {})).toEqual([]);
  expect(told('baseline', { containers: [{ name: 'a' }] })).toEqual([]);
});

test('a pod that says nothing is not restricted', () =>
  expect(told('restricted', { containers: [{ name: 'a' }, { name: 'b' }] })).toEqual([
    'allowPrivilegeEscalation != false (containers "a", "b" must set securityContext.allowPrivilegeEscalation=false)',
    'unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"])',
    'runAsNonRoot != true (pod or containers "a", "b" must set securityContext.runAsNonRoot=true)',
    'seccompProfile (pod or containers "a", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ]));

describe('baseline', () => {
  test.each<[string, Partial<PodSpec>]>([
    ['host namespaces (hostIPC, hostNetwork, hostPID)', { hostNetwork: true, hostPID: true, hostIPC: true }],
    ['hostPath volumes (volume "h")', { volumes: [{ name: 'h', hostPath: { path: '/' } }] }],
    [
      'hostPort (container "a" uses hostPorts 502, 80)',
      container(
        {},
        {
          ports: [
            { containerPort: 80, hostPort: 80 },
            { containerPort: 502, hostPort: 502 },
          ],
        },
      ),
    ],
    [
      'probe or lifecycle host (container "a" uses probe or lifecycle host "h")',
      container({}, { livenessProbe: { httpGet: { port: 80, host: 'h' } } }),
    ],
    ['privileged (container "a" must not set securityContext.privileged=true)', container({ privileged: true })],
    [
      'non-default capabilities (container "a" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)',
      container({ capabilities: { add: ['NET_RAW', 'KILL', 'NET_ADMIN'], drop: ['ALL'] } }),
    ],
    [
      'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
      container({ procMount: 'Unmasked' }),
    ],
    [
      'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set)',
      { securityContext: { seLinuxOptions: { type: 'spc_t', user: 'u' } } },
    ],
    [
      'seccompProfile (pod and container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
      {
        securityContext: { seccompProfile: { type: 'Unconfined' } },
        ...container({ seccompProfile: { type: 'Unconfined' } }),
      },
    ],
    [
      'forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined")',
      container({ appArmorProfile: { type: 'Unconfined' } }),
    ],
    [
      'forbidden sysctls (kernel.msgmax)',
      {
        securityContext: {
          sysctls: [
            { name: 'kernel.msgmax', value: '1' },
            { name: 'net.ipv4.tcp_rmem', value: '1' },
          ],
        },
      },
    ],
    [
      'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
      { securityContext: { windowsOptions: { hostProcess: true } } },
    ],
  ])('%s', (text, spec) => expect(told('baseline', spec)).toEqual([text]));

  test('reads the annotations that AppArmor had', () => {
    const annotations = { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' };
    expect(told('baseline', {}, Infinity, annotations)[0]).toMatch(
      /^forbidden AppArmor profile \(annotation must not set AppArmor profile type to "container/,
    );
  });

  test('looks at init and ephemeral containers', () =>
    expect(
      told('baseline', {
        initContainers: [{ name: 'i', securityContext: { privileged: true } }],
        ephemeralContainers: [{ name: 'e', securityContext: { privileged: true } }],
      }),
    ).toEqual(['privileged (containers "i", "e" must not set securityContext.privileged=true)']));

  test('/proc may be unmasked for pods with users of their own', () =>
    expect(told('baseline', { hostUsers: false, ...container({ procMount: 'Unmasked' }) })).toEqual([]));
});

describe('restricted', () => {
  test.each<[string, Partial<PodSpec>]>([
    [
      'unrestricted capabilities (container "a" must not include "CHOWN" in securityContext.capabilities.add)',
      container({ capabilities: { add: ['CHOWN', 'NET_BIND_SERVICE'], drop: ['ALL'] } }),
    ],
    [
      'restricted volume types (volumes "h", "n" use restricted volume types "hostPath", "nfs")',
      {
        volumes: [
          { name: 'h', hostPath: { path: '/' } },
          { name: 'n', nfs: { server: 's', path: '/' } },
          { name: 'e', emptyDir: {} },
        ],
      },
    ],
    [
      'runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false)',
      container({ runAsNonRoot: false }),
    ],
    ['runAsUser=0 (pod must not set runAsUser=0)', { securityContext: { runAsUser: 0 } }],
    [
      'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
      container({ seccompProfile: { type: 'Unconfined' } }),
    ],
    [
      'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
      { hostUsers: false, ...container({ procMount: 'Unmasked' }) },
    ],
  ])('%s', (text, spec) => expect(told('restricted', spec)).toEqual([text]));

  test('root of a user namespace is nobody', () =>
    expect(told('restricted', { hostUsers: false, ...container({ runAsNonRoot: false, runAsUser: 0 }) })).toEqual([]));
});

describe('versions', () => {
  test.each<[string, number, Partial<PodSpec>]>([
    ['restricted knew no capabilities', 21, container({ capabilities: { drop: [] } })],
    ['root was not asked for by its number', 22, { securityContext: { runAsUser: 0 } }],
    ['hosts of probes', 33, container({}, { livenessProbe: { httpGet: { port: 80, host: 'h' } } })],
  ])('%s in 1.%i', (_what, version, spec) => {
    expect(told('restricted', spec, version)).toEqual([]);
    expect(told('restricted', spec, version + 1)).toHaveLength(1);
  });

  test('safe sysctls grew', () => {
    const spec = { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_fin_timeout', value: '1' }] } };
    expect(told('baseline', spec, 28)).toEqual(['forbidden sysctls (net.ipv4.tcp_fin_timeout)']);
    expect(told('baseline', spec, 29)).toEqual([]);
  });

  test('before restricted had a rule of its own, the baseline speaks', () =>
    expect(told('restricted', container({ capabilities: { add: ['NET_ADMIN'] } }), 21)).toEqual([
      'non-default capabilities (container "a" must not include "NET_ADMIN" in securityContext.capabilities.add)',
    ]));
});
