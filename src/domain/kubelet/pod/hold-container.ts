import type { Container, Pod } from '../../meta/types.ts';
import { latest, type ObservedPod } from './observed-pod.ts';
import type { PodScope } from './pod-scope.ts';
import { toldStatus } from '../status/told-status.ts';

/** Stops it until its time comes. Written down before, so that the run that this ends is no restart, whenever k2d dies. */
export async function holdContainer(
  scope: PodScope,
  pod: Pod,
  observed: ObservedPod,
  { name }: Container,
  id: string,
): Promise<'done'> {
  const found = latest(observed, name);
  if (found) scope.memory.hold(found, toldStatus(pod, name)?.restartCount ?? 0);
  await scope.keep();
  await scope.kubelet.runtime.containers.stop(id, 0);
  return 'done';
}
