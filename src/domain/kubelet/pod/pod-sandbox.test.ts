import { expect, it } from 'vitest';
import type { PodSandboxSpec } from '../../container-runtime/pod-sandbox.ts';
import type { Pod } from '../../meta/types.ts';
import type { ObservedPod } from './observed-pod.ts';
import { PodSandbox } from './pod-sandbox.ts';
import type { PodScope } from './pod-scope.ts';

const pod: Pod = { metadata: { name: 'web', namespace: 'default', uid: 'u1' }, spec: { containers: [] } };

it('waits after a failure, unless what was missing has come', async () => {
  const run: PodSandboxSpec[] = [];
  const wakings: number[] = [];
  let networks: object = { kind: 'refused', message: 'there is no such NetworkAttachmentDefinition' };
  const scope = {
    uid: 'u1',
    wake: { by: (time: number) => wakings.push(time), now: () => undefined },
    kubelet: {
      clock: { now: () => new Date(1000) },
      instance: 'k2d',
      network: 'k2d',
      recorder: { event: () => undefined },
      addresses: { assign: () => '10.0.0.2' },
      secondaryNetworks: { prepare: async () => networks },
      index: { addSandbox: () => undefined },
      runtime: { sandboxes: { run: async (spec: PodSandboxSpec) => `s${run.push(spec)}` } },
    },
  } as unknown as PodScope;
  const sandbox = new PodSandbox(scope);

  expect(await sandbox.run(pod)).toBe('waiting');
  networks = { kind: 'ready', attachments: [] };
  expect(await sandbox.run(pod)).toBe('waiting');
  expect(wakings).toEqual([16_000, 16_000]);
  expect(run).toEqual([]);

  sandbox.tryAgain();
  expect(await sandbox.run(pod)).toBe('done');
  expect(run).toHaveLength(1);
});

it('that is dead goes with everything in it, and that is told', async () => {
  const removed: string[] = [];
  const told: string[] = [];
  const remove = async (id: string) => void removed.push(id);
  const scope = {
    uid: 'u1',
    kubelet: {
      recorder: { event: (_pod: Pod, type: string, reason: string) => told.push(`${type} ${reason}`) },
      index: { forgetPod: (uid: string) => removed.push(uid) },
      runtime: { sandboxes: { remove }, containers: { remove } },
    },
  } as unknown as PodScope;
  const observed = { containers: [{ id: 'c1' }, { id: 'c2' }] } as unknown as ObservedPod;
  expect(await new PodSandbox(scope).remove(pod, observed, 's1')).toBe('done');
  expect(removed).toEqual(['c1', 'c2', 's1', 'u1']);
  expect(told).toEqual(['Normal SandboxChanged']);
});
