import { setTimeout as delay } from 'node:timers/promises';
import type { ExecSession, ExecSpec, TerminalSize } from '../../domain/container-runtime/process.ts';
import { noDetachKeys } from '../wire/no-detach-keys.ts';
import { processExit } from '../wire/process-exit.ts';
import { processStreams } from '../wire/process-streams.ts';
import { type LibpodClient, path } from './libpod-client.ts';
import { isRuntimeError } from './libpod-error.ts';

type LibpodExec = { Running: boolean; ExitCode: number };

/** The process may be some time in starting, and cannot be resized before. */
const resizeAttempts = 20;
const resizeRetryMs = 50;

/** A command that cannot be started is text of the output and exit code 127. */
export async function podmanExec(
  client: LibpodClient,
  container: string,
  { command, tty, stdin }: ExecSpec,
  signal: AbortSignal,
): Promise<ExecSession> {
  const options = {
    Cmd: command,
    Tty: tty,
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    DetachKeys: noDetachKeys,
  };
  const { Id: id } = await client.post<{ Id: string }>(path`/containers/${container}/exec`, { body: options });
  const socket = await client.hijack(path`/exec/${id}/start`, { body: { Detach: false, Tty: tty } }, signal);

  const resize = async ({ columns: w, rows: h }: TerminalSize) => {
    for (let attempt = 0; attempt < resizeAttempts && !socket.destroyed; attempt += 1) {
      try {
        return await client.post<void>(path`/exec/${id}/resize`, { query: { h, w } });
      } catch (error) {
        // All else is that the process has ended, or the engine, which the output tells.
        if (!isRuntimeError(error, 'Conflict')) return;
        await delay(resizeRetryMs);
      }
    }
  };

  return {
    ...processStreams({ socket, tty, signal, ended: async () => void (await client.find(path`/exec/${id}/json`)) }),
    resize: async (size) => (tty ? resize(size) : undefined),
    exitCode: () =>
      processExit(async () => {
        const { Running, ExitCode } = await client.get<LibpodExec>(path`/exec/${id}/json`);
        return Running ? undefined : ExitCode;
      }, signal),
  };
}
