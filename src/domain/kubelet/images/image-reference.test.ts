import { expect, it } from 'vitest';
import { isImageReference } from './image-reference.ts';

const digest = `sha256:${'0'.repeat(64)}`;

it.each([
  'busybox',
  'busybox:1.35',
  'localhost/k2d-test/busy_box:2',
  'localhost:5000/a__b/c--d:Tag_1.0-x',
  `ghcr.io/a/b@${digest}`,
  `ghcr.io/a/b:1@${digest}`,
  '[::1]:5000/a',
  'Registry.Example:443/a',
  digest,
  '0'.repeat(64),
])('%s is one', (text) => expect(isImageReference(text)).toBe(true));

it.each([
  '',
  'Busybox',
  'Not A Name',
  'a//b',
  'a/../b',
  '/a',
  'a/',
  'a:',
  'a:b:c',
  'a@sha256:1',
  `a@${digest}@${digest}`,
  'a:-x',
  'a.-b',
  `a/${'b'.repeat(600)}`,
])('%s is none', (text) => expect(isImageReference(text)).toBe(false));
