import type { K2dUnderTest } from '../k2d-under-test.ts';
import { podSpec } from '../workload.ts';

/** What every figure about idling is measured with: ten pods of one Deployment. Resolves when all of them run. */
export async function runIdlePods({ kubectl }: K2dUnderTest): Promise<void> {
  const labels = { app: 'idle' };
  await kubectl.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'idle' },
    spec: { replicas: 10, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } },
  });
  await kubectl.run('rollout status deployment/idle --timeout=50s');
}
