import { expect, it } from 'vitest';
import { healthRequest, servingStatus } from './grpc-health.ts';

it.each([
  ['', '0000000000'],
  ['db', '00000000040a026462'],
])('frames a request for the service %j', (service, hex) => {
  expect(healthRequest(service).toString('hex')).toBe(hex);
});

it('writes long names with a long length', () => {
  expect(healthRequest('x'.repeat(300)).subarray(0, 8).toString('hex')).toBe('000000012f0aac02');
});

it.each([
  ['00000000020801', 'SERVING'],
  ['00000000020802', 'NOT_SERVING'],
  ['0000000000', 'UNKNOWN'],
  ['00000000020809', undefined],
  ['01000000020801', undefined],
  ['0000000003080100', undefined],
  ['0000', undefined],
])('reads the answer %s as %s', (hex, status) => {
  expect(servingStatus(Buffer.from(hex, 'hex'))).toBe(status);
});
