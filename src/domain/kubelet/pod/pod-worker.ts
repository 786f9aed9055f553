import type { ContainerExit } from '../../container-runtime/container.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import { formatKey, keyOf, type ObjectKey } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { pods } from '../../resources/pod.ts';
import type { PostStartHooks } from '../hooks/post-start-hooks.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import { LastWords } from '../status/last-words.ts';
import { UpdateLock } from '../volumes/update-lock.ts';
import type { PlanContext } from './compute-pod-actions.ts';
import { KeptMemory } from './kept-memory.ts';
import type { ObservedPod } from './observed-pod.ts';
import { planContext } from './plan-context.ts';
import { PodActor } from './pod-actor.ts';
import { PodBounds } from './pod-bounds.ts';
import { endPod, forgetObject, removePod } from './pod-ending.ts';
import { PodMemory } from './pod-memory.ts';
import { PodObserver } from './pod-observer.ts';
import { reportPod } from './pod-reporter.ts';
import { graceOf, nowOf, type PodScope } from './pod-scope.ts';
import { removedByHand } from './removed-by-hand.ts';
import { startHooks } from './start-hooks.ts';
import { SyncLoop } from './sync-loop.ts';

/**
 * Brings one pod from spec to containers and back to status. Woken by anything that may matter, it looks at everything again
 * (kubernetes pkg/kubelet/pod_workers.go).
 */
export class PodWorker {
  readonly uid: string;
  readonly key: ObjectKey;
  readonly #kubelet: KubeletContext;
  readonly #scope: PodScope;
  readonly #kept: KeptMemory;
  readonly #loop: SyncLoop;
  readonly #observer: PodObserver;
  readonly #bounds: PodBounds;
  readonly #actor: PodActor;
  readonly #hooks: PostStartHooks;
  readonly #lock = new UpdateLock(() => this.wake());
  /** The pod as it was last seen, to clean up after it when it is gone. */
  #lastSeen: Pod;

  constructor(pod: Pod, kubelet: KubeletContext, ended: () => void) {
    this.uid = pod.metadata?.uid ?? '';
    this.key = keyOf(pod);
    this.#lastSeen = pod;
    this.#kubelet = kubelet;
    const folder = kubelet.volumes.podFolder(pod);
    const memory = new PodMemory();
    this.#kept = new KeptMemory(folder, memory, kubelet.logger);
    const lastWords = new LastWords(kubelet.runtime.containers, folder);
    const wake = { now: () => this.wake(), by: (time: number) => this.#loop.wakeBy(time) };
    this.#scope = { uid: this.uid, folder, kubelet, memory, wake, lastWords, keep: () => this.#kept.keep() };
    this.#observer = new PodObserver(this.#scope);
    this.#bounds = new PodBounds(this.#scope);
    this.#actor = new PodActor(this.#scope);
    this.#hooks = startHooks(this.#scope);
    this.#loop = new SyncLoop({
      sync: () => this.#sync(),
      failed: (error) => this.#noteFailure(error),
      ended: () => {
        this.#hooks.stop();
        this.#lock.stop();
        ended();
      },
      now: () => nowOf(this.#scope),
    });
  }

  /** Resolves when the pod's status has been computed from the engine once. */
  get settled(): Promise<void> {
    return this.#loop.settled;
  }

  get pod(): Pod {
    return this.#lastSeen;
  }

  /** How the container's run before the present one ended. */
  lastExit(container: string): ContainerExit | undefined {
    return this.#scope.memory.lastExits.get(container);
  }

  hear(event: RuntimeEvent): void {
    this.#scope.memory.hear(event);
    this.wake();
  }

  wake(volumesChanged = false): void {
    if (volumesChanged) this.#actor.volumesChanged();
    this.#loop.wake();
  }

  networksChanged(): void {
    this.#actor.networksChanged();
    this.#loop.wake();
  }

  stop(): void {
    this.#loop.stop();
    this.#hooks.stop();
    this.#lock.stop();
  }

  #noteFailure(error: unknown): void {
    const { signal, logger } = this.#kubelet;
    if (signal.aborted) return;
    logger.error({ pod: formatKey(this.key), error }, 'cannot bring the pod to its spec; will try again');
  }

  readonly #noteUnreported = (error: unknown): void =>
    this.#kubelet.logger.warn({ pod: formatKey(this.key), error }, 'cannot report the pod before it starts');

  /** Answers true when the pod and all that belonged to it is gone. */
  async #sync(): Promise<boolean> {
    const found = this.#kubelet.registry.find(pods, this.key);
    const pod = found?.metadata?.uid === this.uid ? found : undefined;
    await this.#kept.restore();
    const observed = await this.#observer.observe(this.#lastSeen);
    if (!pod) {
      await endPod(this.#kubelet, this.#lastSeen, observed, 0);
      await removePod(this.#kubelet, this.#lastSeen, observed);
      return true;
    }
    this.#lastSeen = pod;
    if (pod.metadata?.deletionTimestamp !== undefined) return this.#terminate(pod, observed);
    await this.#note(pod, observed);
    await this.#kubelet.prober.heard(this.uid);
    await this.#bounds.measure(pod);
    // A webhook that cannot be asked about the status keeps no pod from starting: it may be its own.
    if (pod.status?.startTime === undefined) await this.#report(pod, observed).catch(this.#noteUnreported);
    const acted = await this.#actor.act(pod, observed, this.#planContext(pod));
    await this.#report(pod, acted ? await this.#observer.observe(pod) : observed);
    return false;
  }

  async #terminate(pod: Pod, observed: ObservedPod): Promise<boolean> {
    this.#hooks.stop();
    await endPod(this.#kubelet, pod, observed, pod.metadata?.deletionGracePeriodSeconds ?? graceOf(pod));
    const ended = await this.#observer.observe(pod);
    await this.#report(pod, ended).catch(this.#noteUnreported);
    await removePod(this.#kubelet, pod, ended);
    return forgetObject(this.#kubelet, pod);
  }

  /** How containers ended, and that others began. */
  async #note(pod: Pod, observed: ObservedPod): Promise<void> {
    for (const name of removedByHand(pod, observed))
      this.#kubelet.recorder.event(pod, 'Warning', 'Removed', `Container ${name} was removed on the engine`);
    this.#scope.memory.noteExits(observed);
    this.#scope.memory.noteResizes(pod, observed);
    await this.#follow(pod, observed);
  }

  /** Messages, hooks and probes go with the containers' runs. */
  async #follow(pod: Pod, observed: ObservedPod): Promise<void> {
    await this.#scope.lastWords.read(pod, observed);
    this.#hooks.follow(pod, observed);
    this.#kubelet.prober.follow(pod, observed, this.#observer.addressOf(pod));
  }

  #planContext(pod: Pod): PlanContext {
    return planContext(this.#scope, this.#hooks, this.#bounds.verdict(pod) !== undefined);
  }

  async #report(pod: Pod, observed: ObservedPod): Promise<void> {
    const podIp = this.#observer.addressOf(pod);
    await this.#follow(pod, observed);
    await this.#kubelet.imageRefs.learn(observed.containers);
    const failure = this.#bounds.verdict(pod);
    const { volumes, sources } = this.#kubelet;
    const updateAllowed = await this.#lock.look(pod, (volume) => volumes.seenFolder(pod, volume, sources.of(pod)));
    await reportPod(this.#scope, pod, observed, { plan: this.#planContext(pod), podIp, failure, updateAllowed });
  }
}
