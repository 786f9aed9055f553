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
    if (known?.references.includes(reference) || (!known && before === id)) return;
    const references = [...(known?.references ?? []), reference];
    this.#images.set(id, { id, references, pulledAt: known?.pulledAt ?? now.getTime() });
    await this.#write();
  }

  /** Keeps only those of the given ids. */
  async keepOnly(ids: ReadonlySet<string>): Promise<void> {
    const gone = [...this.#images.keys()].filter((id) => !ids.has(id));
    for (const id of gone) this.#images.delete(id);
    if (gone.length > 0) await this.#write();
  }

  async #write(): Promise<void> {
    await writeFile(`${this.#path}.new`, JSON.stringify([...this.#images.values()]), { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }
}
