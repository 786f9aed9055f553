import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeviceMapping, Mount } from '../../container-runtime/container.ts';
import type { Volumes } from '../../container-runtime/volume.ts';
import type { Container, Pod, Volume, VolumeMount } from '../../meta/types.ts';
import { writePayload } from './atomic-writer.ts';
import { label } from '../pod/pod-identity.ts';
import type { EngineVolumes } from './engine-volumes.ts';
import type { HostFiles } from './host-files.ts';
import { prepareHostPath } from './host-path.ts';
import { mountedVolumes, volumeFolder, volumePlan, type VolumePlan, type VolumeSources } from './volume-plan.ts';

export type PreparedVolumes =
  | {
      kind: 'ready';
      mountsOf(container: Container): Promise<Mount[]>;
      devicesOf(container: Container): DeviceMapping[];
    }
  | { kind: 'missing'; message: string };

/** Makes what the plan says, below the data path or as volumes of the engine, and removes it with the pod. */
export class PodVolumes {
  readonly #folder: string;
  readonly #engine: Volumes;
  readonly #instance: string;
  readonly #claimed: EngineVolumes;
  readonly #host: HostFiles;

  /** `folder` holds one folder a pod; it has the same path on the host, where the engine binds it from. */
  constructor(folder: string, engine: Volumes, instance: string, claimed: EngineVolumes, host: HostFiles) {
    this.#folder = folder;
    this.#engine = engine;
    this.#instance = instance;
    this.#claimed = claimed;
    this.#host = host;
  }

  podFolder(pod: Pod): string {
    return join(this.#folder, pod.metadata?.uid ?? '');
  }

  /** Also brings files up to date when a ConfigMap or Secret changed; nothing is written when nothing did. */
  async prepare(pod: Pod, sources: VolumeSources, now: Date): Promise<PreparedVolumes> {
    const plans = new Map<string, VolumePlan>();
    for (const volume of mountedVolumes(pod)) {
      const plan = await this.#checked(volumePlan(pod, volume, sources));
      const failure = await this.#prepareOne(pod, volume, plan, now);
      if (failure !== undefined) return { kind: 'missing', message: failure };
      plans.set(volume.name, plan);
    }
    return {
      kind: 'ready',
      mountsOf: (container) => this.#mountsOf(pod, container, plans),
      devicesOf: (container) => devicesOf(container, plans),
    };
  }

  /** Paths of the host are what their type says, or what else is missing. */
  async #checked(plan: VolumePlan): Promise<VolumePlan> {
    if (plan.kind !== 'hostPath' || plan.type === undefined) return plan;
    const found = await prepareHostPath(this.#host, plan.path, plan.type);
    if (found.kind === 'failed') return { kind: 'missing', message: found.message };
    return found.kind === 'device' ? { kind: 'device', path: plan.path } : plan;
  }

  async #prepareOne(pod: Pod, volume: Volume, plan: VolumePlan, now: Date): Promise<string | undefined> {
    const folder = volumeFolder(this.podFolder(pod), volume.name);
    switch (plan.kind) {
      case 'missing':
        return `MountVolume.SetUp failed for volume "${volume.name}" : ${plan.message}`;
      case 'files':
        await mkdir(join(folder, '..'), { recursive: true, mode: 0o755 });
        await writePayload(folder, plan.payload, now);
        return undefined;
      case 'emptyDir':
        await mkdir(folder, { recursive: true });
        await chmod(folder, 0o777);
        return undefined;
      case 'memory':
        await this.#engine.create({
          name: this.#memoryVolume(pod, volume.name),
          labels: { [label.instance]: this.#instance, [label.podUid]: pod.metadata?.uid ?? '' },
          tmpfs: plan.sizeBytes === undefined ? {} : { sizeBytes: plan.sizeBytes },
        });
        return undefined;
      case 'engineVolume':
        if (plan.isOurs) await this.#claimed.ensure(plan.volume);
        return undefined;
      case 'hostPath':
      case 'device':
        return undefined;
    }
  }

  /** Gone is success. */
  async remove(pod: Pod): Promise<void> {
    for (const volume of pod.spec?.volumes ?? []) {
      if (volume.emptyDir?.medium === 'Memory') await this.#engine.remove(this.#memoryVolume(pod, volume.name));
    }
    await rm(this.podFolder(pod), { recursive: true, force: true });
  }

  #memoryVolume(pod: Pod, name: string): string {
    return `${this.#instance}_${pod.metadata?.uid}_${name}`;
  }

  async #mountsOf(pod: Pod, container: Container, plans: ReadonlyMap<string, VolumePlan>): Promise<Mount[]> {
    const mounts: Mount[] = [];
    for (const mount of container.volumeMounts ?? []) {
      const plan = plans.get(mount.name);
      if (plan && plan.kind !== 'device') mounts.push(await this.#mountOf(pod, plan, mount));
    }
    return mounts;
  }

  async #mountOf(pod: Pod, plan: VolumePlan, mount: VolumeMount): Promise<Mount> {
    const target = mount.mountPath;
    const readOnly = mount.readOnly === true || plan.kind === 'files';
    if (plan.kind === 'memory') {
      return { kind: 'volume', volume: this.#memoryVolume(pod, mount.name), target, readOnly };
    }
    if (plan.kind === 'engineVolume' && !mount.subPath)
      return { kind: 'volume', volume: plan.volume, target, readOnly };
    const root = await this.#rootOf(pod, plan, mount.name);
    const source = mount.subPath ? await this.#subPath(root, mount.subPath, plan) : root;
    return { kind: 'bind', source, target, readOnly, propagation: 'private' };
  }

  /** Where the volume's files are, on the host. */
  async #rootOf(pod: Pod, plan: VolumePlan, name: string): Promise<string> {
    if (plan.kind === 'hostPath') return plan.path;
    if (plan.kind !== 'engineVolume') return volumeFolder(this.podFolder(pod), name);
    if (plan.isOurs) return this.#claimed.folderOf(plan.volume);
    const found = await this.#engine.status(plan.volume);
    return found?.mountpoint ?? '';
  }

  /**
   * The real path behind a subPath: a file of a ConfigMap stays what it was when the container started, and a link that leads out of
   * the volume is refused (kubernetes pkg/volume/util/subpath).
   */
  async #subPath(root: string, subPath: string, plan: VolumePlan): Promise<string> {
    const path = join(root, subPath);
    const isOurs = plan.kind !== 'hostPath' && !(plan.kind === 'engineVolume' && !plan.isOurs);
    // What lies elsewhere on the host, k2d does not see.
    if (!isOurs) return path;
    if (plan.kind !== 'files') await mkdir(path, { recursive: true, mode: 0o777 });
    const real = await realpath(path);
    if (!`${real}/`.startsWith(`${await realpath(root)}/`))
      throw new TypeError(`subPath ${subPath} leads out of its volume`);
    return real;
  }
}

/** The device itself, under the name that the container gives it; a link such as /dev/serial/by-id/… is followed by the engine. */
const devicesOf = (container: Container, plans: ReadonlyMap<string, VolumePlan>): DeviceMapping[] =>
  (container.volumeMounts ?? []).flatMap(({ name, mountPath, readOnly }) => {
    const plan = plans.get(name);
    if (plan?.kind !== 'device') return [];
    return [{ hostPath: plan.path, containerPath: mountPath, permissions: readOnly ? 'r' : 'rwm' }];
  });
