import { expect, it } from 'vitest';
import { configMaps } from '../resources/config-map.ts';
import { namespaces } from '../resources/namespace.ts';
import { openTestRegistry } from './registry-fixture.ts';

/** Names of five random characters that are all the same; `draws` says which, name by name. */
async function setUp(draws: readonly number[]) {
  let drawn = 0;
  const random = () => draws[Math.floor(drawn++ / 5)] ?? 0;
  const registry = await openTestRegistry({ random });
  await registry.create(namespaces, { metadata: { name: 'shop' } });
  const create = () => registry.create(configMaps, { metadata: { generateName: 'a-', namespace: 'shop' } });
  const names = () => registry.all(configMaps, 'shop').map(({ metadata }) => metadata?.name);
  return { registry, create, names, namesTried: () => drawn / 5 };
}

it('tries another name while a generated one is taken', async () => {
  const { create, names } = await setUp([0, 0, 0, 0.99]);
  await create();
  await create();
  expect(names()).toEqual(['a-99999', 'a-bbbbb']);
});

it('gives up after eight names', async () => {
  const { create, namesTried } = await setUp([]);
  await create();
  await expect(create()).rejects.toMatchObject({ status: { code: 409, reason: 'AlreadyExists' } });
  expect(namesTried()).toBe(1 + 8);
});

it('tries a name that was asked for once', async () => {
  const { registry, create, namesTried } = await setUp([]);
  await create();
  const metadata = { name: 'a-bbbbb', generateName: 'a-', namespace: 'shop' };
  await expect(registry.create(configMaps, { metadata })).rejects.toMatchObject({ status: { code: 409 } });
  expect(namesTried()).toBe(1);
});
