import { join } from 'node:path';
import type { ContainerRuntime, RuntimeInfo } from '../container-runtime/container-runtime.ts';
import type { ContainerSummary, LogEntry, LogOptions } from '../container-runtime/container.ts';
import type { NetworkSpec } from '../container-runtime/network.ts';
import { RuntimeError } from '../container-runtime/runtime-error.ts';
import type { RuntimeEvent } from '../container-runtime/runtime-event.ts';
import type { Clock } from '../meta/clock.ts';
import { sameJson } from '../meta/deep-equal.ts';
import type { Logger } from '../meta/logger.ts';
import { formatKey, keyOf } from '../meta/object-key.ts';
import type { KubernetesObject, Pod } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import type { EventRecorder } from '../registry/event-recorder.ts';
import { inform } from '../registry/informer.ts';
import type { Registry } from '../registry/registry.ts';
import { configMaps } from '../resources/config-map.ts';
import { endpointSlices } from '../resources/endpoint-slice.ts';
import { foreignAnnotation, isForeign } from '../resources/foreign-pod.ts';
import { namespaces } from '../resources/namespace.ts';
import { nodes } from '../resources/node.ts';
import { pods } from '../resources/pod.ts';
import { secrets } from '../resources/secret.ts';
import { services } from '../resources/service.ts';
import { ContainerIndex } from './container-index.ts';
import { ForeignPods } from './foreign-pods.ts';
import { HostsFiles } from './hosts-files.ts';
import { ImagePuller } from './image-puller.ts';
import type { KubeletContext } from './kubelet-context.ts';
import { newNode, nodeStatus } from './node-status.ts';
import { runPleg } from './pleg.ts';
import { PodAddresses } from './pod-addresses.ts';
import { label, podFromManifest } from './pod-identity.ts';
import { podReferences } from './pod-references.ts';
import { PodTokens, type MintToken } from './pod-tokens.ts';
import { PodVolumes } from './pod-volumes.ts';
import { PodWorker } from './pod-worker.ts';
import { Prober } from './prober.ts';
import { credentialsFor } from './registry-credentials.ts';
import { serviceEnvironment } from './service-environment.ts';

