import { expect, test } from 'vitest';
import type { Container } from '../../meta/types.ts';
import { resizePlan } from './resize-plan.ts';

const given = { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '500m', memory: '64Mi' } };
const wanted = (limits: Record<string, string>, resizePolicy: Container['resizePolicy'] = []): Container => ({
  name: 'c',
  resizePolicy,
  resources: { requests: given.requests, limits: { ...given.limits, ...limits } },
});
const restartFor = (resourceName: string) => [{ resourceName, restartPolicy: 'RestartContainer' }];

test.each<[string, Container]>([
  ['none', wanted({})],
  ['none', wanted({ cpu: '1000m' })],
  ['inPlace', wanted({ cpu: '2' })],
  ['inPlace', wanted({ cpu: '2' }, restartFor('memory'))],
  ['restart', wanted({ memory: '128Mi' }, restartFor('memory'))],
])('%s', (plan, container) => expect(resizePlan(container, given)).toBe(plan));
