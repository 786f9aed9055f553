import type { ProcessStreams } from '../../domain/container-runtime/process.ts';
import { noDetachKeys } from '../wire/no-detach-keys.ts';
import { processStreams } from '../wire/process-streams.ts';
import type { LibpodContainer } from './libpod-answers.ts';
import { type LibpodClient, path } from './libpod-client.ts';

/** The streams of a container's first process. */
export async function podmanAttach(
  client: LibpodClient,
  id: string,
  { stdin }: { stdin: boolean },
  signal: AbortSignal,
): Promise<ProcessStreams> {
  const { Config } = await client.get<LibpodContainer>(path`/containers/${id}/json`);
  const tty = Config.Tty ?? false;
  const query = { stream: true, stdin, stdout: true, stderr: true, detachKeys: noDetachKeys };
  const socket = await client.hijack(path`/containers/${id}/attach`, { query }, signal);

  return {
    ...processStreams({
      socket,
      tty,
      signal,
      ended: async () => void (await client.find(path`/containers/${id}/json`)),
    }),
    resize: async ({ columns: w, rows: h }) => {
      if (!tty || socket.destroyed) return;
      // What fails here is that the container does not run, or the engine, which the output tells.
      await client.post(path`/containers/${id}/resize`, { query: { h, w } }).catch(() => undefined);
    },
  };
}