export type KubeletOptions = {
  registry: Registry;
  runtime: ContainerRuntime;
  instance: string;
  nodeName: string;
  machineId: string;
  version: string;
  dataPath: string;
  network: NetworkSpec;
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
  readonly #options: KubeletOptions;
  readonly #context: KubeletContext;
  readonly #foreign: ForeignPods;
  readonly #info: RuntimeInfo;
  readonly #workers = new Map<string, PodWorker>();
  #listed = false;
  readonly #settled = Promise.withResolvers<void>();
  #hostsStale = false;

  private constructor(options: KubeletOptions, info: RuntimeInfo) {
    this.#options = options;
    this.#info = info;
    const { registry, runtime, instance, clock, logger, recorder, signal, hostIp } = options;
    const volumes = new PodVolumes(join(options.dataPath, 'pods'), runtime.volumes, instance);
    const tokens = new PodTokens(options.mintToken, clock);
    this.#foreign = new ForeignPods({
      registry,
      runtime,
      engine: info.name,
      nodeName: options.nodeName,
      clock,
      hostIp,
    });
    this.#context = {
      registry,
      runtime,
      capabilities: info.capabilities,
      engine: info.name,
      instance,
      network: options.network.name,
      clock,
      logger,
      recorder,
      signal,
      index: new ContainerIndex(),
      addresses: new PodAddresses(options.firstFreeAddress),
      volumes,
      hostsFiles: new HostsFiles(volumes, options.hostsText),
      puller: new ImagePuller(runtime.images, clock, signal),
      prober: this.#prober(),
      tokens,
      hostIp,
      sourcesFor: (pod) => this.#sourcesFor(pod, tokens),
      credentialsFor: (pod, image) => this.#credentialsFor(pod, image),
      isAlive: (uid) => registry.all(pods).some((pod) => pod.metadata?.uid === uid),
      podStarted: options.podStarted,
    };
  }

  /** Registers the node and makes the pod network; fails when the engine does not answer. */
  static async start(options: KubeletOptions): Promise<Kubelet> {
    const kubelet = new Kubelet(options, await options.runtime.info());
    await kubelet.#ensureNetwork();
    await kubelet.#reportNode(true);
    const { registry, signal } = options;
    inform(registry, pods, (event) => kubelet.#podChanged(event), signal);
    inform(registry, configMaps, (event) => kubelet.#sourceChanged('configmaps', event), signal);
    inform(registry, secrets, (event) => kubelet.#sourceChanged('secrets', event), signal);
    inform(registry, services, () => kubelet.#namesChanged(), signal);
    inform(registry, endpointSlices, () => kubelet.#namesChanged(), signal);
    signal.addEventListener('abort', () => kubelet.#workers.forEach((worker) => worker.stop()), { once: true });
    void kubelet.#hear();
    return kubelet;
  }

  /** True once the engine's containers have been seen. */
  get ready(): boolean {
    return this.#listed;
  }

  /** Resolves when every pod's status is what the engine shows: before that nobody should act on what a pod seems to lack. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Lines of one container; `undefined` when it was never made. */
  logs(pod: Pod, container: string, options: LogOptions, signal: AbortSignal): AsyncIterable<LogEntry> | undefined {
    const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
    const id = statuses.find((s) => s.name === container)?.containerID?.split('://')[1];
    return id === undefined ? undefined : this.#options.runtime.containers.logs(id, options, signal);
  }

  #hear(): Promise<void> {
    const { runtime, logger, signal } = this.#options;
    return runPleg(
      runtime,
      {
        relist: () => this.#relist(),
        event: (event) => this.#containerChanged(event),
        disconnected: () =>
          void this.#reportNode(false).catch((error: unknown) => logger.warn({ error }, 'node status')),
      },
      logger,
      signal,
    );
  }

  async #relist(): Promise<void> {
    const { runtime, instance, registry } = this.#options;
    const { index, addresses, isAlive } = this.#context;
    const containers = await runtime.containers.list();
    const sandboxes = await runtime.sandboxes.list({ [label.instance]: instance });
    const own = containers.filter(
      (c) => c.labels[label.instance] === instance && c.labels[label.podUid] && !c.isSandbox,
    );
    const withUid = <T extends { id: string; labels: Readonly<Record<string, string>> }>(list: readonly T[]) =>
      list.map(({ id, labels }) => ({ id, podUid: labels[label.podUid] ?? '' }));
    index.reset(withUid(own), withUid(sandboxes));
    for (const { labels } of [...own, ...sandboxes]) {
      if (labels[label.podIp]) addresses.adopt(labels[label.podUid] ?? '', labels[label.podIp]!);
    }
    if (registry.isNew) await this.#rebuildPods(own.map((c) => c.labels[label.manifest]));
    await this.#removeOrphans([...index.pods()].filter((uid) => !isAlive(uid)));
    this.#listed = true;
    await this.#reportNode(true);
    for (const pod of registry.all(pods)) this.#worker(pod)?.wake();
    await this.#showForeign(containers);
    const settled = [...this.#workers.values()].map((worker) => worker.settled);
    void Promise.all(settled).then(() => this.#settled.resolve());
  }

  /** The data is gone, the containers are not: what they carry says which pods they are. */
  async #rebuildPods(manifests: readonly (string | undefined)[]): Promise<void> {
    const { registry, logger } = this.#options;
    for (const pod of new Set(manifests)) {
      const rebuilt = pod === undefined ? undefined : podFromManifest(pod);
      if (!rebuilt) continue;
      const namespace = { metadata: { name: rebuilt.metadata?.namespace ?? '' } };
      if (!registry.find(namespaces, keyOf(namespace))) await registry.create(namespaces, namespace);
      await registry.restore(pods, rebuilt);
      logger.info({ pod: formatKey(keyOf(rebuilt)) }, 'rebuilt a pod from its containers');
    }
  }

  /** What belonged to pods that were deleted while k2d was killed: a pod's object goes last, except when it is forced. */
  async #removeOrphans(uids: readonly string[]): Promise<void> {
    const { runtime, logger } = this.#options;
    const { index, addresses } = this.#context;
    for (const uid of uids) {
      const { containerIds, sandboxId } = index.ofPod(uid);
      logger.info({ uid }, 'removing containers of a pod that is gone');
      for (const id of containerIds) await runtime.containers.remove(id);
      if (sandboxId !== undefined) await runtime.sandboxes.remove(sandboxId);
      index.forgetPod(uid);
      addresses.release(uid);
    }
  }

  async #showForeign(containers: readonly ContainerSummary[]): Promise<void> {
    const foreign = containers.filter((c) => c.labels[label.instance] === undefined && !c.isSandbox);
    for (const id of new Set([...foreign.map((c) => c.id), ...this.#foreign.shown()])) await this.#foreign.sync(id);
  }

  #containerChanged(event: RuntimeEvent): void {
    const owner = event.labels[label.instance];
    if (owner === undefined) {
      void this.#foreign
        .sync(event.containerId)
        .catch((error: unknown) =>
          this.#options.logger.warn({ error, id: event.containerId }, 'cannot show a container'),
        );
    }
    const uid = event.labels[label.podUid];
    if (owner !== this.#options.instance || uid === undefined) return;
    if (event.action === 'removed') this.#context.index.removeContainer(uid, event.containerId);
    this.#workers.get(uid)?.wake();
  }

  #podChanged({ type, object, previous }: ChangeEvent<Pod>): void {
    if (isForeign(object)) return this.#foreignPodChanged(type, object);
    const volumesStale = previous !== undefined && !sameJson(mapsOf(previous), mapsOf(object));
    if (previous && type === 'MODIFIED' && !volumesStale && sameJson(intentOf(previous), intentOf(object))) return;
    if (this.#listed || type !== 'ADDED') this.#worker(object)?.wake(volumesStale);
  }

  #foreignPodChanged(type: ChangeEvent['type'], pod: Pod): void {
    const id = pod.metadata?.annotations?.[foreignAnnotation] ?? '';
    const failed = (error: unknown) => this.#options.logger.warn({ error, id }, 'cannot remove a container');
    if (type === 'DELETED') void this.#foreign.remove(id).catch(failed);
    else if (pod.metadata?.deletionTimestamp !== undefined) void this.#foreign.sync(id).catch(failed);
  }

  /** Pods that no node was chosen for wait for one. */
  #worker(pod: Pod): PodWorker | undefined {
    const uid = pod.metadata?.uid ?? '';
    if (isForeign(pod) || !pod.spec?.nodeName) return undefined;
    const present = this.#workers.get(uid);
    if (present) return present;
    const worker = new PodWorker(pod, this.#context, () => this.#workers.delete(uid));
    this.#workers.set(uid, worker);
    return worker;
  }

  #sourceChanged(resource: string, { object }: ChangeEvent): void {
    const { namespace, name } = object.metadata ?? {};
    for (const worker of this.#workers.values()) {
      if (worker.key.namespace === namespace && podReferences(worker.pod).has(`${resource}/${name}`)) worker.wake(true);
    }
  }

  /** Many services may change at once; the files are written once. */
  #namesChanged(): void {
    if (this.#hostsStale) return;
    this.#hostsStale = true;
    setImmediate(() => {
      this.#hostsStale = false;
      void this.#refreshHosts().catch((error: unknown) =>
        this.#options.logger.warn({ error }, 'cannot write the pods’ names'),
      );
    });
  }

  async #refreshHosts(): Promise<void> {
    for (const { pod, uid } of this.#workers.values()) {
      const ip = this.#context.addresses.of(uid);
      if (ip !== undefined && !pod.spec?.hostNetwork) await this.#context.hostsFiles.refresh(pod, ip);
    }
  }

  #prober(): Prober {
    const { recorder, signal, runtime } = this.#options;
    return new Prober(
      {
        changed: (uid) => this.#workers.get(uid)?.wake(),
        failed: (pod, container, kind, message) =>
          recorder.event(
            pod,
            'Warning',
            'Unhealthy',
            `${kind[0]!.toUpperCase()}${kind.slice(1)} probe failed: ${message}`,
            `spec.containers{${container}}`,
          ),
        unhealthy: (pod, container, id, kind) => {
          recorder.event(pod, 'Normal', 'Killing', `Container ${container} failed ${kind} probe, will be restarted`);
          const grace = pod.spec?.terminationGracePeriodSeconds ?? 30;
          void runtime.containers
            .restart(id, grace)
            .catch((error: unknown) =>
              this.#options.logger.warn({ error, id }, 'cannot restart an unhealthy container'),
            );
        },
      },
      signal,
    );
  }

  #sourcesFor(pod: Pod, tokens: PodTokens): ReturnType<KubeletContext['sourcesFor']> {
    const { registry, hostIp } = this.#options;
    const namespace = pod.metadata?.namespace ?? '';
    const ip = pod.spec?.hostNetwork ? hostIp() : this.#context.addresses.of(pod.metadata?.uid ?? '');
    return {
      configMap: (name) => registry.find(configMaps, { namespace, name }),
      secret: (name) => registry.find(secrets, { namespace, name }),
      services: serviceEnvironment(pod, registry.all(services)),
      podIp: ip ?? '',
      hostIp: hostIp(),
      node: { cpuMillis: this.#info.cpus * 1000, memoryBytes: this.#info.memoryBytes },
      token: (request) => tokens.get(pod, request),
    };
  }

  #credentialsFor(pod: Pod, image: string) {
    const namespace = pod.metadata?.namespace ?? '';
    const found = (pod.spec?.imagePullSecrets ?? []).map(({ name = '' }) =>
      this.#options.registry.find(secrets, { namespace, name }),
    );
    return credentialsFor(image, found);
  }

  async #ensureNetwork(): Promise<void> {
    const { runtime, network } = this.#options;
    const present = await runtime.networks.status(network.name);
    if (present === undefined) await runtime.networks.create(network);
    else if (present.subnet !== network.subnet) {
      throw new RuntimeError(
        'Conflict',
        `network ${network.name} has the range ${present.subnet}, not ${network.subnet}: remove it, or set K2D_POD_CIDR`,
      );
    }
  }

  async #reportNode(ready: boolean): Promise<void> {
    const { registry, nodeName: name, clock, hostIp, machineId, version } = this.#options;
    const facts = {
      info: this.#info,
      name,
      hostIp: hostIp(),
      kubeletVersion: version,
      machineId,
      ready,
      now: clock.now(),
    };
    const key = { namespace: '', name };
    if (!registry.find(nodes, key)) await registry.create(nodes, newNode(facts));
    await registry.update(nodes, key, (node) => ({ ...node, status: nodeStatus(node, facts) }), {
      subresource: 'status',
    });
  }
}

const mapsOf = ({ metadata }: KubernetesObject) => [metadata?.labels, metadata?.annotations];

const intentOf = ({ metadata, spec }: Pod) => [
  metadata?.generation,
  metadata?.deletionTimestamp,
  metadata?.deletionGracePeriodSeconds,
  spec?.nodeName,
];
