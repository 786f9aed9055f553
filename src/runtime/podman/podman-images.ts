import { fullImageName, isLocalRegistry } from '../../domain/container-runtime/image-name.ts';
import type { Images, ImageStatus, PullProgress, RegistryAuth } from '../../domain/container-runtime/image.ts';
import { imageStatus, imageSummary } from './from-libpod.ts';
import { jsonLines } from '../wire/json-lines.ts';
import type { LibpodImage } from './libpod-answers.ts';
import { type LibpodClient, path } from './libpod-client.ts';
import { pullError } from './libpod-error.ts';

/** Gigabytes onto an SD card. */
const loadTimeoutMs = 3_600_000;

type PullLine = { stream?: string; error?: string; images?: string[]; id?: string };

export function podmanImages(client: LibpodClient): Images {
  const status = async (reference: string): Promise<ImageStatus | undefined> => {
    const found = await client.find<LibpodImage>(path`/images/${reference}/json`);
    return found && imageStatus(found);
  };

  return {
    status,

    async list() {
      return (await client.get<LibpodImage[]>('/images/json')).map(imageSummary);
    },

    async *pull(reference, auth, signal) {
      signal.throwIfAborted();
      const name = fullImageName(reference);
      const body = await client.stream('POST', '/images/pull', {
        query: { reference: name, policy: 'always', ...(isLocalRegistry(name) && { tlsVerify: false }) },
        headers: auth ? { 'X-Registry-Auth': registryAuth(auth) } : {},
        signal,
        timeoutMs: 0,
      });
      for await (const line of jsonLines<PullLine>(body)) yield* progress(line);
    },

    async load(tar, signal) {
      const { Names } = await client.post<{ Names: string[] | null }>('/images/load', {
        body: tar,
        headers: { 'Content-Type': 'application/x-tar' },
        timeoutMs: loadTimeoutMs,
        signal,
      });
      return Names ?? [];
    },

    async remove(reference) {
      await client.delete(path`/images/${reference}`);
    },
  };
}

/** Always answered with 200; that it failed is told on the way. */
function* progress({ stream, error }: PullLine): Iterable<PullProgress> {
  if (error) throw pullError(error);
  const message = stream?.trim();
  if (message) yield { message };
}

/** Base64 with the alphabet for URLs, padded: what Go's base64.URLEncoding reads. */
const registryAuth = ({ username, password, server }: RegistryAuth): string =>
  Buffer.from(JSON.stringify({ username, password, serveraddress: server }))
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
