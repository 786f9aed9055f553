import { expect, test } from 'vitest';
import type { Mount } from '../../container-runtime/container.ts';
import { givenMounts } from './given-mounts.ts';

const bind = (target: string, source: string): Mount => ({
  kind: 'bind',
  source,
  target,
  readOnly: false,
  propagation: 'private',
});

test('what a container mounts itself stands for what it would be given there', () => {
  const hosts = bind('/etc/hosts', '/given');
  const own = [bind('/etc/hosts/', '/own'), bind('/data', '/data')];
  expect(givenMounts([hosts, bind('/etc/resolv.conf', '/given')], own)).toEqual([
    bind('/etc/resolv.conf', '/given'),
    ...own,
  ]);
  expect(givenMounts([hosts], [])).toEqual([hosts]);
});
