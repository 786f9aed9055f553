import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ContainerRuntime, RuntimeInfo } from '../container-runtime/container-runtime.ts';
import type { LogEntry, LogOptions } from '../container-runtime/container.ts';
import type { ExecSession, ExecSpec, ProcessStreams } from '../container-runtime/process.ts';
import type { NetworkSpec } from '../container-runtime/network.ts';
import type { NodeCapabilities } from '../container-runtime/node-capabilities.ts';
import { RuntimeError } from '../container-runtime/runtime-error.ts';
import type { Clock } from '../meta/clock.ts';
import type { Logger } from '../meta/logger.ts';
import type { KubernetesObject, Pod, PodTemplateSpec, ResourceList } from '../meta/types.ts';
import type { EventRecorder } from '../registry/event-recorder.ts';
import { findServed } from '../registry/find-served.ts';
import type { Registry } from '../registry/registry.ts';
import { networkAttachmentDefinitions } from '../resources/network-attachment-definition.ts';
import { deployments } from '../resources/deployment.ts';
import { nodes } from '../resources/node.ts';
import type { PodUsage } from '../resources/pod-usage.ts';
import { pods } from '../resources/pod.ts';
import type { ResourceCatalog } from '../resources/resource-catalog.ts';
import { ContainerIndex } from './pod/container-index.ts';
import { EngineWatch } from './engine/engine-watch.ts';
import { ForeignPods } from './foreign/foreign-pods.ts';
import { EngineVolumes } from './volumes/engine-volumes.ts';
import { HostFiles } from './volumes/host-files.ts';
import { HostsFiles } from './volumes/hosts-files.ts';
import { ContainerEnding } from './hooks/container-ending.ts';
import { ImageCollector } from './images/image-collector.ts';
import type { ImageCollectionPolicy } from './images/image-collection-plan.ts';
import { ImagePuller } from './images/image-puller.ts';
import { ImageRefs } from './images/image-refs.ts';
import { PullAhead, type AheadState } from './images/pull-ahead.ts';
import { PulledImages } from './images/pulled-images.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { diskUsage } from './node/disk-usage.ts';
import { NodeObserver } from './node/node-observer.ts';
import { registerNode } from './node/node-registration.ts';
import { SecondaryNetworks } from './networks/secondary-networks.ts';
import { PodUsageReader } from './engine/pod-usage-reader.ts';
import { runPleg } from './engine/pleg.ts';
import { PodAddresses } from './pod/pod-addresses.ts';
import { PodSources } from './environment/pod-sources.ts';
import { PodTokens, type MintToken } from './volumes/pod-tokens.ts';
import { PodVolumes } from './volumes/pod-volumes.ts';
import { portForward, type PortForwardOptions } from './engine/port-forward.ts';
import { currentLogs, previousLogs, type RunsOf } from './engine/run-logs.ts';
import { openProcess, withInputOf } from './engine/open-process.ts';
import { startVolumeReclaimer } from './volumes/volume-reclaimer.ts';
import { hasEnded } from './pod/pod-verdict.ts';
import { PodWorkers } from './pod/pod-workers.ts';
import { probeOutcomes } from './probes/probe-outcomes.ts';
import { Prober } from './probes/prober.ts';

/** What the operator keeps from pods and from disks. */
export type NodeLimits = { maxPods: number; reserved: ResourceList; images: ImageCollectionPolicy };

