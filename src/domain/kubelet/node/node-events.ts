import { metaOf } from '../../meta/object-key.ts';
import type { Node } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import { inform } from '../../registry/informer.ts';
import type { Registry } from '../../registry/registry.ts';
import { nodes } from '../../resources/node.ts';

/** By condition: what is told when it becomes true, and when false (kubernetes pkg/kubelet/nodestatus/setters.go). */
const reasons: Readonly<Record<string, readonly [whenTrue: string, whenFalse: string]>> = {
  Ready: ['NodeReady', 'NodeNotReady'],
  MemoryPressure: ['NodeHasInsufficientMemory', 'NodeHasSufficientMemory'],
  DiskPressure: ['NodeHasDiskPressure', 'NodeHasNoDiskPressure'],
  PIDPressure: ['NodeHasInsufficientPID', 'NodeHasSufficientPID'],
};

/** What the node has become, in the kubelet's words. What was not known before and is no trouble now is not told, but for Ready. */
export function nodeEvents(before: Node, after: Node): string[] {
  const statusOf = (node: Node, type: string) => node.status?.conditions?.find((c) => c.type === type)?.status;
  const became = Object.entries(reasons).flatMap(([type, [whenTrue, whenFalse]]) => {
    const [was, is] = [statusOf(before, type), statusOf(after, type)];
    if (is === was) return [];
    if (is === 'True') return [whenTrue];
    return is === 'False' && (was !== undefined || type === 'Ready') ? [whenFalse] : [];
  });
  const [wasCordoned, isCordoned] = [before.spec?.unschedulable === true, after.spec?.unschedulable === true];
  if (wasCordoned === isCordoned) return became;
  return [...became, isCordoned ? 'NodeNotSchedulable' : 'NodeSchedulable'];
}

/** Tells of the node that it starts to be looked after, and from then on of every change that matters to an operator (pkg/kubelet/kubelet_node_status.go). */
export function tellOfNode({
  registry,
  recorder,
  nodeName,
  signal,
}: {
  registry: Registry;
  recorder: EventRecorder;
  nodeName: string;
  signal: AbortSignal;
}): void {
  inform(
    registry,
    nodes,
    ({ type, object, previous }) => {
      if (metaOf(object).name !== nodeName) return;
      if (type === 'ADDED') recorder.event(object, 'Normal', 'Starting', 'Starting kubelet.');
      if (type !== 'MODIFIED' || !previous) return;
      for (const reason of nodeEvents(previous, object))
        recorder.event(object, 'Normal', reason, `Node ${nodeName} status is now: ${reason}`);
    },
    signal,
  );
}
