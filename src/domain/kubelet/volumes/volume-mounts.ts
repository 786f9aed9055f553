import type { RuntimeCapabilities } from '../../container-runtime/container-runtime.ts';
import type { DeviceMapping, Mount } from '../../container-runtime/container.ts';
import type { Volumes } from '../../container-runtime/volume.ts';
import type { Container, Pod, VolumeMount } from '../../meta/types.ts';
import type { EngineVolumes } from './engine-volumes.ts';
import { subPathOf } from './expand-sub-path.ts';
import { memoryOverlap, type MemoryVolumes } from './memory-volumes.ts';
import { openSubPath, SubPathError } from './sub-path.ts';
import type { VolumePlan } from './volume-plan.ts';

export type ContainerMounts =
  | { kind: 'mounts'; mounts: Mount[]; devices: DeviceMapping[] }
  /** The text that kubectl shows beside CreateContainerConfigError. */
  | { kind: 'refused'; message: string };

export type VolumeMountsOptions = {
  engine: Volumes;
  claimed: EngineVolumes;
  memory: MemoryVolumes;
  capabilities: Pick<RuntimeCapabilities, 'recursiveReadOnlyMounts'>;
};

type MountPlan = Exclude<VolumePlan, { kind: 'device' }>;

class Refused extends Error {}

/** How the volumes of a pod get into one of its containers (kubernetes pkg/kubelet/kubelet_pods.go makeMounts). */
export class VolumeMounts {
  readonly #options: VolumeMountsOptions;
  readonly #pod: Pod;
  readonly #folderOf: (volume: string) => string;
  readonly #plans: ReadonlyMap<string, VolumePlan>;

  /** `folderOf` is where k2d keeps the files of a volume. */
  constructor(
    options: VolumeMountsOptions,
    pod: Pod,
    folderOf: (volume: string) => string,
    plans: ReadonlyMap<string, VolumePlan>,
  ) {
    this.#options = options;
    this.#pod = pod;
    this.#folderOf = folderOf;
    this.#plans = plans;
  }

  async of(container: Container, env: Readonly<Record<string, string>>): Promise<ContainerMounts> {
    const mounts: Mount[] = [];
    const devices: DeviceMapping[] = [];
    try {
      for (const mount of container.volumeMounts ?? []) {
        const plan = this.#plans.get(mount.name);
        if (plan?.kind === 'device') devices.push(deviceMapping(plan.path, mount));
        else if (plan) mounts.push(await this.#mountOf(plan, mount, env));
      }
    } catch (error) {
      if (!(error instanceof Refused || error instanceof SubPathError)) throw error;
      return { kind: 'refused', message: error.message };
    }
    return { kind: 'mounts', mounts, devices };
  }

  async #mountOf(plan: MountPlan, mount: VolumeMount, env: Readonly<Record<string, string>>): Promise<Mount> {
    const target = mount.mountPath;
    const readOnly = mount.readOnly === true || this.#isReadOnly(plan, mount.name);
    const subPath = subPathOf(mount, env);
    if (subPath.kind === 'refused') throw new Refused(subPath.message);
    if (plan.kind === 'image') return imageMount(plan.reference, target, subPath.path);
    if (plan.kind === 'memory') {
      const overlap = memoryOverlap(this.#pod, mount);
      if (overlap !== undefined) throw new Refused(overlap);
      const volume = await this.#options.memory.ensure(this.#pod, mount.name, subPath.path, plan.sizeBytes);
      return { kind: 'volume', volume, target, readOnly };
    }
    if (plan.kind === 'engineVolume' && subPath.path === '')
      return { kind: 'volume', volume: plan.volume, target, readOnly };
    return {
      kind: 'bind',
      source: await this.#source(plan, mount.name, subPath.path),
      target,
      readOnly,
      propagation: propagations[mount.mountPropagation ?? 'None'] ?? 'private',
      ...(readOnly && this.#isRecursive(mount) ? { recursiveReadOnly: true } : {}),
    };
  }

  #isReadOnly(plan: MountPlan, volume: string): boolean {
    const claim = this.#pod.spec?.volumes?.find(({ name }) => name === volume)?.persistentVolumeClaim;
    return plan.kind === 'files' || claim?.readOnly === true;
  }

  #isRecursive({ recursiveReadOnly, name }: VolumeMount): boolean {
    const canBe = this.#options.capabilities.recursiveReadOnlyMounts;
    if (recursiveReadOnly === 'Enabled' && !canBe) {
      throw new Refused(`volume "${name}": recursive read-only mounts are not supported by the container engine`);
    }
    return canBe && (recursiveReadOnly === 'Enabled' || recursiveReadOnly === 'IfPossible');
  }

  /** What lies elsewhere on the host, k2d does not see: there the engine finds out what is behind a path. */
  async #source(plan: MountPlan, volume: string, subPath: string): Promise<string> {
    if (plan.kind === 'hostPath') return below(plan.path, subPath);
    if (plan.kind !== 'engineVolume') return openSubPath(this.#folderOf(volume), subPath, plan.kind !== 'files');
    if (plan.isOurs) return openSubPath(this.#options.claimed.folderOf(plan.volume), subPath, true);
    const found = await this.#options.engine.status(plan.volume);
    if (!found) throw new Refused(`the engine has no volume "${plan.volume}"`);
    return below(found.mountpoint, subPath);
  }
}

/** The device itself, under the name that the container gives it; a link such as /dev/serial/by-id/… is followed by the engine. */
const deviceMapping = (hostPath: string, { mountPath, readOnly }: VolumeMount): DeviceMapping => ({
  hostPath,
  containerPath: mountPath,
  permissions: readOnly ? 'r' : 'rwm',
});

const propagations: Readonly<Record<string, (Mount & { kind: 'bind' })['propagation']>> = {
  HostToContainer: 'rslave',
  Bidirectional: 'rshared',
};

const below = (root: string, subPath: string): string => (subPath === '' ? root : `${root}/${subPath}`);

function imageMount(image: string, target: string, subPath: string): Mount {
  if (subPath !== '') throw new Refused(`subPath "${subPath}": k2d mounts images as a whole only`);
  return { kind: 'image', image, target, readOnly: true };
}
