import type { Deployment } from '../../src/domain/meta/types.ts';
import type { ApiClient } from '../api-client.ts';
import type { Figure } from '../figure.ts';
import type { K2dUnderTest } from '../k2d-under-test.ts';
import { median } from '../statistics.ts';
import { podSpec, workload } from '../workload.ts';

const NAME = 'benched';
const PATH = '/apis/apps/v1/namespaces/default/deployments';
const REPLICAS = 10;
const MANY = 50;

/** On a slow device fifty containers take their time. */
const PATIENCE_MS = 300_000;

/**
 * `rollout.10`: from the change of the template of ten replicas, by the API, to the event that shows all of them updated and available, with the default
 * bounds of a rolling update.
 */
export async function rollout(
  k2d: K2dUnderTest,
  api: ApiClient,
  rollouts: number,
  signal: AbortSignal,
): Promise<Figure> {
  await timeDeploy(k2d, api, REPLICAS);
  const times: number[] = [];
  for (let at = 0; at < rollouts; at += 1) {
    signal.throwIfAborted();
    times.push(await timeRollout(api, String(at)));
  }
  await remove(k2d);
  return { name: `rollout.${REPLICAS}`, value: median(times) / 1000, unit: 's' };
}

/**
 * `deploy.50.pods`: from the start of `kubectl apply` of a Deployment to the event that shows fifty pods available. `engine.run.50`: fifty times the
 * engine's own `run --detach` of the same image and command, one after the other.
 */
export async function deployMany(k2d: K2dUnderTest, api: ApiClient, signal: AbortSignal): Promise<Figure[]> {
  const ours = await timeDeploy(k2d, api, MANY);
  await remove(k2d);
  signal.throwIfAborted();
  const theirs = await timeEngine(k2d, signal);
  return [
    { name: `deploy.${MANY}.pods`, value: ours / 1000, unit: 's' },
    { name: `engine.run.${MANY}`, value: theirs / 1000, unit: 's' },
    { name: `deploy.${MANY}.ratio`, value: ours / theirs, unit: 'x' },
  ];
}

const isComplete = ({ metadata, spec, status }: Deployment): boolean =>
  status?.observedGeneration === metadata?.generation &&
  status?.updatedReplicas === spec?.replicas &&
  status?.availableReplicas === spec?.replicas &&
  status?.replicas === spec?.replicas;

const watchOf = (api: ApiClient, holds: (deployment: Deployment) => boolean) =>
  api.watch<Deployment>(`${PATH}?watch=true&fieldSelector=metadata.name%3D${NAME}`, holds, PATIENCE_MS);

async function timeDeploy({ kubectl }: K2dUnderTest, api: ApiClient, replicas: number): Promise<number> {
  const labels = { app: NAME };
  const watch = await watchOf(api, isComplete);
  const start = performance.now();
  const applied = kubectl.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } },
  });
  const [seen] = await Promise.all([watch.seen, applied]);
  return seen - start;
}

async function timeRollout(api: ApiClient, version: string): Promise<number> {
  const annotations = { version };
  const watch = await watchOf(
    api,
    (deployment) => deployment.spec?.template.metadata?.annotations?.['version'] === version && isComplete(deployment),
  );
  const start = performance.now();
  await api.patch(`${PATH}/${NAME}`, { spec: { template: { metadata: { annotations } } } });
  return (await watch.seen) - start;
}

async function remove({ kubectl }: K2dUnderTest): Promise<void> {
  await kubectl.run(`delete deployment ${NAME} --cascade=foreground`);
}

async function timeEngine(k2d: K2dUnderTest, signal: AbortSignal): Promise<number> {
  const { image, program, argument } = workload;
  const names = Array.from({ length: MANY }, (_, index) => `${k2d.rivalName}-${index}`);
  const made: string[] = [];
  const start = performance.now();
  try {
    for (const name of names) {
      signal.throwIfAborted();
      made.push(name);
      await k2d.cli('run', '--detach', '--name', name, '--entrypoint', program, image, argument);
    }
    return performance.now() - start;
  } finally {
    await k2d.cli('rm', '--force', ...made);
  }
}
