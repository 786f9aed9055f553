import { toTime, type Clock } from '../meta/clock.ts';
import { misfit, unscheduled } from '../resources/node-fit.ts';
import { nodes } from '../resources/node.ts';
import type { AdmissionPlugin } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/** With one node, scheduling is writing its name; a pod that does not fit waits, and controllers/scheduler.ts looks again when something changes. */
export const nodeAssignment = ({ nodeName, clock }: { nodeName: string; clock: Clock }): AdmissionPlugin => ({
  name: 'NodeAssignment',
  mutate(request, lister) {
    const pod = newPodOf(request);
    if (!pod || pod.spec.nodeName) return undefined;
    const why = misfit(pod, lister.find(nodes, { namespace: '', name: nodeName }));
    if (why === undefined) return { ...pod, spec: { ...pod.spec, nodeName } };
    return { ...pod, status: { ...pod.status, conditions: [unscheduled(why, toTime(clock.now()))] } };
  },
});
