import { expect, test } from 'vitest';
import type { RuntimeInfo } from '../../container-runtime/container-runtime.ts';
import { openTestRegistry } from '../../registry/registry-fixture.ts';
import { leases } from '../../resources/lease.ts';
import { nodes } from '../../resources/node.ts';
import { registerNode, type NodeRegistrationOptions } from './node-registration.ts';

const info: RuntimeInfo = {
  name: 'docker',
  version: '20.10',
  operatingSystem: 'Debian',
  kernelVersion: '6.1',
  architecture: 'arm64',
  cpus: 4,
  memoryBytes: 2 ** 30,
  rootDirectory: '/var/lib/docker',
  capabilities: { restartBackoff: true } as RuntimeInfo['capabilities'],
};

test('the node has a lease of its own, made once', async () => {
  const registry = await openTestRegistry();
  const options: NodeRegistrationOptions = {
    registry,
    info,
    nodeName: 'plc-1',
    machineId: 'm',
    version: 'v1.35.0',
    hostIp: () => '10.0.0.1',
    clock: { now: () => new Date('2026-01-01T00:00:00.5Z') },
  };
  await registerNode(options, true);
  const node = registry.get(nodes, { namespace: '', name: 'plc-1' });
  const lease = registry.get(leases, { namespace: 'kube-node-lease', name: 'plc-1' });
  expect(lease).toMatchObject({
    metadata: {
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'plc-1', uid: node.metadata?.uid }],
    },
    spec: { holderIdentity: 'plc-1', leaseDurationSeconds: 40, renewTime: '2026-01-01T00:00:00.500000Z' },
  });
  await registerNode(options, false);
  expect(registry.get(leases, { namespace: 'kube-node-lease', name: 'plc-1' })).toBe(lease);
});
