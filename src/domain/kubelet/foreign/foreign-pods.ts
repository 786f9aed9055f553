import type { ContainerRuntime } from '../../container-runtime/container-runtime.ts';
import type { ContainerExit } from '../../container-runtime/container.ts';
import type { Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import { keyOf } from '../../meta/object-key.ts';
import { KeyLock } from '../../meta/key-lock.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Pod } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { foreignAnnotation, isForeign } from '../../resources/foreign-pod.ts';
import { pods } from '../../resources/pod.ts';
import { adoptedContainers } from '../pod/adopted-containers.ts';
import { label } from '../pod/pod-identity.ts';
import { tellStatusEvents } from '../status/status-events.ts';
import { secretEnvironment } from './foreign-environment.ts';
import { foreignSandbox, networkOf, observeGroup, type ForeignGroup } from './foreign-group.ts';
import { containerNames, podNameOf, uniqueName } from './foreign-names.ts';
import { foreignPod } from './foreign-pod.ts';
import { foreignStatus } from './foreign-status.ts';

export type ForeignPodsOptions = {
  registry: Registry;
  runtime: ContainerRuntime;
  engine: string;
  reportsOomKilled: boolean;
  nodeName: string;
  clock: Clock;
  recorder: EventRecorder;
  hostIp(): string;
};

/** Shows containers that somebody else made as pods of namespace default, and removes them when their pod is deleted. */
export class ForeignPods {
  readonly #options: ForeignPodsOptions;
  /** By container id: the group that shares its network. */
  readonly #groups = new Map<string, string>();
  readonly #lastExits = new Map<string, ContainerExit>();
  readonly #turns = new KeyLock();
  /** Pods that stand for containers no more, although these are there. */
  readonly #dropped = new Set<string>();

  constructor(options: ForeignPodsOptions) {
    this.#options = options;
  }

  /** Something happened to the container: makes its pod say the same. */
  async changed(containerId: string): Promise<void> {
    const group = await this.#groupOf(containerId);
    if (group !== undefined) await this.sync(group);
  }

  /** The engine was listed: these are all that somebody else made. */
  async relist(containerIds: readonly string[]): Promise<void> {
    const groups = new Set(this.#shown());
    for (const id of containerIds) {
      const group = await this.#groupOf(id);
      if (group !== undefined) groups.add(group);
    }
    await Promise.all([...groups].map((group) => this.sync(group)));
  }

  /** Looks at the group and makes its pod say the same. */
  sync(group: string): Promise<void> {
    return this.#turns.run(group, () => this.#syncNow(group));
  }

  /** Somebody deleted the pod, with a grace. */
  ending(pod: Pod): Promise<void> {
    return this.sync(groupOf(pod));
  }

  /** The pod is gone from the registry: so must be its containers, if they are not already, nor another pod's by now. */
  async removed(pod: Pod): Promise<void> {
    const group = groupOf(pod);
    if (this.#dropped.delete(pod.metadata?.uid ?? '')) return;
    await this.#turns.run(group, () => this.#remove(group));
  }

  /** Values of variables that the pod's spec only refers to, by their key in a Secret. */
  async secretEnvironment(pod: Pod): Promise<Record<string, string>> {
    const observed = await this.#observe(groupOf(pod));
    const names = containerNames(observed?.containers ?? []);
    return Object.assign(
      {},
      ...(observed?.containers ?? []).map(({ id, config }) => secretEnvironment(config.env, names.get(id)!)),
    );
  }

  #shown(): string[] {
    return this.#options.registry.all(pods).filter(isForeign).map(groupOf);
  }

  async #groupOf(containerId: string): Promise<string | undefined> {
    const known = this.#groups.get(containerId);
    if (known !== undefined) return known;
    const { runtime } = this.#options;
    const found = await runtime.containers.status(containerId);
    if (!found || found.isSandbox || found.labels[label.instance] !== undefined) return undefined;
    const group = await networkOf(runtime, found);
    this.#groups.set(containerId, group);
    return group;
  }

  #members(group: string): string[] {
    const adopted = adoptedContainers(this.#options.registry);
    return [...this.#groups].filter(([id, of]) => of === group && !adopted.has(id)).map(([id]) => id);
  }

  /** Forgets what is gone. */
  async #observe(group: string): Promise<ForeignGroup | undefined> {
    const members = this.#members(group);
    const observed = await observeGroup(this.#options.runtime, group, members);
    for (const id of members) {
      const found = observed?.containers.find((c) => c.id === id);
      if (found?.state.kind === 'exited') this.#lastExits.set(id, found.state.exit);
      if (found) continue;
      this.#groups.delete(id);
      this.#lastExits.delete(id);
    }
    return observed;
  }

  async #syncNow(group: string): Promise<void> {
    const { registry, recorder, nodeName } = this.#options;
    const present = this.#podOf(group);
    const observed = await this.#observe(group);
    if (!observed) return present && this.#drop(present);
    if (present?.metadata?.deletionTimestamp !== undefined) {
      await this.#stop(observed, present.metadata.deletionGracePeriodSeconds ?? 30);
      await this.#remove(group);
      return this.#drop(present);
    }
    const name = this.#nameOf(observed);
    // A name cannot change: one that was renamed on the engine is another pod.
    if (present && present.metadata?.name !== name) await this.#drop(present);
    const { metadata, spec } = foreignPod(observed, name, nodeName);
    const same = present?.metadata?.name === name ? present : undefined;
    const shown = same
      ? await registry.update(pods, keyOf(same), (current) => refreshed(current, { metadata: metadata!, spec }))
      : await registry.create(pods, { metadata: metadata!, spec });
    const status = foreignStatus(shown, observed, { ...this.#options, lastExits: this.#lastExits });
    if (same) tellStatusEvents(recorder, shown, status);
    await registry.update(pods, keyOf(shown), (current) => ({ ...current, status }), { subresource: 'status' });
  }

  #podOf(group: string): Pod | undefined {
    return this.#options.registry.all(pods, 'default').find((pod) => isForeign(pod) && groupOf(pod) === group);
  }

  #nameOf({ id, name }: ForeignGroup): string {
    const base = podNameOf(name);
    const holder = this.#options.registry.find(pods, { namespace: 'default', name: base });
    const isFree = holder === undefined || groupOf(holder) === id;
    return isFree ? base : uniqueName(base, id);
  }

  /** Removes the pod, not its containers. */
  async #drop(pod: Pod): Promise<void> {
    const { uid = '' } = pod.metadata ?? {};
    this.#dropped.add(uid);
    await this.#options.registry
      .delete(pods, keyOf(pod), { gracePeriodSeconds: 0, preconditions: { uid } })
      .catch((error: unknown) => {
        this.#dropped.delete(uid);
        if (!isNotFound(error)) throw error;
      });
  }

  async #stop({ containers }: ForeignGroup, graceSeconds: number): Promise<void> {
    await Promise.all(containers.map(({ id }) => this.#options.runtime.containers.stop(id, graceSeconds)));
  }

  /** Those that share somebody's network before its owner; of a Podman pod nothing is left. */
  async #remove(group: string): Promise<void> {
    const { runtime, registry } = this.#options;
    const members = this.#members(group);
    for (const id of members.toSorted((a, b) => Number(a === group) - Number(b === group))) {
      await runtime.containers.remove(id);
      this.#groups.delete(id);
      this.#lastExits.delete(id);
    }
    const isKept = [...adoptedContainers(registry).values()].some(({ network }) => network === group);
    if (members.length === 0 || isKept || members.includes(group)) return;
    if (await foreignSandbox(runtime, group)) await runtime.sandboxes.remove(group);
  }
}

const groupOf = ({ metadata }: Pod): string => metadata?.annotations?.[foreignAnnotation] ?? '';

/** What clients wrote on it stays, as long as k2d runs. */
function refreshed(current: Pod, { metadata, spec }: Required<Pick<Pod, 'metadata' | 'spec'>>): Pod {
  const labels = { ...current.metadata?.labels, ...metadata.labels };
  const annotations = { ...current.metadata?.annotations, ...metadata.annotations };
  const next = { ...current, metadata: { ...current.metadata, labels, annotations }, spec };
  return sameJson(next, current) ? current : next;
}
