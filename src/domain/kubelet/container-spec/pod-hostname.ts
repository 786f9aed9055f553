import type { Pod } from '../../meta/types.ts';

/** What the pod's containers call themselves: at most 63 characters, since the kernel takes no more (kubernetes pkg/kubelet/util GetNodenameForKernel). */
export const podHostname = (pod: Pod): string =>
  (pod.spec?.hostname ?? pod.metadata?.name ?? '').slice(0, 63).replace(/[-.]+$/, '');
