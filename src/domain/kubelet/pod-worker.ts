import type { ContainerExit, ContainerStatus } from '../container-runtime/container.ts';
import { RuntimeError } from '../container-runtime/runtime-error.ts';
import { formatKey, type ObjectKey } from '../meta/object-key.ts';
import { isNotFound } from '../meta/status-error.ts';
import type { Container, Pod } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { computePodActions, hasEnded, type PodAction, type PlanContext } from './compute-pod-actions.ts';
import { containerSpec, sandboxSpec, type PodContext } from './container-spec.ts';
import { resolveEnvironment } from './environment.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { lastRun, type ObservedPod } from './observed-pod.ts';
import { engineName, label, needsSandbox } from './pod-identity.ts';
import { podStatus, type WaitingReason } from './pod-status.ts';
import { pullObserver } from './pull-observer.ts';
import { RestartBackoff } from './restart-backoff.ts';

/** What setTimeout can count, about 24 days. */
const longestTimer = 2 ** 31 - 1;

const noAddress = 'no free address in the pod network';

type Step = 'done' | 'waiting';

/**
 * Brings one pod from spec to containers and back to status. Woken by anything that may matter, it looks at everything again;
 * one run at a time (kubernetes pkg/kubelet/pod_workers.go).
 */
export class PodWorker {
  readonly uid: string;
  readonly key: ObjectKey;
  readonly #kubelet: KubeletContext;
  readonly #ended: () => void;
  readonly #backoff = new RestartBackoff();
  readonly #held = new Set<string>();
  readonly #waiting = new Map<string, WaitingReason>();
  readonly #lastExits = new Map<string, ContainerExit>();
  #wakeAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: 'idle' | 'running' | 'runningDirty' | 'ended' = 'idle';
  #failures = 0;
  /** Files of ConfigMaps and Secrets are looked at again only when something says that they may have changed. */
  #volumesStale = true;
  readonly #firstRun = Promise.withResolvers<void>();
  /** The pod as it was last seen, to clean up after it when it is gone. */
  #lastSeen: Pod;

  constructor(pod: Pod, kubelet: KubeletContext, ended: () => void) {
    this.uid = pod.metadata?.uid ?? '';
    this.key = { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '' };
    this.#lastSeen = pod;
    this.#kubelet = kubelet;
    this.#ended = ended;
  }

  /** Resolves when the pod's status has been computed from the engine once. */
  get settled(): Promise<void> {
    return this.#firstRun.promise;
  }

  get pod(): Pod {
    return this.#lastSeen;
  }

