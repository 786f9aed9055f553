import { setTimeout as sleep } from 'node:timers/promises';
import type { Containers, ContainerStatus } from '../../container-runtime/container.ts';
import type { Clock } from '../../meta/clock.ts';
import type { Logger } from '../../meta/logger.ts';
import type { Container, Pod } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import { fieldPathOf, podContainers, sidecarsOf } from '../pod/container-kinds.ts';
import { label } from '../pod/pod-identity.ts';
import { runHook } from './run-hook.ts';

export type ContainerEndingOptions = {
  containers: Containers;
  clock: Clock;
  recorder: EventRecorder;
  logger: Logger;
  /** Where the pod is reached. */
  ipOf: (pod: Pod) => string;
};

/** What is left when the hook took all the time (kuberuntime_container.go minimumGracePeriodInSeconds). */
const leastGrace = 2;

/** Ends containers as Kubernetes does: first the hook, then the stop signal, both within the grace (kuberuntime_container.go killContainer). */
export class ContainerEnding {
  readonly #options: ContainerEndingOptions;

  constructor(options: ContainerEndingOptions) {
    this.#options = options;
  }

  /** Runs the preStop hook; answers the seconds of the grace that are left. */
  async preStop(pod: Pod, container: Container, id: string, graceSeconds: number): Promise<number> {
    const handler = container.lifecycle?.preStop;
    if (!handler || graceSeconds <= 0) return graceSeconds;
    const { containers, recorder, logger, ipOf } = this.#options;
    const begun = this.#now();
    const target = { container, containerId: id, ip: ipOf(pod), containers };
    await runHook(handler, target, AbortSignal.timeout(graceSeconds * 1000)).catch((error: unknown) => {
      logger.info({ container: container.name, error }, 'a preStop hook failed');
      // No more than that: what servers answer may be secret.
      recorder.event(pod, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', fieldPathOf(pod, container.name));
    });
    return Math.max(leastGrace, graceSeconds - Math.floor((this.#now() - begun) / 1000));
  }

  /** Hook and stop of one container. */
  async end(pod: Pod, container: Container, id: string, graceSeconds: number, why?: string): Promise<void> {
    this.#tell(pod, container, why);
    await this.#options.containers.stop(id, await this.preStop(pod, container, id, graceSeconds));
  }

  /**
   * Main containers side by side; when they have ended, sidecars from the last to the first. All hooks run at once, and all of it
   * shares one grace (kuberuntime_termination_order.go).
   */
  async endAll(pod: Pod, alive: readonly ContainerStatus[], graceSeconds: number): Promise<void> {
    const order = sidecarsOf(pod).map(({ name }) => name);
    const sidecars = alive
      .filter((c) => order.includes(nameOf(c)))
      .toSorted((a, b) => order.indexOf(nameOf(b)) - order.indexOf(nameOf(a)));
    const others = alive.filter((c) => !sidecars.includes(c));
    let before: Promise<unknown> = Promise.all(others.map((c) => this.#endInTurn(pod, c, graceSeconds)));
    const ends = [before];
    for (const sidecar of sidecars) {
      before = this.#endInTurn(pod, sidecar, graceSeconds, before);
      ends.push(before);
    }
    await Promise.all(ends);
  }

  async #endInTurn(pod: Pod, found: ContainerStatus, graceSeconds: number, before?: Promise<unknown>): Promise<void> {
    const deadline = this.#now() + graceSeconds * 1000;
    const container = podContainers(pod).find((c) => c.container.name === nameOf(found))?.container;
    if (container && found.state.kind === 'running') {
      this.#tell(pod, container);
      await this.preStop(pod, container, found.id, graceSeconds);
    }
    if (before) await atMost(before, deadline - this.#now());
    const left = Math.ceil((deadline - this.#now()) / 1000);
    await this.#options.containers.stop(found.id, graceSeconds <= 0 ? 0 : Math.max(leastGrace, left));
  }

  #tell(pod: Pod, container: Container, why = `Stopping container ${container.name}`): void {
    this.#options.recorder.event(pod, 'Normal', 'Killing', why, fieldPathOf(pod, container.name));
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }
}

const nameOf = ({ labels }: ContainerStatus): string => labels[label.container] ?? '';

async function atMost(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const limit = new AbortController();
  const timer = sleep(Math.max(0, milliseconds), undefined, { signal: limit.signal }).catch(() => undefined);
  await Promise.race([work, timer]).finally(() => limit.abort());
}
