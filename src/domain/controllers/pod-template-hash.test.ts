import { expect, test } from 'vitest';
import type { PodTemplateSpec } from '../meta/types.ts';
import { podTemplateHash } from './pod-template-hash.ts';

const template = (image: string): PodTemplateSpec => ({
  metadata: { labels: { app: 'web', tier: 'front' } },
  spec: { containers: [{ name: 'web', image }] },
});

test('is a short text in the safe alphabet, fixed for ever by the template', () => {
  expect(podTemplateHash(template('web:1'), 0)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  expect(podTemplateHash(template('web:1'), 0)).toBe('6b68694bf');
});

test('does not depend on the order in which keys were written', () => {
  const reordered: PodTemplateSpec = {
    spec: { containers: [{ image: 'web:1', name: 'web' }] },
    metadata: { labels: { tier: 'front', app: 'web' } },
  };
  expect(podTemplateHash(reordered, 0)).toBe(podTemplateHash(template('web:1'), 0));
});

test('differs by template and by collision count', () => {
  const hashes = [template('web:1'), template('web:2')].flatMap((t) => [0, 1, 2].map((n) => podTemplateHash(t, n)));
  expect(new Set(hashes).size).toBe(6);
});
