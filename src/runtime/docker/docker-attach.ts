import type { ProcessStreams } from '../../domain/container-runtime/process.ts';
import { processStreams } from '../wire/process-streams.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { wholeId } from './engine-name.ts';
import { noDetachKeys } from '../wire/no-detach-keys.ts';

/**
 * The streams of a container's first process. Docker passes the end of the input on only where the container was made for one client
 * (StdinOnce); elsewhere it would end the output instead, so it is not told.
 */
export async function dockerAttach(
  engine: DockerEngine,
  container: string,
  { stdin }: { stdin: boolean },
  signal: AbortSignal,
): Promise<ProcessStreams> {
  const id = wholeId(container);
  const inspect = () => engine.call((docker, abortSignal) => docker.getContainer(id).inspect({ abortSignal }));
  const { Config } = await inspect();
  const query = new URLSearchParams({ stream: '1', stdout: '1', stderr: '1', detachKeys: noDetachKeys });
  if (stdin) query.set('stdin', '1');
  const socket = await engine.hijack(`/containers/${id}/attach?${query.toString()}`, undefined, signal);
  const ended = async () => void (await orGone(inspect()));
  const streams = processStreams({ socket, tty: Config.Tty, signal, ended });

  return {
    ...streams,
    endInput: async () => (Config.StdinOnce ? streams.endInput() : undefined),
    resize: async ({ columns: w, rows: h }) => {
      if (!Config.Tty || socket.destroyed) return;
      // What fails here is that the container does not run, or the engine, which the output tells.
      await engine
        .call((docker, abortSignal) => docker.getContainer(id).resize({ h, w, abortSignal }))
        .catch(() => undefined);
    },
  };
}
