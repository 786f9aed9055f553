import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Volumes } from '../../container-runtime/volume.ts';
import { label } from '../pod/pod-identity.ts';

/**
 * The engine's volumes that k2d makes for claims. Their files lie below the data path, where k2d can reach into them and a backup finds them; the engine
 * lists them beside its other volumes, and keeps them from being removed while a container has them.
 */
export class EngineVolumes {
  readonly #folder: string;
  readonly #engine: Volumes;
  readonly #instance: string;

  /** `folder` has the same path on the host. */
  constructor(folder: string, engine: Volumes, instance: string) {
    this.#folder = folder;
    this.#engine = engine;
    this.#instance = instance;
  }

  folderOf(volume: string): string {
    return join(this.#folder, encodeURIComponent(volume));
  }

  /** Present already is success. Everybody may write, as in volumes that local provisioners make: which user a pod runs as is not known when it is made. */
  async ensure(volume: string): Promise<void> {
    const folder = this.folderOf(volume);
    if ((await mkdir(folder, { recursive: true })) !== undefined) await chmod(folder, 0o777);
    await this.#engine.create({ name: volume, labels: { [label.instance]: this.#instance }, folder });
  }

  /** With all that is in it. Gone is success; Conflict while a container uses it. */
  async remove(volume: string): Promise<void> {
    await this.#engine.remove(volume);
    await rm(this.folderOf(volume), { recursive: true, force: true });
  }
}