  wake(volumesStale = false): void {
    this.#volumesStale ||= volumesStale;
    if (this.#state === 'running') this.#state = 'runningDirty';
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#run();
  }

  stop(): void {
    this.#state = 'ended';
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#wakeAt = undefined;
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
    else this.#arm();
  }

  /** A sync that fails is tried again after 1 s, 2 s … 1 min. */
  #noteFailure(error: unknown): false {
    if (!this.#kubelet.signal.aborted) {
      this.#kubelet.logger.error(
        { pod: formatKey(this.key), error },
        'cannot bring the pod to its spec; will try again',
      );
    }
    this.#wakeBy(this.#now() + Math.min(60_000, 1000 * 2 ** this.#failures++));
    return false;
  }

  #arm(): void {
    if (this.#wakeAt === undefined) return;
    const delay = Math.min(longestTimer, Math.max(0, this.#wakeAt - this.#now()) + 5);
    this.#timer = setTimeout(() => this.wake(), delay);
  }

  #wakeBy(time: number): void {
    this.#wakeAt = Math.min(time, this.#wakeAt ?? Infinity);
  }

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
    this.#noteExits(observed);
    if (pod.status?.startTime === undefined) await this.#report(pod, observed);
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

  #noteExits({ containers }: ObservedPod): void {
    for (const container of containers) {
      const run = lastRun(container);
      const name = container.labels[label.container] ?? '';
      if (!run || (container.state.kind !== 'exited' && container.state.kind !== 'restarting')) continue;
      this.#backoff.noteExit(name, run.finishedAt, run.ranFor);
      this.#lastExits.set(name, container.state.exit);
    }
  }

  /** Carries out the plan; answers whether it changed anything. */
  async #act(pod: Pod, observed: ObservedPod): Promise<boolean> {
    const plan = computePodActions(pod, observed, this.#planContext());
    if (plan.wakeAt !== undefined) this.#wakeBy(plan.wakeAt);
    const tokensAge = (this.#kubelet.tokens.renewAt(this.uid) ?? Infinity) <= this.#now();
    if ((this.#volumesStale || tokensAge) && !hasEnded(pod)) await this.#prepareVolumes(pod);
    for (const action of plan.actions) {
      if ((await this.#perform(pod, observed, action)) === 'done' && action.do === 'runSandbox') this.wake();
    }
    return plan.actions.length > 0;
  }

  #planContext(): PlanContext {
    const now = this.#now();
    return {
      engineBacksOff: this.#kubelet.capabilities.restartBackoff,
      now,
      heldUntil: (name) => this.#backoff.heldUntil(name, now),
      isHeld: (name) => this.#held.has(name),
    };
  }

  async #perform(pod: Pod, observed: ObservedPod, action: PodAction): Promise<Step> {
    const { runtime } = this.#kubelet;
    switch (action.do) {
      case 'runSandbox':
        return this.#runSandbox(pod);
      case 'removeSandbox':
        await runtime.sandboxes.remove(action.id);
        this.#kubelet.index.forgetPod(this.uid);
        return 'done';
      case 'createContainer':
        return this.#createContainer(pod, observed, action);
      case 'startContainer':
        return this.#start(pod, action.container, action.id);
      case 'holdContainer':
        this.#held.add(action.container.name);
        await runtime.containers.stop(action.id, 0);
        return 'done';
      case 'stopContainer':
        await runtime.containers.stop(action.id, pod.spec?.terminationGracePeriodSeconds ?? 30);
        return 'done';
    }
  }

  async #runSandbox(pod: Pod): Promise<Step> {
    const context = this.#podContext(pod);
    if (!context) return this.#noSandbox(pod, noAddress);
    try {
      const id = await this.#kubelet.runtime.sandboxes.run(sandboxSpec(context));
      this.#kubelet.index.addSandbox(this.uid, id);
      return 'done';
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      return this.#noSandbox(pod, error.message);
    }
  }

  #podContext(pod: Pod): PodContext | undefined {
    const { instance, network, addresses } = this.#kubelet;
    if (pod.spec?.hostNetwork) return { pod, instance, network };
    const ip = addresses.assign(this.uid);
    return ip === undefined ? undefined : { pod, instance, network, ip };
  }

  #noSandbox(pod: Pod, message: string): Step {
    this.#kubelet.recorder.event(pod, 'Warning', 'FailedCreatePodSandBox', message);
    this.#wakeBy(this.#now() + 15_000);
    return 'waiting';
  }

  /** Everything a container needs, in the kubelet's order: image, configuration, volumes; what is missing shows as its waiting reason. */
  async #createContainer(
    pod: Pod,
    observed: ObservedPod,
    action: PodAction & { do: 'createContainer' },
  ): Promise<Step> {
    const { runtime, index, recorder } = this.#kubelet;
    const { container, isInit, attempt } = action;
    const context = this.#podContext(pod);
    if (!context) return this.#noSandbox(pod, noAddress);
    const image = await this.#ensureImage(pod, container, attempt);
    if (image === undefined) return 'waiting';
    const env = resolveEnvironment(pod, container, this.#kubelet.sourcesFor(pod));
    if (env.kind === 'missing') return this.#hold(pod, container, 'CreateContainerConfigError', env.message, 'Failed');
    const volumes = await this.#prepareVolumes(pod);
    if (volumes === undefined) return 'waiting';
    if (action.replaces !== undefined) await this.#replace(pod, container, action.replaces);
    try {
      const hosts = await this.#kubelet.hostsFiles.mount(pod, context.ip);
      const mounts = [...hosts, ...(await volumes.mountsOf(container))];
      const sandboxId = needsSandbox(pod) && observed.sandbox ? { sandboxId: observed.sandbox.id } : {};
      const spec = containerSpec({ ...context, container, isInit, attempt, env: env.env, mounts, ...sandboxId });
      const id = await runtime.containers.create({ ...spec, image });
      index.addContainer(this.uid, id);
      recorder.event(pod, 'Normal', 'Created', `Created container: ${container.name}`);
      return await this.#start(pod, container, id);
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      if (await this.#freeName(error, context, container)) {
        this.wake();
        return 'waiting';
      }
      return this.#hold(pod, container, 'CreateContainerError', error.message, 'Failed');
    }
  }

  async #replace(pod: Pod, container: Container, id: string): Promise<void> {
    const { runtime, recorder } = this.#kubelet;
    recorder.event(pod, 'Normal', 'Killing', `Container ${container.name} definition changed, will be restarted`);
    await runtime.containers.stop(id, pod.spec?.terminationGracePeriodSeconds ?? 30);
    await runtime.containers.remove(id);
    this.#backoff.forget(container.name);
  }

  /**
   * A container of this instance that no pod owns any more may stand in the way; anybody else's stays. Answers whether the
   * name is free now, or turned out to be the pod's own.
   */
  async #freeName(error: RuntimeError, context: PodContext, container: Container): Promise<boolean> {
    if (error.code !== 'AlreadyExists') return false;
    const { runtime, index, instance, isAlive } = this.#kubelet;
    const other = await runtime.containers.status(engineName(context.pod, container.name));
    if (other?.labels[label.instance] !== instance) return false;
    const owner = other.labels[label.podUid] ?? '';
    if (owner === this.uid) index.addContainer(this.uid, other.id);
    else if (isAlive(owner)) return false;
    else await runtime.containers.remove(other.id);
    return true;
  }

  async #ensureImage(pod: Pod, container: Container, attempt: number): Promise<string | undefined> {
    const { puller, recorder } = this.#kubelet;
    const reference = container.image ?? '';
    const state = await puller.ensure(
      {
        reference,
        policy: container.imagePullPolicy ?? 'IfNotPresent',
        asker: `${this.uid}/${container.name}/${attempt}`,
        auth: this.#kubelet.credentialsFor(pod, reference),
      },
      pullObserver(recorder, pod, reference),
      () => this.wake(),
    );
    if (state.kind === 'present') {
      this.#waiting.delete(container.name);
      return reference;
    }
    this.#waiting.set(container.name, state.waiting);
    if (state.retryAt !== undefined) this.#wakeBy(state.retryAt);
    return undefined;
  }

  async #prepareVolumes(pod: Pod) {
    const ip = this.#kubelet.addresses.of(this.uid);
    if (ip !== undefined && !pod.spec?.hostNetwork) await this.#kubelet.hostsFiles.refresh(pod, ip);
    const prepared = await this.#kubelet.volumes.prepare(pod, this.#kubelet.sourcesFor(pod), this.#kubelet.clock.now());
    const renewal = this.#kubelet.tokens.renewAt(this.uid);
    if (renewal !== undefined) this.#wakeBy(renewal);
    if (prepared.kind === 'ready') {
      this.#volumesStale = false;
      return prepared;
    }
    this.#kubelet.recorder.event(pod, 'Warning', 'FailedMount', prepared.message);
    this.#wakeBy(this.#now() + 60_000);
    return undefined;
  }

  async #start(pod: Pod, container: Container, id: string): Promise<Step> {
    const { runtime, recorder } = this.#kubelet;
    try {
      await runtime.containers.start(id);
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      this.#backoff.noteExit(container.name, this.#now(), 0);
      return this.#hold(pod, container, 'RunContainerError', error.message, 'Failed');
    }
    this.#held.delete(container.name);
    this.#waiting.delete(container.name);
    recorder.event(pod, 'Normal', 'Started', `Started container ${container.name}`);
    await this.#kubelet.podStarted();
    return 'done';
  }

  #hold(pod: Pod, container: Container, reason: string, message: string, event: string): Step {
    this.#waiting.set(container.name, { reason, message });
    this.#kubelet.recorder.event(pod, 'Warning', event, `Error: ${message}`);
    this.#wakeBy(this.#backoff.heldUntil(container.name, this.#now()) ?? this.#now() + 10_000);
    return 'waiting';
  }

  async #report(pod: Pod, observed: ObservedPod): Promise<void> {
    const { registry, clock, engine, prober, addresses, capabilities } = this.#kubelet;
    const hostIp = this.#kubelet.hostIp();
    const podIp = pod.spec?.hostNetwork ? hostIp : addresses.of(this.uid);
    prober.follow(pod, observed, podIp);
    const status = podStatus(pod, observed, {
      now: clock.now(),
      engine,
      engineBacksOff: capabilities.restartBackoff,
      reportsOomKilled: capabilities.reportsOomKilled,
      isHeld: (name) => this.#held.has(name),
      hostIp,
      ...(podIp === undefined ? {} : { podIp }),
      waiting: this.#waiting,
      lastExits: this.#lastExits,
      probes: prober.verdicts(this.uid),
      ...this.#deadline(pod),
    });
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
      this.#wakeBy(end);
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
