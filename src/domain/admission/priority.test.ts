import { describe, expect, it } from 'vitest';
import type { PodSpec } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { priority } from './priority.ts';

const admit = (spec: Partial<PodSpec>) =>
  priority().mutate?.(
    clientRequest(pods, { metadata: { namespace: 'default', name: 'p' }, spec: { containers: [], ...spec } }),
    listerOf(),
  );

describe('priority', () => {
  it.each([
    [{}, 0],
    [{ priority: 0 }, 0],
    [{ priorityClassName: 'system-node-critical' }, 2_000_001_000],
    [{ priorityClassName: 'system-cluster-critical' }, 2_000_000_000],
  ])('gives %j the priority %d', (spec, value) =>
    expect(admit(spec)).toMatchObject({ spec: { priority: value, preemptionPolicy: 'PreemptLowerPriority' } }),
  );

  it('knows no other classes', () =>
    expect(() => admit({ priorityClassName: 'vip' })).toThrow(
      'pods "p" is forbidden: no PriorityClass with name vip was found',
    ));

  it('takes no number that the class does not have', () =>
    expect(() => admit({ priority: 7 })).toThrow('the integer value of priority (7) must not be provided in pod spec'));
});
