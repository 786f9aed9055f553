import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { customResourceDefinition, defineCustomResource, versionOf } from './custom-resource.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const isGone = (path: string) =>
  eventually(async () => expect((await plane.client.attempt('GET', path)).status).toBe(404));

describe('definitions', () => {
  it('are made and deleted', async () => {
    const { definition } = await defineCustomResource(plane.client);
    await plane.client.remove(definition);
    await isGone(definition);
  });

  it('are listed by label and deleted together', async () => {
    const { client } = plane;
    const group = 'together.example.com';
    const made = Array.from({ length: 10 }, () => customResourceDefinition({ group, labels: { together: 'yes' } }));
    for (const each of made) await client.create(definitions, each);
    const path = `${definitions}?labelSelector=together%3Dyes`;
    const listed: { metadata: { name: string } }[] = (await client.get(path)).items;
    expect(listed.map(({ metadata }) => metadata.name)).toEqual(made.map(({ metadata }) => metadata.name).toSorted());
    await client.remove(path);
    await eventually(async () => expect((await client.get(path)).items).toEqual([]));
  });

  it('have a status that is read, replaced and patched apart', async () => {
    const { client } = plane;
    const { definition } = await defineCustomResource(client);
    const condition = (type: string) => ({ type, status: 'True', reason: 'Test', message: 'set by a test' });
    const current = await client.get(`${definition}/status`);
    const conditions = [...current.status.conditions, condition('Updated')];
    const updated = await client.update(`${definition}/status`, {
      ...current,
      status: { ...current.status, conditions },
    });
    expect(updated.status.conditions).toContainEqual(expect.objectContaining(condition('Updated')));
    const patch = [{ op: 'add', path: '/status/conditions/-', value: condition('Patched') }];
    const patched = await client.patch(`${definition}/status`, patch, 'json');
    expect(patched.status.conditions).toContainEqual(expect.objectContaining(condition('Patched')));
    await eventually(async () => {
      const types = (await client.get(definition)).status.conditions.map(({ type }: { type: string }) => type);
      expect(types).toEqual(expect.arrayContaining(['Established', 'NamesAccepted', 'Updated', 'Patched']));
    });
  });
});

describe('custom resources', () => {
  it('are watched one by one, as they come, change and go', async () => {
    const { client } = plane;
    const { apiVersion, kind, collection } = await defineCustomResource(client);
    const { resourceVersion } = (await client.get(collection())).metadata;
    const only = (name: string) => `${collection()}?fieldSelector=metadata.name%3D${name}`;
    const [a, b] = [await client.watch(only('a'), resourceVersion), await client.watch(only('b'), resourceVersion)];
    for (const name of ['a', 'b']) await client.create(collection(), { apiVersion, kind, metadata: { name } });
    for (const name of ['a', 'b']) await client.patch(`${collection()}/${name}`, { content: { changed: true } });
    for (const name of ['a', 'b']) await client.remove(`${collection()}/${name}`);
    for (const watch of [a, b]) {
      expect((await watch.take(3)).map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      await watch.stop();
    }
  });

  it('get defaults when they are written, and when they are read after the schema has got more', async () => {
    const { client } = plane;
    const schemaOf = (properties: object) => ({ type: 'object', properties });
    const string = (value: string) => ({ type: 'string', default: value });
    const { apiVersion, kind, definition, collection } = await defineCustomResource(client, {
      schema: schemaOf({ a: string('A'), b: { type: 'string' } }),
    });
    const made = await client.create(collection(), { apiVersion, kind, metadata: { name: 'one' } });
    expect([made.a, made.b]).toEqual(['A', undefined]);
    const more = schemaOf({ a: string('A'), b: string('B') });
    await client.patch(
      definition,
      [{ op: 'replace', path: '/spec/versions/0/schema/openAPIV3Schema', value: more }],
      'json',
    );
    await eventually(async () => {
      const { a, b } = await client.get(`${collection()}/one`);
      expect([a, b]).toEqual(['A', 'B']);
    });
    await client.patch(
      definition,
      [{ op: 'remove', path: '/spec/versions/0/schema/openAPIV3Schema/properties/a/default' }],
      'json',
    );
    await eventually(async () => {
      const { a, b } = await client.create(collection(), { apiVersion, kind, metadata: { generateName: 'next-' } });
      expect([a, b]).toEqual([undefined, 'B']);
    });
    expect((await client.get(`${collection()}/one`)).a).toBe('A');
  });

  it('are listed, watched and deleted by the fields that their definition names, in every version', async () => {
    const { client } = plane;
    const string = { type: 'string' };
    const root = (names: readonly string[]) => ({
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, string])),
    });
    const { group, kind, collection } = await defineCustomResource(client, {
      scope: 'Namespaced',
      versions: [
        versionOf('v1', root(['hostPort', 'host']), {
          selectableFields: [{ jsonPath: '.hostPort' }, { jsonPath: '.host' }],
        }),
        versionOf('v2', root(['hostPort', 'host']), { storage: false, selectableFields: [{ jsonPath: '.host' }] }),
      ],
    });
    const namespace = await plane.namespace();
    const [v1, v2] = [collection(namespace), collection(namespace, 'v2')];
    const { resourceVersion } = (await client.get(v1)).metadata;
    const selecting = (path: string, selector: string) => `${path}?fieldSelector=${encodeURIComponent(selector)}`;
    const watch = await client.watch(selecting(v1, 'host=host1'), resourceVersion);
    const object = (name: string, host: string, hostPort: string) => ({
      apiVersion: `${group}/v1`,
      kind,
      metadata: { name },
      host,
      hostPort,
    });
    await client.create(v1, object('a', 'host1', '80'));
    await client.create(v1, object('b', 'host1', '8080'));
    await client.create(v1, object('c', 'host2', '80'));
    const namesAt = async (path: string, selector: string): Promise<string[]> =>
      (await client.get(selecting(path, selector))).items.map(
        ({ metadata }: { metadata: { name: string } }) => metadata.name,
      );
    expect(await namesAt(v1, 'host=host1')).toEqual(['a', 'b']);
    expect(await namesAt(v1, 'host=host1,hostPort=80')).toEqual(['a']);
    expect(await namesAt(v1, 'hostPort!=80')).toEqual(['b']);
    expect(await namesAt(v2, 'host=host2')).toEqual(['c']);
    expect((await client.attempt('GET', selecting(v2, 'hostPort=80'))).status).toBe(400);
    await client.patch(`${v2}/b`, { host: 'host3' });
    await client.remove(selecting(v1, 'host=host1'));
    expect((await watch.take(4)).map(({ type, object: { metadata } }) => `${type} ${metadata.name}`)).toEqual([
      'ADDED a',
      'ADDED b',
      'DELETED b',
      'DELETED a',
    ]);
    await watch.stop();
    expect(await namesAt(v1, '')).toEqual(['b', 'c']);
  });
});
