import { expect, test } from 'vitest';
import { firstFree } from '../meta/ipv4-range.ts';
import { podNetworkAddresses } from './addresses.ts';

test('the lower half is for pods, the upper for the engine', () => {
  expect(podNetworkAddresses('10.42.0.0/16')).toEqual({
    subnet: '10.42.0.0/16',
    gateway: '10.42.0.1',
    dynamicRange: '10.42.128.0/17',
    pods: { base: 0x0a2a0002, size: 32766 },
  });
  expect(podNetworkAddresses('192.168.7.9/24')).toMatchObject({
    subnet: '192.168.7.0/24',
    gateway: '192.168.7.1',
    dynamicRange: '192.168.7.128/25',
  });
});

test('the lowest free address is taken, never one of the other half', () => {
  const { pods } = podNetworkAddresses('192.168.7.0/24');
  const taken = new Set<string>();
  for (let address = firstFree(pods, taken); address !== undefined; address = firstFree(pods, taken))
    taken.add(address);
  expect([...taken].at(0)).toBe('192.168.7.2');
  expect([...taken].at(-1)).toBe('192.168.7.127');
  expect(taken.size).toBe(126);
  taken.delete('192.168.7.40');
  expect(firstFree(pods, taken)).toBe('192.168.7.40');
});
