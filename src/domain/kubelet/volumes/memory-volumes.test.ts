import { expect, it } from 'vitest';
import { memoryOverlap } from './memory-volumes.ts';

const mount = (subPath: string, mountPath = '/x') => ({ name: 'v', mountPath, subPath });
const podWith = (...subPaths: string[]) => ({
  spec: { containers: [{ name: 'c', volumeMounts: subPaths.map((path, index) => mount(path, `/${index}`)) }] },
});

it.each([
  ['alone', ['a'], 'a', false],
  ['beside another part', ['a', 'ab'], 'a', false],
  ['beside the whole', ['a', ''], 'a', true],
  ['beside what holds it', ['a/b', 'a'], 'a/b', true],
  ['beside what is in it', ['a', './a/b'], 'a', true],
  ['being the whole', ['', 'a'], '', false],
])('a part of a volume in memory %s', (_what, all, own, overlaps) =>
  expect(memoryOverlap(podWith(...all), mount(own)) !== undefined).toBe(overlaps),
);
