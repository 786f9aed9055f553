import { keyOf, metaOf } from '../../meta/object-key.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../meta/status-error.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import type { DeploymentStep } from './deployment-plan.ts';
import { isOfTemplate, sizeOf } from './deployment-revisions.ts';
import type { NewSetOutcome } from './deployment-status.ts';
import { sizeAnnotations } from './new-replica-set.ts';
import { isControlledBy } from '../owner-references.ts';

type Options = { registry: Registry; recorder: EventRecorder };

export type StepsResult = {
  outcome: NewSetOutcome;
  collisionCount: number | undefined;
  /** What the queue should know of, after the status has told users. */
  error?: Error;
};

/** Carries out a plan, in its order. A set that has vanished needs nothing more. */
export async function performDeploymentPlan(
  options: Options,
  deployment: Deployment,
  steps: readonly DeploymentStep[],
): Promise<StepsResult> {
  let result: StepsResult = { outcome: { kind: 'standing' }, collisionCount: deployment.status?.collisionCount };
  for (const step of steps) {
    switch (step.do) {
      case 'create':
        result = await createSet(options, deployment, step.replicaSet);
        break;
      case 'describe':
        await ignoringGone(describeSet(options, step));
        break;
      case 'scale':
        await ignoringGone(scaleSet(options, deployment, step.replicaSet, step.replicas));
        break;
      case 'delete':
        await ignoringGone(deleteSet(options, step.replicaSet));
        break;
    }
  }
  return result;
}

/** `conflict` is a precondition: another object has the name by now. */
async function ignoringGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

async function createSet(
  { registry, recorder }: Options,
  deployment: Deployment,
  replicaSet: ReplicaSet,
): Promise<StepsResult> {
  const { name = '' } = metaOf(replicaSet);
  const collisionCount = deployment.status?.collisionCount;
  try {
    const created = await registry.create(replicaSets, replicaSet);
    if (sizeOf(created) > 0) tellScaled(recorder, deployment, name, 0, sizeOf(created));
    return { outcome: { kind: 'created', name }, collisionCount };
  } catch (error) {
    if (isAlreadyExists(error)) return resolveCollision(registry, deployment, replicaSet);
    const cause = error instanceof Error ? error : new Error(String(error));
    const message = `Failed to create new replica set "${name}": ${cause.message}`;
    recorder.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
    return { outcome: { kind: 'failed', message }, collisionCount, error: cause };
  }
}

/** The name is taken: by this very set, or by another template with the same hash, which the next count tells apart. */
function resolveCollision(registry: Registry, deployment: Deployment, replicaSet: ReplicaSet): StepsResult {
  const standing = registry.find(replicaSets, keyOf(replicaSet));
  const collisionCount = deployment.status?.collisionCount;
  const isOurs = standing && isControlledBy(standing, deployment) && isOfTemplate(standing, deployment.spec?.template);
  return { outcome: { kind: 'standing' }, collisionCount: isOurs ? collisionCount : (collisionCount ?? 0) + 1 };
}

const describeSet = (
  { registry }: Options,
  { replicaSet, annotations, minReadySeconds }: DeploymentStep & { do: 'describe' },
): Promise<ReplicaSet> =>
  updateSame(registry, replicaSet, (current) => {
    const { minReadySeconds: _before, ...spec } = current.spec!;
    return {
      ...current,
      metadata: { ...metaOf(current), annotations },
      spec: minReadySeconds === undefined ? spec : { ...spec, minReadySeconds },
    };
  });

async function scaleSet(
  { registry, recorder }: Options,
  deployment: Deployment,
  replicaSet: ReplicaSet,
  replicas: number,
): Promise<void> {
  await updateSame(registry, replicaSet, (current) => ({
    ...current,
    metadata: { ...metaOf(current), annotations: { ...metaOf(current).annotations, ...sizeAnnotations(deployment) } },
    spec: { ...current.spec!, replicas },
  }));
  const before = sizeOf(replicaSet);
  if (before !== replicas) tellScaled(recorder, deployment, metaOf(replicaSet).name ?? '', before, replicas);
}

const updateSame = (
  registry: Registry,
  replicaSet: ReplicaSet,
  change: (current: ReplicaSet) => ReplicaSet,
): Promise<ReplicaSet> =>
  registry.update(replicaSets, keyOf(replicaSet), (current) =>
    metaOf(current).uid === metaOf(replicaSet).uid ? change(current) : current,
  );

const deleteSet = ({ registry }: Options, replicaSet: ReplicaSet) =>
  registry.delete(replicaSets, keyOf(replicaSet), { preconditions: { uid: metaOf(replicaSet).uid ?? '' } });

const tellScaled = (recorder: EventRecorder, deployment: Deployment, name: string, from: number, to: number): void =>
  recorder.event(
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${from < to ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`,
  );
