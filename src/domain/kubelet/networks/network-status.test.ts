import { expect, it } from 'vitest';
import { networkStatusAnnotation } from '../../resources/network-selection.ts';
import { withNetworkStatus } from './network-status.ts';

const pod = { metadata: { name: 'plc', annotations: { kept: 'yes' } }, spec: { containers: [] } };
const attachments = [{ definition: 'line/plant', network: 'k2d-eth0-1', ip: '10.9.8.20', interface: 'net1' }];
const sandbox = {
  id: 's',
  name: 'plc',
  labels: {},
  state: 'ready' as const,
  createdAt: new Date(0),
  addresses: [
    { network: 'k2d-eth0-1', ip: '10.9.8.20', mac: '0a:58:0a:09:08:14' },
    { network: 'k2d', ip: '10.42.0.5', mac: '02:42:0a:2a:00:05' },
  ],
};

it('tells a pod of its networks, its own first', () => {
  const { annotations } = withNetworkStatus(pod, attachments, { sandbox, containers: [] }, 'k2d').metadata!;
  expect(annotations?.['kept']).toBe('yes');
  expect(JSON.parse(annotations?.[networkStatusAnnotation] ?? '')).toEqual([
    { name: 'k2d', interface: 'eth0', ips: ['10.42.0.5'], default: true, dns: {} },
    { name: 'line/plant', interface: 'net1', ips: ['10.9.8.20'], mac: '0a:58:0a:09:08:14', dns: {} },
  ]);
});

it('says nothing to pods with one network, and nothing new while there are no addresses', () => {
  expect(withNetworkStatus(pod, [], { sandbox, containers: [] }, 'k2d')).toBe(pod);
  expect(withNetworkStatus(pod, attachments, { containers: [] }, 'k2d')).toBe(pod);
});
