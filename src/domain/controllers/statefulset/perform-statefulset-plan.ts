import { errorMessage } from '../../meta/error-message.ts';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { ignore, isAlreadyExists, isConflict, isNotFound } from '../../meta/status-error.ts';
import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../meta/types.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { pods } from '../../resources/pod.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { withOwnerReferences } from '../owner-references.ts';
import type { PodControl } from '../pod-control.ts';
import { slowStartBatch } from '../slow-start-batch.ts';
import type { StatefulSetStep } from './statefulset-plan.ts';

/** Carries out a plan: what comes before pods in its order, then the pods. Throws the first failure, after it was told. */
export async function performStatefulSetPlan(
  control: PodControl,
  set: StatefulSet,
  steps: readonly StatefulSetStep[],
): Promise<void> {
  const creations = steps.filter((step) => step.do === 'create').values();
  for (const step of steps) if (step.do === 'own') await setOwners(control, step.claim, step.owners);
  for (const step of steps) {
    if (step.do === 'claim') await createClaims(control, set, step.pod, step.claims);
    if (step.do === 'label') await addLabels(control, step.pod, step.labels);
    if (step.do === 'recreate') tellRecreation(control, set, step.pod);
    if (step.do === 'delete' || step.do === 'recreate' || step.do === 'replace')
      await deleteMember(control, set, step.pod);
  }
  await slowStartBatch(steps.filter((step) => step.do === 'create').length, async () => {
    const { value: step } = creations.next();
    if (step) await createMember(control, set, step.pod, step.claims);
  });
}

/** Tells of an attempt as Kubernetes does (kubernetes pkg/controller/statefulset/stateful_pod_control.go recordPodEvent). */
async function told(
  { recorder }: PodControl,
  set: StatefulSet,
  verb: 'Create' | 'Delete',
  subject: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const action = `${verb.toLowerCase()} ${subject} in StatefulSet ${metaOf(set).name}`;
  const end = subject.startsWith('Claim') ? 'success' : 'successful';
  try {
    await work();
    recorder.event(set, 'Normal', `Successful${verb}`, `${action} ${end}`);
  } catch (error) {
    if (!isNamespaceTerminating(error) && !isAlreadyExists(error)) {
      recorder.event(set, 'Warning', `Failed${verb}`, `${action} failed error: ${errorMessage(error)}`);
    }
    throw error;
  }
}

async function createMember(
  control: PodControl,
  set: StatefulSet,
  pod: Pod,
  claims: readonly PersistentVolumeClaim[],
): Promise<void> {
  await createClaims(control, set, pod, claims);
  await told(control, set, 'Create', `Pod ${metaOf(pod).name}`, () => control.registry.create(pods, pod));
}

async function createClaims(
  control: PodControl,
  set: StatefulSet,
  pod: Pod,
  claims: readonly PersistentVolumeClaim[],
): Promise<void> {
  for (const claim of claims) {
    const subject = `Claim ${metaOf(claim).name} Pod ${metaOf(pod).name}`;
    await told(control, set, 'Create', subject, () => control.registry.create(persistentVolumeClaims, claim));
  }
}

/** Gone, or another object under its name: nothing needs doing any more. */
const ignoreGone = ignore((error) => isNotFound(error) || isConflict(error));

async function deleteMember(control: PodControl, set: StatefulSet, pod: Pod): Promise<void> {
  const { name, uid = '' } = metaOf(pod);
  const preconditions = { uid };
  await told(control, set, 'Delete', `Pod ${name}`, () =>
    control.registry.delete(pods, keyOf(pod), { preconditions }).catch(ignoreGone),
  );
}

/** kubernetes pkg/controller/statefulset/stateful_set_control.go processReplica */
function tellRecreation({ recorder }: PodControl, set: StatefulSet, pod: Pod): void {
  const { namespace, name } = metaOf(set);
  const whose = (state: string) => `StatefulSet ${namespace}/${name} is recreating ${state} Pod ${metaOf(pod).name}`;
  if (pod.status?.phase === 'Failed') recorder.event(set, 'Warning', 'RecreatingFailedPod', whose('failed'));
  else recorder.event(set, 'Normal', 'RecreatingTerminatedPod', whose('terminated'));
}

const addLabels = ({ registry }: PodControl, pod: Pod, labels: Record<string, string>): Promise<unknown> =>
  registry
    .update(pods, keyOf(pod), (current) =>
      metaOf(current).uid === metaOf(pod).uid
        ? { ...current, metadata: { ...current.metadata, labels: { ...current.metadata?.labels, ...labels } } }
        : current,
    )
    .catch(ignoreGone);

const setOwners = (
  { registry }: PodControl,
  claim: PersistentVolumeClaim,
  owners: readonly OwnerReference[],
): Promise<unknown> =>
  registry
    .update(persistentVolumeClaims, keyOf(claim), (current) =>
      metaOf(current).resourceVersion === metaOf(claim).resourceVersion
        ? withOwnerReferences(current, owners)
        : current,
    )
    .catch(ignoreGone);
