import type { Pod, PodCondition } from '../../meta/types.ts';

/** `infeasible`: the node has not so much; `failed`: the engine or the kernel refused, and it will be tried again. */
export type ResizeTrouble = { kind: 'infeasible' | 'failed'; message: string };

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>;

export const resizeConditionTypes = ['PodResizePending', 'PodResizeInProgress'] as const;

/** Only there while a resize is not done (kubernetes pkg/kubelet/status/status_manager.go SetPodResizePendingCondition). */
export function resizeConditions(
  { spec }: Pod,
  troubles: ReadonlyMap<string, ResizeTrouble>,
): Partial<Record<(typeof resizeConditionTypes)[number], Verdict>> {
  const names = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name }) => name);
  const present = names.flatMap((name) => troubles.get(name) ?? []);
  const of = (kind: ResizeTrouble['kind']) => present.filter((trouble) => trouble.kind === kind);
  const [infeasible, failed] = [of('infeasible'), of('failed')];
  const verdict = (reason: string, all: readonly ResizeTrouble[]): Verdict => ({
    status: 'True',
    reason,
    message: all.map(({ message }) => message).join('; '),
  });
  return {
    ...(infeasible.length > 0 ? { PodResizePending: verdict('Infeasible', infeasible) } : {}),
    ...(failed.length > 0 ? { PodResizeInProgress: verdict('Error', failed) } : {}),
  };
}
