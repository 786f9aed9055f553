import { describe, expect, it } from 'vitest';
import type { ContainerState } from '../../container-runtime/container.ts';
import { exited, observedContainer } from './observed-fixture.ts';
import { PodMemory } from './pod-memory.ts';

describe('PodMemory', () => {
  it('keeps how a container crashed, not how the kubelet then held it', () => {
    const memory = new PodMemory();
    memory.noteExits({ containers: [observedContainer('c', exited(3, 1))] });
    memory.held.add('c');
    memory.noteExits({ containers: [observedContainer('c', exited(137, 2))] });
    expect(memory.lastExits.get('c')?.code).toBe(3);
    memory.held.delete('c');
    memory.noteExits({ containers: [observedContainer('c', exited(4, 30))] });
    expect(memory.lastExits.get('c')?.code).toBe(4);
  });

  it('holds a container no longer than until it runs again, so that its next crash is one', () => {
    const memory = new PodMemory();
    const look = (state: ContainerState, restartCount = 0) =>
      memory.noteRuns({ containers: [observedContainer('c', state, { restartCount })] }).observed;
    look({ kind: 'running', startedAt: new Date(0) });
    memory.hold(look(exited(1), 1).containers[0]!, 1);
    look(exited(137), 1);
    expect(memory.held.has('c')).toBe(true);
    look({ kind: 'running', startedAt: new Date(2_000_000) });
    expect(memory.held.has('c')).toBe(false);
  });

  it('knows nothing better than the exit it sees', () => {
    const memory = new PodMemory();
    memory.held.add('c');
    memory.noteExits({ containers: [observedContainer('c', exited(137, 2))] });
    expect(memory.lastExits.get('c')?.code).toBe(137);
  });
});
