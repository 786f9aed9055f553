import type { Containers } from '../../container-runtime/container.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { ProbeResult } from './probe-result.ts';

export type ExecTarget = { containers: Pick<Containers, 'exec'>; containerId: string };

/** Processes of one probe that took longer than its timeout and have not ended yet. */
export type Overdue = { processes: number };

/** More would fill the container with processes that hang. */
const mostOverdue = 3;

/** What is read of the output (kubernetes pkg/probe/exec maxReadLength). */
const mostOutput = 10 * 1024;

/**
 * Exit code 0 is success (kubernetes pkg/probe/exec). No engine can end a process that it was told to start beside a container's own: one that
 * outlives the timeout is a failure and is left to end by itself or with the container, and while some are left no further one is started.
 */
export async function execProbe(
  command: readonly string[],
  target: ExecTarget,
  timeoutMs: number,
  overdue: Overdue,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const late = {
    ok: false,
    message: `command timed out: "${command.join(' ')}" timed out after ${timeoutMs / 1000}s`,
  } as const;
  if (overdue.processes >= mostOverdue) return late;
  const run = runCommand(command, target, signal);
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  const result = await Promise.race([run, timeout]);
  clearTimeout(timer);
  if (result) return result;
  overdue.processes += 1;
  void run.then(() => (overdue.processes -= 1));
  return late;
}

async function runCommand(
  command: readonly string[],
  { containers, containerId }: ExecTarget,
  signal: AbortSignal,
): Promise<ProbeResult> {
  try {
    const session = await containers.exec(containerId, { command, tty: false, stdin: false }, signal);
    let output = Buffer.alloc(0);
    for await (const { data } of session.output) {
      if (output.length < mostOutput) output = Buffer.concat([output, data]).subarray(0, mostOutput);
    }
    const code = await session.exitCode();
    return code === 0 ? { ok: true } : { ok: false, message: output.toString() };
  } catch (error) {
    if (error instanceof RuntimeError || signal.aborted) return { ok: false, message: String(error), unknown: true };
    throw error;
  }
}
