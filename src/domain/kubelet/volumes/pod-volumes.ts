import { chmod, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeCapabilities } from '../../container-runtime/container-runtime.ts';
import type { Volumes } from '../../container-runtime/volume.ts';
import type { Pod, Volume } from '../../meta/types.ts';
import { claimNameOf } from '../../resources/pod-claims.ts';
import { writePayload } from './atomic-writer.ts';
import type { EngineVolumes } from './engine-volumes.ts';
import { fileOwner } from './file-owner.ts';
import { giveToGroup } from './give-to-group.ts';
import type { HostFiles } from './host-files.ts';
import { prepareHostPath } from './host-path.ts';
import { MemoryVolumes } from './memory-volumes.ts';
import { VolumeMounts } from './volume-mounts.ts';
import { mountedVolumes, planVolume, volumeFolder } from './plan-volume.ts';
import type { VolumePlan } from './volume-plan.ts';
import type { VolumeSources } from './volume-sources.ts';

export type PreparedVolumes = { kind: 'ready'; mounts: VolumeMounts } | { kind: 'missing'; message: string };

export type PodVolumesOptions = {
  /** Holds one folder a pod; it has the same path on the host, where the engine binds it from. */
  folder: string;
  engine: Volumes;
  instance: string;
  claimed: EngineVolumes;
  capabilities: RuntimeCapabilities;
  host: HostFiles;
};

/** Makes what the plan says, below the data path or as volumes of the engine, and removes it with the pod. */
export class PodVolumes {
  readonly #options: PodVolumesOptions;
  readonly #memory: MemoryVolumes;

  constructor(options: PodVolumesOptions) {
    this.#options = options;
    this.#memory = new MemoryVolumes(options.engine, options.instance);
  }

  podFolder(pod: Pod): string {
    return join(this.#options.folder, pod.metadata?.uid ?? '');
  }

  /** Also brings files up to date when a ConfigMap or Secret changed; nothing is written when nothing did. */
  async prepare(pod: Pod, sources: VolumeSources, now: Date): Promise<PreparedVolumes> {
    const plans = new Map<string, VolumePlan>();
    for (const volume of mountedVolumes(pod)) {
      const plan = await this.#checked(planVolume(pod, volume, sources));
      const failure = await this.#prepareOne(pod, volume, plan, now);
      if (failure !== undefined) {
        return { kind: 'missing', message: `MountVolume.SetUp failed for volume "${volume.name}" : ${failure}` };
      }
      plans.set(volume.name, plan);
    }
    const folderOf = (volume: string) => volumeFolder(this.podFolder(pod), volume);
    return {
      kind: 'ready',
      mounts: new VolumeMounts({ ...this.#options, memory: this.#memory }, pod, folderOf, plans),
    };
  }

  /** Paths of the host are what their type says, or what else is missing. */
  async #checked(plan: VolumePlan): Promise<VolumePlan> {
    if (plan.kind !== 'hostPath' || plan.type === undefined) return plan;
    const found = await prepareHostPath(this.#options.host, plan.path, plan.type);
    if (found.kind === 'failed') return { kind: 'missing', message: found.message };
    return found.kind === 'device' ? { kind: 'device', path: plan.path } : plan;
  }

  /** Where k2d sees the files of a volume that the pod can write to; undefined for all others. */
  seenFolder(pod: Pod, name: string, sources: VolumeSources): string | undefined {
    const volume = pod.spec?.volumes?.find((each) => each.name === name);
    if (!volume?.emptyDir && !(volume && claimNameOf(pod, volume))) return undefined;
    const plan = planVolume(pod, volume, sources);
    if (plan.kind === 'emptyDir') return volumeFolder(this.podFolder(pod), name);
    return plan.kind === 'engineVolume' && plan.isOurs ? this.#options.claimed.folderOf(plan.volume) : undefined;
  }

  async #prepareOne(pod: Pod, volume: Volume, plan: VolumePlan, now: Date): Promise<string | undefined> {
    const folder = volumeFolder(this.podFolder(pod), volume.name);
    const { group } = fileOwner(pod);
    switch (plan.kind) {
      case 'missing':
        return plan.message;
      case 'image':
        return this.#options.capabilities.imageVolumes ? undefined : 'the container engine cannot mount images';
      case 'files':
        await mkdir(join(folder, '..'), { recursive: true, mode: 0o755 });
        await writePayload(folder, plan.payload, now, group);
        return undefined;
      case 'emptyDir':
        await makeShared(folder, group);
        return undefined;
      case 'engineVolume':
        if (plan.isOurs) await this.#prepareClaimed(pod, volume, plan.volume);
        return undefined;
      case 'memory':
      case 'hostPath':
      case 'device':
        return undefined;
    }
  }

  /** Its files change hands once for each pod, before the pod's containers start. */
  async #prepareClaimed(pod: Pod, { name, persistentVolumeClaim }: Volume, engineVolume: string): Promise<void> {
    const { claimed } = this.#options;
    await claimed.ensure(engineVolume);
    const { fsGroup: group, fsGroupChangePolicy } = pod.spec?.securityContext ?? {};
    if (group === undefined || persistentVolumeClaim?.readOnly === true) return;
    const mark = join(this.podFolder(pod), 'given-to-group', name);
    if (await exists(mark)) return;
    await giveToGroup(claimed.folderOf(engineVolume), {
      group,
      onlyOnMismatch: fsGroupChangePolicy === 'OnRootMismatch',
    });
    await mkdir(join(mark, '..'), { recursive: true, mode: 0o755 });
    await writeFile(mark, '');
  }

  /** Gone is success. */
  async remove(pod: Pod): Promise<void> {
    await this.#memory.removeAll(pod);
    await rm(this.podFolder(pod), { recursive: true, force: true });
  }
}

/** Open to everybody, as emptyDirs are; made aside and moved to its place, so that one that is there is whole. What containers do to it later stays. */
async function makeShared(folder: string, group: number | undefined): Promise<void> {
  if (await exists(folder)) return;
  const aside = `${folder}..new`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  if (group !== undefined) await chown(aside, 0, group);
  await chmod(aside, group === undefined ? 0o777 : 0o2777);
  await rename(aside, folder);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
