import type { ExecSession, ExecSpec } from '../../domain/container-runtime/process.ts';
import { processExit } from '../wire/process-exit.ts';
import { processStreams } from '../wire/process-streams.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { wholeId } from './engine-name.ts';
import { noDetachKeys } from '../wire/no-detach-keys.ts';

/** The engine answers before the process is started: one that cannot be started is text of its output and exit code 126 or 127. */
export async function dockerExec(
  engine: DockerEngine,
  container: string,
  { command, tty, stdin }: ExecSpec,
  signal: AbortSignal,
): Promise<ExecSession> {
  const options = {
    Cmd: [...command],
    Tty: tty,
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    DetachKeys: noDetachKeys,
  };
  const { id } = await engine.call((docker, abortSignal) =>
    docker.getContainer(wholeId(container)).exec({ ...options, abortSignal }),
  );
  const socket = await engine.hijack(`/exec/${id}/start`, { Detach: false, Tty: tty }, signal);
  const inspect = () => engine.call((docker, abortSignal) => docker.getExec(id).inspect({ abortSignal }));

  return {
    ...processStreams({ socket, tty, signal, ended: async () => void (await orGone(inspect())) }),
    resize: async ({ columns: w, rows: h }) => {
      if (!tty || socket.destroyed) return;
      // What fails here is that the process has ended, or the engine, which the output tells.
      await engine
        .call((docker, abortSignal) => docker.getExec(id).resize({ h, w, abortSignal }))
        .catch(() => undefined);
    },
    exitCode: () =>
      processExit(async () => {
        const { Running, ExitCode } = await inspect();
        return Running ? undefined : (ExitCode ?? undefined);
      }, signal),
  };
}
