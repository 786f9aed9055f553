import { expect, it } from 'vitest';
import { systemClock } from '../../meta/clock.ts';
import type { Deployment, PodTemplateSpec } from '../../meta/types.ts';
import type { KubeletContext } from '../kubelet-context.ts';
import type { ImageState } from './image-state.ts';
import type { PullRequest } from './pull-request.ts';
import { PullAhead } from './pull-ahead.ts';

const owner: Deployment = { metadata: { name: 'web', namespace: 'plant', uid: 'u', generation: 2 } };
const pulling: ImageState = { kind: 'waiting', waiting: { reason: 'ContainerCreating' } };
const present: ImageState = { kind: 'present', imageId: 'sha256:1' };

const template: PodTemplateSpec = {
  spec: {
    initContainers: [{ name: 'init', image: 'i:1', imagePullPolicy: 'Always' }],
    containers: [{ name: 'main', image: 'm:1', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', image: { reference: 'v:1' } }],
  },
};

/** `states` by reference; what is not in it is present. */
function bed(states: Record<string, ImageState>) {
  const asked: string[] = [];
  const secretsOf: unknown[] = [];
  const kubelet = {
    registry: { find: () => ({ imagePullSecrets: [{ name: 'robot' }] }) },
    puller: {
      ensure: async ({ reference, policy }: PullRequest) => {
        asked.push(`${reference} ${policy}`);
        return states[reference] ?? present;
      },
    },
    sources: {
      credentials: ({ spec }: { spec: object }) => {
        secretsOf.push('imagePullSecrets' in spec ? spec.imagePullSecrets : undefined);
        return { credentials: [], missing: [] };
      },
    },
    recorder: {},
    clock: systemClock,
  } as unknown as KubeletContext;
  return { asked, secretsOf, states, ahead: new PullAhead(kubelet) };
}

it('asks for all images that pods of the template need, with the secrets of their account', async () => {
  const { ahead, asked, secretsOf } = bed({});
  expect(await ahead.ensure(owner, template)).toBe('present');
  expect(asked).toEqual(['i:1 Always', 'm:1 IfNotPresent', 'v:1 IfNotPresent']);
  expect(secretsOf[0]).toEqual([{ name: 'robot' }]);
});

it('is ready when the last one is there, and pulls none of them twice', async () => {
  const { ahead, asked, states } = bed({ 'm:1': pulling });
  expect(await ahead.ensure(owner, template)).toEqual({ retryMs: 1000 });
  delete states['m:1'];
  asked.length = 0;
  expect(await ahead.ensure(owner, template)).toBe('present');
  expect(asked[0]).toBe('i:1 IfNotPresent');
  await ahead.ensure({ metadata: { ...owner.metadata, generation: 3 } }, template);
  expect(asked).toContain('i:1 Always');
});

it('asks again when a failed pull may begin anew, and now and then for one that nobody may pull', async () => {
  const retryAt = Date.now() + 40_000;
  const failed: ImageState = { kind: 'waiting', waiting: { reason: 'ErrImagePull' }, retryAt };
  const never: ImageState = { kind: 'waiting', waiting: { reason: 'ErrImageNeverPull' } };
  const inTime = (await bed({ 'm:1': failed }).ahead.ensure(owner, template)) as { retryMs: number };
  expect(inTime.retryMs).toBeGreaterThan(30_000);
  expect(await bed({ 'm:1': failed, 'v:1': never }).ahead.ensure(owner, template)).toEqual({ retryMs: 30_000 });
});
