import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Container, Pod } from '../../meta/types.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import type { LastWords } from '../status/last-words.ts';
import { fieldPathOf } from './container-kinds.ts';
import type { PodMemory } from './pod-memory.ts';

/** `waiting`: something is missing, the memory says what, and the worker will be woken. */
export type Step = 'done' | 'waiting';

export type Wake = {
  now(): void;
  /** Milliseconds since 1970. */
  by(time: number): void;
};

/** One pod, what the kubelet knows of it, and what it works with. */
export type PodScope = {
  readonly uid: string;
  /** Of the pod's files. */
  readonly folder: string;
  readonly kubelet: KubeletContext;
  readonly memory: PodMemory;
  readonly wake: Wake;
  readonly lastWords: LastWords;
  /** Writes down what the memory must not lose. */
  keep(): Promise<void>;
};

/** Milliseconds since 1970. */
export const nowOf = ({ kubelet }: PodScope): number => kubelet.clock.now().getTime();

/** Of containers that end before their pod does, in seconds. */
export const graceOf = (pod: Pod): number => pod.spec?.terminationGracePeriodSeconds ?? 30;

/** The container does not come yet, for a reason that kubectl shows; it is tried again by its back-off. */
export function holdBack(scope: PodScope, pod: Pod, container: Container, reason: string, message: string): 'waiting' {
  const { kubelet, memory, wake } = scope;
  memory.waiting.set(container.name, { reason, message });
  kubelet.recorder.event(pod, 'Warning', 'Failed', `Error: ${message}`, fieldPathOf(pod, container.name));
  wake.by(memory.backoff.heldUntil(container.name, nowOf(scope)) ?? nowOf(scope) + 10_000);
  return 'waiting';
}

/** What an engine that answers refused; everything else is thrown on, and the whole pod is tried again. */
export function refusedByEngine(error: unknown): RuntimeError {
  if (!(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
  return error;
}
