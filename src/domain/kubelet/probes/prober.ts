import { setTimeout as sleep } from 'node:timers/promises';
import type { Containers } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { sidecarsOf } from '../pod/container-kinds.ts';
import { latest, type ObservedPod } from '../pod/observed-pod.ts';
import { ProbeLoop } from './probe-loop.ts';
import type { ProbeResult } from './probe-result.ts';
import { runProbe, type Probe } from './run-probe.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export type ProbeVerdicts = { ready(container: string): boolean; started(container: string): boolean };

export type ProberListener = {
  /** Readiness or start-up changed: the pod's status must be made anew. */
  changed(podUid: string): void;
  /** A failure, or a warning. */
  told(pod: Pod, container: string, kind: ProbeKind, result: ProbeResult): void;
  /** The container must be restarted; settles when that was tried. */
  unhealthy(pod: Pod, container: string, containerId: string, kind: ProbeKind): Promise<void>;
};

type Watch = {
  containerId: string;
  startedAt: number;
  loops: Map<ProbeKind, ProbeLoop>;
  started: boolean;
  ready: boolean;
  /** Ends what checks are under way. */
  abort: AbortController;
};

type Run = { pod: Pod; container: Container; ip: string; watch: Watch };

/** Checks of all containers that were running when k2d came are spread over this time. */
const spreadMs = 1000;

/** For the first answers of those. */
const longestWaitMs = 3000;

/** Runs the probes of running containers (kubernetes pkg/kubelet/prober). A container without probes has no timer and costs nothing. */
export class Prober {
  readonly #containers: Pick<Containers, 'exec'>;
  readonly #listener: ProberListener;
  readonly #signal: AbortSignal;
  readonly #pods = new Map<string, Map<string, Watch>>();
  readonly #began = Date.now();

  constructor(containers: Pick<Containers, 'exec'>, listener: ProberListener, signal: AbortSignal) {
    this.#containers = containers;
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
      const startedAt = found?.state.kind === 'running' ? found.state.startedAt.getTime() : 0;
      if (watch && watch.containerId === found?.id && watch.startedAt === startedAt) continue;
      this.#end(uid, container.name);
      const next = newWatch(found?.id ?? '', startedAt);
      this.#put(uid, container.name, next);
      if (found && startedAt !== 0 && ip !== undefined) this.#begin({ pod, container, ip, watch: next });
    }
  }

  /** Resolves when what was running before k2d has been asked once, or after a while: until then its readiness is not known. */
  async heard(podUid: string): Promise<void> {
    const inherited = [...(this.#pods.get(podUid)?.values() ?? [])].filter((w) => w.startedAt < this.#began);
    const loops = inherited.flatMap(({ loops: own }) => [...own.values()]).filter((loop) => !loop.isHeard);
    if (loops.length === 0) return;
    const limit = new AbortController();
    const timer = sleep(longestWaitMs, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([Promise.all(loops.map((loop) => loop.heard)), timer]);
    limit.abort();
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
    const watch = watches?.get(name);
    watch?.loops.forEach((loop) => loop.stop());
    watch?.abort.abort();
    watches?.delete(name);
  }

  /** Liveness and readiness wait for start-up (prober/worker.go doProbe). */
  #begin(run: Run): void {
    const { container, watch } = run;
    watch.started = container.startupProbe === undefined;
    watch.ready = watch.started && container.readinessProbe === undefined;
    if (container.startupProbe) this.#loop(run, 'startup', container.startupProbe);
    else this.#beginRest(run);
  }

  #beginRest(run: Run): void {
    const { livenessProbe, readinessProbe } = run.container;
    if (livenessProbe) this.#loop(run, 'liveness', livenessProbe);
    if (readinessProbe) this.#loop(run, 'readiness', readinessProbe);
    run.watch.ready ||= readinessProbe === undefined;
  }

  #loop(run: Run, kind: ProbeKind, probe: Probe): void {
    const { pod, container, ip, watch } = run;
    const { containerId, startedAt } = watch;
    const signal = AbortSignal.any([this.#signal, watch.abort.signal]);
    const target = { container, containerId, ip, containers: this.#containers, overdue: { processes: 0 } };
    const knowsNothing = startedAt < this.#began;
    const wait = startedAt + (probe.initialDelaySeconds ?? 0) * 1000 - Date.now();
    const loop = new ProbeLoop({
      probe,
      knowsNothing: knowsNothing && kind === 'readiness',
      firstDelay: Math.max(0, wait) + (knowsNothing ? Math.random() * spreadMs : 0),
      check: () => runProbe(probe, target, signal),
      told: (result) => this.#listener.told(pod, container.name, kind, result),
      passed: () => this.#passed(run, kind),
      failed: () => this.#failed(run, kind),
    });
    watch.loops.set(kind, loop);
  }

  #passed(run: Run, kind: ProbeKind): boolean {
    const { watch } = run;
    const changes = (kind === 'startup' && !watch.started) || (kind === 'readiness' && !watch.ready);
    if (kind === 'startup') {
      watch.started = true;
      this.#beginRest(run);
    }
    if (kind === 'readiness') watch.ready = true;
    if (changes) this.#listener.changed(run.pod.metadata?.uid ?? '');
    return kind !== 'startup';
  }

  async #failed({ pod, container, watch }: Run, kind: ProbeKind): Promise<void> {
    if (kind !== 'readiness') return this.#listener.unhealthy(pod, container.name, watch.containerId, kind);
    const changes = watch.ready;
    watch.ready = false;
    if (changes) this.#listener.changed(pod.metadata?.uid ?? '');
  }
}

/** Nothing is known to run: neither started nor ready. `startedAt` is 0 while it does not. */
const newWatch = (containerId: string, startedAt: number): Watch => ({
  containerId,
  startedAt,
  loops: new Map(),
  started: false,
  ready: false,
  abort: new AbortController(),
});

const probesOf = (container: Container): Probe[] =>
  [container.startupProbe, container.livenessProbe, container.readinessProbe].filter((probe) => probe !== undefined);
