import type { RegistryAuth } from '../../container-runtime/image.ts';

/** `asker` names the container that is to be made, so that `Always` pulls once for each making. */
export type PullRequest = {
  reference: string;
  policy: string;
  asker: string;
  /** Each is tried until one is accepted; none is a pull without. */
  credentials: readonly RegistryAuth[];
};

/** Tells what a puller does, for events. */
export type PullObserver = {
  present(): void;
  neverPulled(): void;
  invalidName(message: string): void;
  pulling(): void;
  /** `total` holds the time before others had ended too; in milliseconds. */
  pulled(took: { pull: number; total: number }, sizeBytes: number | undefined): void;
  progress(message: string): void;
  failed(message: string, usesLocal: boolean): void;
  backOff(message: string): void;
};
