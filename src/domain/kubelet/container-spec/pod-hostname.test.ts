import { expect, test } from 'vitest';
import type { PodSpec } from '../../meta/types.ts';
import { kernelHostname } from './pod-hostname.ts';

const of = (spec: Partial<PodSpec>, name = 'web') =>
  kernelHostname({ metadata: { name, namespace: 'plant' }, spec: { containers: [], ...spec } });

test.each<[string, Partial<PodSpec>]>([
  ['web', {}],
  ['plc', { hostname: 'plc' }],
  ['web', { setHostnameAsFQDN: true }],
  ['web', { subdomain: 'line' }],
  ['plc.line.plant.svc.cluster.local', { hostname: 'plc', subdomain: 'line', setHostnameAsFQDN: true }],
  ['any.name.at.all', { hostname: 'plc', hostnameOverride: 'any.name.at.all' }],
])('is %s', (name, spec) => expect(of(spec)).toEqual({ kind: 'name', name }));

test('is cut to what the kernel takes', () => {
  expect(of({}, `${'n'.repeat(62)}-x`)).toEqual({ kind: 'name', name: 'n'.repeat(62) });
  const tooLong = of({ subdomain: 'line', setHostnameAsFQDN: true }, 'n'.repeat(60));
  expect(tooLong).toMatchObject({ kind: 'tooLong', message: expect.stringContaining('64 characters is the max') });
});
