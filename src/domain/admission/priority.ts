import { forbidden } from '../meta/status-error.ts';
import { pods } from '../resources/pod.ts';
import { groupResource } from '../resources/resource-definition.ts';
import type { AdmissionPlugin } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/** The classes of every cluster (kubernetes pkg/apis/scheduling/v1/helpers.go SystemPriorityClasses). */
const priorities = new Map([
  ['', 0],
  ['system-cluster-critical', 2_000_000_000],
  ['system-node-critical', 2_000_001_000],
]);

/** One node needs no scheduler, but clients read the fields (kubernetes plugin/pkg/admission/priority). */
export const priority = (): AdmissionPlugin => ({
  name: 'Priority',
  mutate(request) {
    const pod = newPodOf(request);
    if (!pod) return undefined;
    const className = pod.spec.priorityClassName ?? '';
    const value = priorities.get(className);
    const refuse = (why: string) => forbidden(groupResource(pods), request.key.name, why);
    if (value === undefined) throw refuse(`no PriorityClass with name ${className} was found`);
    if (pod.spec.priority !== undefined && pod.spec.priority !== value) {
      throw refuse(
        `the integer value of priority (${pod.spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    }
    return {
      ...pod,
      spec: {
        ...pod.spec,
        priority: value,
        preemptionPolicy: pod.spec.preemptionPolicy ?? 'PreemptLowerPriority',
      },
    };
  },
});
