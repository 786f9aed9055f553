import type { Container } from '../../meta/types.ts';
import { type Check, containersNamed, hasOwnUsers, plural, quoted, setters, sorted } from './check.ts';

// What a pod may ask of the kernel.

const sysctls = [
  { since: 0, names: ['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies'] },
  { since: 0, names: ['net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start'] },
  { since: 27, names: ['net.ipv4.ip_local_reserved_ports'] },
  { since: 29, names: ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout'] },
  { since: 29, names: ['net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes'] },
  { since: 32, names: ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'] },
];

/** Those that the standard allows in the minor version. */
export const sysctlsOf = (version: number): Check['violation'] => {
  const allowed = new Set(sysctls.filter(({ since }) => since <= version).flatMap(({ names }) => names));
  return ({ spec }) => {
    const others = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.has(name));
    return others.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: others.join(', ') };
  };
};

/** Annotations are read as well: they were the field's predecessor. */
export const appArmorProfile: Check['violation'] = ({ spec, containers, annotations }) => {
  const typeOf = (context: Container['securityContext']) => context?.appArmorProfile?.type;
  const isBad = (type: string | undefined) => type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';
  const offenders = containers.filter(({ securityContext }) => isBad(typeOf(securityContext)));
  const types = [spec.securityContext, ...offenders.map((c) => c.securityContext)].map(typeOf).filter(isBad);
  const written = sorted(
    Object.entries(annotations)
      .filter(([key, value]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/') && !isKnown(value))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  );
  const values = [...sorted(types.map(String)), ...written];
  if (values.length === 0) return undefined;
  const who = [
    setters(isBad(typeOf(spec.securityContext)), offenders),
    written.length > 0 ? plural('annotation', 'annotations', written.length) : '',
  ].filter((part) => part !== '');
  return {
    reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', values.length),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  };
};

const isKnown = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');

type SeLinuxOptions = NonNullable<NonNullable<Container['securityContext']>['seLinuxOptions']>;

export const seLinuxOptionsOf = (version: number): Check['violation'] => {
  const types = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
  if (version >= 31) types.push('container_engine_t');
  const isBad = (options: SeLinuxOptions | undefined) =>
    options !== undefined && (!types.includes(options.type ?? '') || !!options.user || !!options.role);
  return ({ spec, containers }) => {
    const own = spec.securityContext?.seLinuxOptions;
    const offenders = containers.filter(({ securityContext }) => isBad(securityContext?.seLinuxOptions));
    const bad = [own, ...offenders.map((c) => c.securityContext?.seLinuxOptions)].filter((o) => o && isBad(o));
    if (bad.length === 0) return undefined;
    const badTypes = sorted(bad.map((o) => o?.type ?? '').filter((type) => !types.includes(type)));
    const data = [
      ...(badTypes.length > 0 ? [`${plural('type', 'types', badTypes.length)} ${quoted(badTypes)}`] : []),
      ...(bad.some((o) => o?.user) ? ['user may not be set'] : []),
      ...(bad.some((o) => o?.role) ? ['role may not be set'] : []),
    ];
    const detail = `${setters(isBad(own), offenders)} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`;
    return { reason: 'seLinuxOptions', detail };
  };
};

export const procMount: Check['violation'] = ({ containers }) => {
  const offenders = containers.filter(({ securityContext: own }) => own?.procMount && own.procMount !== 'Default');
  if (offenders.length === 0) return undefined;
  const values = quoted(sorted(offenders.map((c) => c.securityContext?.procMount ?? '')));
  return {
    reason: 'procMount',
    detail: `${containersNamed(offenders)} must not set securityContext.procMount to ${values}`,
  };
};

export const procMountWithHostUsers: Check['violation'] = (pod) => (hasOwnUsers(pod) ? undefined : procMount(pod));
