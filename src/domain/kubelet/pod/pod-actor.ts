import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { unmetByContainer } from '../../resources/unmet-fields.ts';
import type { PodAction } from './compute-pod-actions.ts';
import { containerSpec } from '../container-spec/container-spec.ts';
import { seccompOf } from '../container-spec/container-security.ts';
import { asksImage, containerUser, type ContainerUser } from '../container-spec/container-user.ts';
import { readSeccompFile, type SeccompFile } from '../container-spec/seccomp-file.ts';
import { beyondNode, resourcesOf } from '../container-spec/container-resources.ts';
import { givenBy } from '../container-spec/given-resources.ts';
import { kernelHostname } from '../container-spec/pod-hostname.ts';
import { sandboxPlace } from '../container-spec/sandbox-place.ts';
import { sandboxSpec, type PodContext } from '../container-spec/sandbox-spec.ts';
import { resolveEnvironment } from '../environment/environment.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import type { LastWords } from '../status/last-words.ts';
import type { ObservedPod } from './observed-pod.ts';
import { endPod } from './pod-ending.ts';
import { engineName, label } from './pod-identity.ts';
import type { PodMemory } from './pod-memory.ts';
import { mountResolvConf } from '../volumes/resolv-conf.ts';
import { mountedImages } from '../images/mounted-images.ts';
import { pullObserver, tellMissingSecrets } from '../images/pull-observer.ts';

const noAddress = 'no free address in the pod network';

/** `waiting`: something is missing, the memory says what, and the worker will be woken. */
type Step = 'done' | 'waiting';

export type Wake = {
  now(): void;
  /** Milliseconds since 1970. */
  by(time: number): void;
};

const graceOf = (pod: Pod): number => pod.spec?.terminationGracePeriodSeconds ?? 30;

/** Carries out a plan, one action after the other (kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go SyncPod). */
export class PodActor {
  readonly #uid: string;
  readonly #kubelet: KubeletContext;
  readonly #memory: PodMemory;
  readonly #wake: Wake;
  /** Files of ConfigMaps and Secrets are looked at again only when something says that they may have changed. */
  volumesStale = true;

  /** Until when no sandbox is tried again, in milliseconds since 1970: what a failed one leaves wakes the pod at once. */
  #noSandboxUntil = 0;

  readonly lastWords: LastWords;

  readonly #keep: () => Promise<void>;

  /** `keep` writes down what the memory must not lose. */
  constructor(
    uid: string,
    kubelet: KubeletContext,
    memory: PodMemory,
    wake: Wake,
    lastWords: LastWords,
    keep: () => Promise<void>,
  ) {
    this.lastWords = lastWords;
    this.#keep = keep;
    this.#uid = uid;
    this.#kubelet = kubelet;
    this.#memory = memory;
    this.#wake = wake;
  }

  async perform(pod: Pod, observed: ObservedPod, action: PodAction): Promise<Step> {
    const { runtime } = this.#kubelet;
    switch (action.do) {
      case 'runSandbox':
        return this.#runSandbox(pod);
      case 'removeSandbox':
        await Promise.all(observed.containers.map(({ id }) => runtime.containers.remove(id)));
        await runtime.sandboxes.remove(action.id);
        this.#kubelet.index.forgetPod(this.#uid);
        return 'done';
      case 'createContainer':
        return this.#createContainer(pod, observed, action);
      case 'startContainer':
        return this.#start(pod, action.container, action.id);
      case 'holdContainer':
        this.#memory.held.add(action.container.name);
        await runtime.containers.stop(action.id, 0);
        return 'done';
      case 'resizeContainer':
        return this.#resize(pod, action.container, action.id);
      case 'endPod':
        await endPod(this.#kubelet, pod, observed, graceOf(pod));
        return 'done';
    }
  }

  async #runSandbox(pod: Pod): Promise<Step> {
    if (this.#now() < this.#noSandboxUntil) {
      this.#wake.by(this.#noSandboxUntil);
      return 'waiting';
    }
    const context = this.#podContext(pod);
    if (typeof context === 'string') return this.#noSandbox(pod, context);
    try {
      const id = await this.#kubelet.runtime.sandboxes.run(sandboxSpec(context));
      this.#kubelet.index.addSandbox(this.#uid, id);
      return 'done';
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      return this.#noSandbox(pod, error.message);
    }
  }

  /** Or why there is none. */
  #podContext(pod: Pod): PodContext | string {
    const { instance, network, addresses } = this.#kubelet;
    const hostname = kernelHostname(pod);
    if (hostname.kind === 'tooLong') return hostname.message;
    const context = { pod, instance, network, hostname: hostname.name };
    if (pod.spec?.hostNetwork) return context;
    const ip = addresses.assign(this.#uid);
    return ip === undefined ? noAddress : { ...context, ip };
  }

