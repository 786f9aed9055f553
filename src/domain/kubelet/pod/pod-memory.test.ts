import { describe, expect, it } from 'vitest';
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

  it('knows nothing better than the exit it sees', () => {
    const memory = new PodMemory();
    memory.held.add('c');
    memory.noteExits({ containers: [observedContainer('c', exited(137, 2))] });
    expect(memory.lastExits.get('c')?.code).toBe(137);
  });
});
