import { afterAll, beforeAll, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

type Event = { type: string; object: { metadata: { name: string; resourceVersion: string }; data?: object } };

const told = ({ type, object }: Event) => `${type} ${object.metadata.name} ${JSON.stringify(object.data ?? {})}`;

async function setUp() {
  const { client } = plane;
  const path = `/api/v1/namespaces/${await plane.namespace()}/configmaps`;
  const { metadata } = await client.get(path);
  const create = (name: string, labels: object = {}) => client.create(path, { metadata: { name, labels } });
  const mutate = (name: string, mutation: number) =>
    client.patch(`${path}/${name}`, { data: { mutation: `${mutation}` } });
  const label = (name: string, watched: string) =>
    client.patch(`${path}/${name}`, { metadata: { labels: { watched } } });
  const remove = (name: string) => client.remove(`${path}/${name}`);
  const watch = (resourceVersion = metadata.resourceVersion, selector = '') =>
    client.watch(selector === '' ? path : `${path}?labelSelector=${encodeURIComponent(selector)}`, resourceVersion);
  return { create, mutate, label, remove, watch };
}

it('watches by label hear of what is theirs, whatever happens to it', async () => {
  const { create, mutate, remove, watch } = await setUp();
  const [a, b, both] = [
    await watch(undefined, 'watched=a'),
    await watch(undefined, 'watched=b'),
    await watch(undefined, 'watched in (a,b)'),
  ];
  await create('a', { watched: 'a' });
  await mutate('a', 1);
  await mutate('a', 2);
  await remove('a');
  await create('b', { watched: 'b' });
  await remove('b');
  const ofA = [
    'ADDED a {}',
    'MODIFIED a {"mutation":"1"}',
    'MODIFIED a {"mutation":"2"}',
    'DELETED a {"mutation":"2"}',
  ];
  const ofB = ['ADDED b {}', 'DELETED b {}'];
  expect((await a.take(4)).map(told)).toEqual(ofA);
  expect((await b.take(2)).map(told)).toEqual(ofB);
  expect((await both.take(6)).map(told)).toEqual([...ofA, ...ofB]);
  await Promise.all([a, b, both].map((each) => each.stop()));
});

it('a watch from a version hears of everything after it, and nothing before', async () => {
  const { create, mutate, remove, watch } = await setUp();
  await create('a');
  const { metadata } = await mutate('a', 1);
  await mutate('a', 2);
  await remove('a');
  const events = await watch(metadata.resourceVersion);
  expect((await events.take(2)).map(told)).toEqual(['MODIFIED a {"mutation":"2"}', 'DELETED a {"mutation":"2"}']);
  await events.stop();
});

it('a watch goes on where the last one ended', async () => {
  const { create, mutate, remove, watch } = await setUp();
  const first = await watch();
  await create('a');
  await mutate('a', 1);
  const [, last] = await first.take(2);
  await first.stop();
  await mutate('a', 2);
  await remove('a');
  const second = await watch(last!.object.metadata.resourceVersion);
  expect((await second.take(2)).map(told)).toEqual(['MODIFIED a {"mutation":"2"}', 'DELETED a {"mutation":"2"}']);
  await second.stop();
});

it('what no longer matches the selector is deleted for the watch, and added when it matches again', async () => {
  const { create, mutate, label, remove, watch } = await setUp();
  const events = await watch(undefined, 'watched=yes');
  await create('a', { watched: 'yes' });
  await mutate('a', 1);
  await label('a', 'no');
  await mutate('a', 2);
  await label('a', 'yes');
  await mutate('a', 3);
  await remove('a');
  expect((await events.take(6)).map(told)).toEqual([
    'ADDED a {}',
    'MODIFIED a {"mutation":"1"}',
    'DELETED a {"mutation":"1"}',
    'ADDED a {"mutation":"2"}',
    'MODIFIED a {"mutation":"3"}',
    'DELETED a {"mutation":"3"}',
  ]);
  await events.stop();
});

it('watches that begin at each of many changes tell the rest in the same order', async () => {
  const { create, mutate, remove, watch } = await setUp();
  const first = await watch();
  const count = 50;
  const busy = async () => {
    for (let round = 0; round < count / 5; round++) {
      await Promise.all([create(`x${round}`), create(`y${round}`)]);
      await Promise.all([mutate(`x${round}`, round), remove(`y${round}`)]);
      await remove(`x${round}`);
    }
  };
  const [events] = await Promise.all([first.take(count), busy()]);
  const versions = events.map(({ object }) => object.metadata.resourceVersion);
  for (const [index, version] of versions.slice(0, -1).entries()) {
    const later = await watch(version);
    const rest = await later.take(count - index - 1);
    expect(rest.map(({ object }) => object.metadata.resourceVersion)).toEqual(versions.slice(index + 1));
    await later.stop();
  }
  await first.stop();
});
