import { expect, it } from 'vitest';
import { openTestRegistry } from '../../registry/registry-fixture.ts';
import { serveCustomResource, withdrawCustomResource } from '../../registry/serve-custom-resource.ts';
import { catalog as builtIn } from '../../resources/catalog.ts';
import { namespaces } from '../../resources/namespace.ts';
import { networkAttachmentCrd, networkAttachmentDefinitions } from '../../resources/network-attachment-definition.ts';
import { networksAnnotation } from '../../resources/network-selection.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { hearNetworkDefinitions, networkDefinitionsOf } from './network-definitions.ts';

it('tells of definitions that come, change and go, also when their kind comes and goes', async () => {
  const registry = await openTestRegistry();
  const catalog = new ResourceCatalog(builtIn);
  await registry.create(namespaces, { metadata: { name: 'line' } });
  const abort = new AbortController();
  const heard: string[] = [];
  hearNetworkDefinitions({ registry, catalog, signal: abort.signal }, (name) => heard.push(name));
  const key = { namespace: 'line', name: 'plant' };
  const create = () => registry.create(networkAttachmentDefinitions, { metadata: key });

  await serveCustomResource(registry, catalog, networkAttachmentCrd);
  await create();
  expect(heard.splice(0)).toEqual(['line/plant']);
  await registry.update(networkAttachmentDefinitions, key, (found) => ({ ...found, spec: { config: '{}' } }));
  await registry.delete(networkAttachmentDefinitions, key);
  expect(heard.splice(0)).toEqual(['line/plant', 'line/plant']);

  withdrawCustomResource(registry, catalog, networkAttachmentCrd.metadata?.name ?? '');
  await serveCustomResource(registry, catalog, networkAttachmentCrd);
  await create();
  expect(heard.splice(0)).toEqual(['line/plant']);

  abort.abort();
  await registry.delete(networkAttachmentDefinitions, key);
  expect(heard).toEqual([]);
});

it('names what a pod asks for', () => {
  const asking = (text: string) => ({ metadata: { namespace: 'line', annotations: { [networksAnnotation]: text } } });
  expect(networkDefinitionsOf(asking('plant, other/office@net1'))).toEqual(['line/plant', 'other/office']);
  expect(networkDefinitionsOf(asking('a/b/c'))).toEqual([]);
  expect(networkDefinitionsOf({ metadata: {} })).toEqual([]);
});
