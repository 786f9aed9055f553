import { toTime, type Clock } from '../meta/clock.ts';
import type { PodCondition } from '../meta/types.ts';
import { misfit } from '../resources/node-fit.ts';
import { nodes } from '../resources/node.ts';
import type { AdmissionPlugin } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/** With one node, scheduling is writing its name; a pod that it does not fit waits as unschedulable pods do. */
export const nodeAssignment = ({ nodeName, clock }: { nodeName: string; clock: Clock }): AdmissionPlugin => ({
  name: 'NodeAssignment',
  mutate(request, lister) {
    const pod = newPodOf(request);
    if (!pod || pod.spec.nodeName) return undefined;
    const why = misfit(pod, lister.find(nodes, { namespace: '', name: nodeName }));
    if (why === undefined) return { ...pod, spec: { ...pod.spec, nodeName } };
    const waiting: PodCondition = {
      type: 'PodScheduled',
      status: 'False',
      lastTransitionTime: toTime(clock.now()),
      ...why,
    };
    return { ...pod, status: { ...pod.status, conditions: [waiting] } };
  },
});
