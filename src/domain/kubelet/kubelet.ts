import { join } from 'node:path';
import type { ContainerRuntime, RuntimeInfo } from '../container-runtime/container-runtime.ts';
import type { LogEntry, LogOptions } from '../container-runtime/container.ts';
import type { ExecSession, ExecSpec, ProcessStreams } from '../container-runtime/process.ts';
import type { NetworkSpec } from '../container-runtime/network.ts';
import { RuntimeError } from '../container-runtime/runtime-error.ts';
import type { Clock } from '../meta/clock.ts';
import type { Logger } from '../meta/logger.ts';
import type { Pod } from '../meta/types.ts';
import type { EventRecorder } from '../registry/event-recorder.ts';
import type { Registry } from '../registry/registry.ts';
import { pods } from '../resources/pod.ts';
import { ContainerIndex } from './pod/container-index.ts';
import { EngineWatch } from './engine/engine-watch.ts';
import { ForeignPods } from './engine/foreign-pods.ts';
import { EngineVolumes } from './volumes/engine-volumes.ts';
import { HostFiles } from './volumes/host-files.ts';
import { HostsFiles } from './volumes/hosts-files.ts';
import { ContainerEnding } from './hooks/container-ending.ts';
import { ImagePuller } from './images/image-puller.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { registerNode } from './node/node-registration.ts';
import { runPleg } from './engine/pleg.ts';
import { PodAddresses } from './pod/pod-addresses.ts';
import { PodSources } from './environment/pod-sources.ts';
import { PodTokens, type MintToken } from './volumes/pod-tokens.ts';
import { PodVolumes } from './volumes/pod-volumes.ts';
import { containerId, openProcess, withInputOf } from './engine/open-process.ts';
import { startVolumeReclaimer } from './volumes/volume-reclaimer.ts';
import { PodWorkers } from './pod/pod-workers.ts';
import { probeOutcomes } from './probes/probe-outcomes.ts';
import { Prober } from './probes/prober.ts';

export type KubeletOptions = {
  registry: Registry;
  runtime: ContainerRuntime;
  instance: string;
  nodeName: string;
  machineId: string;
  version: string;
  dataPath: string;
  /** Where the host's `/` is for this process. */
  hostRoot: string;
  network: NetworkSpec;
  allowedUnsafeSysctls: readonly string[];
  /** An address of the pods' range that is not in the set; undefined when there is none. */
  firstFreeAddress: (taken: ReadonlySet<string>) => string | undefined;
  hostIp: () => string;
  hostsText: (pod: Pod, ip: string) => string;
  mintToken: MintToken;
  podStarted: () => Promise<void>;
  clock: Clock;
  logger: Logger;
  recorder: EventRecorder;
  signal: AbortSignal;
};

/** The front door of everything that makes pods real: the only file of this folder that others use. */
export class Kubelet {
  readonly #runtime: ContainerRuntime;
  readonly #watch: EngineWatch;

  private constructor(runtime: ContainerRuntime, watch: EngineWatch) {
    this.#runtime = runtime;
    this.#watch = watch;
  }

  /** Registers the node, makes the pod network and works until the signal; fails when the engine does not answer. */
  static async start(options: KubeletOptions): Promise<Kubelet> {
    const { runtime, logger, signal } = options;
    const info = await runtime.info();
    await ensureNetwork(options);
    const reportNode = (ready: boolean) => registerNode({ ...options, info }, ready);
    await reportNode(true);
    const kubelet = contextOf(options, info, (uid) => workers.wake(uid));
    const foreign = new ForeignPods({ ...options, engine: info.name });
    const workers = new PodWorkers(kubelet, foreign);
    const watch = new EngineWatch({ kubelet, workers, foreign, reportNode });
    workers.listen();
    void runPleg(runtime, watch, logger, signal);
    return new Kubelet(runtime, watch);
  }

  /** True once the engine's containers have been seen. */
  get ready(): boolean {
    return this.#watch.listed;
  }

  /** Resolves when every pod's status is what the engine shows: before that nobody should act on what a pod seems to lack. */
  get settled(): Promise<void> {
    return this.#watch.settled;
  }

  /** Lines of one container; `undefined` when it was never made. */
  logs(pod: Pod, container: string, options: LogOptions, signal: AbortSignal): AsyncIterable<LogEntry> | undefined {
    const id = containerId(pod, container);
    return id === undefined ? undefined : this.#runtime.containers.logs(id, options, signal);
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
}

/** What all pod workers share, made once. */
function contextOf(options: KubeletOptions, info: RuntimeInfo, wake: (podUid: string) => void): KubeletContext {
  const { registry, runtime, instance, clock, logger, recorder, signal, hostIp, podStarted } = options;
  const claimed = new EngineVolumes(join(options.dataPath, 'volumes'), runtime.volumes, instance);
  startVolumeReclaimer({ registry, volumes: claimed, logger, signal });
  const volumes = new PodVolumes(
    join(options.dataPath, 'pods'),
    runtime.volumes,
    instance,
    claimed,
    new HostFiles(options.hostRoot),
  );
  const tokens = new PodTokens(options.mintToken, clock);
  const addresses = new PodAddresses(options.firstFreeAddress);
  const { containers } = runtime;
  const ipOf = ({ spec, metadata }: Pod) => (spec?.hostNetwork ? hostIp() : (addresses.of(metadata?.uid ?? '') ?? ''));
  const ending = new ContainerEnding({ containers, clock, recorder, logger, ipOf });
  return {
    registry,
    runtime,
    capabilities: info.capabilities,
    nodeRules: { appArmor: info.capabilities.appArmor, allowedUnsafeSysctls: options.allowedUnsafeSysctls },
    seccompFolder: join(options.dataPath, 'seccomp'),
    engine: info.name,
    instance,
    network: options.network.name,
    clock,
    logger,
    recorder,
    signal,
    index: new ContainerIndex(),
    addresses,
    volumes,
    hostsFiles: new HostsFiles(volumes, options.hostsText),
    puller: new ImagePuller(runtime.images, clock, signal),
    prober: new Prober(probeOutcomes({ containers, ending, recorder, logger, wake }), signal),
    ending,
    hookOptions: { containers, recorder, logger, ipOf, signal },
    tokens,
    hostIp,
    sources: new PodSources({ registry, info, addresses, tokens, hostIp }),
    isAlive: (uid) => registry.all(pods).some((pod) => pod.metadata?.uid === uid),
    podStarted,
  };
}

async function ensureNetwork({ runtime, network }: KubeletOptions): Promise<void> {
  const present = await runtime.networks.status(network.name);
  if (present === undefined) return runtime.networks.create(network);
  if (present.subnet === network.subnet) return;
  throw new RuntimeError(
    'Conflict',
    `network ${network.name} has the range ${present.subnet}, not ${network.subnet}: remove it, or set K2D_POD_CIDR`,
  );
}
