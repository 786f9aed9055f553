import { badRequest, StatusError } from '../../domain/meta/status-error.ts';
import { booleanParameter } from '../query-parameters.ts';
import type { WantedStreams } from '../streaming/remote-command.ts';

/** v1.PodExecOptions and v1.PodAttachOptions (kubernetes pkg/apis/core/v1/defaults.go): output unless it is not wanted; a terminal has one. */
export function wantedStreams(query: URLSearchParams): WantedStreams {
  const tty = booleanParameter(query, 'tty') ?? false;
  const stdin = booleanParameter(query, 'stdin') ?? false;
  const stdout = booleanParameter(query, 'stdout') ?? true;
  const stderr = (booleanParameter(query, 'stderr') ?? true) && !tty;
  if (!stdin && !stdout && !stderr) throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  return { stdin, stdout, stderr, tty };
}

/** The kubelet's words (kubernetes pkg/kubelet/kubelet_pods.go GetExec). */
export const containerNotFound = (container: string) =>
  new StatusError(404, 'NotFound', `container not found (${JSON.stringify(container)})`);

/** Aborted with the given one, or by `leave`. */
export function leavable(closed: AbortSignal): { signal: AbortSignal; leave: () => void } {
  const left = new AbortController();
  return { signal: AbortSignal.any([closed, left.signal]), leave: () => left.abort() };
}
