import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ContainerRuntime } from '../../container-runtime/container-runtime.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import { silentLogger } from '../../registry/registry-fixture.ts';
import { runPleg } from './pleg.ts';

let start: number;
const event = (seconds: number): RuntimeEvent => ({
  action: 'exited',
  containerId: 'c',
  labels: {},
  time: new Date(start + seconds * 1000),
});
const broken = () => new RuntimeError('Unavailable', 'the stream ended');

let leave: AbortController;
beforeEach(() => {
  start = Date.now();
  leave = new AbortController();
});
afterEach(() => leave.abort());

/** An engine whose connections go as told, one after the other; the last one stays. */
function run(...connections: ('refused' | RuntimeEvent[])[]) {
  const asked: (number | undefined)[] = [];
  const heard: string[] = [];
  const events: ContainerRuntime['events'] = async function* (signal, since) {
    asked.push(since && (since.getTime() - start) / 1000);
    const told = connections.shift();
    if (told === 'refused') throw broken();
    yield { action: 'connected' };
    for (const one of told ?? []) yield one;
    if (connections.length > 0) throw broken();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const listener = {
    relist: async () => void heard.push('list'),
    event: ({ time }: RuntimeEvent) => void heard.push(`event ${(time.getTime() - start) / 1000}`),
    disconnected: () => void heard.push('gone'),
  };
  void runPleg({ events }, listener, silentLogger, leave.signal);
  return { asked, heard };
}

const patience = { timeout: 15_000 };

it('asks for what happened since the last event when a stream breaks, and takes no engine for gone that answers again', async () => {
  const { asked, heard } = run([event(-1)], [], [event(-0.5)]);
  await expect.poll(() => heard.at(-1), patience).toBe('event -0.5');
  expect(asked).toEqual([undefined, -1, -1]);
  expect(heard).toEqual(['list', 'event -1', 'list', 'list', 'event -0.5']);
});

it('says once that the engine is gone when it stays away', async () => {
  const { heard } = run([], 'refused', 'refused', 'refused', 'refused', []);
  await expect.poll(() => heard.length, patience).toBe(3);
  expect(heard).toEqual(['list', 'gone', 'list']);
});

it('asks for nothing that is to come when the clock was set back', async () => {
  const { asked } = run([event(3600)], []);
  await expect.poll(() => asked, patience).toEqual([undefined, undefined]);
});
