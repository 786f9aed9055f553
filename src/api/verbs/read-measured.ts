import { notFound, StatusError } from '../../domain/meta/status-error.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import type { KubernetesObject, Node, Pod } from '../../domain/meta/types.ts';
import { nodeMetrics } from '../../domain/resources/node-metrics.ts';
import { nodes } from '../../domain/resources/node.ts';
import { pods } from '../../domain/resources/pod.ts';
import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { nodeMetricsOf, podMetricsOf } from '../../domain/resources/usage-to-metrics.ts';
import { selectAll } from '../../domain/registry/selection.ts';
import { listOptions } from '../list-options.ts';
import type { Call, Verb, VerbContext } from '../verb.ts';
import { selectionOf } from './list.ts';
import { errorMessage } from '../../domain/meta/error-message.ts';

/** As metrics-server answers (kubernetes-sigs/metrics-server pkg/api): all at once, without pages, of objects that have figures. */
export const list: Verb = async (context, call) => {
  const source = sourceOf(call);
  const selection = selectionOf({ ...call, definition: source }, listOptions(call.query, false));
  const objects = await measured(context, call, selectAll(context.registry, source, selection));
  return { kind: 'list', objects, metadata: { resourceVersion: '' } };
};

export const get: Verb = async (context, call) => {
  const { registry } = context;
  const { key, definition } = call;
  const object = registry.find(sourceOf(call), key);
  const [found] = object ? await measured(context, call, [object]) : [];
  const name = key.namespace === '' ? key.name : `${key.namespace}/${key.name}`;
  if (!found) throw notFound({ group: definition.group, resource: definition.kind.toLowerCase() }, name);
  return { kind: 'object', code: 200, object: found };
};

export const readMeasured = { get, list };

/** What is measured: `nodes` of metrics.k8s.io says what the nodes use. */
const sourceOf = ({ definition }: Call): ResourceDefinition => (definition.kind === nodeMetrics.kind ? nodes : pods);

async function measured(
  { kubelet }: VerbContext,
  { definition }: Call,
  objects: readonly KubernetesObject[],
): Promise<KubernetesObject[]> {
  if (definition.kind === nodeMetrics.kind) {
    const usage = objects.length === 0 ? undefined : await kubelet.nodeUsage();
    return usage === undefined ? [] : objects.map((node) => nodeMetricsOf(node as Node, usage));
  }
  const usage = await kubelet.usage(objects as readonly Pod[]).catch(unavailable);
  return objects.flatMap((pod) => {
    const used = usage.get(metaOf(pod).uid ?? '');
    return used === undefined ? [] : [podMetricsOf(pod as Pod, used)];
  });
}

function unavailable(error: unknown): never {
  const why = errorMessage(error);
  throw new StatusError(503, 'ServiceUnavailable', `cannot measure what pods use: ${why}`, undefined, { cause: error });
}
