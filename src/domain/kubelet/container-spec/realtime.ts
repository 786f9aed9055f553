import type { ContainerSpec, ResourceLimit } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { realtimeOf } from '../../resources/realtime-annotations.ts';

/** What a container gets of processors and of the kernel's limits for control loops, as the pod's annotations say. */
export function realtimeSpec(pod: Pod, container: Container): Pick<ContainerSpec, 'cpuset' | 'limits'> {
  const { cpuset, rtprio, memlockBytes } = realtimeOf(pod.metadata?.annotations ?? {}, container.name);
  const limits: ResourceLimit[] = [
    ...(rtprio === undefined ? [] : [{ name: 'rtprio' as const, value: rtprio }]),
    ...(memlockBytes === undefined ? [] : [{ name: 'memlock' as const, value: memlockBytes }]),
  ];
  return { ...(cpuset === undefined ? {} : { cpuset }), ...(limits.length > 0 ? { limits } : {}) };
}
