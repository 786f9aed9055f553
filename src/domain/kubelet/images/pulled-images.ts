import { readFile, rename, writeFile } from 'node:fs/promises';
import type { EndedPull } from './image-puller.ts';

export type PulledImage = {
  id: string;
  /** The names that it was pulled by. */
  references: string[];
  /** Milliseconds since 1970. */
  pulledAt: number;
};

/** Images that k2d itself brought to this machine, by id; others were built or pulled by people, who may have no second copy. */
export class PulledImages {
  readonly #path: string;
  readonly #images: Map<string, PulledImage>;
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, images: readonly PulledImage[]) {
    this.#path = path;
    this.#images = new Map(images.map((image) => [image.id, image]));
  }

  /** A lost or spoiled file is no harm: what it named is kept for good. */
  static async open(path: string): Promise<PulledImages> {
    try {
      return new PulledImages(path, JSON.parse(await readFile(path, 'utf8')) as PulledImage[]);
    } catch {
      return new PulledImages(path, []);
    }
  }

  get(id: string): PulledImage | undefined {
    return this.#images.get(id);
  }

  /** Notes what a pull brought; nothing when it was there under that name before. */
  async note({ reference, image: { id }, before }: EndedPull, now: Date): Promise<void> {
    const known = this.#images.get(id);
    if (before === id && (!known || known.references.includes(reference))) return;
    const references = [...new Set([...(known?.references ?? []), reference])];
    const pulledAt = known && before === id ? known.pulledAt : now.getTime();
    this.#images.set(id, { id, references, pulledAt });
    await this.#write();
  }

  /** Keeps only those of the given ids, and what has come since they were listed. */
  async keepOnly(ids: ReadonlySet<string>, listedAt: Date): Promise<void> {
    const gone = [...this.#images.values()].filter(({ id, pulledAt }) => !ids.has(id) && pulledAt < listedAt.getTime());
    for (const { id } of gone) this.#images.delete(id);
    if (gone.length > 0) await this.#write();
  }

  /** One at a time: pulls and the collector write at once. */
  #write(): Promise<void> {
    const written = this.#written.then(async () => {
      await writeFile(`${this.#path}.new`, JSON.stringify([...this.#images.values()]), { mode: 0o600 });
      await rename(`${this.#path}.new`, this.#path);
    });
    this.#written = written.catch(() => undefined);
    return written;
  }
}
