import { chmod, mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../../container-runtime/container.ts';
import type { Volumes } from '../../container-runtime/volume.ts';
import type { Container, Pod, Volume, VolumeMount } from '../../meta/types.ts';
import { writePayload } from './atomic-writer.ts';
import { label } from '../pod/pod-identity.ts';
import { mountedVolumes, volumeFolder, volumePlan, type VolumeSources } from './volume-plan.ts';

export type PreparedVolumes =
  | { kind: 'ready'; mountsOf(container: Container): Promise<Mount[]> }
  | { kind: 'missing'; message: string };

/** Makes what the plan says, below the data path or as volumes of the engine, and removes it with the pod. */
export class PodVolumes {
  readonly #folder: string;
  readonly #engine: Volumes;
  readonly #instance: string;

  /** `folder` holds one folder a pod; it has the same path on the host, where the engine binds it from. */
  constructor(folder: string, engine: Volumes, instance: string) {
    this.#folder = folder;
    this.#engine = engine;
    this.#instance = instance;
  }

  podFolder(pod: Pod): string {
    return join(this.#folder, pod.metadata?.uid ?? '');
  }

  /** Also brings files up to date when a ConfigMap or Secret changed; nothing is written when nothing did. */
  async prepare(pod: Pod, sources: VolumeSources, now: Date): Promise<PreparedVolumes> {
    for (const volume of mountedVolumes(pod)) {
      const failure = await this.#prepareOne(pod, volume, sources, now);
      if (failure !== undefined) return { kind: 'missing', message: failure };
    }
    return { kind: 'ready', mountsOf: (container) => this.#mountsOf(pod, container) };
  }

  async #prepareOne(pod: Pod, volume: Volume, sources: VolumeSources, now: Date): Promise<string | undefined> {
    const plan = volumePlan(pod, volume, sources);
    const folder = volumeFolder(this.podFolder(pod), volume);
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
      case 'hostPath':
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

  async #mountsOf(pod: Pod, container: Container): Promise<Mount[]> {
    const volumes = new Map((pod.spec?.volumes ?? []).map((volume) => [volume.name, volume]));
    const mounts: Mount[] = [];
    for (const mount of container.volumeMounts ?? []) {
      const volume = volumes.get(mount.name);
      if (volume) mounts.push(await this.#mountOf(pod, volume, mount));
    }
    return mounts;
  }

  async #mountOf(pod: Pod, volume: Volume, mount: VolumeMount): Promise<Mount> {
    const target = mount.mountPath;
    const written = volume.configMap ?? volume.secret ?? volume.projected ?? volume.downwardAPI;
    const readOnly = mount.readOnly === true || written !== undefined;
    if (volume.emptyDir?.medium === 'Memory') {
      return { kind: 'volume', volume: this.#memoryVolume(pod, volume.name), target, readOnly };
    }
    const root = volume.hostPath?.path ?? volumeFolder(this.podFolder(pod), volume);
    const source = mount.subPath ? await this.#subPath(root, mount.subPath, volume) : root;
    return { kind: 'bind', source, target, readOnly, propagation: 'private' };
  }

  /**
   * The real path behind a subPath: a file of a ConfigMap stays what it was when the container started, and a link that leads out of
   * the volume is refused (kubernetes pkg/volume/util/subpath).
   */
  async #subPath(root: string, subPath: string, volume: Volume): Promise<string> {
    const path = join(root, subPath);
    if (volume.hostPath) return path;
    if (volume.emptyDir) await mkdir(path, { recursive: true, mode: 0o777 });
    const real = await realpath(path);
    if (!`${real}/`.startsWith(`${await realpath(root)}/`))
      throw new TypeError(`subPath ${subPath} leads out of its volume`);
    return real;
  }
}
