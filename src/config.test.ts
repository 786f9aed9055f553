import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('limits', () => {
  it('are those of the kubelet unless somebody says otherwise', () =>
    expect(readConfig({}).limits).toEqual({
      maxPods: 110,
      reserved: {},
      images: { scope: 'pulled', high: 85, low: 80, minAgeSeconds: 120 },
    }));

  it('are set', () =>
    expect(
      readConfig({
        K2D_MAX_PODS: '20',
        K2D_SYSTEM_RESERVED: 'cpu=500m,memory=256Mi',
        K2D_IMAGE_GC: 'all',
        K2D_IMAGE_GC_HIGH_THRESHOLD: '70',
        K2D_IMAGE_GC_MIN_AGE: '0',
      }).limits,
    ).toEqual({
      maxPods: 20,
      reserved: { cpu: '500m', memory: '256Mi' },
      images: { scope: 'all', high: 70, low: 70, minAgeSeconds: 0 },
    }));

  it.each([
    ['K2D_SYSTEM_RESERVED', 'memory=lots'],
    ['K2D_SYSTEM_RESERVED', 'memory=1Gi,'],
    ['K2D_SYSTEM_RESERVED', 'gpu=1'],
    ['K2D_IMAGE_GC_LOW_THRESHOLD', '90'],
    ['K2D_IMAGE_GC', 'some'],
  ])('%s=%s is refused', (name, value) => expect(() => readConfig({ [name]: value })).toThrow(name));
});
