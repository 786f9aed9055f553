import type { PodSandboxSpec } from '../../domain/container-runtime/pod-sandbox.ts';

export type HostNamespaces = Pick<PodSandboxSpec, 'hostPid' | 'hostIpc'>;

export const noHostNamespaces: HostNamespaces = { hostPid: false, hostIpc: false };

const hostPidLabel = 'k2d.io/host-pid';
const hostIpcLabel = 'k2d.io/host-ipc';

/**
 * A Podman pod shares only namespaces that its infra container has of its own (the `pid` of a pod is not read by the API of 4.3), so members take
 * the host's themselves. The pod remembers it for those that come later.
 */
export const hostNamespaceLabels = ({ hostPid, hostIpc }: HostNamespaces): Record<string, string> => ({
  ...(hostPid && { [hostPidLabel]: 'true' }),
  ...(hostIpc && { [hostIpcLabel]: 'true' }),
});

export const hostNamespacesOf = (podLabels: Readonly<Record<string, string>>): HostNamespaces => ({
  hostPid: podLabels[hostPidLabel] === 'true',
  hostIpc: podLabels[hostIpcLabel] === 'true',
});

/** Those of the caller, without our own. */
export const callersLabels = (podLabels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(podLabels).filter(([key]) => key !== hostPidLabel && key !== hostIpcLabel));
