import { formatKey, type ObjectKey } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Pod } from '../../meta/types.ts';
import { pods } from '../../resources/pod.ts';
import { PostStartHooks } from '../hooks/post-start-hooks.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import { SizeLimits } from '../volumes/size-limits.ts';
import { volumeFolder } from '../volumes/volume-plan.ts';
import { LastWords } from '../status/last-words.ts';
import { podStatus } from '../status/pod-status.ts';
import { statusEvents } from '../status/status-events.ts';
import { activeDeadline, deadlineExceeded } from './active-deadline.ts';
import { adoptedAddress, adoptedIds, adoptedSandbox, asOwn } from './adopted-containers.ts';
import { computePodActions, type PlanContext } from './compute-pod-actions.ts';
import type { ObservedPod } from './observed-pod.ts';
import { PodActor } from './pod-actor.ts';
import { endPod, forgetObject, removePod } from './pod-ending.ts';
import { label } from './pod-identity.ts';
import { PodMemory } from './pod-memory.ts';
import { removedByHand } from './removed-by-hand.ts';
import { podRefusal } from './pod-refusal.ts';
import { readPodRecord, writePodRecord } from './pod-record.ts';
import { hasEnded, type PodVerdict } from './pod-verdict.ts';
import { WakeTimer } from './wake-timer.ts';

const leastTokenWaitMs = 10_000;

/**
 * Brings one pod from spec to containers and back to status. Woken by anything that may matter, it looks at everything again;
 * one run at a time (kubernetes pkg/kubelet/pod_workers.go).
 */
export class PodWorker {
  readonly uid: string;
  readonly key: ObjectKey;
  readonly #kubelet: KubeletContext;
  readonly #ended: () => void;
  readonly #memory = new PodMemory();
  readonly #timer = new WakeTimer();
  readonly #actor: PodActor;
  readonly #hooks: PostStartHooks;
  readonly #sizes = new SizeLimits();
  #remembers = false;
  #state: 'idle' | 'running' | 'runningDirty' | 'ended' = 'idle';
  #failures = 0;
  readonly #firstRun = Promise.withResolvers<void>();
  #adoptedIp: string | undefined;
  /** The pod as it was last seen, to clean up after it when it is gone. */
  #lastSeen: Pod;

  constructor(pod: Pod, kubelet: KubeletContext, ended: () => void) {
    this.uid = pod.metadata?.uid ?? '';
    this.key = { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '' };
    this.#lastSeen = pod;
    this.#kubelet = kubelet;
    this.#ended = ended;
    const wake = { now: () => this.wake(), by: (time: number) => this.#timer.by(time) };
    const words = new LastWords(kubelet.runtime.containers, this.#folder());
    this.#actor = new PodActor(this.uid, kubelet, this.#memory, wake, words, () => this.#keepRecord());
    this.#hooks = new PostStartHooks(kubelet.hookOptions, {
      doneBefore: (name) => this.#memory.hooked.get(name),
      done: (name, run) => {
        this.#memory.hooked.set(name, run);
        void this.#keepRecord();
        this.wake();
      },
      failed: (failed, container, id) => void this.#actor.failStart(failed, container, id),
    });
  }

  /** Resolves when the pod's status has been computed from the engine once. */
  get settled(): Promise<void> {
    return this.#firstRun.promise;
  }

  get pod(): Pod {
    return this.#lastSeen;
  }

  wake(volumesStale = false): void {
    this.#actor.volumesStale ||= volumesStale;
    if (this.#state === 'running') this.#state = 'runningDirty';
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    this.#timer.clear();
    void this.#run();
  }

  stop(): void {
    this.#state = 'ended';
    this.#timer.clear();
    this.#hooks.stop();
  }

  async #run(): Promise<void> {
    const finished = await this.#sync().then(
      (gone) => {
        this.#failures = 0;
        return gone;
      },
      (error: unknown) => this.#noteFailure(error),
    );
    this.#firstRun.resolve();
    if (this.#state === 'ended') return;
    if (finished) {
      this.stop();
      this.#ended();
      return;
    }
    const dirty = this.#state === 'runningDirty';
    this.#state = 'idle';
    if (dirty) this.wake();
    else this.#timer.arm(this.#now(), () => this.wake());
  }

