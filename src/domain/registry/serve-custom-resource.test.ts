import { expect, it } from 'vitest';
import type { CustomResourceDefinition, KubernetesObject } from '../meta/types.ts';
import { catalog as builtIn } from '../resources/catalog.ts';
import { customResourceDefinitions } from '../resources/custom-resource-definition.ts';
import { ResourceCatalog } from '../resources/resource-catalog.ts';
import { memoryObjectStore, openTestRegistry } from './registry-fixture.ts';
import { serveCustomResource, serveEstablished, withdrawCustomResource } from './serve-custom-resource.ts';

const names = { plural: 'pumps', singular: 'pump', kind: 'Pump', listKind: 'PumpList' };
const key = { namespace: '', name: 'pumps.plant.example.com' };
const definition: CustomResourceDefinition = {
  metadata: { name: key.name },
  spec: {
    group: 'plant.example.com',
    scope: 'Cluster',
    names,
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              speed: { type: 'integer' },
              status: { type: 'object', properties: { on: { type: 'boolean' } } },
            },
          },
        },
      },
    ],
  },
};
const established = {
  acceptedNames: names,
  conditions: [{ type: 'Established', status: 'True' }],
  storedVersions: ['v1'],
};
type Pump = KubernetesObject & { speed?: number; status?: { on: boolean } };

async function open(store = memoryObjectStore()) {
  const registry = await openTestRegistry({ store });
  const catalog = new ResourceCatalog(builtIn);
  await serveEstablished(registry, catalog);
  return { registry, catalog, pumps: () => catalog.stored.find(({ plural }) => plural === 'pumps')! };
}

it('finds objects again at the next start, with the status that others gave them', async () => {
  const store = memoryObjectStore();
  const first = await open(store);
  await first.registry.create(customResourceDefinitions, definition);
  const defined = await first.registry.update(
    customResourceDefinitions,
    key,
    (current) => ({ ...current, status: established }),
    { subresource: 'status' },
  );
  await serveCustomResource(first.registry, first.catalog, defined);
  const pump = { namespace: '', name: 'north' };
  await first.registry.create(first.pumps(), { metadata: { name: 'north' }, speed: 3 } as Pump);
  const on = (current: KubernetesObject): Pump => ({ ...current, status: { on: true } });
  await first.registry.update(first.pumps(), pump, on, { subresource: 'status' });

  const second = await open(store);
  expect(second.registry.get(second.pumps(), pump)).toMatchObject({ speed: 3, status: { on: true } });
});

it('keeps its versions when neither names nor spec change, so that nothing made from them is made again', async () => {
  const { registry, catalog } = await open();
  await serveCustomResource(registry, catalog, { ...definition, status: established });
  const before = catalog.definitions;
  await serveCustomResource(registry, catalog, {
    ...definition,
    status: { ...established, storedVersions: ['v1', 'v2'] },
  });
  expect(catalog.definitions).toBe(before);
  const [version] = definition.spec.versions;
  const changed = { ...definition.spec, versions: [{ ...version!, deprecated: true }] };
  await serveCustomResource(registry, catalog, { ...definition, spec: changed, status: established });
  expect(catalog.definitions).not.toBe(before);
});

it('answers as for any unknown resource when it is withdrawn', async () => {
  const { registry, catalog, pumps } = await open();
  await serveCustomResource(registry, catalog, { ...definition, status: established });
  const resource = pumps();
  withdrawCustomResource(registry, catalog, key.name);
  expect(() => registry.all(resource)).toThrow('the server could not find the requested resource');
  await expect(registry.create(resource, { metadata: { name: 'late' } })).rejects.toThrow('could not find');
});
