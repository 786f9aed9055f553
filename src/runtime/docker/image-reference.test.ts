import { expect, test } from 'vitest';
import { engineReference, fullName, pullTarget } from './image-reference.ts';

const digest = `sha256:${'0'.repeat(64)}`;

test.each([
  ['busybox', 'busybox', 'latest'],
  ['busybox:1.35', 'busybox', '1.35'],
  ['localhost:5000/a/b', 'localhost:5000/a/b', 'latest'],
  ['localhost:5000/a/b:c', 'localhost:5000/a/b', 'c'],
  [`ghcr.io/a@${digest}`, 'ghcr.io/a', digest],
  [`ghcr.io/a:1@${digest}`, 'ghcr.io/a', digest],
])('%s is pulled as %s, %s', (reference, repository, tagOrDigest) => {
  expect(pullTarget(reference)).toEqual({ repository, tagOrDigest });
});

test.each([
  ['busybox:1.35', 'docker.io/library/busybox:1.35'],
  ['grafana/loki:3', 'docker.io/grafana/loki:3'],
  ['localhost/k2d:1', 'localhost/k2d:1'],
  ['localhost:5000/k2d:1', 'localhost:5000/k2d:1'],
  ['quay.io/x/y@sha256:0', 'quay.io/x/y@sha256:0'],
])('%s is %s in full', (familiar, full) => {
  expect(fullName(familiar)).toBe(full);
});

test('with a digest the tag is dropped', () => {
  expect(engineReference(`localhost:5000/a:1@${digest}`)).toBe(`localhost:5000/a@${digest}`);
});

test.each(['', '../containers/json', 'a/../b', 'a?b', 'a b', '/a', 'a//b', 'a%2fb', 'a#b', './a'])(
  '"%s" is none',
  (reference) => {
    expect(() => engineReference(reference)).toThrow('is not an image reference');
  },
);
