import { expect, it } from 'vitest';
import type { Images } from '../../container-runtime/image.ts';
import { systemClock } from '../../meta/clock.ts';
import { ImageDownloads } from './image-downloads.ts';
import type { PullObserver, PullRequest } from './pull-request.ts';

const request: PullRequest = { reference: 's/a:1', policy: 'Always', asker: 'pod/c/0', credentials: [] };

it('has two at a time, also when somebody asks in the moment that one ends', async () => {
  let running = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const engine: Pick<Images, 'pull' | 'status'> = {
    async *pull() {
      most = Math.max(most, ++running);
      yield { message: 'begun' };
    },
    status: () =>
      new Promise((resolve) =>
        ends.push(() => {
          running--;
          resolve(undefined);
        }),
      ),
  };
  const downloads = new ImageDownloads(engine as Images, systemClock, new AbortController().signal);
  const observer = { progress: () => {} } as Partial<PullObserver> as PullObserver;
  const download = () => downloads.download(request, observer);
  const asked = [download(), download(), download()];
  await expect.poll(() => ends.length).toBe(2);
  ends.shift()!();
  queueMicrotask(() => asked.push(download()));
  for (let ended = 1; ended < 4; ended++) {
    await expect.poll(() => ends.length).toBeGreaterThan(0);
    ends.shift()!();
  }
  await Promise.all(asked);
  expect(asked).toHaveLength(4);
  expect(most).toBe(2);
});
