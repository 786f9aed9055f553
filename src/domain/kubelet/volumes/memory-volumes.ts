import { createHash } from 'node:crypto';
import type { Volumes } from '../../container-runtime/volume.ts';
import type { Pod, VolumeMount } from '../../meta/types.ts';
import { podContainers } from '../pod/container-kinds.ts';
import { label } from '../pod/pod-identity.ts';
import { fileOwner } from './file-owner.ts';

/**
 * emptyDirs in memory: volumes of the engine, which mounts them when the pod starts, at boot too. What k2d cannot reach into has no folders that it could
 * show alone; so every subPath is a volume by itself, which nobody can tell from a folder as long as no container mounts the whole.
 */
export class MemoryVolumes {
  readonly #engine: Volumes;
  readonly #instance: string;

  constructor(engine: Volumes, instance: string) {
    this.#engine = engine;
    this.#instance = instance;
  }

  /** The engine's name of it; there already is success. */
  async ensure(pod: Pod, volume: string, subPath: string, sizeBytes: number | undefined): Promise<string> {
    const part = subPath === '' ? '' : `_${createHash('sha256').update(subPath).digest('hex').slice(0, 8)}`;
    const name = `${this.#instance}_${pod.metadata?.uid}_${volume}${part}`;
    const { group } = fileOwner(pod);
    await this.#engine.create({
      name,
      labels: this.#labels(pod),
      tmpfs: { ...(sizeBytes === undefined ? {} : { sizeBytes }), ...(group === undefined ? {} : { group }) },
    });
    return name;
  }

  async removeAll(pod: Pod): Promise<void> {
    if (!pod.spec?.volumes?.some(({ emptyDir }) => emptyDir?.medium === 'Memory')) return;
    for (const { name } of await this.#engine.list(this.#labels(pod))) await this.#engine.remove(name);
  }

  #labels(pod: Pod): Record<string, string> {
    return { [label.instance]: this.#instance, [label.podUid]: pod.metadata?.uid ?? '' };
  }
}

/** Why a part of a volume in memory cannot be shown: some container mounts what holds it, or what is in it. */
export function memoryOverlap(pod: Pod, mount: VolumeMount): string | undefined {
  const own = pathOf(mount);
  const others = podContainers(pod)
    .flatMap(({ container }) => container.volumeMounts ?? [])
    .filter(({ name }) => name === mount.name)
    .map(pathOf);
  const overlaps = others.some((path) => path !== own && (`${own}/`.startsWith(path) || `${path}/`.startsWith(own)));
  return own !== '' && overlaps
    ? `volume "${mount.name}" is in memory: k2d cannot mount a part of it beside one that holds it`
    : undefined;
}

/** With a slash at its end, unless it is the whole. */
function pathOf({ subPath, subPathExpr }: VolumeMount): string {
  const parts = (subPathExpr || subPath || '').split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((part) => `${part}/`).join('');
}
