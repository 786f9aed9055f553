import type { Pod } from '../../meta/types.ts';

/** The kernel takes no more. */
const maxLength = 64;

/** What Services call the pod, and others by its subdomain: at most 63 characters (kubernetes pkg/kubelet/util GetNodenameForKernel). */
export const podHostname = (pod: Pod): string =>
  (pod.spec?.hostname ?? pod.metadata?.name ?? '').slice(0, 63).replace(/[-.]+$/, '');

export type KernelHostname = { kind: 'name'; name: string } | { kind: 'tooLong'; message: string };

/** What the pod's containers call themselves: all of its name in the cluster if it asks for that and has one. */
export function kernelHostname(pod: Pod): KernelHostname {
  const { hostnameOverride, setHostnameAsFQDN, subdomain } = pod.spec ?? {};
  if (hostnameOverride) return { kind: 'name', name: hostnameOverride };
  const name = podHostname(pod);
  if (!setHostnameAsFQDN || !subdomain) return { kind: 'name', name };
  const whole = `${name}.${subdomain}.${pod.metadata?.namespace}.svc.cluster.local`;
  if (whole.length <= maxLength) return { kind: 'name', name: whole };
  return {
    kind: 'tooLong',
    message: `failed to construct FQDN from pod hostname and cluster domain, FQDN ${whole} is too long (${maxLength} characters is the max, ${whole.length} characters requested)`,
  };
}
