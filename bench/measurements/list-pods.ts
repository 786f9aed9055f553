import type { ApiClient } from '../api-client.ts';
import type { Figure } from '../figure.ts';
import type { K2dUnderTest } from '../k2d-under-test.ts';
import { median } from '../statistics.ts';
import { podSpec } from '../workload.ts';

const COUNT = 100;

/**
 * Median time from the request to the last byte of a list of 100 pods as JSON, over one kept connection. The pods ask for a node
 * that does not exist, so they cost no containers, and have a namespace of their own: the default one also shows containers
 * that others run on the engine.
 */
export async function listPods(
  { kubectl }: K2dUnderTest,
  api: ApiClient,
  times: number,
  signal: AbortSignal,
): Promise<Figure> {
  await kubectl.run('create namespace list');
  await kubectl.in('list').apply(...Array.from({ length: COUNT }, (_, at) => pendingPod(`pending-${at}`)));
  const samples: number[] = [];
  for (let at = 0; at < times; at += 1) {
    signal.throwIfAborted();
    samples.push(await timeList(api));
  }
  await kubectl.run('delete namespace list');
  return { name: 'list.pods.100', value: median(samples), unit: 'ms' };
}

const pendingPod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { ...podSpec, nodeSelector: { 'kubernetes.io/hostname': 'no-such-node' } },
});

async function timeList(api: ApiClient): Promise<number> {
  const start = performance.now();
  const { status, body } = await api.get('/api/v1/namespaces/list/pods');
  const took = performance.now() - start;
  const { items } = JSON.parse(body) as { items?: unknown[] };
  if (items?.length !== COUNT) throw new Error(`asked for ${COUNT} pods: ${status} ${body.slice(0, 200)}`);
  return took;
}
