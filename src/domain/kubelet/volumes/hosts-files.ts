import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import type { PodVolumes } from './pod-volumes.ts';

/**
 * The /etc/hosts of every pod: it names the pod and all services, so that names resolve while k2d is down. The file is rewritten in
 * place, never replaced, because the containers have this very inode mounted.
 */
export class HostsFiles {
  readonly #volumes: PodVolumes;
  readonly #textFor: (pod: Pod, ip: string) => string;

  constructor(volumes: PodVolumes, textFor: (pod: Pod, ip: string) => string) {
    this.#volumes = volumes;
    this.#textFor = textFor;
  }

  /** Pods on the host's network use the host's own names. */
  async mount(pod: Pod, ip: string | undefined): Promise<Mount[]> {
    if (ip === undefined) return [];
    await this.refresh(pod, ip);
    return [{ kind: 'bind', source: this.#path(pod), target: '/etc/hosts', readOnly: false, propagation: 'private' }];
  }

  /** Writes only what changed. */
  async refresh(pod: Pod, ip: string): Promise<void> {
    const text = this.#textFor(pod, ip);
    const path = this.#path(pod);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
    await mkdir(this.#volumes.podFolder(pod), { recursive: true, mode: 0o755 });
    const file = await open(path, 'a+', 0o644);
    try {
      await overwrite(path, Buffer.from(text));
      await file.chmod(0o644);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  #path(pod: Pod): string {
    return join(this.#volumes.podFolder(pod), 'etc-hosts');
  }
}

/** New text first, then the new length: a reader never finds the file empty. */
async function overwrite(path: string, text: Buffer): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(text, 0, text.length, 0);
    await file.truncate(text.length);
  } finally {
    await file.close();
  }
}
