import type { Container } from '../../meta/types.ts';
import { type Check, containersNamed, ofContainers, plural, quoted, setters, sorted } from './check.ts';

// What shares the host with a pod.

export const hostNamespaces: Check['violation'] = ({ spec }) => {
  const shared = (['hostIPC', 'hostNetwork', 'hostPID'] as const).filter((name) => spec[name]);
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.join(', ') };
};

export const hostPathVolumes: Check['violation'] = ({ spec }) => {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return { reason: 'hostPath volumes', detail: `${plural('volume', 'volumes', names.length)} ${quoted(names)}` };
};

export const hostPorts: Check['violation'] = ({ containers }) => {
  const portsOf = ({ ports = [] }: Container) => ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const users = containers.filter((container) => portsOf(container).length > 0);
  if (users.length === 0) return undefined;
  const ports = sorted(users.flatMap(portsOf));
  const verb = plural('uses', 'use', users.length);
  const detail = `${containersNamed(users)} ${verb} ${plural('hostPort', 'hostPorts', ports.length)} ${ports.join(', ')}`;
  return { reason: 'hostPort', detail };
};

export const hostProbes: Check['violation'] = ({ containers }) => {
  const users = containers.filter((container) => hostsOf(container).length > 0);
  if (users.length === 0) return undefined;
  const hosts = sorted(users.flatMap(hostsOf));
  const what = plural('probe or lifecycle host', 'probe or lifecycle hosts', hosts.length);
  const named = containersNamed(users.toSorted((a, b) => a.name.localeCompare(b.name)));
  const detail = `${named} ${plural('uses', 'use', users.length)} ${what} ${quoted(hosts)}`;
  return { reason: 'probe or lifecycle host', detail };
};

const hostsOf = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): string[] =>
  [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host): host is string => !!host),
  );

export const privileged = ofContainers(
  ({ securityContext }) => securityContext?.privileged === true,
  'privileged',
  (names) => `${names} must not set securityContext.privileged=true`,
);

export const windowsHostProcess: Check['violation'] = ({ spec, containers }) => {
  const isHost = (context: Container['securityContext']) => context?.windowsOptions?.hostProcess === true;
  const pod = isHost(spec.securityContext);
  const offenders = containers.filter(({ securityContext }) => isHost(securityContext));
  if (!pod && offenders.length === 0) return undefined;
  const detail = `${setters(pod, offenders)} must not set securityContext.windowsOptions.hostProcess=true`;
  return { reason: 'hostProcess', detail };
};
