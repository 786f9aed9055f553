import type { Deployment } from '../../meta/types.ts';
import type { DeploymentStep } from './deployment-plan.ts';
import { availableOf, sizeOf, type Revisions } from './deployment-revisions.ts';
import { rolloutBounds } from './rollout-bounds.ts';

/**
 * The steps take old pods away before a new one has shown that its images are there: `Recreate`, and rolling updates that may not exceed their
 * size. Kubernetes stops them all the same; on a device whose registry is far away that would be an outage.
 */
export const stopsBeforeStart = (
  deployment: Deployment,
  { newSet, oldSets }: Revisions,
  steps: readonly DeploymentStep[],
): boolean =>
  rolloutBounds(deployment).replicas > 0 &&
  (newSet === undefined || availableOf(newSet) === 0) &&
  steps.some(
    (step) => step.do === 'scale' && oldSets.includes(step.replicaSet) && step.replicas < sizeOf(step.replicaSet),
  );
