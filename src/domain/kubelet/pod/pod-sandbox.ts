import type { Pod } from '../../meta/types.ts';
import { kernelHostname } from '../container-spec/pod-hostname.ts';
import { sandboxSpec, type PodContext } from '../container-spec/sandbox-spec.ts';
import { giveUpAddress } from './give-up-address.ts';
import type { ObservedPod } from './observed-pod.ts';
import { nowOf, refusedByEngine, type PodScope, type Step } from './pod-scope.ts';

const noAddress = 'no free address in the pod network';

/** What holds a pod's containers together: its address and name, and a sandbox where the pod needs one. */
export class PodSandbox {
  readonly #scope: PodScope;
  /** Until when no sandbox is tried again, in milliseconds since 1970: what a failed one leaves wakes the pod at once. */
  #noneUntil = 0;

  constructor(scope: PodScope) {
    this.#scope = scope;
  }

  /** What it failed for may be there now. */
  tryAgain(): void {
    this.#noneUntil = 0;
  }

  async run(pod: Pod): Promise<Step> {
    const { uid, kubelet, wake } = this.#scope;
    if (nowOf(this.#scope) < this.#noneUntil) {
      wake.by(this.#noneUntil);
      return 'waiting';
    }
    const context = await this.context(pod);
    if (typeof context === 'string') return this.fail(pod, context);
    try {
      const id = await kubelet.runtime.sandboxes.run(sandboxSpec(context));
      kubelet.index.addSandbox(uid, id);
      return 'done';
    } catch (error) {
      const { code, message } = refusedByEngine(error);
      if (code === 'AddressInUse') await giveUpAddress(kubelet, pod);
      return this.fail(pod, message);
    }
  }

  /** Its namespaces are dead: everything in it is made anew. */
  async remove(pod: Pod, observed: ObservedPod, id: string): Promise<Step> {
    const { uid, kubelet } = this.#scope;
    const { runtime, recorder, index } = kubelet;
    recorder.event(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
    await Promise.all(observed.containers.map((container) => runtime.containers.remove(container.id)));
    await runtime.sandboxes.remove(id);
    index.forgetPod(uid);
    return 'done';
  }

  /** Or why there is none. */
  async context(pod: Pod): Promise<PodContext | string> {
    const { instance, network, addresses, secondaryNetworks } = this.#scope.kubelet;
    const hostname = kernelHostname(pod);
    if (hostname.kind === 'tooLong') return hostname.message;
    const context = { pod, instance, network, hostname: hostname.name };
    if (pod.spec?.hostNetwork) return context;
    const ip = addresses.assign(this.#scope.uid);
    if (ip === undefined) return noAddress;
    const further = await secondaryNetworks.prepare(pod);
    return further.kind === 'refused' ? further.message : { ...context, ip, attachments: further.attachments };
  }

  fail(pod: Pod, message: string): 'waiting' {
    const { kubelet, wake } = this.#scope;
    kubelet.recorder.event(pod, 'Warning', 'FailedCreatePodSandBox', message);
    this.#noneUntil = nowOf(this.#scope) + 15_000;
    wake.by(this.#noneUntil);
    return 'waiting';
  }
}
