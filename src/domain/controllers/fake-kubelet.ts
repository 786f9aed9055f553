import { toTime, type Clock } from '../meta/clock.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../meta/object-key.ts';
import { ignore, isNotFound } from '../meta/status-error.ts';
import type { Pod, PodStatus } from '../meta/types.ts';
import { silentLogger } from '../registry/registry-fixture.ts';
import type { Registry } from '../registry/registry.ts';
import { pods } from '../resources/pod.ts';
import { refusalPrefix } from '../resources/refused-pod.ts';
import { runController, source } from './controller.ts';
import { isPodTerminal } from './pod-lifecycle.ts';

export type PodOutcome = 'ready' | 'running' | 'pending' | 'failed' | 'refused' | 'succeeded' | 'leave';

export type FakeKubeletOptions = {
  registry: Registry;
  clock: Clock;
  signal: AbortSignal;
} & FakeKubeletBehaviour;

export type FakeKubeletBehaviour = {
  /** What becomes of a pod that is not being deleted, `ready` unless said otherwise; `leave` keeps it as it is. */
  outcome?(pod: Pod): PodOutcome;
  /** Whether a pod that is being deleted may go now. */
  mayGo?(pod: Pod): boolean;
};

/** Does for tests what the kubelet does for controllers: gives pods an address and a status, and lets deleted ones go. */
export function startFakeKubelet(options: FakeKubeletOptions): Promise<void> {
  const { registry, clock } = options;
  let address = 0;
  const reconcile = async (key: string): Promise<void> => {
    const pod = registry.find(pods, parseKey(key));
    if (!pod) return;
    if (metaOf(pod).deletionTimestamp !== undefined) {
      if (options.mayGo?.(pod) ?? true) await end(options, pod);
      return;
    }
    const outcome = options.outcome?.(pod) ?? 'ready';
    if (outcome === 'leave') return;
    const podIP = pod.status?.podIP ?? `10.88.0.${++address}`;
    await registry.update(
      pods,
      keyOf(pod),
      (current) => ({ ...current, status: statusOf(current, outcome, podIP, clock) }),
      {
        subresource: 'status',
      },
    );
  };
  return runController({
    name: 'fake-kubelet',
    registry,
    logger: silentLogger,
    sources: [source(pods, ({ object }) => [formatKey(keyOf(object))])],
    reconcile: (key) => reconcile(key).catch(ignore(isNotFound)),
    signal: options.signal,
    concurrency: 2,
  });
}

/** Whoever holds a pod sees how it ended. */
async function end({ registry, clock }: FakeKubeletOptions, pod: Pod): Promise<void> {
  if (metaOf(pod).finalizers?.length && !isPodTerminal(pod)) {
    const status = (current: Pod): Pod => ({
      ...current,
      status: statusOf(current, 'failed', current.status?.podIP ?? '', clock),
    });
    await registry.update(pods, keyOf(pod), status, { subresource: 'status' });
  }
  await registry.delete(pods, keyOf(pod), { gracePeriodSeconds: 0 });
}

const phases = {
  ready: 'Running',
  running: 'Running',
  pending: 'Pending',
  failed: 'Failed',
  refused: 'Failed',
  succeeded: 'Succeeded',
} as const;

export function statusOf(pod: Pod, outcome: keyof typeof phases, podIP: string, clock: Clock): PodStatus {
  const status = outcome === 'ready' ? 'True' : 'False';
  const standing = pod.status?.conditions?.find((c) => c.type === 'Ready' && c.status === status);
  const ready = standing ?? { type: 'Ready', status, lastTransitionTime: toTime(clock.now()) };
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'Ready');
  return {
    ...pod.status,
    phase: phases[outcome],
    conditions: [...others, ready],
    ...(outcome === 'refused' ? { message: `${refusalPrefix}not here` } : {}),
    ...(outcome === 'pending' ? {} : { podIP, podIPs: [{ ip: podIP }] }),
  };
}