  /** A sync that fails is tried again after 1 s, 2 s … 1 min. */
  #noteFailure(error: unknown): false {
    if (!this.#kubelet.signal.aborted) {
      this.#kubelet.logger.error(
        { pod: formatKey(this.key), error },
        'cannot bring the pod to its spec; will try again',
      );
    }
    this.#timer.by(this.#now() + Math.min(60_000, 1000 * 2 ** this.#failures++));
    return false;
  }

  readonly #noteUnreported = (error: unknown): void =>
    this.#kubelet.logger.warn({ pod: formatKey(this.key), error }, 'cannot report the pod before it starts');

  #now(): number {
    return this.#kubelet.clock.now().getTime();
  }

  /** Answers true when the pod and all that belonged to it is gone. */
  async #sync(): Promise<boolean> {
    const { registry } = this.#kubelet;
    const found = registry.find(pods, this.key);
    const pod = found?.metadata?.uid === this.uid ? found : undefined;
    await this.#remember();
    const observed = await this.#observe();
    if (!pod) {
      await endPod(this.#kubelet, this.#lastSeen, observed, 0);
      await removePod(this.#kubelet, this.#lastSeen, observed);
      return true;
    }
    this.#lastSeen = pod;
    if (pod.metadata?.deletionTimestamp !== undefined) return this.#terminate(pod, observed);
    await this.#note(pod, observed);
    await this.#kubelet.prober.heard(this.uid);
    await this.#measure(pod);
    // A webhook that cannot be asked about the status keeps no pod from starting: it may be its own.
    if (pod.status?.startTime === undefined) await this.#report(pod, observed).catch(this.#noteUnreported);
    const acted = await this.#act(pod, observed);
    await this.#report(pod, acted ? await this.#observe() : observed);
    return false;
  }

  /** What was kept of the pod when k2d ran before. */
  async #remember(): Promise<void> {
    if (this.#remembers) return;
    this.#memory.restore(await readPodRecord(this.#folder()));
    this.#remembers = true;
  }

  #folder(): string {
    return this.#kubelet.volumes.podFolder(this.#lastSeen);
  }

  async #keepRecord(): Promise<void> {
    await writePodRecord(this.#folder(), this.#memory.toRecord()).catch((error: unknown) =>
      this.#kubelet.logger.warn({ pod: formatKey(this.key), error }, 'cannot keep what is known of the pod'),
    );
  }

  async #observe(): Promise<ObservedPod> {
    const { runtime, index } = this.#kubelet;
    const { containerIds, sandboxId } = index.ofPod(this.uid);
    const ids = [...containerIds, ...adoptedIds(this.#lastSeen)];
    const containers = await Promise.all(ids.map((id) => runtime.containers.status(id)));
    const present = containers.filter((c) => c !== undefined).map((c) => asOwn(this.#lastSeen, c));
    const sandbox =
      sandboxId === undefined ? adoptedSandbox(this.#lastSeen, present) : await runtime.sandboxes.status(sandboxId);
    this.#adoptedIp = adoptedAddress(this.#lastSeen, present);
    const ip = present[0]?.labels[label.podIp] ?? sandbox?.labels[label.podIp];
    if (ip !== undefined) this.#kubelet.addresses.adopt(this.uid, ip);
    const seen = { containers: present, ...(sandbox === undefined ? {} : { sandbox }) };
    const { observed, restarted } = this.#memory.runs.note(seen);
    if (restarted) await this.#keepRecord();
    return observed;
  }

  /** How containers ended, and that others began. */
  async #note(pod: Pod, observed: ObservedPod): Promise<void> {
    for (const name of removedByHand(pod, observed))
      this.#kubelet.recorder.event(pod, 'Warning', 'Removed', `Container ${name} was removed on the engine`);
    this.#memory.noteExits(observed);
    this.#memory.noteResizes(pod, observed);
    await this.#actor.lastWords.read(pod, observed);
    this.#hooks.follow(pod, observed);
    this.#kubelet.prober.follow(pod, observed, this.#address(pod));
  }

  /** Told once, and only of what runs. */
  async #measure(pod: Pod): Promise<void> {
    if (hasEnded(pod)) return;
    const folderOf = (volume: string) => volumeFolder(this.#folder(), volume);
    const again = await this.#sizes.look(pod, folderOf, () => this.#now());
    if (again !== undefined) this.#timer.by(again);
    else if (this.#sizes.verdict) {
      this.#kubelet.recorder.event(pod, 'Warning', 'Evicted', this.#sizes.verdict.message ?? '');
    }
  }

  /** Carries out the plan; answers whether it changed anything. */
  async #act(pod: Pod, observed: ObservedPod): Promise<boolean> {
    const plan = computePodActions(pod, observed, this.#planContext(pod));
    if (plan.wakeAt !== undefined) this.#timer.by(plan.wakeAt);
    const tokensAge = (this.#kubelet.tokens.renewAt(this.uid) ?? Infinity) <= this.#now();
    if ((this.#actor.volumesStale || tokensAge) && !hasEnded(pod)) await this.#actor.prepareVolumes(pod);
    for (const action of plan.actions) {
      if ((await this.#actor.perform(pod, observed, action)) === 'done' && action.do === 'runSandbox') this.wake();
    }
    this.#awaitRenewal(pod);
    return plan.actions.length > 0;
  }

  /** Not at once, when a token could not be renewed now. */
  #awaitRenewal(pod: Pod): void {
    const at = this.#kubelet.tokens.renewAt(this.uid);
    if (at !== undefined && !hasEnded(pod)) this.#timer.by(Math.max(at, this.#now() + leastTokenWaitMs));
  }

  #planContext(pod: Pod): PlanContext {
    const now = this.#now();
    return {
      engineBacksOff: this.#kubelet.capabilities.restartBackoff,
      now,
      heldUntil: (name) => this.#memory.backoff.heldUntil(name, now),
      isHeld: (name) => this.#memory.held.has(name),
      restartedByEngine: (name) => this.#memory.runs.restartedByEngine(name),
      isStarted: (name) => !this.#hooks.isPending(name) && this.#kubelet.prober.verdicts(this.uid).started(name),
      givenTo: (found) => this.#memory.givenTo(found),
      mustEnd: this.#failure(pod) !== undefined,
    };
  }

  async #report(pod: Pod, observed: ObservedPod): Promise<void> {
    const { registry, recorder, clock, engine, prober, capabilities, imageRefs } = this.#kubelet;
    const podIp = this.#address(pod);
    await this.#actor.lastWords.read(pod, observed);
    this.#hooks.follow(pod, observed);
    prober.follow(pod, observed, podIp);
    await imageRefs.learn(observed.containers);
    const failure = this.#failure(pod);
    const verdicts = prober.verdicts(this.uid);
    const { isHeld, restartedByEngine, engineBacksOff, isStarted } = this.#planContext(pod);
    const status = podStatus(pod, observed, {
      now: clock.now(),
      engine,
      engineBacksOff,
      reportsOomKilled: capabilities.reportsOomKilled,
      isHeld,
      restartedByEngine,
      hostIp: this.#kubelet.hostIp(),
      imageRef: (found) => imageRefs.of(found),
      ...(podIp === undefined ? {} : { podIp }),
      waiting: this.#memory.waiting,
      lastExits: this.#memory.lastExits,
      givenTo: (found) => this.#memory.givenTo(found),
      resizes: this.#memory.resizes,
      lastWords: (name, exit) => this.#actor.lastWords.of(name, exit),
      probes: { ready: (name) => verdicts.ready(name), started: isStarted },
      ...(failure === undefined ? {} : { failure }),
    });
    for (const { type, reason, message } of statusEvents(pod, status)) recorder.event(pod, type, reason, message);
    await registry
      .update(pods, this.key, (current) => (current.metadata?.uid === this.uid ? { ...current, status } : current), {
        subresource: 'status',
      })
      .catch(ignoreNotFound);
  }

  #address(pod: Pod): string | undefined {
    return pod.spec?.hostNetwork ? this.#kubelet.hostIp() : (this.#adoptedIp ?? this.#kubelet.addresses.of(this.uid));
  }

  /** Why the pod has to end although its containers would go on. */
  #failure(pod: Pod): PodVerdict | undefined {
    const refused = podRefusal(pod, this.#kubelet.nodeRules) ?? this.#sizes.verdict;
    if (refused) return refused;
    const deadline = activeDeadline(pod);
    if (deadline === undefined) return undefined;
    if (deadline <= this.#now()) return deadlineExceeded;
    this.#timer.by(deadline);
    return undefined;
  }

  async #terminate(pod: Pod, observed: ObservedPod): Promise<boolean> {
    const grace = pod.metadata?.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
    this.#hooks.stop();
    await endPod(this.#kubelet, pod, observed, grace);
    const ended = await this.#observe();
    await this.#report(pod, ended).catch(this.#noteUnreported);
    await removePod(this.#kubelet, pod, ended);
    return forgetObject(this.#kubelet, pod);
  }
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
