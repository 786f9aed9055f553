import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../../container-runtime/container.ts';
import { KeyLock } from '../../meta/key-lock.ts';
import type { Pod } from '../../meta/types.ts';
import type { PodVolumes } from './pod-volumes.ts';

/**
 * The /etc/hosts of every pod: it names the pod and all services, so that names resolve while k2d is down. The file is rewritten in
 * place, never replaced, because the containers have this very inode mounted.
 */
export class HostsFiles {
  readonly #volumes: Pick<PodVolumes, 'podFolder'>;
  readonly #textFor: (pod: Pod, ip: string) => string;
  readonly #locks = new KeyLock();

  constructor(volumes: Pick<PodVolumes, 'podFolder'>, textFor: (pod: Pod, ip: string) => string) {
    this.#volumes = volumes;
    this.#textFor = textFor;
  }

  /** Pods on the host's network use the host's own names. */
  async mount(pod: Pod, ip: string | undefined): Promise<Mount[]> {
    if (ip === undefined) return [];
    await this.ensure(pod, ip);
    return [{ kind: 'bind', source: this.#path(pod), target: '/etc/hosts', readOnly: false, propagation: 'private' }];
  }

  /** The same as `refresh`; makes the file where there is none. */
  async ensure(pod: Pod, ip: string): Promise<void> {
    if (await this.refresh(pod, ip)) return;
    await mkdir(this.#volumes.podFolder(pod), { recursive: true, mode: 0o755 });
    const file = await open(this.#path(pod), 'a', 0o644);
    try {
      await file.chmod(0o644);
    } finally {
      await file.close();
    }
    await this.refresh(pod, ip);
  }

  /** Writes only what changed, and only where there is a file: a pod that is just coming, or going, is left alone. Answers whether there is one. */
  refresh(pod: Pod, ip: string): Promise<boolean> {
    // One at a time, and the text is made then: who comes later writes what is newer.
    return this.#locks.run(this.#path(pod), () => this.#write(pod, ip));
  }

  async #write(pod: Pod, ip: string): Promise<boolean> {
    const file = await open(this.#path(pod), 'r+').catch(absent);
    if (file === undefined) return false;
    try {
      await overwrite(file, Buffer.from(this.#textFor(pod, ip)));
    } finally {
      await file.close();
    }
    return true;
  }

  #path(pod: Pod): string {
    return join(this.#volumes.podFolder(pod), 'etc-hosts');
  }
}

/** New text first, then the new length: a reader never finds the file empty. */
async function overwrite(file: FileHandle, text: Buffer): Promise<void> {
  if ((await file.readFile()).equals(text)) return;
  await file.write(text, 0, text.length, 0);
  await file.truncate(text.length);
  await file.datasync();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
