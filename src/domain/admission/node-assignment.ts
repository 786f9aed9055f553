import { toTime, type Clock } from '../meta/clock.ts';
import { formatKey, keyOf, metaOf } from '../meta/object-key.ts';
import { conflict, forbidden } from '../meta/status-error.ts';
import type { Node, Pod } from '../meta/types.ts';
import { namespaces } from '../resources/namespace.ts';
import { roomTakersFor, type Neighbourhood } from '../resources/neighbourhood.ts';
import { misfit, unscheduled } from '../resources/node-fit.ts';
import { beyondAllocatable } from '../resources/node-room.ts';
import { nodes } from '../resources/node.ts';
import { pods } from '../resources/pod.ts';
import { groupResource } from '../resources/resource-definition.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from './chain.ts';
import { newPodOf } from './pod-creation.ts';

/**
 * With one node, scheduling is writing its name; a pod that does not fit waits, and controllers/scheduler.ts looks again when something
 * changes. One that can never fit is refused: its author is still there to read why.
 */
export function nodeAssignment({ nodeName, clock }: { nodeName: string; clock: Clock }): AdmissionPlugin {
  /** Pods that got their place in a write that has not ended. */
  const placing = new Map<string, Pod>();
  const around = (pod: Pod, lister: Lister): Neighbourhood => {
    const stored = roomTakersFor(pod, lister.all(pods));
    const known = new Set(placing.size === 0 ? [] : stored.map((pod) => formatKey(keyOf(pod))));
    const coming = [...placing].filter(([key]) => !known.has(key)).map(([, pod]) => pod);
    return { pods: [...stored, ...coming], namespaceLabels: (name) => labelsOf(lister, name) };
  };
  const hold = ({ key, whenSettled }: AdmissionRequest, placed: Pod): void => {
    placing.set(formatKey(key), placed);
    whenSettled(() => placing.delete(formatKey(key)));
  };
  return {
    name: 'NodeAssignment',
    mutate(request, lister) {
      const pod = newPodOf(request);
      if (!pod) return undefined;
      const node = lister.find(nodes, { namespace: '', name: nodeName });
      refuseGiants(pod, node);
      if (pod.spec.nodeName) {
        hold(request, pod);
        return undefined;
      }
      const why = misfit(pod, node, around(pod, lister));
      if (why) return { ...pod, status: { ...pod.status, conditions: [unscheduled(why, toTime(clock.now()))] } };
      const placed = { ...pod, spec: { ...pod.spec, nodeName } };
      hold(request, placed);
      return placed;
    },
    /** What was free when the scheduler looked may have been given away since, in a write that has not ended. */
    validate(request, lister) {
      const pod = newlyBound(request);
      if (!pod) return;
      const why = misfit(pod, lister.find(nodes, { namespace: '', name: nodeName }), around(pod, lister));
      if (why) throw conflict(groupResource(pods), request.key.name, why.message);
      hold(request, pod);
    },
  };
}

function newlyBound({ definition, subresource, object, oldObject }: AdmissionRequest): Pod | undefined {
  if (definition.group !== pods.group || definition.kind !== pods.kind || subresource !== 'binding') return undefined;
  return (oldObject as Pod | undefined)?.spec?.nodeName ? undefined : (object as Pod | undefined);
}

const labelsOf = (lister: Lister, name: string) => {
  const namespace = lister.find(namespaces, { namespace: '', name });
  return namespace && (metaOf(namespace).labels ?? {});
};

function refuseGiants(pod: Pod, node: Node | undefined): void {
  const excess = beyondAllocatable(pod, node);
  if (excess.length === 0) return;
  const { name = '' } = metaOf(pod);
  throw forbidden(
    groupResource(pods),
    name,
    `it can never fit the node, which is asked for more than it has: ${excess.join(', ')}`,
  );
}
