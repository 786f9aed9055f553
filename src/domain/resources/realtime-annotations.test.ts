import { expect, test } from 'vitest';
import { realtimeOf, validateRealtime } from './realtime-annotations.ts';

test('what is said of one container goes before what is said of all', () => {
  const annotations = {
    'k2d.io/cpuset': '0',
    'cpuset.k2d.io/loop': '2-3',
    'k2d.io/rtprio': '80',
    'k2d.io/memlock': '64Mi',
  };
  expect(realtimeOf(annotations, 'loop')).toEqual({ cpuset: '2-3', rtprio: 80, memlockBytes: 64 * 2 ** 20 });
  expect(realtimeOf({ 'memlock.k2d.io/loop': 'unlimited' }, 'loop')).toEqual({ memlockBytes: Infinity });
  expect(realtimeOf({ 'k2d.io/other': '1' }, 'loop')).toEqual({});
});

test.each([
  ['k2d.io/cpuset', 'all', 'must be a list of processors such as 2-3,5'],
  ['cpuset.k2d.io/loop', '2-', 'must be a list of processors such as 2-3,5'],
  ['k2d.io/rtprio', '100', 'must be a number between 0 and 99, inclusive'],
  ['k2d.io/memlock', 'much', 'must be an amount of bytes such as 64Mi, or unlimited'],
  ['memlock.k2d.io/loop', '-1', 'must be an amount of bytes such as 64Mi, or unlimited'],
])('%s: %s is refused', (key, text, rule) =>
  expect(validateRealtime({ [key]: text }, 'metadata.annotations')).toEqual([
    {
      reason: 'FieldValueInvalid',
      field: `metadata.annotations[${key}]`,
      message: `Invalid value: "${text}": ${rule}`,
    },
  ]),
);

test("everything else is somebody else's", () =>
  expect(validateRealtime({ 'k2d.io/cpuset': '0,2-3', 'k2d.io/adopt': 'x', cpuset: 'x' }, 'a')).toEqual([]));
