import type { Pod } from '../../meta/types.ts';

/** What belongs to a pod alone and harms nobody else (kubernetes pkg/kubelet/sysctl/safe_sysctls.go). */
const safe: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/** Kernel settings that a namespace of its own has, by what their names begin with (component-helpers/node/util/sysctl/namespace.go). */
const namespaced = [
  { prefix: 'kernel.sem', namespace: 'IPC' },
  { prefix: 'kernel.shm', namespace: 'IPC' },
  { prefix: 'kernel.msg', namespace: 'IPC' },
  { prefix: 'fs.mqueue.', namespace: 'IPC' },
  { prefix: 'net.', namespace: 'Net' },
] as const;

/** `allowed` are names, or beginnings of names with `*`, that the operator lets pods have although they are not safe. */
export function sysctlRefusal({ spec }: Pod, allowed: readonly string[]): string | undefined {
  const host = { IPC: spec?.hostIPC === true, Net: spec?.hostNetwork === true };
  for (const { name: written } of spec?.securityContext?.sysctls ?? []) {
    const name = dotted(written);
    if (!safe.has(name) && !allowed.some((pattern) => matches(pattern, name)))
      return `forbidden sysctl: "${written}" not allowlisted`;
    const namespace = namespaced.find(({ prefix }) => name.startsWith(prefix))?.namespace;
    if (namespace && host[namespace])
      return `forbidden sysctl: "${written}" not allowed with host ${namespace} enabled`;
  }
  return undefined;
}

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** sysctl(8) takes `net/ipv4/conf/eth0.1/forwarding` as well: with slashes as separators a dot is part of a name. */
export const dotted = (name: string): string =>
  /^[^./]*\//.test(name) ? name.replaceAll(/[./]/g, (mark) => (mark === '/' ? '.' : '/')) : name;
