import { isNotFound } from '../../meta/status-error.ts';
import { keyOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { pods } from '../../resources/pod.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import { isAlive, type ObservedPod } from './observed-pod.ts';

/** Ends what runs of a pod within the grace: its containers in their order, then what held them together. */
export async function endPod(kubelet: KubeletContext, pod: Pod, observed: ObservedPod, grace: number): Promise<void> {
  // A probe that fails now would start again what is to end.
  kubelet.prober.forget(pod.metadata?.uid ?? '');
  await kubelet.ending.endAll(pod, observed.containers.filter(isAlive), grace);
  if (observed.sandbox?.state === 'ready') await kubelet.runtime.sandboxes.stop(observed.sandbox.id, 0);
}

/** The API object of a pod goes last, when nothing is left of it. Answers false when a finalizer still holds it. */
export async function forgetObject({ registry }: KubeletContext, pod: Pod): Promise<boolean> {
  const preconditions = { uid: pod.metadata?.uid ?? '' };
  const key = keyOf(pod);
  await registry.delete(pods, key, { gracePeriodSeconds: 0, preconditions }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  return registry.find(pods, key)?.metadata?.uid !== preconditions.uid;
}

/** Removes everything that the engine and the disk hold of a pod that has ended. */
export async function removePod(kubelet: KubeletContext, pod: Pod, observed: ObservedPod): Promise<void> {
  const { runtime, index, volumes, addresses, secondaryNetworks, puller, prober, tokens } = kubelet;
  const uid = pod.metadata?.uid ?? '';
  prober.forget(uid);
  await Promise.all(observed.containers.map((c) => runtime.containers.remove(c.id)));
  if (observed.sandbox) await runtime.sandboxes.remove(observed.sandbox.id);
  await volumes.remove(pod);
  index.forgetPod(uid);
  addresses.release(uid);
  await secondaryNetworks.release(uid);
  puller.forget(uid);
  tokens.forget(uid);
}
