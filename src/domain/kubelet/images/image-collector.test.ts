import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { ImageSummary } from '../../container-runtime/image.ts';
import type { Pod } from '../../meta/types.ts';
import { silentLogger } from '../../registry/registry-fixture.ts';
import { ImageCollector, type ImageCollectorOptions } from './image-collector.ts';
import { PulledImages } from './pulled-images.ts';

const hour = 3_600_000;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k2d-images-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const image = (name: string, tags: string[] = [`docker.io/library/${name}:1`], sizeBytes = 10): ImageSummary => ({
  id: `sha256:${name}`,
  tags,
  digests: [],
  sizeBytes,
});

type Given = {
  images: ImageSummary[];
  pulled?: readonly string[];
  /** When the first of them was; the collector's clock shows an hour. */
  since?: number;
  containers?: readonly string[];
  pods?: readonly Pod[];
  available?: number;
  policy?: Partial<ImageCollectorOptions['policy']>;
  /** The image of this name cannot be removed. */
  stuck?: string;
  /** Is pulled while the collector asks what is in use. */
  pulledMeanwhile?: string;
};

/** An engine with a disk of 100 bytes; answers what is left, and what was told. */
async function collect(given: Given) {
  const {
    pulled = [],
    since = 0,
    containers = [],
    pods = [],
    available = 10,
    policy = {},
    stuck,
    pulledMeanwhile,
  } = given;
  let { images } = given;
  const remembered = await PulledImages.open(join(folder, 'images.json'));
  const pull = (name: string, at: number) =>
    remembered.note(
      { reference: `${name}:1`, image: { ...image(name), user: '', command: [], args: [] }, before: undefined },
      new Date(at),
    );
  for (const [age, name] of pulled.entries()) await pull(name, since + age);
  const warnings: string[] = [];
  let asked = 0;
  const runtime = {
    containers: {
      list: async () => {
        if (pulledMeanwhile !== undefined) await pull(pulledMeanwhile, hour);
        return containers.map((name) => ({ id: name }));
      },
      status: async (name: string) => ({ imageId: `sha256:${name}` }),
    },
    images: {
      list: async () => images,
      status: async (id: string) => images.find((one) => one.id === id),
      remove: async (name: string) => {
        if (stuck !== undefined && name === `docker.io/library/${stuck}:1`) throw new Error('device or resource busy');
        images = images.filter(({ id, tags }) => id !== name && !tags.includes(name));
      },
    },
  };
  const collector = new ImageCollector({
    runtime: runtime as unknown as ImageCollectorOptions['runtime'],
    policy: { scope: 'pulled', high: 85, low: 80, minAgeSeconds: 120, ...policy },
    pulled: remembered,
    disk: async () => {
      asked++;
      return { totalBytes: 100, availableBytes: available, totalInodes: 0, freeInodes: 0 };
    },
    pods: () => pods,
    warn: (reason) => warnings.push(reason),
    collected: () => {},
    clock: { now: () => new Date(hour) },
    logger: silentLogger,
  });
  collector.look();
  collector.look();
  await vi.waitFor(() => expect(asked).toBe(2));
  await new Promise(setImmediate);
  return { left: images.map(({ id }) => id.slice('sha256:'.length)), warnings, remembered };
}

const pod = (name: string): Pod => ({ spec: { containers: [{ name: 'c', image: `${name}:1` }] } });

it('removes what k2d pulled, the oldest first, until there is room', async () => {
  const given = { images: [image('b'), image('a'), image('built')], pulled: ['a', 'b'] };
  expect(await collect({ ...given, available: 11 })).toMatchObject({ left: ['built'], warnings: [] });
  expect((await collect({ ...given, available: 15 })).left).toContain('built');
});

it('does nothing while the disk has room', async () =>
  expect((await collect({ images: [image('a')], pulled: ['a'], available: 16 })).left).toEqual(['a']));

it('keeps what containers and pods use, whoever made them', async () =>
  expect(
    await collect({
      images: [image('used'), image('asked'), image('mounted'), image('idle')],
      pulled: ['used', 'asked', 'mounted', 'idle'],
      containers: ['used'],
      pods: [
        pod('asked'),
        { spec: { containers: [], volumes: [{ name: 'data', image: { reference: 'mounted:1' } }] } },
      ],
    }),
  ).toMatchObject({ left: ['used', 'asked', 'mounted'], warnings: ['FreeDiskSpaceFailed'] }));

it('removes the others when one cannot be removed', async () =>
  expect(await collect({ images: [image('a'), image('b')], pulled: ['a', 'b'], stuck: 'a' })).toMatchObject({
    left: ['a'],
  }));

it('remembers what is pulled while it looks', async () => {
  const { remembered } = await collect({ images: [image('built')], pulledMeanwhile: 'a' });
  expect(remembered.get('sha256:a')).toBeDefined();
});

it('keeps what people built, pulled or named', async () => {
  const images = [image('built'), image('named', ['docker.io/library/named:1', 'localhost/mine:1'])];
  expect((await collect({ images, pulled: ['named'] })).left).toEqual(['built', 'named']);
  expect((await collect({ images, pulled: ['named'], policy: { scope: 'all' } })).left).toEqual([]);
});

it('keeps what has just been pulled', async () =>
  expect((await collect({ images: [image('a')], pulled: ['a'], policy: { minAgeSeconds: 3601 } })).left).toEqual([
    'a',
  ]));

it('removes what a wrong clock says was pulled in the future', async () =>
  expect((await collect({ images: [image('a')], pulled: ['a'], since: 100 * hour })).left).toEqual([]));

it('removes what lost its name to a newer one', async () =>
  expect((await collect({ images: [image('a', [])], pulled: ['a'] })).left).toEqual([]));

it('remembers what it pulled, not what was there before', async () => {
  const path = join(folder, 'images.json');
  const [found] = [{ ...image('a'), user: '', command: [], args: [] }];
  const before = await PulledImages.open(path);
  await before.note({ reference: 'a:1', image: found, before: found.id }, new Date(0));
  expect((await PulledImages.open(path)).get(found.id)).toBeUndefined();
  await before.note({ reference: 'a:1', image: found, before: undefined }, new Date(5));
  expect((await PulledImages.open(path)).get(found.id)).toEqual({ id: found.id, references: ['a:1'], pulledAt: 5 });
});
