import { describe, expect, it } from 'vitest';
import { configMaps } from '../resources/config-map.ts';
import { foreignAnnotation } from '../resources/foreign-pod.ts';
import { pods } from '../resources/pod.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { podQuota } from './pod-quota.ts';

const pod = (name: string, annotations = {}) => ({ metadata: { namespace: 'default', name, annotations } });
const foreign = { [foreignAnnotation]: 'x' };
const two = listerOf({ definition: pods, objects: [pod('a'), pod('b'), pod('c', foreign)] });

const admit = (maxPods: number, request = clientRequest(pods, pod('new'))) =>
  podQuota({ maxPods }).validate?.(request, two);

describe('podQuota', () => {
  it('lets pods in while there is room; what somebody else runs takes none', () =>
    expect(() => admit(3)).not.toThrow());

  it('refuses the one too many', () =>
    expect(() => admit(2)).toThrow(
      'pods "new" is forbidden: exceeded quota: k2d, requested: pods=1, used: pods=2, limited: pods=2',
    ));

  it('refuses nothing else', () => {
    expect(() => admit(2, clientRequest(configMaps, pod('new')))).not.toThrow();
    expect(() => admit(2, clientRequest(pods, pod('a'), pod('a')))).not.toThrow();
    expect(() => admit(2, clientRequest(pods, pod('new', foreign)))).not.toThrow();
  });
});
