import type { Pod } from '../../meta/types.ts';
import type { VolumeMounts } from '../volumes/volume-mounts.ts';
import { nowOf, type PodScope } from './pod-scope.ts';

/** The files of a pod's volumes. */
export class PodFiles {
  readonly #scope: PodScope;
  /** Files of ConfigMaps and Secrets are looked at again only when something says that they may have changed. */
  stale = true;

  constructor(scope: PodScope) {
    this.#scope = scope;
  }

  /** Makes them what their sources say; undefined while a source is missing. */
  async prepare(pod: Pod): Promise<VolumeMounts | undefined> {
    const { uid, wake } = this.#scope;
    const { addresses, hostsFiles, volumes, sources, clock, recorder } = this.#scope.kubelet;
    const ip = addresses.of(uid);
    if (ip !== undefined && !pod.spec?.hostNetwork) await hostsFiles.ensure(pod, ip);
    // What changes from here on may have been read already.
    this.stale = false;
    const prepared = await volumes.prepare(pod, sources.of(pod), clock.now()).catch((error: unknown) => {
      this.stale = true;
      throw error;
    });
    if (prepared.kind === 'ready') return prepared.mounts;
    this.stale = true;
    recorder.event(pod, 'Warning', 'FailedMount', prepared.message);
    wake.by(nowOf(this.#scope) + 15_000);
    return undefined;
  }
}
