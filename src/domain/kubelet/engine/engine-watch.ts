import type { ContainerSummary } from '../../container-runtime/container.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import { formatKey, keyOf } from '../../meta/object-key.ts';
import { namespaces } from '../../resources/namespace.ts';
import { pods } from '../../resources/pod.ts';
import type { ForeignPods } from '../foreign/foreign-pods.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import type { PlegListener } from './pleg.ts';
import { adoptedContainers } from '../pod/adopted-containers.ts';
import { label, podFromManifest } from '../pod/pod-identity.ts';
import type { PodWorkers } from '../pod/pod-workers.ts';

export type EngineWatchOptions = {
  kubelet: KubeletContext;
  workers: PodWorkers;
  foreign: ForeignPods;
  reportNode: (ready: boolean) => Promise<void>;
};

/** Sorts what the engine shows into this instance's pods, other people's containers and leftovers. */
export class EngineWatch implements PlegListener {
  readonly #options: EngineWatchOptions;
  readonly #settled = Promise.withResolvers<void>();
  #listed = false;

  constructor(options: EngineWatchOptions) {
    this.#options = options;
  }

  get listed(): boolean {
    return this.#listed;
  }

  /** Resolves when every pod's status is what the engine shows. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  async relist(): Promise<void> {
    const { kubelet, workers, reportNode } = this.#options;
    const { runtime, instance, registry, index, addresses, secondaryNetworks, isAlive } = kubelet;
    const containers = await runtime.containers.list();
    const sandboxes = await runtime.sandboxes.list({ [label.instance]: instance });
    const own = containers.filter(
      ({ labels, isSandbox }) => labels[label.instance] === instance && labels[label.podUid] && !isSandbox,
    );
    index.reset(own.map(identify), sandboxes.map(identify));
    for (const { labels } of [...own, ...sandboxes]) {
      if (labels[label.podIp]) addresses.adopt(labels[label.podUid] ?? '', labels[label.podIp]!);
      secondaryNetworks.adopt(labels[label.podUid] ?? '', labels);
    }
    // Once: later, containers without a pod are of pods that were deleted while the engine was away.
    if (registry.isNew && !this.#listed) await this.#rebuildPods(own.map((c) => c.labels[label.manifest]));
    await this.#removeOrphans([...index.pods()].filter((uid) => !isAlive(uid)));
    this.#listed = true;
    await reportNode(true);
    void workers.wakeAll().then(this.#settled.resolve);
    await this.#showForeign(containers);
  }

  event(event: RuntimeEvent): void {
    const { kubelet, workers } = this.#options;
    const owner = event.labels[label.instance];
    if (owner === undefined) return this.#otherChanged(event.containerId);
    const uid = event.labels[label.podUid];
    if (owner !== kubelet.instance || uid === undefined) return;
    if (event.action === 'removed') kubelet.index.removeContainer(uid, event.containerId);
    workers.hear(uid, event);
  }

  disconnected(): void {
    const { reportNode, kubelet } = this.#options;
    void reportNode(false).catch((error: unknown) => kubelet.logger.warn({ error }, 'cannot report the node'));
  }

  #otherChanged(id: string): void {
    const { foreign, kubelet, workers } = this.#options;
    const owner = adoptedContainers(kubelet.registry).get(id);
    if (owner) return workers.wake(owner.podUid);
    void foreign.changed(id).catch((error: unknown) => kubelet.logger.warn({ error, id }, 'cannot show a container'));
  }

  /** The data is gone, the containers are not: what they carry says which pods they are. */
  async #rebuildPods(manifests: readonly (string | undefined)[]): Promise<void> {
    const { registry, logger } = this.#options.kubelet;
    for (const manifest of new Set(manifests)) {
      const pod = manifest === undefined ? undefined : podFromManifest(manifest);
      if (!pod) continue;
      const namespace = { metadata: { name: pod.metadata?.namespace ?? '' } };
      if (!registry.find(namespaces, keyOf(namespace)))
        await registry.create(namespaces, namespace, { fieldManager: 'kubelet' });
      await registry.restore(pods, pod);
      logger.info({ pod: formatKey(keyOf(pod)) }, 'rebuilt a pod from its containers');
    }
  }

  /** What belonged to pods that were deleted while k2d was killed: a pod's object goes last, except when it is forced. */
  async #removeOrphans(uids: readonly string[]): Promise<void> {
    const { runtime, logger, index, addresses, secondaryNetworks } = this.#options.kubelet;
    for (const uid of uids) {
      const { containerIds, sandboxId } = index.ofPod(uid);
      logger.info({ uid }, 'removing containers of a pod that is gone');
      for (const id of containerIds) await runtime.containers.remove(id);
      if (sandboxId !== undefined) await runtime.sandboxes.remove(sandboxId);
      index.forgetPod(uid);
      addresses.release(uid);
      await secondaryNetworks.release(uid);
    }
  }

  async #showForeign(containers: readonly ContainerSummary[]): Promise<void> {
    const { foreign, kubelet } = this.#options;
    const adopted = adoptedContainers(kubelet.registry);
    const others = containers.filter((c) => c.labels[label.instance] === undefined && !c.isSandbox);
    await foreign.relist(others.map(({ id }) => id).filter((id) => !adopted.has(id)));
  }
}

const identify = ({ id, labels }: { id: string; labels: Readonly<Record<string, string>> }) => ({
  id,
  podUid: labels[label.podUid] ?? '',
});
