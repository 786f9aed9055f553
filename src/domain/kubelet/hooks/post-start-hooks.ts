import type { Containers, ContainerStatus } from '../../container-runtime/container.ts';
import type { Logger } from '../../meta/logger.ts';
import type { Container, Pod } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import { fieldPathOf, podContainers } from '../pod/container-kinds.ts';
import { latest, runOf, type ObservedPod } from '../pod/observed-pod.ts';
import { runHook } from './run-hook.ts';

export type PostStartHooksOptions = {
  containers: Containers;
  recorder: EventRecorder;
  logger: Logger;
  ipOf: (pod: Pod) => string;
  signal: AbortSignal;
};

export type PostStartListener = {
  /** What the hook was run for last, before k2d was started; so that it is not run twice for one start of the container. */
  doneBefore(container: string): string | undefined;
  done(container: string, run: string): void;
  /** The container must go (FailedPostStartHook). */
  failed(pod: Pod, container: Container, id: string): void;
};

type Hook = { run: string; state: 'running' | 'done' | 'failed'; abort: AbortController };

/**
 * Runs postStart hooks of one pod's containers after every start, whoever started them: the kubelet, the engine by its policy, or
 * somebody's hand. Until it has ended the container counts as not started.
 */
export class PostStartHooks {
  readonly #options: PostStartHooksOptions;
  readonly #listener: PostStartListener;
  readonly #hooks = new Map<string, Hook>();

  constructor(options: PostStartHooksOptions, listener: PostStartListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Begins what newly runs; forgets what runs no more. */
  follow(pod: Pod, observed: ObservedPod): void {
    for (const { container } of podContainers(pod)) {
      if (!container.lifecycle?.postStart) continue;
      const found = latest(observed, container.name);
      const run = found && runOf(found);
      if (run === this.#hooks.get(container.name)?.run) continue;
      this.#forget(container.name);
      if (found && run !== undefined) this.#begin(pod, container, found, run);
    }
  }

  /** True for a container whose hook is not through; asked of those that run. */
  isPending(container: string): boolean {
    const hook = this.#hooks.get(container);
    return hook !== undefined && hook.state !== 'done';
  }

  stop(): void {
    for (const name of this.#hooks.keys()) this.#forget(name);
  }

  #forget(name: string): void {
    this.#hooks.get(name)?.abort.abort();
    this.#hooks.delete(name);
  }

  #begin(pod: Pod, container: Container, found: ContainerStatus, run: string): void {
    const { name } = container;
    const hook: Hook = { run, state: 'running', abort: new AbortController() };
    this.#hooks.set(name, hook);
    if (this.#listener.doneBefore(name) === run) {
      hook.state = 'done';
      return;
    }
    void this.#run(pod, container, found.id, hook);
  }

  async #run(pod: Pod, container: Container, containerId: string, hook: Hook): Promise<void> {
    const { containers, recorder, logger, ipOf, signal } = this.#options;
    const limit = AbortSignal.any([signal, hook.abort.signal]);
    const isStale = () => limit.aborted || this.#hooks.get(container.name) !== hook;
    try {
      await runHook(container.lifecycle!.postStart!, { container, containerId, ip: ipOf(pod), containers }, limit);
      if (isStale()) return;
      hook.state = 'done';
      this.#listener.done(container.name, hook.run);
    } catch (error) {
      if (isStale()) return;
      hook.state = 'failed';
      logger.info({ container: container.name, error }, 'a postStart hook failed');
      // No more than that: what servers answer may be secret.
      recorder.event(pod, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', fieldPathOf(pod, container.name));
      this.#listener.failed(pod, container, containerId);
    }
  }
}
