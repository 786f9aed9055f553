import type { Pod } from '../../meta/types.ts';
import { computePodActions, type PlanContext, type PodAction } from './compute-pod-actions.ts';
import { createContainer } from './create-container.ts';
import { holdContainer } from './hold-container.ts';
import type { ObservedPod } from './observed-pod.ts';
import { endPod } from './pod-ending.ts';
import { PodFiles } from './pod-files.ts';
import { PodSandbox } from './pod-sandbox.ts';
import { graceOf, nowOf, type PodScope, type Step } from './pod-scope.ts';
import { hasEnded } from './pod-verdict.ts';
import { resizeContainer } from './resize-container.ts';
import { startContainer } from './start-container.ts';

const leastTokenWaitMs = 10_000;

/** Makes the plan and carries it out, one action after the other (kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go SyncPod). */
export class PodActor {
  readonly #scope: PodScope;
  readonly #sandbox: PodSandbox;
  readonly #files: PodFiles;

  constructor(scope: PodScope) {
    this.#scope = scope;
    this.#sandbox = new PodSandbox(scope);
    this.#files = new PodFiles(scope);
  }

  /** A network that the pod asks for may be there now. */
  networksChanged(): void {
    this.#sandbox.tryAgain();
  }

  /** Something says that files of ConfigMaps and Secrets may have changed. */
  volumesChanged(): void {
    this.#files.stale = true;
  }

  /** Answers whether the plan changed anything. */
  async act(pod: Pod, observed: ObservedPod, context: PlanContext): Promise<boolean> {
    const plan = computePodActions(pod, observed, context);
    if (plan.wakeAt !== undefined) this.#scope.wake.by(plan.wakeAt);
    const tokensAge = (this.#renewAt() ?? Infinity) <= nowOf(this.#scope);
    if ((this.#files.stale || tokensAge) && !hasEnded(pod)) await this.#files.prepare(pod);
    for (const action of plan.actions) {
      const step = await this.#perform(pod, observed, action);
      if (step === 'done' && action.do === 'runSandbox') this.#scope.wake.now();
    }
    this.#awaitRenewal(pod);
    return plan.actions.length > 0;
  }

  /** Not at once, when a token could not be renewed now. */
  #awaitRenewal(pod: Pod): void {
    const at = this.#renewAt();
    if (at === undefined || hasEnded(pod)) return;
    this.#scope.wake.by(Math.max(at, nowOf(this.#scope) + leastTokenWaitMs));
  }

  #renewAt(): number | undefined {
    return this.#scope.kubelet.tokens.renewAt(this.#scope.uid);
  }

  async #perform(pod: Pod, observed: ObservedPod, action: PodAction): Promise<Step> {
    const { kubelet } = this.#scope;
    switch (action.do) {
      case 'runSandbox':
        return this.#sandbox.run(pod);
      case 'removeSandbox':
        return this.#sandbox.remove(pod, observed, action.id);
      case 'createContainer':
        return createContainer(this.#scope, { sandbox: this.#sandbox, files: this.#files }, pod, observed, action);
      case 'startContainer':
        return startContainer(this.#scope, pod, action.container, action.id);
      case 'holdContainer':
        return holdContainer(this.#scope, pod, observed, action.container, action.id);
      case 'resizeContainer':
        return resizeContainer(this.#scope, pod, action.container, action.id);
      case 'endPod':
        await endPod(kubelet, pod, observed, graceOf(pod));
        return 'done';
    }
  }
}
