import { setTimeout as sleep } from 'node:timers/promises';
import type { Containers } from '../../container-runtime/container.ts';
import type { Container } from '../../meta/types.ts';
import { portOf } from '../probes/run-probe.ts';
import { tcpProbe } from '../probes/tcp-probe.ts';
import { httpHook } from './http-hook.ts';

export type HookHandler = NonNullable<NonNullable<Container['lifecycle']>['postStart']>;

export type HookTarget = {
  container: Container;
  containerId: string;
  ip: string;
  containers: Containers;
};

/** Resolves when the hook has done its work, rejects when it failed or the signal came first. */
export async function runHook(handler: HookHandler, target: HookTarget, signal: AbortSignal): Promise<void> {
  const { container, ip } = target;
  if (handler.exec) return runCommand(handler.exec.command ?? [], target, signal);
  if (handler.httpGet) return httpHook(handler.httpGet, portOf(container, handler.httpGet.port), ip, signal);
  if (handler.tcpSocket) {
    const result = await tcpProbe(portOf(container, handler.tcpSocket.port), handler.tcpSocket.host || ip, signal);
    if (!result.ok) throw new Error(result.message);
  }
  if (handler.sleep) await sleep(handler.sleep.seconds * 1000, undefined, { signal });
}

async function runCommand(command: readonly string[], target: HookTarget, signal: AbortSignal): Promise<void> {
  const session = await target.containers.exec(target.containerId, { command, tty: false, stdin: false }, signal);
  for await (const _output of session.output);
  signal.throwIfAborted();
  const code = await session.exitCode();
  if (code !== 0) throw new Error(`the command ended with ${code}`);
}
