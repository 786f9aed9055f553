import { methodNotAllowed, resourceNotFound } from '../../domain/meta/status-error.ts';
import type { Node } from '../../domain/meta/types.ts';
import { nodes } from '../../domain/resources/node.ts';
import { pods } from '../../domain/resources/pod.ts';
import { exposition, expositionType } from '../metrics/exposition.ts';
import type { Answer, Call, VerbContext } from '../verb.ts';
import type { MeasuredNode } from './measured-node.ts';
import { resourceMetrics } from './resource-metrics.ts';
import { statsSummary } from './stats-summary.ts';

/** What of the kubelet's own API (kubernetes pkg/kubelet/server/server.go) clients ask for through the API server. Throws 404 for the rest. */
export async function kubeletAnswer(context: VerbContext, { path, method, key }: Call, name: string): Promise<Answer> {
  const read = readers[path.replace(/\/$/, '')];
  if (read === undefined) throw resourceNotFound();
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
  return read(context, context.registry.get(nodes, { ...key, name }));
}

type Reader = (context: VerbContext, node: Node) => Answer | Promise<Answer>;

const readers: Readonly<Record<string, Reader | undefined>> = {
  '/healthz': () => text('text/plain; charset=utf-8', 'ok'),
  '/pods': ({ registry }) => json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: registry.all(pods) }),
  '/stats/summary': async (context, node) => json(statsSummary(await measure(context, node))),
  '/metrics/resource': async (context, node) =>
    text(expositionType, exposition(resourceMetrics(await measure(context, node)))),
};

async function measure({ registry, kubelet }: VerbContext, node: Node): Promise<MeasuredNode> {
  const asked = registry.all(pods);
  const [usage, nodeUsage] = await Promise.all([kubelet.usage(asked), kubelet.nodeUsage()]);
  const measured = asked.flatMap((pod) => {
    const used = usage.get(pod.metadata?.uid ?? '');
    return used === undefined ? [] : [{ pod, usage: used }];
  });
  return { node, usage: nodeUsage, pods: measured };
}

const text = (contentType: string, body: string): Answer => ({ kind: 'stream', contentType, pieces: [body] });

const json = (body: object): Answer => text('application/json', `${JSON.stringify(body)}\n`);
