import type { Pod } from '../../src/domain/meta/types.ts';
import type { ApiClient } from '../api-client.ts';
import type { Figure } from '../figure.ts';
import type { K2dUnderTest } from '../k2d-under-test.ts';
import { median, overhead, type Pair } from '../statistics.ts';
import { podSpec, workload } from '../workload.ts';

const NAME = 'applied';

/**
 * `apply.running`: from the start of the program kubectl (`kubectl apply`, what it discovers already in its cache) to the event
 * of a watch, opened before, that shows the pod Running. `engine.run`: the engine's own `run --detach` of the same image and
 * command, from the start of the program to its end. Both in turn, so that the ratio compares what met the same load.
 */
export async function applyRunning(
  k2d: K2dUnderTest,
  api: ApiClient,
  times: number,
  signal: AbortSignal,
): Promise<Figure[]> {
  await timeApply(k2d, api); // fills kubectl's cache
  const pairs: Pair[] = [];
  for (let at = 0; at < times; at += 1) {
    signal.throwIfAborted();
    pairs.push({ ours: await timeApply(k2d, api), theirs: await timeEngine(k2d) });
  }
  return [
    { name: 'apply.running', value: median(pairs.map(({ ours }) => ours)) / 1000, unit: 's' },
    { name: 'engine.run', value: median(pairs.map(({ theirs }) => theirs)) / 1000, unit: 's' },
    { name: 'apply.overhead.ratio', value: overhead(pairs), unit: 'x' },
  ];
}

async function timeApply({ kubectl }: K2dUnderTest, api: ApiClient): Promise<number> {
  const path = `/api/v1/namespaces/default/pods?watch=true&fieldSelector=metadata.name%3D${NAME}`;
  const watch = await api.watch<Pod>(path, ({ status }) => status?.phase === 'Running');
  const start = performance.now();
  const applied = kubectl.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: NAME }, spec: podSpec });
  const [seen] = await Promise.all([watch.seen, applied]);
  await kubectl.run(`delete pod ${NAME}`);
  return seen - start;
}

async function timeEngine(k2d: K2dUnderTest): Promise<number> {
  const { image, program, argument } = workload;
  const start = performance.now();
  await k2d.cli('run', '--detach', '--name', k2d.rivalName, '--entrypoint', program, image, argument);
  const took = performance.now() - start;
  await k2d.cli('rm', '--force', k2d.rivalName);
  return took;
}
