import { describe, expect, it } from 'vitest';
import { scaleDownRules, scaleUpRules, type ScalingRules } from '../../resources/scaling-rules.ts';
import { limited, stabilized, type ScalingHistory } from './scaling-limits.ts';

const now = 1_000_000_000;
const rules = (up?: ScalingRules, down?: ScalingRules) => ({ up: scaleUpRules(up), down: scaleDownRules(down) });
const ago = (seconds: number) => now - seconds * 1000;
const recommended = (...pairs: [secondsAgo: number, replicas: number][]): ScalingHistory => ({
  recommendations: pairs.map(([seconds, replicas]) => ({ time: ago(seconds), replicas })),
  changes: [],
});
const changed = (...pairs: [secondsAgo: number, by: number][]): ScalingHistory => ({
  recommendations: [],
  changes: pairs.map(([seconds, by]) => ({ time: ago(seconds), by })),
});
const nothing = recommended();

describe('what is recommended is steadied', () => {
  it.each<[what: string, desired: number, current: number, history: ScalingHistory, up: number, steady: number]>([
    ['up at once', 8, 2, nothing, 0, 8],
    ['down not below what was recommended in the last five minutes', 1, 5, recommended([200, 4]), 0, 4],
    ['down when that is longer ago', 1, 5, recommended([301, 4]), 0, 1],
    ['up with a window to the least of it', 8, 2, recommended([30, 3]), 60, 3],
    ['and not down because of that', 8, 5, recommended([30, 3]), 60, 5],
  ])('%s', (_what, desired, current, history, up, steady) =>
    expect(stabilized(desired, current, history, rules({ stabilizationWindowSeconds: up }), now)).toBe(steady),
  );
});

describe('how fast it may change', () => {
  const bounds = { min: 1, max: 100 };
  const pods = (value: number, periodSeconds = 60) => [{ type: 'Pods', value, periodSeconds }];
  const percent = (value: number, periodSeconds = 60) => [{ type: 'Percent', value, periodSeconds }];
  it.each<
    [
      what: string,
      desired: number,
      current: number,
      history: ScalingHistory,
      r: ReturnType<typeof rules>,
      replicas: number,
      reason: string,
    ]
  >([
    ['by four pods or the double, whichever is more', 50, 3, nothing, rules(), 7, 'ScaleUpLimit'],
    ['the double', 50, 10, nothing, rules(), 20, 'ScaleUpLimit'],
    ['what was added in the period counts', 50, 7, changed([10, 4]), rules(), 7, 'ScaleUpLimit'],
    ['what was added before it does not', 50, 7, changed([16, 4]), rules(), 14, 'ScaleUpLimit'],
    [
      'the least of several policies',
      50,
      10,
      nothing,
      rules({ selectPolicy: 'Min', policies: [...pods(2), ...percent(100)] }),
      12,
      'ScaleUpLimit',
    ],
    ['not at all', 50, 10, nothing, rules({ selectPolicy: 'Disabled' }), 10, 'ScaleUpLimit'],
    ['down at once', 1, 50, nothing, rules(), 1, 'DesiredWithinRange'],
    ['down by some', 1, 50, nothing, rules(undefined, { policies: pods(5) }), 45, 'ScaleDownLimit'],
    [
      'down by a share of those at the beginning of the period',
      1,
      80,
      changed([20, -20]),
      rules(undefined, { policies: percent(30) }),
      70,
      'ScaleDownLimit',
    ],
    [
      'down by the most careful policy',
      1,
      50,
      nothing,
      rules(undefined, { selectPolicy: 'Min', policies: [...pods(5), ...percent(50)] }),
      45,
      'ScaleDownLimit',
    ],
    ['never beyond the bounds', 500, 90, nothing, rules(), 100, 'TooManyReplicas'],
    ['nor below', 0, 3, nothing, rules(), 1, 'TooFewReplicas'],
    ['where it is', 3, 3, nothing, rules(), 3, 'DesiredWithinRange'],
  ])('%s', (_what, desired, current, history, r, replicas, reason) =>
    expect(limited(desired, current, history, r, bounds, now)).toMatchObject({ replicas, reason }),
  );
});
