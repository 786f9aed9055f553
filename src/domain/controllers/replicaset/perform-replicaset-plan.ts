import { errorMessage } from '../../meta/error-message.ts';
import { controllerReference } from '../owner-references.ts';
import { createPod, deletePod, type PodControl } from '../pod-control.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import { slowStartBatch } from '../slow-start-batch.ts';
import type { Replicated, ReplicatedKind } from './replicated.ts';
import type { ReplicaSetPlan } from './replicaset-plan.ts';
import type { ReplicaFailure } from './replicaset-status.ts';

type Failure = { condition: ReplicaFailure; cause: unknown };

/** Makes or deletes the pods of a plan; answers what went wrong, if anything did. */
export async function performReplicaSetPlan<T extends Replicated>(
  control: PodControl,
  { definition }: ReplicatedKind<T>,
  owner: T,
  plan: ReplicaSetPlan,
): Promise<Failure | undefined> {
  const pod = podFromTemplate(owner.spec?.template ?? {}, owner, controllerReference(definition, owner));
  try {
    await slowStartBatch(plan.create, () => createPod(control, owner, pod));
  } catch (cause) {
    return { condition: { reason: 'FailedCreate', message: errorMessage(cause) }, cause };
  }
  const results = await Promise.allSettled(plan.remove.map((surplus) => deletePod(control, owner, surplus)));
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed?.status !== 'rejected') return undefined;
  return { condition: { reason: 'FailedDelete', message: errorMessage(failed.reason) }, cause: failed.reason };
}
