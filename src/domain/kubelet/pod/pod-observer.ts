import type { Pod } from '../../meta/types.ts';
import { adoptedAddress, adoptedIds, adoptedSandbox, asOwn } from './adopted-containers.ts';
import type { ObservedPod } from './observed-pod.ts';
import { label } from './pod-identity.ts';
import type { PodScope } from './pod-scope.ts';

/** What the engine shows of a pod: its own containers and those that were adopted for it. */
export class PodObserver {
  readonly #scope: PodScope;
  #adoptedIp: string | undefined;

  constructor(scope: PodScope) {
    this.#scope = scope;
  }

  async observe(pod: Pod): Promise<ObservedPod> {
    const { uid, kubelet, memory } = this.#scope;
    const { runtime, index, addresses } = kubelet;
    const { containerIds, sandboxId } = index.ofPod(uid);
    const ids = [...containerIds, ...adoptedIds(pod)];
    const containers = await Promise.all(ids.map((id) => runtime.containers.status(id)));
    const present = containers.filter((c) => c !== undefined).map((c) => asOwn(pod, c));
    const sandbox = sandboxId === undefined ? adoptedSandbox(pod, present) : await runtime.sandboxes.status(sandboxId);
    this.#adoptedIp = adoptedAddress(pod, present);
    const ip = present[0]?.labels[label.podIp] ?? sandbox?.labels[label.podIp];
    if (ip !== undefined) addresses.adopt(uid, ip);
    const seen = { containers: present, ...(sandbox === undefined ? {} : { sandbox }) };
    const { observed, restarted } = memory.noteRuns(seen);
    const told = memory.noteToldExits(observed);
    if (restarted || told) await this.#scope.keep();
    return observed;
  }

  /** Where the pod is reached. */
  addressOf(pod: Pod): string | undefined {
    const { uid, kubelet } = this.#scope;
    return pod.spec?.hostNetwork ? kubelet.hostIp() : (this.#adoptedIp ?? kubelet.addresses.of(uid));
  }
}
