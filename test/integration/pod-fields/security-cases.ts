import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect } from 'vitest';
import type { ContainerStatus, Pod } from '../../../src/domain/meta/types.ts';
import { BUSYBOX } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

/** A pod whose container writes what its status says of the fields. */
const writes = (script: string, context: object = {}, pod: object = {}) => ({
  restartPolicy: 'Never',
  ...pod,
  containers: [{ name: 'main', image: BUSYBOX, command: ['sh', '-c', script], securityContext: context }],
});

const processStatus = (...fields: string[]) => `grep -E "^(${fields.join('|')}):" /proc/self/status | tr -d "\\t "`;

const waits = (reason: string) => (pod: Pod) =>
  (pod.status?.containerStatuses ?? []).some(({ state }: ContainerStatus) => state?.waiting?.reason === reason);

const waitingMessage = (pod: Pod): string => pod.status?.containerStatuses?.[0]?.state?.waiting?.message ?? '';

/** Bit 24 of what this machine lets root have. */
const mayRaiseLimits =
  (BigInt(`0x${/CapBnd:\s+(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`) >> 24n) & 1n;

const hasAppArmor =
  existsSync('/sys/module/apparmor/parameters/enabled') &&
  readFileSync('/sys/module/apparmor/parameters/enabled', 'utf8').startsWith('Y');

/** At least the capabilities to administer the system, the network and processes. */
const mighty = (1n << 21n) | (1n << 12n) | (1n << 19n);

