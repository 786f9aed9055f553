import { ignore, isNotFound } from '../../meta/status-error.ts';
import { keyOf } from '../../meta/object-key.ts';
import type { Pod, PodStatus } from '../../meta/types.ts';
import { pods } from '../../resources/pod.ts';
import { withNetworkStatus } from '../networks/network-status.ts';
import { podStatus } from '../status/pod-status.ts';
import { tellStatusEvents } from '../status/status-events.ts';
import type { UpdateVerdict } from '../volumes/update-lock.ts';
import type { PlanContext } from './compute-pod-actions.ts';
import type { ObservedPod } from './observed-pod.ts';
import type { PodScope } from './pod-scope.ts';
import type { PodVerdict } from './pod-verdict.ts';

export type Report = {
  /** What the plan was made of. */
  plan: PlanContext;
  podIp: string | undefined;
  failure: PodVerdict | undefined;
  updateAllowed: UpdateVerdict | undefined;
};

/** Stores what is seen of a pod as its status, and tells what happened by events. */
export async function reportPod(scope: PodScope, pod: Pod, observed: ObservedPod, report: Report): Promise<void> {
  const { uid, kubelet } = scope;
  const { registry, recorder } = kubelet;
  const status = statusOf(scope, pod, observed, report);
  const told = (current: Pod) =>
    withNetworkStatus(current, kubelet.secondaryNetworks.of(uid), observed, kubelet.network);
  tellStatusEvents(recorder, pod, status);
  await registry
    .update(pods, keyOf(pod), (current) => (current.metadata?.uid === uid ? told({ ...current, status }) : current), {
      subresource: 'status',
    })
    .catch(ignore(isNotFound));
}

function statusOf(
  { uid, kubelet, memory, lastWords }: PodScope,
  pod: Pod,
  observed: ObservedPod,
  { plan, podIp, failure, updateAllowed }: Report,
): PodStatus {
  const { clock, engine, prober, capabilities, imageRefs } = kubelet;
  const { isHeld, restartedByEngine, engineBacksOff, isStarted, givenTo } = plan;
  const verdicts = prober.verdicts(uid);
  return podStatus(pod, observed, {
    now: clock.now(),
    engine,
    engineBacksOff,
    reportsOomKilled: capabilities.reportsOomKilled,
    isHeld,
    restartedByEngine,
    hostIp: kubelet.hostIp(),
    imageRef: (found) => imageRefs.of(found),
    ...(podIp === undefined ? {} : { podIp }),
    waiting: memory.waiting,
    lastExits: memory.lastExits,
    givenTo,
    resizes: memory.resizes,
    lastWords: (name, exit) => lastWords.of(name, exit),
    probes: { ready: (name) => verdicts.ready(name), started: isStarted },
    ...(updateAllowed === undefined ? {} : { updateAllowed }),
    ...(failure === undefined ? {} : { failure }),
  });
}
