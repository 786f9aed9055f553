import type { Pod } from '../../meta/types.ts';
import { SizeLimits } from '../volumes/size-limits.ts';
import { volumeFolder } from '../volumes/plan-volume.ts';
import { activeDeadline, deadlineExceeded } from './active-deadline.ts';
import { podRefusal } from './pod-refusal.ts';
import { nowOf, type PodScope } from './pod-scope.ts';
import { hasEnded, type PodVerdict } from './pod-verdict.ts';

/** Why a pod has to end although its containers would go on. */
export class PodBounds {
  readonly #scope: PodScope;
  readonly #sizes = new SizeLimits();

  constructor(scope: PodScope) {
    this.#scope = scope;
  }

  /** Looks at the disk. An excess is told once, and only of what runs. */
  async measure(pod: Pod): Promise<void> {
    if (hasEnded(pod)) return;
    const { folder, kubelet, wake } = this.#scope;
    const again = await this.#sizes.look(
      pod,
      (volume) => volumeFolder(folder, volume),
      () => nowOf(this.#scope),
    );
    if (again !== undefined) wake.by(again);
    else if (this.#sizes.verdict) kubelet.recorder.event(pod, 'Warning', 'Evicted', this.#sizes.verdict.message ?? '');
  }

  verdict(pod: Pod): PodVerdict | undefined {
    const refused = podRefusal(pod, this.#scope.kubelet.nodeRules) ?? this.#sizes.verdict;
    if (refused) return refused;
    const deadline = activeDeadline(pod);
    if (deadline === undefined) return undefined;
    if (deadline <= nowOf(this.#scope)) return deadlineExceeded;
    this.#scope.wake.by(deadline);
    return undefined;
  }
}
