import { errorMessage } from '../meta/error-message.ts';
import { keyOf, metaOf } from '../meta/object-key.ts';
import { isConflict, isNotFound } from '../meta/status-error.ts';
import type { KubernetesObject, Pod } from '../meta/types.ts';
import type { EventRecorder } from '../registry/event-recorder.ts';
import type { Registry } from '../registry/registry.ts';
import { pods } from '../resources/pod.ts';
import { isNamespaceTerminating } from './namespace-terminating.ts';

export type PodControl = { registry: Registry; recorder: EventRecorder };

/** Makes a pod and tells of it at its owner (kubernetes pkg/controller/controller_utils.go RealPodControl). */
export async function createPod({ registry, recorder }: PodControl, owner: KubernetesObject, pod: Pod): Promise<void> {
  try {
    const created = await registry.create(pods, pod);
    recorder.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${metaOf(created).name}`);
  } catch (error) {
    if (!isNamespaceTerminating(error)) {
      recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${errorMessage(error)}`);
    }
    throw error;
  }
}

/** Gone, or another pod under its name: either way this one needs no deleting any more. */
export async function deletePod({ registry, recorder }: PodControl, owner: KubernetesObject, pod: Pod): Promise<void> {
  const { name = '', uid = '' } = metaOf(pod);
  try {
    await registry.delete(pods, keyOf(pod), { preconditions: { uid } });
    recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return;
    recorder.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${errorMessage(error)}`);
    throw error;
  }
}