/** Who a container runs as, and what it may do. */
export const securityCases: readonly FieldCase[] = [
  {
    field: 'spec.securityContext.runAsUser',
    spec: writes('id -u; id -g', {}, { securityContext: { runAsUser: 1234, runAsGroup: 5678 } }),
    shows: async (pod) => expect(await pod.log()).toBe('1234\n5678'),
  },
  {
    field: 'spec.containers.securityContext.runAsUser',
    spec: writes('id -u; id -g', { runAsUser: 4321 }, { securityContext: { runAsUser: 1234, runAsGroup: 5678 } }),
    shows: async (pod) => expect(await pod.log()).toBe('4321\n5678'),
  },
  {
    field: 'spec.containers.securityContext.runAsNonRoot (root)',
    spec: writes('id -u', { runAsNonRoot: true }),
    until: 'Pending',
    shows: async (pod) => {
      const seen = await pod.until('is refused', waits('CreateContainerConfigError'));
      expect(waitingMessage(seen)).toMatch(/^container has runAsNonRoot and image will run as root \(pod: "/);
      await pod.untilEvent(/^Failed: Error: container has runAsNonRoot/);
    },
  },
  {
    field: 'spec.containers.securityContext.runAsNonRoot (by number)',
    spec: writes('id -u', { runAsNonRoot: true, runAsUser: 1000 }),
    shows: async (pod) => expect(await pod.log()).toBe('1000'),
  },
  {
    field: 'spec.securityContext.supplementalGroups',
    spec: writes('id -G', {}, { securityContext: { runAsUser: 1000, runAsGroup: 1000, supplementalGroups: [20, 44] } }),
    shows: async (pod) => expect(await pod.log()).toBe('1000 20 44'),
  },
  {
    field: 'spec.securityContext.supplementalGroupsPolicy',
    spec: writes(
      'id -G',
      {},
      {
        securityContext: { runAsUser: 0, runAsGroup: 7, supplementalGroups: [20], supplementalGroupsPolicy: 'Strict' },
      },
    ),
    shows: async (pod) => expect(await pod.log()).toBe('7 20'),
  },
  {
    field: 'spec.containers.securityContext.capabilities',
    spec: writes(processStatus('CapEff'), { capabilities: { drop: ['ALL'], add: ['CAP_NET_ADMIN', 'KILL'] } }),
    shows: async (pod) => expect(await pod.log()).toBe('CapEff:0000000000001020'),
  },
  {
    field: 'spec.containers.securityContext.capabilities (of a user)',
    spec: writes(processStatus('CapEff', 'CapBnd'), {
      runAsUser: 1000,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
    }),
    cannot: { podman: 'Podman makes the capabilities that are added for a user effective at once' },
    shows: async (pod) => expect(await pod.log()).toBe('CapEff:0000000000000000\nCapBnd:0000000000001000'),
  },
  {
    field: 'spec.containers.securityContext.privileged',
    spec: writes(processStatus('CapEff', 'Seccomp'), { privileged: true }),
    ...(mayRaiseLimits
      ? {}
      : { cannot: { docker: 'Docker 20.10 needs CAP_SYS_RESOURCE for it, which this machine lacks' } }),
    shows: async (pod) => {
      const effective = BigInt(`0x${/^CapEff:(\w+)$/m.exec(await pod.log())?.[1]}`);
      expect(effective & mighty).toBe(mighty);
      expect(await pod.log()).toMatch(/^Seccomp:0$/m);
    },
  },
  {
    field: 'spec.containers.securityContext.allowPrivilegeEscalation',
    spec: writes(processStatus('NoNewPrivs'), { allowPrivilegeEscalation: false }),
    shows: async (pod) => expect(await pod.log()).toBe('NoNewPrivs:1'),
  },
  {
    field: 'spec.containers.securityContext.readOnlyRootFilesystem',
    spec: writes('touch /x 2>/dev/null || echo refused', { readOnlyRootFilesystem: true }),
    shows: async (pod) => expect(await pod.log()).toBe('refused'),
  },
  {
    field: 'spec.containers.securityContext.seccompProfile (none)',
    spec: writes(processStatus('Seccomp')),
    shows: async (pod) => expect(await pod.log()).toBe('Seccomp:2'),
  },
  {
    field: 'spec.securityContext.seccompProfile (Unconfined)',
    spec: writes(processStatus('Seccomp'), {}, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
    shows: async (pod) => expect(await pod.log()).toBe('Seccomp:0'),
  },
  {
    field: 'spec.containers.securityContext.seccompProfile (RuntimeDefault)',
    spec: writes(
      processStatus('Seccomp'),
      { seccompProfile: { type: 'RuntimeDefault' } },
      { securityContext: { seccompProfile: { type: 'Unconfined' } } },
    ),
    shows: async (pod) => expect(await pod.log()).toBe('Seccomp:2'),
  },
  {
    field: 'spec.containers.securityContext.seccompProfile (Localhost)',
    spec: writes('mkdir /tmp/x 2>/dev/null || echo refused', {
      seccompProfile: { type: 'Localhost', localhostProfile: 'line/no-mkdir.json' },
    }),
    until: 'Pending',
    shows: async (pod) => {
      const path = /cannot load seccomp profile "(.+)": open .+: no such file or directory$/;
      const refused = await pod.until('is refused', (object) => path.test(waitingMessage(object)));
      const file = path.exec(waitingMessage(refused))![1]!;
      await mkdir(dirname(file), { recursive: true });
      const syscalls = [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO' }];
      await writeFile(file, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }));
      await pod.until('has ended', ({ status }) => status?.phase === 'Succeeded');
      expect(await pod.log()).toBe('refused');
    },
  },
  {
    field: 'spec.containers.securityContext.appArmorProfile (RuntimeDefault)',
    spec: writes('echo confined', { appArmorProfile: { type: 'RuntimeDefault' } }),
    until: hasAppArmor ? 'Succeeded' : 'Failed',
    shows: async (pod) => {
      if (hasAppArmor) return;
      expect((await pod.object()).status).toMatchObject({
        reason: 'AppArmor',
        message: 'Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host',
      });
    },
  },
  {
    field: 'spec.containers.securityContext.appArmorProfile (Unconfined)',
    spec: writes('cat /proc/self/attr/current 2>/dev/null || echo unconfined', {
      appArmorProfile: { type: 'Unconfined' },
    }),
    shows: async (pod) => expect(await pod.log()).toBe('unconfined'),
  },
  {
    field: 'spec.securityContext.seLinuxOptions',
    spec: writes('echo runs', {}, { securityContext: { seLinuxOptions: { type: 'container_t', level: 's0:c1,c2' } } }),
    shows: async (pod) => expect(await pod.log()).toBe('runs'),
  },
  {
    field: 'spec.securityContext.sysctls',
    spec: writes(
      'cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/kernel/shm_rmid_forced',
      {},
      {
        securityContext: {
          sysctls: [
            { name: 'net.ipv4.ip_local_port_range', value: '20000 20100' },
            { name: 'kernel/shm_rmid_forced', value: '1' },
          ],
        },
      },
    ),
    shows: async (pod) => expect((await pod.log()).split(/\s+/)).toEqual(['20000', '20100', '1']),
  },
  {
    field: 'spec.securityContext.sysctls (unsafe)',
    spec: writes('true', {}, { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }),
    until: 'Failed',
    shows: async (pod) => {
      const text = 'forbidden sysctl: "kernel.msgmax" not allowlisted';
      expect((await pod.object()).status).toMatchObject({
        reason: 'SysctlForbidden',
        message: `Pod was rejected: ${text}`,
      });
      await pod.untilEvent(`SysctlForbidden: ${text}`);
    },
  },
  {
    field: 'spec.containers.securityContext.procMount',
    spec: writes('grep -c " /proc/" /proc/mounts; true', { procMount: 'Unmasked' }, { hostUsers: false }),
    shows: async (pod) => expect(await pod.log()).toBe('0'),
  },
  {
    field: 'metadata.annotations (k2d.io/cpuset, k2d.io/memlock)',
    metadata: { annotations: { 'k2d.io/cpuset': '0', 'memlock.k2d.io/main': '1Mi' } },
    spec: writes(`${processStatus('Cpus_allowed_list')}; ulimit -l`),
    shows: async (pod) => expect(await pod.log()).toBe('Cpus_allowed_list:0\n1024'),
  },
  {
    field: 'spec.containers.securityContext.runAsUser (nobody)',
    spec: writes('id -u', { runAsUser: 65534 }),
    shows: async (pod) => expect(await pod.log()).toBe('65534'),
  },
  {
    field: 'spec.containers.securityContext.privileged (false)',
    spec: writes('exec 2>&1; ip link add dummy0 type dummy || echo refused', { privileged: false }),
    shows: async (pod) => expect(await pod.log()).toMatch(/Operation not permitted\nrefused$/),
  },
  {
    field: 'spec.containers.securityContext.readOnlyRootFilesystem (false)',
    spec: writes('echo written >/checkfile; cat /checkfile', { readOnlyRootFilesystem: false }),
    shows: async (pod) => expect(await pod.log()).toBe('written'),
  },
];
