import type { Readable } from 'node:stream';

/** One line of a list. */
export type ImageSummary = {
  /** `sha256:…`, on every engine. */
  id: string;
  /** Full names: `docker.io/library/busybox:1.35`. */
  tags: readonly string[];
  digests: readonly string[];
  sizeBytes: number;
};

export type ImageStatus = ImageSummary & {
  user: string;
  command: readonly string[];
  args: readonly string[];
};

export type RegistryAuth = { username: string; password: string; server: string };

/** One step of a pull, as the engine tells it. */
export type PullProgress = { message: string };

export type Images = {
  /** Undefined when it is not present. Takes any form that `docker run` or `podman run` takes for a local image, or an id. */
  status(reference: string): Promise<ImageStatus | undefined>;
  list(): Promise<ImageSummary[]>;
  /**
   * Ends when the image is present. NotFound: no such repository or tag; Unauthorized: wrong or missing credentials;
   * Unavailable: the registry did not answer. No credentials ever appear in an error.
   */
  pull(reference: string, auth: RegistryAuth | undefined, signal: AbortSignal): AsyncIterable<PullProgress>;
  /**
   * Images from a tar as `docker save` writes it, whatever its length; answers the names, or ids, of what is present then. InvalidArgument or Internal
   * with the engine's words when it is no such archive.
   */
  load(tar: Readable, signal: AbortSignal): Promise<string[]>;
  /** Gone is success; Conflict while a container uses it. */
  remove(reference: string): Promise<void>;
};
