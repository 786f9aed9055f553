import type { ContainerStatus } from '../../container-runtime/container.ts';
import { formatKey, type ObjectKey } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Pod } from '../../meta/types.ts';
import { pods } from '../../resources/pod.ts';
import { computePodActions, hasEnded } from './compute-pod-actions.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import type { ObservedPod } from './observed-pod.ts';
import { PodActor } from './pod-actor.ts';
import { label } from './pod-identity.ts';
import { PodMemory } from './pod-memory.ts';
import { podStatus } from '../status/pod-status.ts';
import { statusEvents } from '../status/status-events.ts';
import { WakeTimer } from './wake-timer.ts';

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
  #state: 'idle' | 'running' | 'runningDirty' | 'ended' = 'idle';
  #failures = 0;
  readonly #firstRun = Promise.withResolvers<void>();
  /** The pod as it was last seen, to clean up after it when it is gone. */
  #lastSeen: Pod;

  constructor(pod: Pod, kubelet: KubeletContext, ended: () => void) {
    this.uid = pod.metadata?.uid ?? '';
    this.key = { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '' };
    this.#lastSeen = pod;
    this.#kubelet = kubelet;
    this.#ended = ended;
    const wake = { now: () => this.wake(), by: (time: number) => this.#timer.by(time) };
    this.#actor = new PodActor(this.uid, kubelet, this.#memory, wake);
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
    const observed = await this.#observe();
    if (!pod) return this.#cleanUp(observed, 0);
    this.#lastSeen = pod;
    if (pod.metadata?.deletionTimestamp !== undefined) return this.#terminate(pod, observed);
    this.#memory.noteExits(observed);
    // A webhook that cannot be asked about the status keeps no pod from starting: it may be its own.
    if (pod.status?.startTime === undefined) await this.#report(pod, observed).catch(this.#noteUnreported);
    const acted = await this.#act(pod, observed);
    await this.#report(pod, acted ? await this.#observe() : observed);
    return false;
  }

  async #observe(): Promise<ObservedPod> {
    const { runtime, index } = this.#kubelet;
    const { containerIds, sandboxId } = index.ofPod(this.uid);
    const containers = await Promise.all(containerIds.map((id) => runtime.containers.status(id)));
    const sandbox = sandboxId === undefined ? undefined : await runtime.sandboxes.status(sandboxId);
    const present = containers.filter((c) => c !== undefined);
    const ip = present[0]?.labels[label.podIp] ?? sandbox?.labels[label.podIp];
    if (ip !== undefined) this.#kubelet.addresses.adopt(this.uid, ip);
    return { containers: present, ...(sandbox === undefined ? {} : { sandbox }) };
  }

  /** Carries out the plan; answers whether it changed anything. */
  async #act(pod: Pod, observed: ObservedPod): Promise<boolean> {
    const plan = computePodActions(
      pod,
      observed,
      this.#memory.planContext(this.#now(), this.#kubelet.capabilities.restartBackoff),
    );
    if (plan.wakeAt !== undefined) this.#timer.by(plan.wakeAt);
    const tokensAge = (this.#kubelet.tokens.renewAt(this.uid) ?? Infinity) <= this.#now();
    if ((this.#actor.volumesStale || tokensAge) && !hasEnded(pod)) await this.#actor.prepareVolumes(pod);
    for (const action of plan.actions) {
      if ((await this.#actor.perform(pod, observed, action)) === 'done' && action.do === 'runSandbox') this.wake();
    }
    return plan.actions.length > 0;
  }

  async #report(pod: Pod, observed: ObservedPod): Promise<void> {
    const { registry, recorder, clock, engine, prober, addresses, capabilities } = this.#kubelet;
    const hostIp = this.#kubelet.hostIp();
    const podIp = pod.spec?.hostNetwork ? hostIp : addresses.of(this.uid);
    prober.follow(pod, observed, podIp);
    const status = podStatus(pod, observed, {
      now: clock.now(),
      engine,
      engineBacksOff: capabilities.restartBackoff,
      reportsOomKilled: capabilities.reportsOomKilled,
      isHeld: (name) => this.#memory.held.has(name),
      hostIp,
      ...(podIp === undefined ? {} : { podIp }),
      waiting: this.#memory.waiting,
      lastExits: this.#memory.lastExits,
      probes: prober.verdicts(this.uid),
      ...this.#deadline(pod),
    });
    for (const { type, reason, message } of statusEvents(pod, status)) recorder.event(pod, type, reason, message);
    await registry
      .update(pods, this.key, (current) => (current.metadata?.uid === this.uid ? { ...current, status } : current), {
        subresource: 'status',
      })
      .catch(ignoreNotFound);
  }

  /** activeDeadlineSeconds counts from the pod's start (kubernetes pkg/kubelet/active_deadline.go). */
  #deadline(pod: Pod): { failure?: { reason: string; message: string } } {
    const seconds = pod.spec?.activeDeadlineSeconds;
    const start = pod.status?.startTime;
    if (seconds === undefined || start === undefined || pod.status?.phase === 'Succeeded') return {};
    const end = Date.parse(start) + seconds * 1000;
    if (end > this.#now()) {
      this.#timer.by(end);
      return {};
    }
    if (!hasEnded(pod)) this.wake();
    return {
      failure: { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' },
    };
  }

  /** All containers get their stop signal at once and the pod's grace; then everything goes, and the object last. */
  async #terminate(pod: Pod, observed: ObservedPod): Promise<boolean> {
    const { registry, recorder } = this.#kubelet;
    const grace = pod.metadata?.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
    const running = observed.containers.filter((c) => c.state.kind === 'running');
    for (const container of running) {
      recorder.event(pod, 'Normal', 'Killing', `Stopping container ${container.labels[label.container]}`);
    }
    const gone = await this.#cleanUp(observed, grace);
    const preconditions = { uid: this.uid };
    await registry.delete(pods, this.key, { gracePeriodSeconds: 0, preconditions }).catch(ignoreNotFound);
    return gone && registry.find(pods, this.key)?.metadata?.uid !== this.uid;
  }

  async #cleanUp(observed: ObservedPod, grace: number): Promise<boolean> {
    const { runtime, index, volumes, addresses, puller, prober, tokens } = this.#kubelet;
    prober.forget(this.uid);
    await Promise.all(observed.containers.map((c: ContainerStatus) => runtime.containers.stop(c.id, grace)));
    await Promise.all(observed.containers.map((c) => runtime.containers.remove(c.id)));
    if (observed.sandbox) await runtime.sandboxes.remove(observed.sandbox.id);
    await volumes.remove(this.#lastSeen);
    index.forgetPod(this.uid);
    addresses.release(this.uid);
    puller.forget(this.uid);
    tokens.forget(this.uid);
    return true;
  }
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
