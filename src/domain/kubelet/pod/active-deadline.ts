import type { Pod } from '../../meta/types.ts';
import type { PodVerdict } from './pod-verdict.ts';

/** When activeDeadlineSeconds are over, in milliseconds since 1970; it counts from the pod's start (kubernetes pkg/kubelet/active_deadline.go). */
export function activeDeadline({ spec, status }: Pod): number | undefined {
  const seconds = spec?.activeDeadlineSeconds;
  return seconds === undefined || status?.startTime === undefined
    ? undefined
    : Date.parse(status.startTime) + seconds * 1000;
}

export const deadlineExceeded: PodVerdict = {
  phase: 'Failed',
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};
