import { describe, expect, it } from 'vitest';
import { namespaces } from '../resources/namespace.ts';
import { services } from '../resources/service.ts';
import { bootstrap } from './bootstrap.ts';
import { openTestRegistry } from './registry-fixture.ts';

const key = { namespace: 'default', name: 'kubernetes' };

describe('bootstrap', () => {
  it('makes the namespaces and the service of every cluster', async () => {
    const registry = await openTestRegistry();
    await bootstrap(registry, { serviceCidr: '10.43.0.0/16', port: 6443 });
    expect(registry.all(namespaces).map(({ metadata }) => metadata?.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect(registry.get(services, key)).toMatchObject({
      metadata: { labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.43.0.1',
        clusterIPs: ['10.43.0.1'],
        ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
      },
    });
  });

  it('writes nothing the second time', async () => {
    const registry = await openTestRegistry();
    await bootstrap(registry, { serviceCidr: '10.43.0.0/16', port: 6443 });
    const before = registry.resourceVersion;
    await bootstrap(registry, { serviceCidr: '10.43.0.0/16', port: 6443 });
    expect(registry.resourceVersion).toBe(before);
  });

  it('follows the configuration', async () => {
    const registry = await openTestRegistry();
    await bootstrap(registry, { serviceCidr: '10.43.0.0/16', port: 6443 });
    const { uid } = registry.get(services, key).metadata!;
    await bootstrap(registry, { serviceCidr: '10.43.0.0/16', port: 7443 });
    expect(registry.get(services, key)).toMatchObject({ metadata: { uid }, spec: { ports: [{ targetPort: 7443 }] } });
    await bootstrap(registry, { serviceCidr: '10.45.0.0/16', port: 7443 });
    expect(registry.get(services, key)).toMatchObject({ spec: { clusterIP: '10.45.0.1' } });
  });
});

describe('a deleted namespace', () => {
  it('waits for its content, then goes with its last finalizer', async () => {
    const registry = await openTestRegistry();
    const mine = { namespace: '', name: 'mine' };
    await registry.create(namespaces, { metadata: { name: 'mine' } });
    const { object, removed } = await registry.delete(namespaces, mine);
    expect(removed).toBe(false);
    expect(object.status?.phase).toBe('Terminating');
    await registry.update(namespaces, mine, (namespace) => ({ ...namespace, spec: { finalizers: [] } }));
    expect(registry.get(namespaces, mine).spec?.finalizers).toEqual(['kubernetes']);
    await registry.update(namespaces, mine, (namespace) => ({ ...namespace, spec: { finalizers: [] } }), {
      subresource: 'finalize',
    });
    expect(registry.find(namespaces, mine)).toBeUndefined();
  });
});
