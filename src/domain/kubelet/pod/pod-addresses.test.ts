import { expect, it } from 'vitest';
import { PodAddresses } from './pod-addresses.ts';

const all = ['10.42.0.2', '10.42.0.3', '10.42.0.4'];
const make = () => new PodAddresses((taken) => all.find((ip) => !taken.has(ip)));

it('gives a pod one address for its life', () => {
  const addresses = make();
  expect(['a', 'a', 'b'].map((uid) => addresses.assign(uid))).toEqual(['10.42.0.2', '10.42.0.2', '10.42.0.3']);
  addresses.release('a');
  expect(addresses.assign('c')).toBe('10.42.0.2');
});

it('gives another instead of one that turned out to be somebody else’s, whatever the pod’s containers say', () => {
  const addresses = make();
  addresses.assign('a');
  addresses.giveUp('a');
  addresses.adopt('a', '10.42.0.2');
  expect(addresses.assign('a')).toBe('10.42.0.3');
  expect(addresses.assign('b')).toBe('10.42.0.4');
});

it('tries again what was given up when there is nothing else', () => {
  const addresses = make();
  addresses.assign('a');
  addresses.giveUp('a');
  expect(['b', 'c', 'd', 'e'].map((uid) => addresses.assign(uid))).toEqual([
    '10.42.0.3',
    '10.42.0.4',
    '10.42.0.2',
    undefined,
  ]);
});
