import { expect, it } from 'vitest';
import type { ContainerState } from '../../container-runtime/container.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import { observedContainer } from './observed-fixture.ts';
import { label } from './pod-identity.ts';
import { PodMemory } from './pod-memory.ts';
import { ToldRuns } from './told-runs.ts';

const at = (second: number) => new Date(second * 1000);
const event = (action: RuntimeEvent['action'], second: number, exitCode?: number): RuntimeEvent => ({
  action,
  containerId: 'id-c',
  labels: { [label.container]: 'c' },
  time: at(second),
  ...(exitCode === undefined ? {} : { exitCode }),
});
const again: ContainerState = { kind: 'running', startedAt: at(30), previousEnd: at(20) };
const restarted = observedContainer('c', again);
const exit = { code: 3, oomKilled: false, error: '', startedAt: at(10), finishedAt: at(20) };

function told(...events: RuntimeEvent[]): ToldRuns {
  const runs = new ToldRuns();
  for (const one of events) runs.hear(one);
  return runs;
}

it('tells how the run before ended, also when the next has begun', () => {
  const ended = [event('started', 10), event('exited', 21, 3)];
  expect(told(...ended).exitBefore(restarted)).toEqual(exit);
  expect(told(...ended, event('started', 30), event('exited', 21.5)).exitBefore(restarted)).toEqual(exit);
});

it('knows nothing of ends that nobody told of, of other ends and of other containers', () => {
  const ended = event('exited', 21, 3);
  expect(told().exitBefore(restarted)).toBeUndefined();
  expect(told(event('exited', 19, 3)).exitBefore(restarted)).toBeUndefined();
  expect(told(event('exited', 31, 3)).exitBefore(restarted)).toBeUndefined();
  expect(told(ended).exitBefore(observedContainer('c', again, { id: 'other' }))).toBeUndefined();
  expect(told(ended).exitBefore(observedContainer('c', { kind: 'running', startedAt: at(30) }))).toBeUndefined();
});

it('fills what was never seen, once; what the kubelet ended itself is no crash', () => {
  const memory = new PodMemory();
  memory.hear(event('started', 10));
  memory.hear(event('exited', 21, 3));
  expect(memory.noteToldExits({ containers: [restarted] })).toBe(true);
  expect(memory.lastExits.get('c')).toEqual(exit);
  expect(memory.noteToldExits({ containers: [restarted] })).toBe(false);
  expect(memory.backoff.delaySeconds('c')).toBe(0);
  memory.held.add('c');
  memory.hear(event('exited', 41, 137));
  const later: ContainerState = { kind: 'running', startedAt: at(50), previousEnd: at(40) };
  expect(memory.noteToldExits({ containers: [observedContainer('c', later)] })).toBe(false);
  expect(memory.lastExits.get('c')?.code).toBe(3);
});

it('are crashes, each once, though nobody saw the container stand still', () => {
  const memory = new PodMemory();
  const runs = [10, 30, 50];
  for (const second of runs) {
    memory.hear(event('started', second));
    memory.hear(event('exited', second + 11, 3));
    const state: ContainerState = { kind: 'running', startedAt: at(second + 20), previousEnd: at(second + 10) };
    for (let look = 0; look < 3; look++) memory.noteToldExits({ containers: [observedContainer('c', state)] });
  }
  expect(memory.backoff.delaySeconds('c')).toBe(20);
});
