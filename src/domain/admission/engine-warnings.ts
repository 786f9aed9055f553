import { addsForUser, ambientText } from '../resources/ambient-capabilities.ts';
import { containersOf } from '../resources/containers-of.ts';
import type { AdmissionPlugin } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/** What the engine does otherwise than Kubernetes; unknown until it has answered. */
export type EngineHabits = { ambientCapabilities: boolean };

/** Whoever makes a pod is told what this engine will do differently. */
export const engineWarnings = (habits: () => EngineHabits | undefined): AdmissionPlugin => ({
  name: 'EngineWarnings',
  validate(request) {
    const pod = newPodOf(request);
    if (!pod || !habits()?.ambientCapabilities) return;
    for (const { container, place } of containersOf(pod.spec, ''))
      if (addsForUser(pod.spec, container)) request.warn(`${place}.securityContext.capabilities.add: ${ambientText}`);
  },
});
