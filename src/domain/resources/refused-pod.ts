import type { Pod } from '../meta/types.ts';

/** Begins the message of a pod that its node refused; what follows is also the event's (kubernetes pkg/kubelet/kubelet.go rejectPod). */
export const refusalPrefix = 'Pod was rejected: ';

/** Its node never began with it. */
export const isRefused = ({ status }: Pod): boolean =>
  status?.phase === 'Failed' && status.message?.startsWith(refusalPrefix) === true;