export type KubeletOptions = {
  registry: Registry;
  catalog: ResourceCatalog;
  runtime: ContainerRuntime;
  info: RuntimeInfo;
  capabilities: NodeCapabilities;
  instance: string;
  nodeName: string;
  machineId: string;
  version: string;
  dataPath: string;
  limits: NodeLimits;
  /** Where the engine's disk may be seen. */
  engineFolders: readonly string[];
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
  readonly #foreign: ForeignPods;
  readonly #node: NodeObserver;
  readonly #workers: PodWorkers;
  readonly #usage: PodUsageReader;
  readonly #pullAhead: PullAhead;
  readonly #portForward: PortForwardOptions;

  private constructor(
    context: KubeletContext,
    watch: EngineWatch,
    foreign: ForeignPods,
    node: NodeObserver,
    workers: PodWorkers,
  ) {
    this.#pullAhead = new PullAhead(context);
    this.#workers = workers;
    this.#node = node;
    this.#usage = new PodUsageReader(context.runtime.containers, context.signal);
    this.#runtime = context.runtime;
    this.#watch = watch;
    this.#foreign = foreign;
    this.#portForward = { sandboxes: context.runtime.sandboxes, rootless: context.capabilities.rootless };
  }

  /** Registers the node, makes the pod network and works until the signal; fails when the engine does not answer. */
  static async start(options: KubeletOptions): Promise<Kubelet> {
    const { runtime, info, logger, signal } = options;
    await ensureNetwork(options);
    const reportNode = (ready: boolean) => registerNode({ ...options, ...options.limits }, ready);
    await reportNode(true);
    const disk = () => diskUsage([...options.engineFolders, info.rootDirectory, options.dataPath]);
    const node = new NodeObserver({ ...options, ...options.limits, images: runtime.images, disk });
    await node.refresh();
    const pulled = await PulledImages.open(join(options.dataPath, 'pulled-images.json'));
    const collector = imageCollector(options, pulled, disk, () => node.expire());
    const kubelet = contextOf(options, { pulled, collector, node }, (uid) => workers.wake(uid));
    const foreign = new ForeignPods({
      ...options,
      engine: info.name,
      reportsOomKilled: options.capabilities.reportsOomKilled,
    });
    const workers = new PodWorkers(kubelet, foreign);
    const watch = new EngineWatch({ kubelet, workers, foreign, reportNode });
    workers.listen();
    void runPleg(runtime, watch, logger, signal);
    return new Kubelet(kubelet, watch, foreign, node, workers);
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

/** What all pod workers share, made once. */
function contextOf(
  options: KubeletOptions,
  { pulled, collector, node }: { pulled: PulledImages; collector: ImageCollector; node: NodeObserver },
  wake: (podUid: string) => void,
): KubeletContext {
  const { registry, runtime, info, capabilities, instance, clock, logger, recorder, signal, hostIp, podStarted } =
    options;
  const claimed = new EngineVolumes(join(options.dataPath, 'volumes'), runtime.volumes, instance);
  startVolumeReclaimer({ registry, volumes: claimed, logger, signal });
  const volumes = new PodVolumes({
    folder: join(options.dataPath, 'pods'),
    engine: runtime.volumes,
    instance,
    claimed,
    capabilities,
    host: new HostFiles(options.hostRoot),
  });
  const tokens = new PodTokens(options.mintToken, clock);
  const addresses = new PodAddresses(options.firstFreeAddress);
  const { containers } = runtime;
  const ipOf = ({ spec, metadata }: Pod) => (spec?.hostNetwork ? hostIp() : (addresses.of(metadata?.uid ?? '') ?? ''));
  const ending = new ContainerEnding({ containers, clock, recorder, logger, ipOf });
  return {
    registry,
    catalog: options.catalog,
    runtime,
    capabilities,
    nodeRules: { appArmor: capabilities.appArmor, allowedUnsafeSysctls: options.allowedUnsafeSysctls },
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
    secondaryNetworks: secondaryNetworks(options, info),
    volumes,
    hostsFiles: new HostsFiles(volumes, options.hostsText),
    puller: new ImagePuller(runtime.images, clock, signal, (pull) => {
      node.expire();
      void pulled
        .note(pull, clock.now())
        .catch((error: unknown) => logger.warn({ error }, 'cannot note that an image was pulled'))
        .then(() => collector.look());
    }),
    collector,
    imageRefs: new ImageRefs(runtime.images),
    prober: new Prober(containers, probeOutcomes({ containers, ending, recorder, logger, wake }), signal),
    ending,
    hookOptions: { containers, recorder, logger, ipOf, signal },
    tokens,
    hostIp,
    sources: new PodSources({ registry, info, addresses, tokens, hostIp }),
    isAlive: (uid) => registry.all(pods).some((pod) => pod.metadata?.uid === uid),
    podStarted,
  };
}

const secondaryNetworks = ({ registry, runtime, instance }: KubeletOptions, { capabilities }: RuntimeInfo) =>
  new SecondaryNetworks({
    networks: runtime.networks,
    instance,
    interfaceIdentity: capabilities.interfaceIdentity,
    definition: (key) => findServed(registry, networkAttachmentDefinitions, key),
    pods: () => registry.all(pods).filter((pod) => !hasEnded(pod) && pod.metadata?.deletionTimestamp === undefined),
  });

function imageCollector(
  { registry, runtime, nodeName, limits, recorder, clock, logger }: KubeletOptions,
  pulled: PulledImages,
  disk: () => ReturnType<typeof diskUsage>,
  collected: () => void,
): ImageCollector {
  const warn = (reason: string, message: string) => {
    const node = registry.find(nodes, { namespace: '', name: nodeName });
    if (node) recorder.event(node, 'Warning', reason, message);
  };
  return new ImageCollector({
    runtime,
    policy: limits.images,
    pulled,
    disk,
    pods: () => [...registry.all(pods).filter((pod) => !hasEnded(pod)), ...comingPods(registry)],
    warn,
    collected,
    clock,
    logger,
  });
}

/** What Deployments are about to run: its images may have been pulled for it before any pod has them. */
const comingPods = (registry: Registry): Pod[] =>
  registry
    .all(deployments)
    .filter(({ spec }) => spec?.replicas !== 0)
    .map(({ spec }) => (spec?.template.spec ? { spec: spec.template.spec } : {}));

async function ensureNetwork({ runtime, network }: KubeletOptions): Promise<void> {
  const present = await runtime.networks.status(network.name);
  if (present === undefined) return runtime.networks.create(network);
  if (present.subnet === network.subnet) return;
  throw new RuntimeError(
    'Conflict',
    `network ${network.name} has the range ${present.subnet}, not ${network.subnet}: remove it, or set K2D_POD_CIDR`,
  );
}
