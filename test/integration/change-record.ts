import type { Informer, KubernetesObject } from '@kubernetes/client-node';

/** What an informer told about each object, in the order in which it came; whoever waits for a change hears of it. */
export class ChangeRecord<T extends KubernetesObject> {
  readonly #stories = new Map<string, string[]>();
  readonly #versions = new Map<string, number[]>();
  #heard = Promise.withResolvers<void>();
  #count = 0;

  /** `stateOf`: what is written down of an object's state. */
  constructor(informer: Informer<T>, stateOf: (object: T) => string) {
    informer.on('add', (object) => this.#note(object, `added ${stateOf(object)}`, versionOf(object)));
    informer.on('update', (object) => this.#note(object, `changed to ${stateOf(object)}`, versionOf(object)));
    // Who finds out by a list that an object is gone has no version of that.
    informer.on('delete', (object) => this.#note(object, 'deleted'));
  }

  /** All changes of all objects. */
  get count(): number {
    return this.#count;
  }

  storyOf = (name: string): readonly string[] => this.#stories.get(name) ?? [];

  versionsOf = (name: string): readonly number[] => this.#versions.get(name) ?? [];

  /** Resolves when so many changes of the object, or of all, have been told; rejects with what was told when the signal aborts before. */
  async reaches(length: number, signal: AbortSignal, name?: string): Promise<void> {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`waited for change ${length}: ${this.#told(name)}`)));
    });
    aborted.catch(() => undefined);
    while ((name === undefined ? this.#count : this.storyOf(name).length) < length) {
      await Promise.race([this.#heard.promise, aborted]);
    }
  }

  #told = (name: string | undefined): string =>
    name === undefined ? `${this.#count} were told` : `of ${name} ${this.storyOf(name).join(', ')}`;

  #note(object: T, text: string, version?: number): void {
    const name = object.metadata?.name ?? '';
    this.#stories.set(name, [...this.storyOf(name), text]);
    if (version !== undefined) this.#versions.set(name, [...this.versionsOf(name), version]);
    this.#count += 1;
    this.#heard.resolve();
    this.#heard = Promise.withResolvers();
  }
}

const versionOf = (object: KubernetesObject): number => Number(object.metadata?.resourceVersion);