  #noSandbox(pod: Pod, message: string): Step {
    this.#kubelet.recorder.event(pod, 'Warning', 'FailedCreatePodSandBox', message);
    this.#noSandboxUntil = this.#now() + 15_000;
    this.#wake.by(this.#noSandboxUntil);
    return 'waiting';
  }

  /** Everything a container needs, in the kubelet's order: image, configuration, volumes; what is missing shows as its waiting reason. */
  async #createContainer(
    pod: Pod,
    observed: ObservedPod,
    action: PodAction & { do: 'createContainer' },
  ): Promise<Step> {
    const { runtime, index, recorder } = this.#kubelet;
    const { container, kind, attempt } = action;
    const context = this.#podContext(pod);
    if (typeof context === 'string') return this.#noSandbox(pod, context);
    const image = await this.#ensureImage(pod, container, attempt);
    if (image === undefined) return 'waiting';
    for (const mountedImage of mountedImages(pod, container)) {
      if ((await this.#ensureImage(pod, mountedImage, attempt)) === undefined) return 'waiting';
    }
    const env = resolveEnvironment(pod, container, this.#kubelet.sources.of(pod));
    if (env.kind === 'missing') return this.#hold(pod, container, 'CreateContainerConfigError', env.message, 'Failed');
    const user = await this.#userOf(pod, container);
    if (user.kind === 'refused')
      return this.#hold(pod, container, 'CreateContainerConfigError', user.message, 'Failed');
    const seccomp = await this.#seccompOf(pod, container);
    if (seccomp?.kind === 'missing')
      return this.#hold(pod, container, 'CreateContainerError', seccomp.message, 'Failed');
    const volumes = await this.prepareVolumes(pod);
    if (volumes === undefined) return 'waiting';
    const mounted = await volumes.mounts.of(container, env.env);
    if (mounted.kind === 'refused')
      return this.#hold(pod, container, 'CreateContainerConfigError', mounted.message, 'Failed');
    if (action.replaces !== undefined) await this.#replace(pod, container, action.replaces);
    try {
      const hosts = await this.#kubelet.hostsFiles.mount(pod, context.ip);
      const resolv = await mountResolvConf(pod, this.#kubelet.volumes.podFolder(pod));
      const words = await this.lastWords.mount(container);
      const mounts = [...hosts, ...resolv, ...words, ...mounted.mounts];
      const sandbox = sandboxPlace(context, observed, container, kind);
      const own = { user: user.user, seccomp: seccomp?.profile, devices: mounted.devices };
      const spec = containerSpec({ ...context, ...own, container, kind, attempt, env: env.env, mounts, sandbox });
      const id = await runtime.containers.create({ ...spec, image });
      index.addContainer(this.#uid, id);
      recorder.event(pod, 'Normal', 'Created', `Created container: ${container.name}`);
      for (const { text, event } of unmetByContainer(pod.spec!, container, this.#kubelet.capabilities))
        if (event) recorder.event(pod, 'Warning', event, `Container ${container.name}: ${text}`);
      return await this.#start(pod, container, id);
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      if (await this.#freeName(error, context, container)) {
        this.#wake.now();
        return 'waiting';
      }
      return this.#hold(pod, container, 'CreateContainerError', error.message, 'Failed');
    }
  }

  async #userOf(pod: Pod, container: Container): Promise<ContainerUser> {
    const image = asksImage(pod, container)
      ? await this.#kubelet.runtime.images.status(container.image ?? '')
      : undefined;
    return containerUser(pod, container, image?.user ?? '');
  }

  async #seccompOf(pod: Pod, container: Container): Promise<SeccompFile | undefined> {
    const profile = seccompOf(pod, container);
    return profile?.type === 'Localhost'
      ? readSeccompFile(this.#kubelet.seccompFolder, profile.localhostProfile ?? '')
      : undefined;
  }

  async #replace(pod: Pod, container: Container, id: string): Promise<void> {
    const { runtime, ending } = this.#kubelet;
    const why = `Container ${container.name} definition changed, will be restarted`;
    await ending.end(pod, container, id, graceOf(pod), why);
    const ended = await runtime.containers.status(id);
    if (ended) await this.#noteEnd(pod, { containers: [ended] });
    await runtime.containers.remove(id);
    this.#kubelet.index.removeContainer(this.#uid, id);
    this.#memory.backoff.forget(container.name);
    this.#memory.given.delete(id);
    this.#memory.resizes.delete(container.name);
  }

  async #noteEnd(pod: Pod, observed: ObservedPod): Promise<void> {
    this.#memory.noteExits(observed);
    await this.lastWords.read(pod, observed);
  }

  /** Its postStart hook failed: it goes, and comes again when its policy wants that, each time after a longer pause. */
  async failStart(pod: Pod, container: Container, id: string): Promise<void> {
    this.#memory.held.add(container.name);
    this.#memory.backoff.noteExit(container.name, this.#now(), 0);
    this.#memory.waiting.set(container.name, { reason: 'PostStartHookError', message: 'PostStartHook failed' });
    await this.#keep();
    await this.#kubelet.ending
      .end(pod, container, id, graceOf(pod), 'FailedPostStartHook')
      .catch((error: unknown) => this.#kubelet.logger.warn({ error, id }, 'cannot end a container'));
    this.#wake.now();
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
    if (owner === this.#uid) index.addContainer(this.#uid, other.id);
    else if (isAlive(owner)) return false;
    else await runtime.containers.remove(other.id);
    return true;
  }

  async #ensureImage(pod: Pod, container: Container, attempt: number): Promise<string | undefined> {
    const { puller, recorder } = this.#kubelet;
    const reference = container.image ?? '';
    const { credentials, missing } = this.#kubelet.sources.credentials(pod, reference);
    tellMissingSecrets(recorder, pod, missing);
    const state = await puller.ensure(
      {
        reference,
        policy: container.imagePullPolicy ?? 'IfNotPresent',
        asker: `${this.#uid}/${container.name}/${attempt}`,
        credentials,
      },
      pullObserver(recorder, pod, container),
      () => this.#wake.now(),
    );
    if (state.kind === 'present') {
      this.#memory.waiting.delete(container.name);
      return reference;
    }
    this.#memory.waiting.set(container.name, state.waiting);
    if (state.retryAt !== undefined) this.#wake.by(state.retryAt);
    return undefined;
  }

  /** Makes the pod's files what their sources say; undefined while a source is missing. */
  async prepareVolumes(pod: Pod) {
    const ip = this.#kubelet.addresses.of(this.#uid);
    if (ip !== undefined && !pod.spec?.hostNetwork) await this.#kubelet.hostsFiles.refresh(pod, ip);
    // What changes from here on may have been read already.
    this.volumesStale = false;
    const { volumes, sources, clock } = this.#kubelet;
    const prepared = await volumes.prepare(pod, sources.of(pod), clock.now()).catch((error: unknown) => {
      this.volumesStale = true;
      throw error;
    });
    if (prepared.kind === 'ready') return prepared;
    this.volumesStale = true;
    this.#kubelet.recorder.event(pod, 'Warning', 'FailedMount', prepared.message);
    this.#wake.by(this.#now() + 15_000);
    return undefined;
  }

  async #start(pod: Pod, container: Container, id: string): Promise<Step> {
    const { runtime, recorder } = this.#kubelet;
    try {
      await runtime.containers.start(id);
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      this.#memory.backoff.noteExit(container.name, this.#now(), 0);
      return this.#hold(pod, container, 'RunContainerError', error.message, 'Failed');
    }
    this.#memory.held.delete(container.name);
    this.#memory.waiting.delete(container.name);
    recorder.event(pod, 'Normal', 'Started', `Started container ${container.name}`);
    await this.#kubelet.podStarted();
    return 'done';
  }

  async #resize(pod: Pod, container: Container, id: string): Promise<Step> {
    const { runtime, sources, recorder } = this.#kubelet;
    const excess = beyondNode(container, sources.of(pod).node);
    if (excess !== undefined) {
      this.#memory.resizes.set(container.name, { kind: 'infeasible', message: excess });
      return 'waiting';
    }
    try {
      await runtime.containers.update(id, resourcesOf(container));
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      this.#memory.resizes.set(container.name, { kind: 'failed', message: error.message });
      this.#wake.by(this.#now() + 30_000);
      return 'waiting';
    }
    this.#memory.resizes.delete(container.name);
    this.#memory.given.set(id, givenBy(container));
    await this.#keep();
    recorder.event(pod, 'Normal', 'ResizeCompleted', `Container ${container.name} has new resources`);
    return 'done';
  }

  #hold(pod: Pod, container: Container, reason: string, message: string, event: string): Step {
    this.#memory.waiting.set(container.name, { reason, message });
    this.#kubelet.recorder.event(pod, 'Warning', event, `Error: ${message}`);
    this.#wake.by(this.#memory.backoff.heldUntil(container.name, this.#now()) ?? this.#now() + 10_000);
    return 'waiting';
  }

  #now(): number {
    return this.#kubelet.clock.now().getTime();
  }
}
