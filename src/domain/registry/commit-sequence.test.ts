import { expect, test } from 'vitest';
import { CommitSequence } from './commit-sequence.ts';

test('a version counts as published only when it and all before it are', async () => {
  const sequence = new CommitSequence(0, async () => {});
  const published: number[] = [];
  const publish = (version: number) => published.push(version);
  const slow = Promise.withResolvers<void>();
  const first = sequence.commit(() => slow.promise, publish);
  const second = sequence.commit(async () => {}, publish);
  await new Promise(setImmediate);
  expect([sequence.published, published]).toEqual([0, []]);
  slow.resolve();
  await Promise.all([first, second]);
  expect([sequence.published, published]).toEqual([2, [1, 2]]);
});

test('a version is already published when its change is told', async () => {
  const sequence = new CommitSequence(5, async () => {});
  expect(
    await sequence.commit(
      async () => {},
      () => sequence.published,
    ),
  ).toBe(6);
});

test('a write that fails holds nobody up', async () => {
  const sequence = new CommitSequence(0, async () => {});
  const failed = sequence.commit(
    async () => Promise.reject(new Error('disk full')),
    () => 'published',
  );
  const next = sequence.commit(
    async () => {},
    () => 'published',
  );
  await expect(failed).rejects.toThrow('disk full');
  expect(await next).toBe('published');
  expect(sequence.published).toBe(2);
});

test('the bound is raised before a version beyond it is handed out', async () => {
  const raised: number[] = [];
  const sequence = new CommitSequence(0, async (bound) => void raised.push(bound));
  const versions = await Promise.all(
    [1, 2, 3].map(() =>
      sequence.commit(
        async () => {},
        (version) => version,
      ),
    ),
  );
  expect([versions, raised]).toEqual([[1, 2, 3], [100_000]]);
});
