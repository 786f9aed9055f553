import type { Container, Pod } from '../../meta/types.ts';
import { sidecarsOf } from '../pod/container-kinds.ts';
import { latest, type ObservedPod } from '../pod/observed-pod.ts';
import { runProbe, type Probe } from './run-probe.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export type ProbeVerdicts = { ready(container: string): boolean; started(container: string): boolean };

export type ProberListener = {
  /** Readiness or start-up changed: the pod's status must be made anew. */
  changed(podUid: string): void;
  failed(pod: Pod, container: string, kind: ProbeKind, message: string): void;
  /** The container must be restarted. */
  unhealthy(pod: Pod, container: string, containerId: string, kind: ProbeKind): void;
};

type Watch = {
  containerId: string;
  startedAt: number;
  timers: Map<ProbeKind, NodeJS.Timeout>;
  started: boolean;
  ready: boolean;
};

/**
 * Runs the probes of running containers (kubernetes pkg/kubelet/prober). A container without probes has no timer and costs nothing.
 */
export class Prober {
  readonly #listener: ProberListener;
  readonly #signal: AbortSignal;
  readonly #pods = new Map<string, Map<string, Watch>>();

  constructor(listener: ProberListener, signal: AbortSignal) {
    this.#listener = listener;
    this.#signal = signal;
    signal.addEventListener('abort', () => [...this.#pods.keys()].forEach((uid) => this.forget(uid)), { once: true });
  }

  verdicts(podUid: string): ProbeVerdicts {
    const watches = this.#pods.get(podUid);
    return {
      ready: (name) => watches?.get(name)?.ready ?? true,
      started: (name) => watches?.get(name)?.started ?? true,
    };
  }

  /** Begins to probe what newly runs, and ends what runs no more. */
  follow(pod: Pod, observed: ObservedPod, ip: string | undefined): void {
    const uid = pod.metadata?.uid ?? '';
    for (const container of [...sidecarsOf(pod), ...pod.spec!.containers]) {
      if (probesOf(container).length === 0) continue;
      const found = latest(observed, container.name);
      const watch = this.#pods.get(uid)?.get(container.name);
      const startedAt = found?.state.kind === 'running' ? found.state.startedAt.getTime() : undefined;
      if (watch && watch.containerId === found?.id && watch.startedAt === startedAt) continue;
      this.#end(uid, container.name);
      if (found && startedAt !== undefined && ip !== undefined) this.#begin(pod, container, found.id, startedAt, ip);
      else this.#put(uid, container.name, idleWatch(found?.id ?? ''));
    }
  }

  forget(podUid: string): void {
    for (const name of this.#pods.get(podUid)?.keys() ?? []) this.#end(podUid, name);
    this.#pods.delete(podUid);
  }

  #put(uid: string, name: string, watch: Watch): void {
    const watches = this.#pods.get(uid) ?? new Map<string, Watch>();
    watches.set(name, watch);
    this.#pods.set(uid, watches);
  }

  #end(uid: string, name: string): void {
    const watches = this.#pods.get(uid);
    watches?.get(name)?.timers.forEach((timer) => clearTimeout(timer));
    watches?.delete(name);
  }

  #begin(pod: Pod, container: Container, containerId: string, startedAt: number, ip: string): void {
    const watch: Watch = {
      containerId,
      startedAt,
      timers: new Map(),
      started: container.startupProbe === undefined,
      ready: container.readinessProbe === undefined,
    };
    this.#put(pod.metadata?.uid ?? '', container.name, watch);
    for (const [kind, probe] of probesOf(container)) this.#schedule(pod, container, watch, kind, probe, ip);
  }

  /** Liveness and readiness wait for start-up (prober/worker.go doProbe). */
  #schedule(pod: Pod, container: Container, watch: Watch, kind: ProbeKind, probe: Probe, ip: string): void {
    const uid = pod.metadata?.uid ?? '';
    const period = (probe.periodSeconds ?? 10) * 1000;
    let successes = 0;
    let failures = 0;
    const round = async (): Promise<void> => {
      const stale = () => this.#signal.aborted || this.#pods.get(uid)?.get(container.name) !== watch;
      if (kind !== 'startup' && !watch.started) return again();
      if (kind === 'startup' && watch.started) return;
      const result = await runProbe(probe, container, ip, this.#signal);
      if (stale()) return;
      successes = result.ok ? successes + 1 : 0;
      failures = result.ok ? 0 : failures + 1;
      if (!result.ok) this.#listener.failed(pod, container.name, kind, result.message);
      if (successes >= (probe.successThreshold ?? 1)) this.#settle(uid, watch, kind, true);
      if (failures >= (probe.failureThreshold ?? 3)) {
        if (kind === 'readiness') this.#settle(uid, watch, kind, false);
        else return this.#listener.unhealthy(pod, container.name, watch.containerId, kind);
      }
      again();
    };
    const again = (delay = period): void => {
      watch.timers.set(
        kind,
        setTimeout(() => void round(), delay),
      );
    };
    again((probe.initialDelaySeconds ?? 0) * 1000);
  }

  #settle(uid: string, watch: Watch, kind: ProbeKind, good: boolean): void {
    const before = `${watch.started} ${watch.ready}`;
    if (kind === 'startup') watch.started = good;
    if (kind === 'readiness') watch.ready = good;
    if (`${watch.started} ${watch.ready}` !== before) this.#listener.changed(uid);
  }
}

/** Nothing runs: neither started nor ready. */
const idleWatch = (containerId: string): Watch => ({
  containerId,
  startedAt: 0,
  timers: new Map(),
  started: false,
  ready: false,
});

/** Kinds of check that this version can make; others were warned of at creation. */
const probesOf = (container: Container): [ProbeKind, Probe][] =>
  (
    [
      ['startup', container.startupProbe],
      ['liveness', container.livenessProbe],
      ['readiness', container.readinessProbe],
    ] as const
  ).flatMap(([kind, probe]): [ProbeKind, Probe][] => (probe?.httpGet || probe?.tcpSocket ? [[kind, probe]] : []));
