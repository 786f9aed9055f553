import { expect, it, vi } from 'vitest';
import type { Pod } from '../../meta/types.ts';
import { silentLogger } from '../../registry/registry-fixture.ts';
import type { PodSources } from '../environment/pod-sources.ts';
import type { ImagePuller, PullRequest } from './image-puller.ts';
import { pullAhead } from './pull-ahead.ts';

it('asks for what is missing of a pod that is not there yet', async () => {
  const ensure = vi.fn(async (_request: PullRequest) => ({
    kind: 'waiting',
    waiting: { reason: 'ContainerCreating' },
  }));
  const sources = { credentials: () => ({ credentials: [{ username: 'plant' }], missing: [] }) };
  const pod: Pod = {
    spec: {
      initContainers: [{ name: 'a', image: 'init:1' }],
      containers: [
        { name: 'b', image: 'plc:2', imagePullPolicy: 'Always' },
        { name: 'c', image: 'own:1', imagePullPolicy: 'Never' },
      ],
    },
  };
  await pullAhead(
    {
      puller: { ensure } as unknown as ImagePuller,
      sources: sources as unknown as PodSources,
      logger: silentLogger,
    },
    pod,
  );
  const asked = (reference: string) => ({ reference, policy: 'IfNotPresent', credentials: [{ username: 'plant' }] });
  expect(ensure.mock.calls.map(([request]) => request)).toMatchObject([asked('init:1'), asked('plc:2')]);
});
