import type { ContainerExit } from '../../container-runtime/container.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import type { KubernetesObject, Pod } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import { inform } from '../../registry/informer.ts';
import { configMaps } from '../../resources/config-map.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { pods } from '../../resources/pod.ts';
import { secrets } from '../../resources/secret.ts';
import { services } from '../../resources/service.ts';
import type { ForeignPods } from '../foreign/foreign-pods.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import { hearNetworkDefinitions, networkDefinitionsOf } from '../networks/network-definitions.ts';
import { podReferences } from '../environment/pod-references.ts';
import { PodWorker } from './pod-worker.ts';

/** One worker a pod; knows which change of which object concerns which pod. */
export class PodWorkers {
  readonly #kubelet: KubeletContext;
  readonly #foreign: ForeignPods;
  readonly #workers = new Map<string, PodWorker>();
  /** Before the engine has been listed a pod seems to lack everything. */
  #mayAct = false;
  #namesStale = false;

  constructor(kubelet: KubeletContext, foreign: ForeignPods) {
    this.#kubelet = kubelet;
    this.#foreign = foreign;
  }

  /** Hears of everything that pods are made from, until the signal. */
  listen(): void {
    const { registry, signal } = this.#kubelet;
    hearNetworkDefinitions(this.#kubelet, (name) => this.#networkChanged(name));
    inform(registry, pods, (event) => this.#podChanged(event), signal);
    inform(registry, configMaps, (event) => this.#sourceChanged('configmaps', event), signal);
    inform(registry, secrets, (event) => this.#sourceChanged('secrets', event), signal);
    inform(registry, persistentVolumeClaims, (event) => this.#sourceChanged('persistentvolumeclaims', event), signal);
    inform(registry, services, () => this.#namesChanged(), signal);
    inform(registry, endpointSlices, () => this.#namesChanged(), signal);
    signal.addEventListener('abort', () => this.#workers.forEach((worker) => worker.stop()), { once: true });
  }

  wake(podUid: string): void {
    this.#workers.get(podUid)?.wake();
  }

  /** Something happened to one of the pod's containers. */
  hear(podUid: string, event: RuntimeEvent): void {
    this.#workers.get(podUid)?.hear(event);
  }

  /** How the container's run before the present one ended. */
  lastExit(podUid: string, container: string): ContainerExit | undefined {
    return this.#workers.get(podUid)?.lastExit(container);
  }

  /** The engine has been listed: every pod is looked at. Resolves when each has been once. */
  async wakeAll(): Promise<void> {
    this.#mayAct = true;
    for (const pod of this.#kubelet.registry.all(pods)) this.#worker(pod)?.wake();
    await Promise.all([...this.#workers.values()].map((worker) => worker.settled));
  }

  /** Pods that no node was chosen for wait for one. */
  #worker(pod: Pod): PodWorker | undefined {
    const uid = pod.metadata?.uid ?? '';
    if (isForeign(pod) || !pod.spec?.nodeName) return undefined;
    const present = this.#workers.get(uid);
    if (present) return present;
    const worker = new PodWorker(pod, this.#kubelet, () => this.#forget(uid));
    this.#workers.set(uid, worker);
    return worker;
  }

  /** Only now that the object is gone does nothing ask for its images any more. */
  #forget(uid: string): void {
    this.#workers.delete(uid);
    this.#kubelet.collector.look();
  }

  #podChanged({ type, object, previous }: ChangeEvent<Pod>): void {
    if (isForeign(object)) return this.#foreignPodChanged(type, object);
    const volumesStale = previous !== undefined && !sameJson(mapsOf(previous), mapsOf(object));
    if (previous && type === 'MODIFIED' && !volumesStale && sameJson(intentOf(previous), intentOf(object))) return;
    if (this.#mayAct || type !== 'ADDED') this.#worker(object)?.wake(volumesStale);
  }

  #foreignPodChanged(type: ChangeEvent['type'], pod: Pod): void {
    const { name } = pod.metadata ?? {};
    const failed = (error: unknown) => this.#kubelet.logger.warn({ error, pod: name }, 'cannot remove a container');
    if (type === 'DELETED') void this.#foreign.removed(pod).catch(failed);
    else if (pod.metadata?.deletionTimestamp !== undefined) void this.#foreign.ending(pod).catch(failed);
  }

  #sourceChanged(resource: string, { object }: ChangeEvent): void {
    const { namespace, name } = object.metadata ?? {};
    for (const worker of this.#workers.values()) {
      if (worker.key.namespace === namespace && podReferences(worker.pod).has(`${resource}/${name}`)) worker.wake(true);
    }
  }

  #networkChanged(definition: string): void {
    for (const worker of this.#workers.values())
      if (networkDefinitionsOf(worker.pod).includes(definition)) worker.networksChanged();
  }

  /** Many services may change at once; the files are written once. */
  #namesChanged(): void {
    if (this.#namesStale) return;
    this.#namesStale = true;
    setImmediate(() => {
      this.#namesStale = false;
      void this.#refreshNames().catch((error: unknown) =>
        this.#kubelet.logger.warn({ error }, 'cannot write the names that pods know'),
      );
    });
  }

  async #refreshNames(): Promise<void> {
    for (const { pod, uid } of this.#workers.values()) {
      const ip = this.#kubelet.addresses.of(uid);
      if (ip !== undefined && !pod.spec?.hostNetwork) await this.#kubelet.hostsFiles.refresh(pod, ip);
    }
  }
}

/** What the downward API shows; limits count as a change of the generation. */
const mapsOf = ({ metadata }: KubernetesObject) => [metadata?.labels, metadata?.annotations, metadata?.generation];

/** What others say of its readiness is no status of the kubelet's own. */
const gatesOf = ({ spec, status }: Pod) =>
  spec?.readinessGates?.map(
    ({ conditionType }) => status?.conditions?.find(({ type }) => type === conditionType)?.status,
  );

const intentOf = (pod: Pod) => [...intentFields(pod), gatesOf(pod)];

const intentFields = ({ metadata, spec }: Pod) => [
  metadata?.generation,
  metadata?.deletionTimestamp,
  metadata?.deletionGracePeriodSeconds,
  spec?.nodeName,
];
