import { keyOf, metaOf } from '../../meta/object-key.ts';
import { isConflict, isNotFound } from '../../meta/status-error.ts';
import type { Pod, ReplicaSet } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { controllerReference } from '../owner-references.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import type { ReplicaSetPlan } from './replicaset-plan.ts';
import type { ReplicaFailure } from './replicaset-status.ts';
import { slowStartBatch } from '../slow-start-batch.ts';

type Options = { registry: Registry; recorder: EventRecorder };

type Failure = { condition: ReplicaFailure; cause: unknown };

/** Makes or deletes the pods of a plan; answers what went wrong, if anything did. */
export async function performReplicaSetPlan(
  options: Options,
  replicaSet: ReplicaSet,
  plan: ReplicaSetPlan,
): Promise<Failure | undefined> {
  try {
    await slowStartBatch(plan.create, () => createPod(options, replicaSet));
  } catch (cause) {
    return { condition: { reason: 'FailedCreate', message: messageOf(cause) }, cause };
  }
  const results = await Promise.allSettled(plan.remove.map((pod) => deletePod(options, replicaSet, pod)));
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed?.status !== 'rejected') return undefined;
  return { condition: { reason: 'FailedDelete', message: messageOf(failed.reason) }, cause: failed.reason };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function createPod({ registry, recorder }: Options, replicaSet: ReplicaSet): Promise<void> {
  const template = replicaSet.spec?.template ?? {};
  const reference = controllerReference(replicaSets, replicaSet);
  try {
    const pod = await registry.create(pods, podFromTemplate(template, replicaSet, reference));
    recorder.event(replicaSet, 'Normal', 'SuccessfulCreate', `Created pod: ${metaOf(pod).name}`);
  } catch (error) {
    if (!isNamespaceTerminating(error)) {
      recorder.event(replicaSet, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
    }
    throw error;
  }
}

/** Gone, or another pod under its name: either way this one needs no deleting any more. */
async function deletePod({ registry, recorder }: Options, replicaSet: ReplicaSet, pod: Pod): Promise<void> {
  const { name = '', uid = '' } = metaOf(pod);
  try {
    await registry.delete(pods, keyOf(pod), { preconditions: { uid } });
    recorder.event(replicaSet, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return;
    recorder.event(replicaSet, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`);
    throw error;
  }
}
