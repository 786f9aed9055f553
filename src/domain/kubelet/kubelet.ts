import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ContainerRuntime } from '../container-runtime/container-runtime.ts';
import type { LogEntry, LogOptions } from '../container-runtime/container.ts';
import type { ExecSession, ExecSpec, ProcessStreams } from '../container-runtime/process.ts';
import type { KubernetesObject, Pod, PodTemplateSpec } from '../meta/types.ts';
import type { NodeUsage } from '../resources/node-usage.ts';
import type { PodUsage } from '../resources/pod-usage.ts';
import { EngineWatch } from './engine/engine-watch.ts';
import { openProcess, withInputOf } from './engine/open-process.ts';
import { runPleg } from './engine/pleg.ts';
import { PodUsageReader } from './engine/pod-usage-reader.ts';
import { portForward, type PortForwardOptions } from './engine/port-forward.ts';
import { currentLogs, previousLogs, type RunsOf } from './engine/run-logs.ts';
import { ensurePodNetwork } from './ensure-pod-network.ts';
import { ForeignPods } from './foreign/foreign-pods.ts';
import { openImageCollector } from './images/open-image-collector.ts';
import { PullAhead, type AheadState } from './images/pull-ahead.ts';
import { PulledImages } from './images/pulled-images.ts';
import type { KubeletContext } from './kubelet-context.ts';
import type { KubeletOptions } from './kubelet-options.ts';
import { makeContext } from './make-context.ts';
import { diskUsage } from './node/disk-usage.ts';
import { NodeObserver } from './node/node-observer.ts';
import { NodeUsageReader } from './node/node-usage-reader.ts';
import { tellOfNode } from './node/node-events.ts';
import { registerNode } from './node/node-registration.ts';
import { PodWorkers } from './pod/pod-workers.ts';

/** The front door of everything that makes pods real: the only file of this folder that others use. */
export class Kubelet {
  readonly #runtime: ContainerRuntime;
  readonly #watch: EngineWatch;
  readonly #foreign: ForeignPods;
  readonly #node: NodeObserver;
  readonly #workers: PodWorkers;
  readonly #usage: PodUsageReader;
  readonly #nodeUsage: NodeUsageReader;
  readonly #pullAhead: PullAhead;
  readonly #portForward: PortForwardOptions;

  private constructor(
    context: KubeletContext,
    watch: EngineWatch,
    foreign: ForeignPods,
    node: NodeObserver,
    workers: PodWorkers,
    nodeUsage: NodeUsageReader,
  ) {
    this.#pullAhead = new PullAhead(context);
    this.#workers = workers;
    this.#node = node;
    this.#usage = new PodUsageReader(context.runtime.containers, context.signal);
    this.#nodeUsage = nodeUsage;
    this.#runtime = context.runtime;
    this.#watch = watch;
    this.#foreign = foreign;
    this.#portForward = { sandboxes: context.runtime.sandboxes, rootless: context.capabilities.rootless };
  }

  /** Registers the node, makes the pod network and works until the signal; fails when the engine does not answer. */
  static async start(options: KubeletOptions): Promise<Kubelet> {
    const { runtime, info, logger, signal } = options;
    await ensurePodNetwork(options);
    const reportNode = (ready: boolean) => registerNode({ ...options, ...options.limits }, ready);
    tellOfNode(options);
    await reportNode(true);
    const disk = () => diskUsage([...options.engineFolders, info.rootDirectory, options.dataPath]);
    const node = new NodeObserver({ ...options, ...options.limits, images: runtime.images, disk });
    await node.refresh();
    const pulled = await PulledImages.open(join(options.dataPath, 'pulled-images.json'));
    const collector = openImageCollector(options, pulled, disk, () => node.expire());
    const kubelet = makeContext(options, { pulled, collector, node }, (uid) => workers.wake(uid));
    const foreign = new ForeignPods({
      ...options,
      engine: info.name,
      reportsOomKilled: options.capabilities.reportsOomKilled,
    });
    const workers = new PodWorkers(kubelet, foreign);
    const watch = new EngineWatch({ kubelet, workers, foreign, reportNode });
    workers.listen();
    void runPleg(runtime, watch, logger, signal);
    return new Kubelet(kubelet, watch, foreign, node, workers, new NodeUsageReader({ ...options, disk }));
  }

  /** True once the engine's containers have been seen. */
  get ready(): boolean {
    return this.#watch.listed;
  }

  /** Resolves when what the node says of itself is true now; to be asked before it is read. */
  refreshNode(): Promise<void> {
    return this.#node.refresh();
  }

  /** Resolves when every pod's status is what the engine shows: before that nobody should act on what a pod seems to lack. */
  get settled(): Promise<void> {
    return this.#watch.settled;
  }

  /** Values that the spec of a foreign container's pod only refers to, by their key in a Secret. */
  secretEnvironment(pod: Pod): Promise<Record<string, string>> {
    return this.#foreign.secretEnvironment(pod);
  }

  /** Asks for the images of pods to come, and whether they are there; events go to the owner of the template. */
  pullAhead(owner: KubernetesObject, template: PodTemplateSpec): Promise<AheadState> {
    return this.#pullAhead.ensure(owner, template);
  }

  /** What these pods use now, measured when it is asked: takes the engine up to 0.1 s a container, and a second more for those asked for the first time. */
  usage(asked: readonly Pod[]): Promise<ReadonlyMap<string, PodUsage>> {
    return this.#usage.read(asked);
  }

  /** What the whole machine uses now, measured when it is asked: takes a second when nobody asked lately; undefined where the kernel does not say. */
  nodeUsage(): Promise<NodeUsage | undefined> {
    return this.#nodeUsage.read();
  }

  /** Lines of one container's present run, or of its last one; `undefined` when it was never made. */
  logs(
    pod: Pod,
    container: string,
    options: LogOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<LogEntry> | undefined> {
    return currentLogs(this.#runtime.containers, this.#runsOf(pod, container), options, signal);
  }

  /** Lines of its run before the present one; `undefined` when there was none, or when its container has been made anew since. */
  previousLogs(
    pod: Pod,
    container: string,
    options: LogOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<LogEntry> | undefined> {
    return previousLogs(this.#runtime.containers, this.#runsOf(pod, container), options, signal);
  }

  /** A further process in one container; `undefined` when it does not run. Throws StatusError. */
  exec(pod: Pod, container: string, spec: ExecSpec, signal: AbortSignal): Promise<ExecSession | undefined> {
    return openProcess(pod, container, (id) => this.#runtime.containers.exec(id, spec, signal));
  }

  /** The streams of a container's first process; `undefined` when it does not run. Throws StatusError. */
  async attach(
    pod: Pod,
    container: string,
    options: { stdin: boolean },
    signal: AbortSignal,
  ): Promise<ProcessStreams | undefined> {
    const streams = await openProcess(pod, container, (id) => this.#runtime.containers.attach(id, options, signal));
    return streams && withInputOf(pod, container, streams);
  }

  /**
   * A connection to a TCP port of the pod, as from inside it. Its two directions end one by one; the signal destroys it, without an error. Rejects
   * with an Error whose message is what Kubernetes writes to the error stream.
   */
  portForward(pod: Pod, port: number, signal: AbortSignal): Promise<Duplex> {
    return portForward(pod, port, this.#portForward, signal);
  }

  #runsOf(pod: Pod, container: string): RunsOf {
    return { pod, container, exit: this.#workers.lastExit(pod.metadata?.uid ?? '', container) };
  }
}
