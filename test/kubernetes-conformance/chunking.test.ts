import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Reply } from '../../src/api/api-test-bed.ts';
import { openControlPlane, type ControlPlane } from './control-plane.ts';

const total = 400;

let plane: ControlPlane;
let path: string;
beforeAll(async () => {
  plane = await openControlPlane();
  path = `/api/v1/namespaces/${await plane.namespace()}/podtemplates`;
  const template = { spec: { containers: [{ name: 'c', image: 'busybox:1.35' }] } };
  const create = (name: string) => plane.client.create(path, { metadata: { name }, template });
  for (let start = 0; start < total; start += 20) await Promise.all(names.slice(start, start + 20).map(create));
});
afterAll(() => plane.close());

const names = Array.from({ length: total }, (_, index) => `template-${String(index).padStart(4, '0')}`);

const page = (limit: number, token = ''): Promise<Reply> =>
  plane.client.attempt('GET', `${path}?limit=${limit}${token === '' ? '' : `&continue=${encodeURIComponent(token)}`}`);

type List = {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { metadata: { name: string } }[];
};

/** Reads to the end; every page says how much is left, and all are of one version. */
async function readOn(first: List, limitOf: () => number, before: readonly string[] = []): Promise<string[]> {
  const found = [...before];
  for (let list = first; ;) {
    found.push(...list.items.map(({ metadata }) => metadata.name));
    const { continue: token, remainingItemCount, resourceVersion } = list.metadata;
    expect(resourceVersion).toBe(first.metadata.resourceVersion);
    expect(remainingItemCount).toBe(token === undefined ? undefined : total - found.length);
    if (token === undefined) return found;
    const limit = limitOf();
    list = (await page(limit, token)).body;
    expect(list.items.length).toBeLessThanOrEqual(limit);
  }
}

it('pages of any size make the whole list', async () => {
  for (let round = 0; round < 3; round++) {
    const limitOf = () => Math.floor((Math.random() * total) / 10) + 1;
    expect(await readOn((await page(limitOf())).body, limitOf)).toEqual(names);
  }
  expect((await page(total + 1)).body.items.length).toBe(total);
});

it('a list that is too old to be continued goes on from its last key, at the present version', async () => {
  const tenth = total / 10;
  const first: List = (await page(tenth)).body;
  // More changes than are remembered.
  for (let change = 0; change < 260; change++) {
    await plane.client.patch(`${path}/template-0000`, { metadata: { labels: { change: `${change}` } } });
  }
  const expired = await page(tenth, first.metadata.continue);
  expect([expired.status, expired.body.reason]).toEqual([410, 'Expired']);
  const second: List = (await page(tenth, expired.body.metadata.continue)).body;
  expect(second.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
  expect(second.items.length).toBe(tenth);
  expect(await readOn(second, () => tenth, names.slice(0, tenth))).toEqual(names);
});
